"""Dice that fall as a rehearsal needs them: the arms of tests, chosen by the seed. Pure. Start with `seed_for`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from hagukumi.journeys.core.effects import TakeArm
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.values import Calendar
from hagukumi.journeys.core.verdict import Go
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.tree import id_of, walk
from hagukumi.journeys.steps.test import HOLD_OUT, Test

MOST_SEEDS = 20_000
FIRST = "p1"
"""The first person of a story, as dice know them."""
FIRST_PLACE = "a1"
"""The first account, where the story is about one."""


def arms_of(scenario: Scenario, wanted: Collection[str] = (), denied: Collection[str] = ()) -> dict[str, str]:
    """For each test the arm in which one of the `wanted` steps stands, else one of the `denied`, else the first."""
    found: dict[str, str] = {}
    for step, _ in walk(scenario.steps):
        if isinstance(step, Test):
            shares = [name for name, arm in step.arms.items() if arm.share.points]
            inside = {name: {id_of(each, "") for each, _ in walk(step.arms[name].steps)} for name in shares}
            spoken = [name for steps in (wanted, denied) for name in shares if inside[name] & set(steps)]
            found[step.test.id] = next(iter(spoken or shares), HOLD_OUT)
    return found


def seed_for(program: Program, arms: Mapping[str, str], at: datetime, calendar: Calendar) -> str:
    """A seed with which the first person of a story draws these arms; the last one tried when none does."""
    tests = [step for step in program.steps.values() if isinstance(step, Test)]
    subject = FIRST if program.subject == "person" else FIRST_PLACE
    somebody = Journey(0, program.name, program.hash, subject, 1, 1, "", at, None, at)
    seed = "0"
    for seed in map(str, range(MOST_SEEDS)):
        moment = Moment(at, calendar, seed)
        if all(_drawn(test, somebody, moment) == arms[test.test.id] for test in tests):
            break
    return seed


def _drawn(test: Test, somebody: Journey, moment: Moment) -> str:
    verdict = test.decide(somebody, Facts({}), moment)
    assert isinstance(verdict, Go)
    return next(effect.arm for effect in verdict.effects if isinstance(effect, TakeArm))
