"""Lists of intent: the same seed is the same bytes; they follow from the truth, and are as wrong as such lists are."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from abm.intent import IntentRules
from hagukumi.channels.imports.companies import open_companies
from hagukumi.channels.imports.mapping import load_mapping
from hagukumi.channels.imports.signal_report import SignalReport
from hagukumi.channels.imports.signals import bring_signals
from hagukumi.journeys.language.load import load
from hagukumi.workspace import CHECKOUT
from hagukumi.world.build import World
from hagukumi.world.intent_lists import INDEX, MAPPINGS, Arrival, arrivals, clear, week_of, write_intent
from hagukumi.world.lists import Written
from hagukumi.world.searching import Cause, Watch
from models.tables.engine import begin_read, open_engine
from models.tables.migrations import upgrade
from models.tables.schema import account, intent_company
from tests.imports.desk import Desk, project_rules

WEEKS = 26
CAUSES: set[Cause] = {"buyer", "curious", "other_topic", "wrong_company", "stranger", "chance"}


@pytest.fixture(scope="module")
def lists(market: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Arrival]]:
    """The folder of the lists of half a year, and the files in the order of their coming."""
    folder = tmp_path_factory.mktemp("intent")
    return folder, write_intent(market, folder, WEEKS)


def test_the_same_seed_writes_the_same_bytes(market: World, lists: tuple[Path, list[Arrival]], tmp_path: Path) -> None:
    write_intent(market, tmp_path, WEEKS)
    both = [{file.name: file.read_bytes() for file in folder.iterdir()} for folder in (tmp_path, lists[0])]
    assert both[0] == both[1] and len(both[0]) > 4 * WEEKS


def test_a_week_alone_is_that_of_the_whole(market: World, lists: tuple[Path, list[Arrival]]) -> None:
    alone = list(arrivals(market, 5, 6))
    assert alone and all(each in lists[1] for each in alone)


def test_lists_of_before_go_and_those_of_others_stay(market: World, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    write_intent(market, ours, 1)
    theirs.mkdir()
    (theirs / "people.csv").write_text("x", "utf-8")
    for folder in (ours, theirs):
        clear(folder)
    assert not list(ours.iterdir()) and (theirs / "people.csv").exists()


def test_the_index_names_every_file_with_its_day_and_mapping(lists: tuple[Path, list[Arrival]], market: World) -> None:
    folder, files = lists
    with (folder / INDEX).open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))[1:]
    assert rows == sorted(rows, key=lambda row: (row[0], row[1]))
    assert [tuple(row[1:]) for row in rows] == [(each.file, each.mapping) for each in files]
    assert {row[1] for row in rows} == {each.name for each in folder.iterdir()} - {INDEX}
    assert {row[2] for row in rows} == {*MAPPINGS.values()}
    late = [row for row in rows if _days_after(row) > 9 and "again" not in row[1] and "-2.csv" not in row[1]]
    again, mended = ([row for row in rows if ending in row[1]] for ending in ("-again.csv", "-2.csv"))
    assert late and again and mended


def _days_after(row: list[str]) -> int:
    """Days from the Monday of its week to the day on which a file comes."""
    _, year, week = row[1].removesuffix(".csv").split("-")[:3]
    return (datetime.fromisoformat(row[0]) - datetime.fromisocalendar(int(year), int(week), 1)).days


def test_what_comes_again_is_the_same_file(lists: tuple[Path, list[Arrival]]) -> None:
    folder, files = lists
    for each in files:
        if "-again" in each.file:
            first = folder / each.file.replace("-again", "")
            assert (folder / each.file).read_bytes() == first.read_bytes()


def test_false_and_missing_things_are_laid_in(market: World) -> None:
    watch = Watch(market)
    seen = [line for week in range(WEEKS) for line in (*watch.keywords(week), *watch.surges(week))]
    causes = Counter(line.cause for line in seen)
    assert {*causes} == CAUSES and all(causes[cause] > 50 for cause in CAUSES)
    told = {line.facility.truth.key for line in seen if line.cause == "buyer"}
    hospitals = {each.truth.key for each in market.facilities if each.truth.kind == "hospital"}
    assert 0.3 < len(told & hospitals) / len(hospitals) < 0.8
    wrong = [line for line in seen if line.cause == "wrong_company"]
    assert 0.03 < len(wrong) / len(seen) < 0.08


def test_facilities_that_buy_surge_more_often_than_others(market: World) -> None:
    watch = Watch(market)
    lines: dict[bool, int] = defaultdict(int)
    houses: dict[bool, int] = defaultdict(int)
    for week in range(WEEKS):
        buying = market.truth.in_market(week * 7 + 3)
        for each in market.facilities:
            houses[each.truth.key in buying] += not each.truth.customer
        for line in watch.surges(week):
            if line.amount >= 60:
                lines[line.facility.truth.key in buying] += not line.facility.truth.customer
    share = {bought: lines[bought] / houses[bought] for bought in (True, False)}
    assert share[True] > 3 * share[False] > 0


def test_who_buys_is_somebody_who_compares_or_buys_and_no_customer(market: World) -> None:
    truth = market.truth
    for day in (0, 90, 180):
        found = truth.in_market(day)
        assert 0.1 < len(found) / len(truth.facilities) < 0.35
        for key in found:
            here = [each for each in truth.people.values() if key in (each.facility, each.moves_to)]
            assert any(each.on(day).stage in ("comparing", "buying") for each in here)
            assert truth.facilities[key].listed and not truth.facilities[key].customer
    assert truth.in_market(0) - truth.in_market(180) and truth.in_market(180) - truth.in_market(0)


@pytest.fixture(scope="module")
def brought(
    written: Written, market: World, lists: tuple[Path, list[Arrival]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, list[tuple[Arrival, SignalReport]]]]:
    """A company with the market's facilities, into which the lists of the first weeks came as they came."""
    folder = tmp_path_factory.mktemp("company")
    engine = open_engine(f"sqlite:///{folder / 'world.db'}")
    upgrade(engine)
    Desk(engine, folder, project_rules(), datetime(2026, 4, 27, tzinfo=UTC)).take(
        "accounts", written.folder / "accounts.csv", "world-accounts"
    )
    rules = load(CHECKOUT / "scenarios/rules/intent.yaml", IntentRules).value
    assert rules is not None
    reports = []
    for each in lists[1]:
        if each.day < 40:
            mapping = load_mapping(CHECKOUT / f"scenarios/mappings/{each.mapping}.yaml").value
            assert mapping is not None
            now = datetime.combine(market.truth.start + timedelta(days=each.day), time(1), UTC)
            reports.append((each, bring_signals(engine, lists[0] / each.file, mapping, rules, now=now,
                                                rejects_dir=folder / "rejects")))  # fmt: skip
    yield engine, reports
    engine.dispose()


def test_exactly_the_impossible_lines_are_rejected(
    brought: tuple[Engine, list[tuple[Arrival, SignalReport]]],
) -> None:
    total = 0
    for each, report in brought[1]:
        if report.counted_before is None:
            found = _rejected(report.rejects_file) if report.rejects_file else {}
            assert found == each.wrong, each.file
            total += len(found)
    assert total


def _rejected(file: Path) -> dict[int, str]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return {int(row[0]): row[-1] for row in list(csv.reader(opened))[1:]}


def test_what_comes_again_counts_once_and_what_is_mended_takes_its_place(
    brought: tuple[Engine, list[tuple[Arrival, SignalReport]]],
) -> None:
    again = [report for each, report in brought[1] if "-again" in each.file]
    mended = [report for each, report in brought[1] if "-2.csv" in each.file]
    assert again and all(report.counted_before is not None for report in again)
    assert mended and all(report.replaced for report in mended)


def test_most_facilities_are_recognised_and_strangers_wait_for_a_person(
    brought: tuple[Engine, list[tuple[Arrival, SignalReport]]],
) -> None:
    engine, reports = brought
    with begin_read(engine) as conn:
        waiting = {each.name for each in open_companies(conn)}
        known = set(conn.scalars(select(account.c.name)))
        matched = conn.scalars(select(intent_company.c.id).where(intent_company.c.account_id.is_not(None))).all()
    assert len(matched) > 200
    assert "株式会社記録システムズ" in waiting and not waiting & known
    assert any(report.unmapped for _, report in reports)


def test_weeks_count_from_the_monday_on_or_before_day_0(market: World) -> None:
    start = market.truth.start
    assert [week_of(start, start + timedelta(days=day)) for day in (-1, 0, 6, 7)] == [-1, 0, 0, 1]


def test_who_has_nothing_to_tell_sends_no_file(lists: tuple[Path, list[Arrival]]) -> None:
    assert all(each.sheet.rows for each in lists[1])
