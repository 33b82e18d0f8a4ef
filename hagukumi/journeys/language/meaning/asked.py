"""Checks of conditions that can hold for nobody, and of goals that are reached from the start. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import STAGES, Bounds, StageRange
from hagukumi.journeys.language.meaning.reading import Reading, parts
from hagukumi.journeys.steps.conditions import All, Grade, Number, OneOf, Score, Stage, ThemeScore


def check_possible(reading: Reading) -> None:
    """Parts of one condition do not exclude each other."""
    for condition in reading.conditions():
        for part in parts(condition):
            if isinstance(part, All):
                _check_together(reading, part)


def _check_together(reading: Reading, condition: All) -> None:
    numbers: dict[str, list[tuple[Condition, Bounds]]] = {}
    values: dict[str, list[tuple[Condition, frozenset[str | bool]]]] = {}
    stages: list[tuple[Condition, StageRange]] = []
    for part in _flat(condition):
        match part:
            case Number():
                numbers.setdefault(part.attribute, []).append((part, part.bounds))
            case Score():
                numbers.setdefault("score", []).append((part, part.bounds))
            case ThemeScore():
                numbers.setdefault(f"theme_score: {part.theme}", []).append((part, part.bounds))
            case Grade():
                values.setdefault("grade", []).append((part, frozenset(part.grades)))
            case OneOf():
                values.setdefault(part.attribute, []).append((part, part.values))
            case Stage():
                stages.append((part, part.stages))
            case _:
                pass
    for name, bounds in numbers.items():
        if not _meet(each for _, each in bounds):
            reading.tell("condition.impossible", reading.path(bounds[-1][0]), key=name)
    for name, sets in values.items():
        if not frozenset.intersection(*(each for _, each in sets)):
            reading.tell("condition.impossible", reading.path(sets[-1][0]), key=name)
    if stages and not any(all(each.hold(stage) for _, each in stages) for stage in (*STAGES, "ng")):
        reading.tell("condition.impossible", reading.path(stages[-1][0]), key="stage")


def _flat(condition: All) -> Iterable[Condition]:
    for each in condition.conditions:
        if isinstance(each, All):
            yield from _flat(each)
        else:
            yield each


def _meet(all_bounds: Iterable[Bounds]) -> bool:
    """Whether a number lies within all of them: the ends and the middle between neighbouring ends are tried."""
    every = list(all_bounds)
    ends = sorted({end for each in every for end in (each.low, each.high) if end is not None})
    if not ends:
        return True
    middles = [(first + second) / 2 for first, second in pairwise(ends)]
    tried = [ends[0] - 1, *ends, *middles, ends[-1] + Decimal(1)]
    return any(all(each.hold(number) for each in every) for number in tried)


def check_goal(reading: Reading) -> None:
    """The goal is not where people start."""
    goal = reading.scenario.goal
    if goal is None or not isinstance(goal.condition, Stage):
        return
    starts = [part for part in parts(reading.scenario.who) if isinstance(part, Stage)]
    reached = goal.condition.stages
    for start in starts:
        if start.stages.low != "ng" and reached.hold(start.stages.low) and reached.hold(start.stages.high):
            reading.tell("goal.already", reading.path(goal.condition), stage=start.stages.low)
