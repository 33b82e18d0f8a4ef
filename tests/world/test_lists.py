"""The lists go through the project's own import with its own mappings, and exactly the planted rows stay out."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select

from hagukumi.channels.imports.run import ImportReport
from hagukumi.world.build import World, build
from hagukumi.world.changes import TYPED_WITHIN, as_met
from hagukumi.world.lists import BACKGROUND_IMPORT, IMPORTS, Written, write_world
from hagukumi.world.rows import FAULTS, HEADER
from models.tables.engine import open_engine
from models.tables.migrations import upgrade
from models.tables.schema.activities import activity
from models.tables.schema.companies import account, legal_entity
from models.tables.schema.people import consent, person, refusal
from tests.imports.desk import Desk, project_rules

NOW = datetime(2026, 4, 27, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path_factory.mktemp('db') / 'world.db'}")
    upgrade(made)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def reports(engine: Engine, folder: Path, written: Written) -> dict[str, ImportReport]:
    """Every list, imported in its order."""
    desk = Desk(engine, folder, project_rules(), NOW)
    lists = (*IMPORTS, BACKGROUND_IMPORT)
    return {file: desk.take(kind, written.folder / file, mapping) for kind, file, mapping in lists}


@pytest.fixture
def conn(engine: Engine, reports: dict[str, ImportReport]) -> Iterator[Connection]:
    with engine.connect() as found:
        yield found


def test_exactly_the_planted_rows_are_rejected(reports: dict[str, ImportReport], written: Written) -> None:
    planted: dict[str, set[tuple[int, str]]] = {file: set() for file in reports}
    for each in written.truth.rejects:
        planted[each.file].add((each.row, each.code))
    for file, report in reports.items():
        found = _rejected(report.rejects_file) if report.rejects_file else set()
        assert found == planted[file], file
        assert report.read == written.rows[file]
    assert len(planted["people.csv"]) > 40 and len(planted["activities.csv"]) > 5 and planted["accounts.csv"]


def _rejected(file: Path) -> set[tuple[int, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))[1:]
    return {(int(row[0]), row[-1]) for row in rows}


def test_people_and_facilities_stand_under_the_keys_of_the_truth(conn: Connection, written: Written) -> None:
    inside = {key for key, each in written.truth.people.items() if not set(each.traps) & set(FAULTS)}
    assert set(conn.scalars(select(person.c.key))) == inside
    listed = {key for key, each in written.truth.facilities.items() if each.listed}
    assert listed <= set(conn.scalars(select(account.c.key)))
    entities = {each.legal for each in written.truth.facilities.values() if each.listed and each.owner_type != "個人"}
    assert (conn.scalar(select(func.count()).select_from(legal_entity)) or 0) >= len(entities)


def test_most_rows_find_their_facility_however_it_is_written(conn: Connection, written: Written) -> None:
    query = select(person.c.key, account.c.key).join_from(person, account, person.c.account_id == account.c.id)
    found = dict(conn.execute(query).tuples().all())
    people = {key: each for key, each in written.truth.people.items() if key in found}
    right = sum(found[key] == each.facility for key, each in people.items())
    listed = sum(written.truth.facilities[each.facility].listed for each in people.values())
    assert right / listed > 0.9
    wrong = [key for key, each in people.items() if found[key] != each.facility and found[key].startswith("F")]
    assert not wrong, "nobody is put into another facility of the list"


def test_the_rules_catch_whom_the_truth_says_they_catch(conn: Connection, written: Written) -> None:
    rows = conn.execute(select(person.c.key, person.c.ng_reason).where(person.c.stage == "ng")).tuples().all()
    found = {key: _as_truth(reason) for key, reason in rows}
    inside = set(conn.scalars(select(person.c.key)))
    caught = {key: each for key, each in written.truth.people.items() if each.caught and key in inside}
    assert found.keys() == caught.keys()
    other = {key for key, each in caught.items() if each.ng != found[key]}
    assert all("private_mail" in caught[key].traps for key in other)
    assert len([each for each in written.truth.missed_by_ng() if each.key in inside]) > 20


def _as_truth(reason: str | None) -> str | None:
    return "private_mail" if reason in ("free_mail", "carrier_mail", "disposable_mail") else reason


def test_grounds_come_with_their_evidence(conn: Connection) -> None:
    c = consent.c
    grounds = Counter(conn.scalars(select(c.ground)))
    assert set(grounds) == {"consent", "card", "business", "published"}
    bare = [
        (c.ground == "card") & (c.image_id.is_(None) | c.got_by.is_(None) | c.got_where.is_(None)),
        (c.ground == "published") & (c.page.is_(None) | c.captured_on.is_(None)),
        (c.ground == "consent") & c.purpose_version.is_(None),
        c.got_at.is_(None) | (c.got_at > NOW),
    ]
    for each in bare:
        assert conn.scalar(select(func.count()).where(each)) == 0
    people = conn.scalar(select(func.count()).select_from(person)) or 0
    assert 0.85 < sum(grounds.values()) / people < 0.95
    assert (conn.scalar(select(func.count()).select_from(refusal)) or 0) > 50


def test_visits_come_in_once_though_told_twice(reports: dict[str, ImportReport], conn: Connection) -> None:
    report = reports[BACKGROUND_IMPORT[1]]
    assert report.unchanged > 10 and report.created > 1_000 and report.rejected == 0
    late = select(func.count()).where(activity.c.known_at > activity.c.occurred_at, activity.c.known_at != NOW)
    assert conn.scalar(late) == report.created


def test_both_databases_take_them_in_alike(tables_url: str, tmp_path: Path) -> None:
    engine = open_engine(tables_url)
    small = write_world(build("7", 240, 60), tmp_path / "lists", background_days=5)
    desk = Desk(engine, tmp_path, project_rules(), NOW)
    for kind, file, mapping in (*IMPORTS, BACKGROUND_IMPORT):
        report = desk.take(kind, small.folder / file, mapping)
        assert report.rejected == sum(each.file == file for each in small.truth.rejects), file
    engine.dispose()


def test_who_is_met_later_comes_with_evidence_of_those_days(market: World) -> None:
    day = date(2026, 6, 30)
    days = {day - timedelta(days=back) for back in range(TYPED_WITHIN)}
    ways = ("{0:%Y/%m/%d}", "{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}", "令和8年{0.month}月{0.day}日")
    written_ways = {way.format(each) for way in ways for each in days}
    seen = set[str]()
    for row in market.rows:
        before, after = (dict(zip(HEADER, cells, strict=True)) for cells in (row.cells, as_met("1", row, day)))
        dates = {name for name in ("根拠の日", "掲載確認日", "初回接点") if before[name]}
        if row.kind == "bad_date":
            assert before == after
            continue
        assert {name for name in HEADER if before[name] != after[name]} <= dates
        assert {after[name] for name in dates} <= written_ways
        seen |= {after[name] for name in dates}
    assert len(seen) > 3 * TYPED_WITHIN
