"""Whoever asks a condition hands on the journey, the facts and the moment as they are."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from hagukumi.journeys.core.effects import MakeTask
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition, Goal, Needs, Program
from hagukumi.journeys.core.subject import Subject, Turn
from hagukumi.journeys.core.turn import Rules, take_turn
from hagukumi.journeys.core.verdict import Stay, Verdict, Why
from hagukumi.journeys.core.walk import walk
from hagukumi.journeys.steps.base import Kind, StepName, TagName
from hagukumi.journeys.steps.call import Call
from hagukumi.journeys.steps.conditions import All, Not
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.repeat import Repeat, Rounds
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.wait_for import WaitFor
from tests.journeys.scenes import CALENDAR, MONDAY, days, journey, jst, known, minutes, moment, place, program


@dataclass
class Listening:
    """A condition that holds for nobody and keeps what it was asked with."""

    heard: list[tuple[Journey, Facts, Moment]] = field(default_factory=list)

    def holds(self, one: Journey, facts: Facts, when: Moment) -> bool:
        """Never."""
        self.heard.append((one, facts, when))
        return False

    def changes_at(self, one: Journey, facts: Facts, when: Moment) -> datetime | None:
        """Never."""
        self.heard.append((one, facts, when))
        return None

    def needs(self) -> Needs:
        """Nothing."""
        return Needs()

    def letter_steps(self) -> tuple[str, ...]:
        """None."""
        return ()


def asked(question: Any, condition: Listening) -> list[tuple[Journey, Facts, Moment]]:
    """What reaches the condition when `question` is put for a journey, facts and a moment."""
    one, facts, when = journey(), known(beds=1), moment()
    question(one, facts, when)
    assert condition.heard
    return [heard for heard in condition.heard if heard != (one, facts, when)]


@pytest.mark.parametrize("wrap", [lambda one: All((one,)), lambda one: AnyOf((one,)), Not])
def test_conditions_made_of_others_hand_everything_on(wrap: Any) -> None:
    inner = Listening()
    outer: Condition = wrap(inner)
    assert asked(outer.holds, inner) == []
    assert asked(outer.changes_at, inner) == []


def test_steps_hand_everything_on() -> None:
    inner = Listening()
    rounds = Rounds(id=StepName("tips"), times=1, until=inner)
    for step in (
        If(if_=inner, place=place("s", "n", "then", "else")),
        WaitFor(wait_for=inner, at_most=days(1), place=place("s", "n", "then", "else")),
        Repeat(repeat=rounds, steps=(), place=place("s", "n", "steps")),
    ):
        inner.heard.clear()
        assert asked(step.decide, inner) == []


def test_the_stop_rule_is_asked_about_the_journey() -> None:
    inner, one, facts = Listening(), journey("finish"), known()
    walk(program(stop=inner), one, facts, jst(MONDAY), CALENDAR, "workspace")
    assert inner.heard == [(one, facts, moment())]


def lived(of: Program, *journeys: Journey, facts: Facts, **more: Any) -> Turn:
    by = Rules(CALENDAR, "workspace", {of.hash: of}, (of,), paused=more.pop("paused", frozenset()))
    return take_turn(Subject(7, None, facts, list(journeys), **more), by, jst("2026-06-05 10:00"))


def test_the_goal_is_asked_about_the_journey() -> None:
    inner, one, facts = Listening(), journey("finish"), known()
    lived(program(goal=Goal(inner)), one, facts=facts, looks=(jst(MONDAY),))
    assert inner.heard == [(one, facts, moment())]


def test_who_may_enter_is_asked_about_a_visitor_without_a_visit() -> None:
    inner, facts = Listening(), known()
    lived(program(who=inner), facts=facts, looks=(jst(MONDAY),))
    at = jst(MONDAY)
    visitor = Journey(0, "interest", "interest", "", 7, 0, "", at, None, at)
    assert inner.heard == [(visitor, facts, moment())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting(Kind):
    """A step that stays and counts how often it is asked."""

    times: list[datetime]

    def decide(self, one: Journey, facts: Facts, when: Moment) -> Verdict:
        """Stays."""
        self.times.append(when.now)
        return Stay(None, Why("waiting"))


class Broken(Kind):
    """A step that cannot be asked."""

    def decide(self, one: Journey, facts: Facts, when: Moment) -> Verdict:
        """Fails."""
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "other",
    [
        Broken(place=place("other")),
        Call(call="roi", id=StepName("other"), place=place("other", "finish")),
        Tag(tag=TagName("既知"), id=StepName("other"), place=place("other", "finish")),
        Tag(tag=TagName("未知"), id=StepName("other"), remove=True, place=place("other", "finish")),
    ],
)
def test_nobody_is_woken_by_what_changes_no_attribute(other: Any) -> None:
    counting = Counting(times=[], place=place("w"))
    both = journey("other"), journey("w", number=2, due=None)
    lived(program(counting, other), *both, facts=known(tags=frozenset({"既知"})))
    assert counting.times == []


def test_a_change_wakes_everybody_once() -> None:
    counting = Counting(times=[], place=place("w"))
    tag = Tag(tag=TagName("新"), id=StepName("other"), place=place("other", "finish"))
    both = journey("other"), journey("w", number=2, due=None)
    lived(program(counting, tag), *both, facts=known())
    assert counting.times == [jst(MONDAY)]


def test_a_turn_is_not_endless() -> None:
    for_ever = WaitFor(
        wait_for=Listening(),
        at_most=minutes(1),
        place=place("w", "w")._replace(branches={"then": "w", "else": "w"}),
    )
    one = journey("w", "2026-01-01 10:00")
    turn = take_turn(
        Subject(1, None, known(), [one]),
        Rules(CALENDAR, "workspace", {"interest": program(for_ever)}, ()),
        jst("2027-01-01 10:00"),
    )
    assert len(turn.walks) == 10_000
    assert turn.failed == []


def test_the_effects_of_a_journey_carry_it_as_it_stands_afterwards() -> None:
    call = Call(call="roi", id=StepName("other"), place=place("other", "w"))
    counting = Counting(times=[], place=place("w"))
    turn = lived(program(call, counting), journey("other"), facts=known())
    (happened,) = turn.effects
    assert isinstance(happened.effect, MakeTask)
    assert happened.journey is not None and happened.journey.step == "w"
