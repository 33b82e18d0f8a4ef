"""Bulk statements: the same rows, the same counts, the same refusals on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from models.tables.bulk import chunks, insert_many, update_many, upsert_many, where_in
from models.tables.engine import begin_write
from models.tables.schema import activity, journey, letter_body, pending, person, score, task_cause
from models.tables.types import to_micros

NOW = datetime(2026, 4, 27, 1, 0, 0, 123457, tzinfo=UTC)
PERSON = ("key", "family_name", "tags", "acquainted", "created_at", "changed_at")


def people(count: int) -> list[tuple[Any, ...]]:
    return [(f"p{n}", "髙\t\\N\n'\"", ["a", n], n % 2 == 0, NOW, NOW + timedelta(microseconds=n)) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 3, 499, 500, 12_001])
def test_inserted_rows_come_back_as_they_were(engine: Engine, count: int) -> None:
    with begin_write(engine) as conn:
        assert insert_many(conn, person, PERSON, iter(people(count))) == count
        kept = conn.execute(select(*(person.c[name] for name in PERSON)).order_by(person.c.id)).all()
        assert [tuple(row) for row in kept] == people(count)
        assert set(conn.execute(select(person.c.language).distinct()).scalars()) <= {"ja"}


@pytest.mark.parametrize("count", [2, 600])
def test_nulls_and_bytes_survive(engine: Engine, count: int) -> None:
    rows = [(f"k{n}", "件名", bytes(range(256)), NOW) for n in range(count)]
    with begin_write(engine) as conn:
        insert_many(conn, letter_body, ("letter_key", "subject", "body", "sent_at"), rows)
        insert_many(
            conn, score, ("person_id", "points", "at", "next_line_at"), [(n, 5, NOW, None) for n in range(count)]
        )
        assert set(conn.execute(select(letter_body.c.body)).scalars()) == {bytes(range(256))}
        assert set(conn.execute(select(score.c.next_line_at)).scalars()) == {None}


def test_raw_rows_lie_in_the_table_as_given(engine: Engine) -> None:
    raw = [("p", "[]", 1_000_000, 2_000_000)]
    with begin_write(engine) as conn:
        insert_many(conn, person, ("key", "tags", "created_at", "changed_at"), raw, raw=True)
        assert conn.execute(select(person.c.changed_at)).scalar() == datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)


@pytest.mark.parametrize("count", [2, 600])
def test_a_row_that_stands_twice_undoes_the_whole_insert(engine: Engine, count: int) -> None:
    rows = [*people(count), *people(1)]
    with pytest.raises(IntegrityError) as trouble, begin_write(engine) as conn:
        insert_many(conn, person, PERSON, rows)
    assert "髙" not in str(trouble.value)
    with begin_write(engine) as conn:
        assert conn.execute(select(func.count()).select_from(person)).scalar() == 0


def test_updates_reach_their_rows_and_count_them(engine: Engine) -> None:
    with begin_write(engine) as conn:
        insert_many(conn, person, PERSON, people(1_000))
        ids = conn.execute(select(person.c.id).order_by(person.c.id)).scalars().all()
        rows = [(one, "mql", NOW, {"beds": one}) for one in ids[:700]] + [(10**9, "mql", NOW, {})]
        assert update_many(conn, person, ("id",), ("stage", "stage_since", "custom"), rows) == 700
        kept = conn.execute(select(person.c.id, person.c.custom).where(person.c.stage == "mql")).all()
    assert {row.id: row.custom for row in kept} == {one: {"beds": one} for one in ids[:700]}


def test_a_value_is_changed_only_if_nobody_has_changed_it_before(engine: Engine) -> None:
    with begin_write(engine) as conn:
        insert_many(conn, person, (*PERSON, "merged_into"), [(*row, 7) for row in people(2)])
        first, second = conn.execute(select(person.c.id).order_by(person.c.id)).scalars().all()
        assert update_many(conn, person, ("id",), ("merged_into",), [(second, 8)]) == 1
        assert update_many(conn, person, ("id", "merged_into"), ("merged_into",), [(first, 7, 0), (second, 7, 0)]) == 1
        assert conn.execute(select(person.c.merged_into).order_by(person.c.id)).scalars().all() == [0, 8]


def test_activities_seen_before_are_passed_over_and_not_counted(engine: Engine) -> None:
    columns = ("person_id", "kind", "occurred_at", "known_at", "source_id")
    rows = [(n, "clicked", NOW, NOW, f"event-{n}") for n in range(600)]
    with begin_write(engine) as conn:
        assert upsert_many(conn, activity, columns, rows[:200]) == 200
        assert upsert_many(conn, activity, columns, rows, conflict=("source_id",)) == 400
        assert upsert_many(conn, activity, columns, rows + rows) == 0
        without = [(1, "clicked", NOW, NOW, None)] * 2
        assert upsert_many(conn, activity, columns, without) == 2


def test_upserts_set_new_values_and_the_last_of_one_call_wins(engine: Engine) -> None:
    columns = ("person_id", "points", "at")
    with begin_write(engine) as conn:
        assert upsert_many(conn, score, columns, [(1, 10, NOW), (2, 20, NOW)]) == 2
        rows = [(1, 11, NOW), (3, 30, NOW), (1, 12, NOW)]
        assert upsert_many(conn, score, columns, rows, conflict=("person_id",), update=("points",)) == 2
        kept = conn.execute(select(score.c.person_id, score.c.points).order_by(score.c.person_id)).all()
    assert [tuple(row) for row in kept] == [(1, 12), (2, 20), (3, 30)]


def test_rows_that_hold_the_values_already_are_left_alone(engine: Engine) -> None:
    columns = ("person_id", "points", "at", "next_line_at")
    change: dict[str, Any] = {"conflict": ("person_id",), "update": ("points", "next_line_at"), "only_changes": True}
    with begin_write(engine) as conn:
        insert_many(conn, score, columns, [(1, 10, NOW, None), (2, 20, NOW, None), (3, 30, NOW, NOW)])
        rows = [(1, 10, NOW, None), (2, 20, NOW, NOW), (3, 30, NOW, None), (4, 40, NOW, None)]
        assert upsert_many(conn, score, columns, rows, **change) == 3
        assert upsert_many(conn, score, columns, rows, **change) == 0


def test_an_update_without_its_constraint_is_a_wrong_call(engine: Engine) -> None:
    with begin_write(engine) as conn, pytest.raises(ValueError, match="unique constraint"):
        upsert_many(conn, score, ("person_id", "points", "at"), [(1, 1, NOW)], update=("points",))


def test_bulk_outside_a_transaction_is_a_wrong_call(engine: Engine) -> None:
    with engine.connect() as conn, pytest.raises(RuntimeError, match="begin_write"):
        insert_many(conn, score, ("person_id", "points", "at"), [(1, 1, NOW)])


def test_ten_thousand_ids_are_one_parameter(engine: Engine) -> None:
    wanted = list(range(0, 60_000, 6))
    with begin_write(engine) as conn:
        insert_many(conn, score, ("person_id", "points", "at"), ((n, n, NOW) for n in range(20_000)))
        found = conn.execute(select(score.c.person_id).where(where_in(score.c.person_id, wanted))).scalars().all()
        assert sorted(found) == [n for n in wanted if n < 20_000]
        some = (
            select(func.count())
            .select_from(score)
            .where(where_in(score.c.person_id, {1, 2, 99_999}), score.c.points > 1)
        )
        assert conn.execute(some).scalar() == 1
        assert conn.execute(score.delete().where(where_in(score.c.person_id, []))).rowcount == 0
        assert conn.execute(score.delete().where(where_in(score.c.person_id, wanted))).rowcount == len(found)
        assert conn.execute(select(score).where(~where_in(score.c.person_id, [1]))).first() is not None


def test_keys_with_any_letters_are_found_among_many(engine: Engine) -> None:
    keys = ["青葉", "o'hara", 'a"b', "a,b", "{}", "NULL", "\\"]
    with begin_write(engine) as conn:
        conn.execute(insert(task_cause), [{"effect_key": key, "task_id": 1, "at": NOW} for key in keys])
        found = conn.execute(
            select(task_cause.c.effect_key).where(where_in(task_cause.c.effect_key, [*keys, "x"]))
        ).scalars()
        assert sorted(found) == sorted(keys)


def test_journeys_put_in_are_live_and_due(engine: Engine) -> None:
    columns = ("scenario", "version_id", "subject_kind", "subject_id", "visit", "step", "since", "due", "entered_at")
    rows = [("interest", 1, "person", n, 1, "case", NOW, NOW, NOW) for n in range(10)]
    with begin_write(engine) as conn:
        insert_many(conn, journey, columns, rows)
        due = select(journey.c.id).where(journey.c.state == "live", journey.c.due <= NOW)
        assert len(conn.execute(due).all()) == 10
        assert conn.exec_driver_sql("SELECT min(due) FROM journey").scalar() == to_micros(NOW)


def test_chunks_keep_order_and_never_hold_more_than_asked() -> None:
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(chunks([], 2)) == []


def test_a_list_of_ids_is_looked_up_by_the_index(engine: Engine) -> None:
    query = select(pending.c.id).where(where_in(pending.c.person_id, [1, 2]))
    if engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL scans small tables whatever their indexes are")
    with engine.connect() as conn:
        plan = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {query.compile(engine)}", ("[1,2]",)).all()
    assert any("USING" in row[3] and "SEARCH pending" in row[3] for row in plan), plan
