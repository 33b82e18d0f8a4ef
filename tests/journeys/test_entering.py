"""Who enters a scenario, once or again, and what a pause holds back."""

from datetime import datetime
from typing import Any

import pytest

from hagukumi.journeys.core.program import Goal, Program, Reentry
from hagukumi.journeys.core.subject import Enrolled, Visits
from hagukumi.journeys.steps.conditions import Did
from tests.journeys.scenes import (
    CLICKED,
    MONDAY,
    TAGGED,
    days,
    did,
    jst,
    program,
)
from tests.journeys.turns import INDUSTRY, INTEREST, resting, rules, turn, waiting

ENTERED = jst("2026-06-02 10:00")


def entering(of: Program, **more: Any) -> list[tuple[str, int, datetime]]:
    """(scenario, visit, at) of whom a visit on Tuesday lets in."""
    by = rules(open_=(of,), paused=more.pop("paused", frozenset()))
    lived = turn(by, events=[did("visited", "2026-06-02 10:00")], **more)
    return [(one.program.name, one.visit, one.at) for one in lived.enrolled]


def test_somebody_who_fits_enters_once() -> None:
    by = rules(open_=(INTEREST,))
    events = [did("visited", "2026-06-02 10:00"), did("visited", "2026-06-03 10:00", 2)]
    assert turn(by, events=events).enrolled == [Enrolled(INTEREST, 1, ENTERED)]
    assert turn(by).enrolled == []


def test_somebody_new_is_looked_at_without_any_event() -> None:
    by = rules(open_=(INTEREST, INDUSTRY))
    lived = turn(by, looks=(ENTERED,))
    assert lived.enrolled == [Enrolled(INTEREST, 1, ENTERED), Enrolled(INDUSTRY, 1, ENTERED)]
    assert turn(by, looks=(ENTERED,), until="2026-06-02 09:59").enrolled == []


def test_who_does_not_fit_stays_outside_and_the_next_scenario_is_asked() -> None:
    picky = program(*waiting(), name="picky", who=TAGGED)
    lived = turn(rules(open_=(picky, INTEREST)), looks=(ENTERED,))
    assert [one.program.name for one in lived.enrolled] == ["interest"]
    assert entering(picky, attributes={"tags": frozenset({"関心"})}) == [("picky", 1, ENTERED)]


def test_who_fits_by_what_is_known_only_later_enters_later() -> None:
    clickers = program(*waiting(), who=CLICKED)
    events = [did("visited", "2026-06-02 10:00"), did("clicked", "2026-06-03 09:59", 2)]
    lived = turn(rules(open_=(clickers,)), events=events)
    assert lived.enrolled == [Enrolled(clickers, 1, jst("2026-06-03 10:00"))]


def test_nobody_enters_twice_unless_the_scenario_says_so() -> None:
    ended = {"interest": Visits(1, jst("2026-05-01 10:00"))}
    assert entering(INTEREST, visits=ended) == []
    assert entering(INTEREST, visits={"other": Visits(1, None)}) == [("interest", 1, ENTERED)]


def test_somebody_comes_in_again_when_the_pause_between_visits_is_over() -> None:
    again = program(*waiting(), enter=Reentry(again_after=days(30)))
    for ended, visits in (
        ("2026-05-03 10:00", [("interest", 4, ENTERED)]),
        ("2026-05-03 10:01", []),
        ("2026-04-01 10:00", [("interest", 4, ENTERED)]),
    ):
        assert entering(again, visits={"interest": Visits(3, jst(ended))}) == visits
    assert entering(again, visits={"interest": Visits(3, None)}) == []


def test_a_scenario_that_is_closed_to_one_visitor_is_no_obstacle_for_the_next() -> None:
    lived = turn(rules(open_=(INTEREST, INDUSTRY)), looks=(ENTERED,), visits={"interest": Visits(1, None)})
    assert [one.program.name for one in lived.enrolled] == ["industry"]


@pytest.mark.parametrize("paused", ["interest", "ALL"])
def test_a_paused_scenario_takes_nobody_in_and_moves_nobody(paused: str) -> None:
    by = rules(INTEREST, open_=(INTEREST,), paused=frozenset({paused}))
    assert turn(by, looks=(ENTERED,)).enrolled == []
    lived = turn(by, resting(), events=[did("clicked", MONDAY)])
    assert lived.walks == []


def test_a_pause_of_one_scenario_leaves_the_others_alone() -> None:
    by = rules(INTEREST, INDUSTRY, open_=(INTEREST, INDUSTRY), paused=frozenset({"interest"}))
    both = resting(due=jst(MONDAY)), resting(number=2, version="industry", scenario="industry")
    lived = turn(by, *both, events=[did("clicked", "2026-06-02 09:59")])
    assert [(walk.journey.id, walk.at) for walk in lived.walks] == [(2, jst("2026-06-02 10:00"))]
    assert [one.program.name for one in lived.enrolled] == ["industry"]


def test_under_a_pause_goals_are_counted_however_the_events_are_batched() -> None:
    aiming = program(*waiting(), goal=Goal(Did("met")))
    by = rules(aiming, paused=frozenset({"ALL"}))
    events = [did("visited", "2026-06-02 10:00"), did("met", "2026-06-03 10:00", 2)]
    assert turn(by, resting(), events=events).goals == [resting(goal_at=jst("2026-06-03 10:00"))]
    assert turn(by, resting(), events=events[1:]).goals == [resting(goal_at=jst("2026-06-03 10:00"))]
