"""The schema: built by the migrations alone, honest about personal text, strict about what may stand twice."""

import warnings
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Text, TypeDecorator, insert, inspect, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.tables import migrations
from models.tables.engine import begin_write, open_engine
from models.tables.errors import DatabaseError
from models.tables.keys import keyed_hash
from models.tables.schema import (
    HOLDS,
    PERSONAL_TABLES,
    account,
    consent,
    journey,
    letter,
    metadata,
    person,
    refusal,
    staff,
    task,
    task_cause,
)
from models.tables.types import Bytes, Json, Words, from_micros, to_micros

NOW = datetime(2026, 4, 27, 1, 0, 0, 123457, tzinfo=UTC)
JAPAN = timezone(timedelta(hours=9))
WORDS_OF_PEOPLE = {"email", "email_norm", "family_name", "given_name", "family_kana", "given_kana", "subject", "body"}


def a_person(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "created_at": NOW, "changed_at": NOW, **more}


def add_person(conn: Connection, key: str) -> int:
    made: int = conn.execute(insert(person).values(a_person(key)).returning(person.c.id)).scalar_one()
    return made


def a_task(person_id: int, **more: Any) -> dict[str, Any]:
    return {"person_id": person_id, "desk": "IS", "kind": "call", "made_at": NOW, **more}


def test_the_migrations_build_exactly_the_schema(engine: Engine) -> None:
    with warnings.catch_warnings():
        # SQLite cannot show indexes on expressions; the tests of refusals and consents below prove them.
        warnings.filterwarnings("ignore", ".*expression-based index")
        assert migrations.differences(engine) == []
    built = set(inspect(engine).get_table_names())
    assert built == set(metadata.tables) | {"alembic_version"}


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    assert migrations.version(engine) == migrations.HEAD
    assert migrations.upgrade(engine) is False


def test_head_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "models/tables/migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_a_database_of_a_newer_program_is_refused(engine: Engine) -> None:
    with begin_write(engine) as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseError) as trouble:
        migrations.upgrade(engine)
    assert trouble.value.code == "database-newer"
    assert "9999" in trouble.value.ja and "9999" in trouble.value.en


def test_every_table_says_what_it_is_for() -> None:
    assert [table.name for table in metadata.sorted_tables if not table.comment] == []


def test_personal_text_stands_in_the_named_tables_only() -> None:
    elsewhere = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            decorated = isinstance(column.type, TypeDecorator)
            assert decorated, f"{table.name}.{column.name} does not use our types"
            if isinstance(column.type, Words | Json | Bytes | Text):
                assert column.info.get("holds") in HOLDS, f"{table.name}.{column.name} does not say what it holds"
            personal = column.info.get("holds") == "personal" or column.name in WORDS_OF_PEOPLE
            if personal and table.name not in PERSONAL_TABLES:
                elsewhere.append(f"{table.name}.{column.name}")
    assert elsewhere == []
    assert set(metadata.tables) >= PERSONAL_TABLES


def test_instants_keep_microseconds_and_come_back_in_utc(engine: Engine) -> None:
    in_japan = datetime(2026, 4, 27, 10, 0, 0, 123457, tzinfo=JAPAN)
    with begin_write(engine) as conn:
        conn.execute(insert(person), a_person("hanako", stage_since=in_japan))
        conn.execute(insert(person), a_person("taro"))
        kept = list(conn.scalars(select(person.c.stage_since).order_by(person.c.id)))
        stored = conn.exec_driver_sql("SELECT stage_since FROM person ORDER BY id").scalar()
    assert kept == [NOW, None]
    assert kept[0].tzinfo is UTC
    assert stored == to_micros(NOW) == 1_777_251_600_123_457


def test_instants_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        to_micros(NOW.replace(tzinfo=None))


@pytest.mark.parametrize("year", [1, 1900, 1969, 2026, 9999])
def test_instants_of_any_year_are_exact(year: int) -> None:
    moment = NOW.replace(year=year, microsecond=999_999)
    assert from_micros(to_micros(moment)) == moment


def test_defaults_flags_and_json_come_back_as_they_were_meant(engine: Engine) -> None:
    with begin_write(engine) as conn:
        conn.execute(insert(person), a_person("hanako", tags=["b", "高"], acquainted=True))
        conn.execute(insert(staff), {"key": "sato", "name": "佐藤"})
        row = conn.execute(select(person)).one()
        conn.execute(insert(letter), {"key": "k", "person_id": row.id, "due": NOW, "written_at": NOW})
        numbers = conn.execute(select(letter.c.priority, letter.c.stood_still)).one()
        kept = conn.execute(select(staff.c.working_days, staff.c.active)).one()
    assert (row.language, row.stage, row.custom, row.tags) == ("ja", "lead", {}, ["b", "高"])
    assert numbers == (5, 0)
    assert (row.acquainted, row.left_company) == (True, False)
    assert kept == ([1, 2, 3, 4, 5], True)


def test_text_is_sorted_by_bytes(engine: Engine) -> None:
    names = ["あ", "Z", "a", "B", "é", "ア", "_", "10", "9"]
    with begin_write(engine) as conn:
        conn.execute(insert(task_cause), [{"effect_key": name, "task_id": 1, "at": NOW} for name in names])
        kept = conn.execute(select(task_cause.c.effect_key).order_by(task_cause.c.effect_key)).scalars().all()
    assert kept == sorted(names, key=str.encode)


def test_a_word_in_a_number_s_place_is_refused(engine: Engine) -> None:
    with begin_write(engine) as conn, pytest.raises(DBAPIError):
        conn.exec_driver_sql("INSERT INTO score (person_id, points, at) VALUES (1, 'many', 0)")


def test_a_mailbox_belongs_to_one_person(engine: Engine) -> None:
    with begin_write(engine) as conn:
        conn.execute(insert(person), a_person("hanako", email_norm="hanako@aobadai.example"))
        conn.execute(insert(person), [a_person("nobody"), a_person("no one")])
    with begin_write(engine) as conn, pytest.raises(IntegrityError):
        conn.execute(insert(person), a_person("taro", email_norm="hanako@aobadai.example"))


def test_trouble_with_a_person_does_not_show_the_row(engine: Engine) -> None:
    with begin_write(engine) as conn, pytest.raises(IntegrityError) as trouble:
        conn.execute(insert(person), a_person("hanako", family_name="青葉", account_id=404))
        conn.exec_driver_sql("SELECT 1")
    assert "青葉" not in str(trouble.value)


def test_a_person_enters_a_visit_once(engine: Engine) -> None:
    entry = {
        "scenario": "interest", "version_id": 1, "subject_kind": "person", "subject_id": 1, "person_id": 1,
        "visit": 1, "step": "case", "since": NOW, "entered_at": NOW,
    }  # fmt: skip
    with begin_write(engine) as conn:
        conn.execute(insert(journey), [entry, {**entry, "visit": 2}, {**entry, "subject_kind": "account"}])
    with begin_write(engine) as conn, pytest.raises(IntegrityError):
        conn.execute(insert(journey), entry)


def test_a_letter_key_is_written_once(engine: Engine) -> None:
    row = {"key": "interest/case/1/person/1", "person_id": 1, "due": NOW, "written_at": NOW}
    with begin_write(engine) as conn:
        conn.execute(insert(letter), row)
        assert conn.execute(select(letter.c.state, letter.c.klass, letter.c.priority)).one() == ("queued", "nurture", 5)
    with begin_write(engine) as conn, pytest.raises(IntegrityError):
        conn.execute(insert(letter), row)


def test_a_person_has_one_open_task_at_inside_sales(engine: Engine) -> None:
    with begin_write(engine) as conn:
        conn.execute(insert(task), [a_task(1, state="done"), a_task(1, state="open"), a_task(2, state="open")])
        conn.execute(insert(task), a_task(1, desk="FS"))
    with begin_write(engine) as conn, pytest.raises(IntegrityError):
        conn.execute(insert(task), a_task(1))


def test_the_same_refusal_stands_once_even_without_a_date(engine: Engine) -> None:
    said = {
        "channel": "mail",
        "cause": "former_tool",
        "source": "optouts.csv",
        "address_hash": keyed_hash("s", "a@b.example"),
    }
    with begin_write(engine) as conn:
        conn.execute(insert(refusal), said)
        conn.execute(insert(refusal), {**said, "at": NOW})
        conn.execute(insert(refusal), {**said, "channel": "fax"})
    with begin_write(engine) as conn, pytest.raises(IntegrityError):
        conn.execute(insert(refusal), said)


def test_the_same_ground_stands_once_even_without_a_date(engine: Engine) -> None:
    with begin_write(engine) as conn:
        who = add_person(conn, "hanako")
        ground = {"person_id": who, "channel": "mail", "ground": "card"}
        conn.execute(insert(consent), ground)
        conn.execute(insert(consent), {**ground, "got_at": NOW})
    with begin_write(engine) as conn, pytest.raises(IntegrityError):
        conn.execute(insert(consent), ground)


def test_an_erased_person_s_number_is_not_given_again(engine: Engine) -> None:
    with begin_write(engine) as conn:
        first = add_person(conn, "hanako")
        conn.execute(person.delete())
        second = add_person(conn, "taro")
    assert second > first


def test_people_of_an_account_that_is_not_there_are_refused(engine: Engine) -> None:
    with begin_write(engine) as conn, pytest.raises(IntegrityError):
        conn.execute(insert(person), a_person("hanako", account_id=404))
    with begin_write(engine) as conn:
        conn.execute(
            insert(account),
            {
                "key": "aobadai",
                "name": "青葉台記念病院",
                "name_norm": "青葉台記念病院",
                "created_at": NOW,
                "changed_at": NOW,
            },
        )


def test_a_keyed_hash_needs_the_key_to_be_repeated() -> None:
    assert keyed_hash("one", "a@b.example") == keyed_hash("one", "a@b.example")
    assert keyed_hash("one", "a@b.example") != keyed_hash("two", "a@b.example")
    assert len(keyed_hash("one", "a@b.example")) == 64


def test_upgrading_an_empty_database_says_that_it_changed(database_url: str) -> None:
    engine = open_engine(database_url)
    assert migrations.version(engine) is None
    assert migrations.upgrade(engine) is True
    engine.dispose()
