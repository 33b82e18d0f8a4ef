"""Columns give the very figures of the receipt: for thousands of histories, with caps, floors, half-lives and ties."""

from datetime import datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hagukumi.journeys.core.facts import Activity
from models.scoring import many
from models.scoring.many import Columns, Events, grades, micros
from models.scoring.points import Scorer, Standing, compile_points
from models.scoring.rules import PointRules
from models.scoring.views import LETTERS, grade_of, themes_of
from tests.scoring.examples import DECIDER, NOW, PRACTICE, behaviour, did, rules, some_activities, some_rules
from tests.scoring.test_views import GRADES

THEMES = {"price": "cost", "case": "overtime"}
HISTORIES = st.lists(some_activities(most=12), min_size=1, max_size=6)


def of(scorer: Scorer, standings: list[Standing]) -> tuple[Columns, Events]:
    """The rules in columns, and these people's events."""
    columns = Columns(scorer)
    return columns, columns.events_of(standings)


@settings(max_examples=150)
@given(some_rules(), HISTORIES, st.integers(-30, 60), st.integers(0, 86_399_999_999))
def test_the_points_of_many_are_the_receipts_of_each(
    some: PointRules, histories: list[list[Activity]], day: int, offset: int
) -> None:
    scorer = compile_points(some, THEMES)
    at = NOW + timedelta(days=day, microseconds=offset)
    standings = [scorer.of(DECIDER, done) for done in histories]
    columns, events = of(scorer, standings)
    who = np.arange(len(standings))
    instants = np.full(len(standings), micros(at))
    fit = np.array([standing.fit(at) for standing in standings])
    behaved = columns.behaviour(events, who, instants)
    assert columns.total(behaved, fit).tolist() == [standing.receipt(at).tenths for standing in standings]
    assert behaved.tolist() == [standing.behaviour(at) for standing in standings]


@settings(max_examples=80)
@given(some_rules(), HISTORIES)
def test_events_known_up_to_one_of_them_give_what_a_jump_compares(
    some: PointRules, histories: list[list[Activity]]
) -> None:
    scorer = compile_points(some, THEMES)
    standings = [scorer.of({}, done) for done in histories]
    columns, events = of(scorer, standings)
    for row, standing in enumerate(standings):
        counted = sorted(standing.counted, key=lambda each: (each[0].counts_at, each[0].id))
        for number, (cause, _) in enumerate(counted):
            at, place = micros(cause.counts_at), int(events.starts[row]) + number
            asked = columns.behaviour(
                events, np.array([row, row]), np.array([at, at]), np.array([place, place + 1], np.int64)
            )
            expected = [
                standing.known_before(cause, with_it=with_it).behaviour(cause.counts_at) for with_it in (False, True)
            ]
            assert asked.tolist() == expected


@settings(max_examples=80)
@given(some_rules(), HISTORIES, st.lists(st.integers(-50, 150), min_size=1, max_size=3, unique=True))
def test_the_next_crossing_of_many_is_the_next_crossing_of_each(
    some: PointRules, histories: list[list[Activity]], lines: list[int]
) -> None:
    from dataclasses import replace
    from decimal import Decimal

    scorer = compile_points(replace(some, lines=tuple(Decimal(line) for line in sorted(lines))))
    standings = [scorer.of(DECIDER, done) for done in histories]
    columns, events = of(scorer, standings)
    who, at = np.arange(len(standings)), np.full(len(standings), micros(NOW))
    fit = np.array([standing.fit(NOW) for standing in standings])
    found, hard = columns.next_crossings(events, who, at, fit)
    for standing, one, by_hand in zip(standings, found.tolist(), hard.tolist(), strict=True):
        line = standing.next_crossing(NOW)
        assert by_hand or one == (0 if line is None else micros(line))


def test_only_people_whose_points_fall_and_rise_at_once_are_worked_out_one_by_one() -> None:
    scorer = compile_points(PRACTICE)
    histories = [[did("downloaded", number=1)], [did("downloaded", number=2), did("refused", number=3)], []]
    columns, events = of(scorer, [scorer.of({}, done) for done in histories])
    at = np.full(3, micros(NOW))
    _, hard = columns.next_crossings(events, np.arange(3), at, np.array([0, 500, 0]))
    assert hard.tolist() == [False, True, False]
    # No line lies between the least and the most that the second could ever have.
    _, hard = columns.next_crossings(events, np.arange(3), at, np.zeros(3, np.int64))
    assert hard.tolist() == [False, False, False]


@settings(max_examples=80)
@given(some_rules(), HISTORIES)
def test_themes_and_grades_of_many_are_those_of_each(some: PointRules, histories: list[list[Activity]]) -> None:
    from dataclasses import replace

    scorer = compile_points(replace(some, grades=GRADES), THEMES)
    standings = [scorer.of(DECIDER, done) for done in histories]
    columns, events = of(scorer, standings)
    split, people, _ = columns.by_theme(events)
    points = columns.behaviour(split, np.arange(split.people), np.full(split.people, micros(NOW)))
    mine: dict[int, list[int]] = {}
    for person, tenths in zip(people.tolist(), points.tolist(), strict=True):
        if tenths > 0:
            mine.setdefault(person, []).append(tenths)
    for row, standing in enumerate(standings):
        known = [each.tenths for each in themes_of(standing, NOW, NOW) if each.tenths]
        assert sorted(mine.get(row, []), reverse=True) == known
    at = np.full(len(standings), micros(NOW))
    fit = np.array([standing.fit(NOW) for standing in standings])
    fits, warm = grades(GRADES, fit, columns.behaviour(events, np.arange(len(standings)), at))
    told = [f"{LETTERS[a]}{b + 1}" for a, b in zip(fits.tolist(), warm.tolist(), strict=True)]
    assert told == [str(grade_of(standing, NOW)) for standing in standings]


def test_a_tenth_that_stands_in_the_middle_goes_to_the_even_one_as_in_the_receipt() -> None:
    scorer = compile_points(rules(behaviour("downloaded", "10", 14)))
    standings = [scorer.of({}, [did("downloaded", timedelta(days=14 * n))]) for n in range(12)]
    columns, events = of(scorer, standings)
    asked = columns.behaviour(events, np.arange(12), np.full(12, micros(NOW)))
    assert asked.tolist() == [standing.tenths(NOW) for standing in standings]
    assert asked.tolist()[:4] == [100, 50, 25, 12]


def test_thousands_of_people_need_no_more_memory_than_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = Random(7)
    scorer = compile_points(PRACTICE)
    kinds = ("downloaded", "clicked", "submitted", "refused")

    def history(most: int) -> list[Activity]:
        return [
            did(dice.choice(kinds), timedelta(seconds=dice.randrange(10_000_000)), n)
            for n in range(dice.randrange(most))
        ]

    standings = [scorer.of(DECIDER, history(40)) for _ in range(3_000)]
    (columns, events), who = of(scorer, standings), np.arange(3_000)
    at = np.full(3_000, micros(NOW))
    whole = columns.behaviour(events, who, at)
    monkeypatch.setattr(many, "AT_ONCE", 50)
    assert Columns(scorer).behaviour(events, who, at).tolist() == whole.tolist()
    assert whole.tolist() == [standing.behaviour(NOW) for standing in standings]


def test_an_instant_is_counted_in_whole_microseconds() -> None:
    assert micros(datetime.fromisoformat("1970-01-01T00:00:01.000002+00:00")) == 1_000_002
