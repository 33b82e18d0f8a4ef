"""What would have to be so for a condition to hold: attributes, deeds and points. Pure. Start with `wishes`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import GRADES, STAGES, Bounds
from hagukumi.journeys.steps.conditions import All, Did, Grade, Holds, Not, Number, OneOf, Score, Stage, ThemeScore
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.journeys.steps.outcomes import CONVERSATION

MOST = 64
"""Ways to fulfil one condition that are tried."""
SOME_OUTCOME = CONVERSATION
"""The result of a call when any will do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One way to fulfil a condition. `deeds` are what the person does, each `at_least` times.

    points, themes and grade: how the person's score stands.
    """

    attributes: Mapping[str, Any] = field(default_factory=dict)
    deeds: tuple[Did, ...] = ()
    points: float | None = None
    themes: Mapping[str, float] = field(default_factory=dict)
    grade: str | None = None

    def and_(self, other: Wish) -> Wish:
        """Both; where they differ about an attribute the later one counts, sets are joined."""
        merged = dict(self.attributes)
        for name, value in other.attributes.items():
            known = merged.get(name)
            both = isinstance(known, frozenset) and isinstance(value, frozenset)
            merged[name] = known | value if both else value
        points = self.points if other.points is None else other.points
        grade = self.grade if other.grade is None else other.grade
        return Wish(merged, self.deeds + other.deeds, points, {**self.themes, **other.themes}, grade)


NOTHING = Wish()


def wishes(condition: Condition) -> Iterator[Wish]:
    """Ways in which `condition` may come to hold, the plainest first; the caller asks whether one really does."""
    return islice(_ways(condition), MOST)


def _ways(condition: Condition) -> Iterator[Wish]:
    match condition:
        case OneOf(attribute, values):
            for value in sorted(values, key=str):
                yield Wish({attribute: value})
        case Number(attribute, bounds):
            yield Wish({attribute: inside(bounds)})
        case Stage(stages):
            yield Wish({"stage": stages.low})
        case Holds(attribute, names):
            yield Wish({attribute: frozenset(sorted(names)[:1])})
        case Score(bounds):
            yield Wish(points=float(inside(bounds)))
        case ThemeScore(theme, bounds):
            yield Wish(themes={theme: float(inside(bounds))})
        case Grade(grades):
            for grade in sorted(grades):
                yield Wish(grade=grade)
        case Did():
            yield Wish(deeds=(condition,))
        case All(conditions):
            yield from _together(conditions)
        case AnyOf(conditions):
            for each in conditions:
                yield from _ways(each)
        case Not(inner):
            yield from _ways_not(inner)
        case _:
            yield NOTHING


def _together(conditions: tuple[Condition, ...]) -> Iterator[Wish]:
    if not conditions:
        yield NOTHING
        return
    for first in islice(_ways(conditions[0]), MOST):
        for rest in _together(conditions[1:]):
            yield first.and_(rest)


def _ways_not(condition: Condition) -> Iterator[Wish]:
    """A missing attribute, and a deed that was not done, fulfil most denials by themselves."""
    match condition:
        case Stage(stages):
            for stage in (*STAGES, "ng"):
                if not stages.hold(stage):
                    yield Wish({"stage": stage})
        case Score(bounds):
            yield Wish(points=outside(bounds))
        case ThemeScore(theme, bounds):
            yield Wish(themes={theme: outside(bounds)})
        case Grade(grades):
            for grade in reversed(GRADES):
                if grade not in grades:
                    yield Wish(grade=grade)
        case Not(inner):
            yield from _ways(inner)
        case All(conditions):
            for each in conditions:
                yield from _ways_not(each)
        case AnyOf(conditions):
            yield from _together(tuple(Not(each) for each in conditions))
        case _:
            yield NOTHING


def inside(bounds: Bounds) -> int | float:
    """A number within bounds, whole where one exists."""
    if bounds.low is not None:
        candidates = (bounds.low, bounds.low + 1)
    elif bounds.high is not None:
        candidates = (bounds.high, bounds.high - 1)
    else:
        return 0
    found = next((each for each in candidates if bounds.hold(each)), None)
    if found is None:
        assert bounds.low is not None and bounds.high is not None
        found = (bounds.low + bounds.high) / 2
    return int(found) if found == found.to_integral_value() else float(found)


def outside(bounds: Bounds) -> float:
    """A number not within bounds, near zero where that is possible."""
    if not bounds.hold(0):
        return 0.0
    if bounds.high is not None:
        return float(bounds.high) + 1
    return float(bounds.low or 0) - 1
