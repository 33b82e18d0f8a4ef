"""Walks one journey from one instant to the next rest or end. Pure: facts in, a value out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from hagukumi.journeys.core.effects import CountRound, Effect, MakeTask, PostLetter, TakeArm, WriteLetter
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import NOTHING
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.play import looked
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.values import Calendar
from hagukumi.journeys.core.verdict import End, Go, Stay, StepId, Why

MOST_STEPS = 500
"""Steps one walk may take without a rest; more is a scenario that never rests, and the subject is set aside."""


class NeverRests(Exception):
    """A walk that took MOST_STEPS steps without resting."""


class Passed(NamedTuple):
    """A step that was left, when, and why."""

    step: StepId
    at: datetime
    why: Why


class Walked(NamedTuple):
    """What came of a walk. `ended` is set when the journey is over, `resting` when it rests."""

    journey: Journey
    path: tuple[Passed, ...]
    effects: tuple[tuple[datetime, Effect], ...]
    resting: Why | None
    ended: Why | None


def walk(
    program: Program, journey: Journey, facts: Facts, at: datetime, calendar: Calendar, seed: str,
    webinars: Mapping[str, datetime] = NOTHING,
) -> Walked:  # fmt: skip
    """Asks the step at `at` (never earlier than the journey came to it) and goes on until one says Stay or End.

    Raises NeverRests, and KeyError when the journey stands on a step that the program does not have.
    """
    now = at if at > journey.since else journey.since
    moment = Moment(now, calendar, seed, webinars)
    path: list[Passed] = []
    effects: list[tuple[datetime, Effect]] = []
    if program.stops is not None:
        journey, facts, over, gone, made = looked(program.stops, journey, facts, moment)
        path = [Passed(journey.step, now, why) for why in gone]
        effects = [(now, effect) for effect in made]
        if over is not None:
            last = Passed(journey.step, now, over)
            return Walked(journey.resting_until(None), (*path, last), tuple(effects), None, over)
        if journey.frozen is not None and now < journey.frozen:
            return Walked(journey.resting_until(journey.frozen), tuple(path), tuple(effects), Why("play_frozen"), None)
    if program.stop is not None and program.stop.holds(journey, facts, moment):
        why = Why("stopped_by_rule")
        return Walked(journey._replace(due=None), (Passed(journey.step, now, why),), (), None, why)
    steps = program.steps
    while len(path) < MOST_STEPS:
        verdict = steps[journey.step].decide(journey, facts, moment)
        if type(verdict) is Go:
            path.append(Passed(journey.step, now, verdict.why))
            if verdict.effects:
                journey = _remember(journey, verdict.effects)
                effects.extend((now, effect) for effect in verdict.effects)
            journey = journey.moved(verdict.to, now)
        elif type(verdict) is Stay:
            if verdict.until is not None and verdict.until <= now:
                raise NeverRests(f"{program.name}: {journey.step} rests until {verdict.until}, which is past")
            return Walked(journey.resting_until(verdict.until), tuple(path), tuple(effects), verdict.why, None)
        else:
            assert type(verdict) is End
            path.append(Passed(journey.step, now, verdict.why))
            return Walked(journey.resting_until(None), tuple(path), tuple(effects), None, verdict.why)
    raise NeverRests(f"{program.name}: {journey.step}")


def _remember(journey: Journey, effects: tuple[Effect, ...]) -> Journey:
    for effect in effects:
        if isinstance(effect, TakeArm):
            journey = journey._replace(arms={**journey.arms, effect.test: effect.arm})
        elif isinstance(effect, CountRound):
            journey = journey._replace(rounds={**journey.rounds, effect.repeat: effect.round})
        elif (
            journey.person is None
            and isinstance(effect, WriteLetter | MakeTask | PostLetter)
            and effect.person is not None
        ):
            journey = _reached(journey, effect.step, effect.key, effect.person)
    return journey


def _reached(journey: Journey, step: str, key: str, person: int) -> Journey:
    """A play remembers whom each step was for: who belongs to the account, and in which role, may change later."""
    _, _, round_ = key.split("/")[2].partition(".")
    place = f"{step}.{round_}" if round_ else step
    known = journey.reached.get(place, ())
    return journey if person in known else journey._replace(reached={**journey.reached, place: (*known, person)})
