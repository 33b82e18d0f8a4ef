"""What is wrong with point rules that parse well. Start at `faults`; the words are in words.FAULTS."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from hagukumi.journeys.core.values import Span, SpanUnit
from models.scoring.rules import BehaviourRule, PointRules

LARGEST = Decimal(10_000)
LONGEST_DAYS = 3650
HARMLESS = frozenset({"never_reached", "kind_uncounted"})
"""Faults with which points are counted all the same: a line of the file has no effect."""


class Fault(NamedTuple):
    """A code of words.FAULTS, and where: ("behaviour", 2, "half_life") is the third rule's half-life."""

    code: str
    path: tuple[str | int, ...]
    args: tuple[str, ...] = ()


def faults(rules: PointRules) -> tuple[Fault, ...]:
    """All of them, in the order of the file."""
    return (
        *_of_attributes(rules),
        *_of_behaviour(rules),
        *_of_names(rules),
        *_of_caps(rules),
        *_of_views(rules),
        *_of_totals(rules),
    )


def _of_attributes(rules: PointRules) -> Iterator[Fault]:
    for index, rule in enumerate(rules.attributes):
        path = ("attributes", index)
        needs = rule.when.needs()
        if needs.kinds or needs.points or needs.letters or needs.back:
            yield Fault("not_an_attribute", (*path, "when"))
        yield from _of_number(rule.points, (*path, "points"))


def _of_behaviour(rules: PointRules) -> Iterator[Fault]:
    for index, rule in enumerate(rules.behaviour):
        path = ("behaviour", index)
        yield from _of_number(rule.points, (*path, "points"))
        if rule.half_life is not None and not _is_half_life(rule.half_life):
            yield Fault("half_life", (*path, "half_life"))
        if rule.cap is not None:
            if rule.cap <= 0:
                yield Fault("cap", (*path, "cap"))
            yield from _of_number(rule.cap, (*path, "cap"))
        for other in rules.behaviour[:index]:
            if _covers(other, rule):
                yield Fault("never_reached", path, (other.id,))
                break


def _of_names(rules: PointRules) -> Iterator[Fault]:
    seen: set[str] = set()
    for group in ("attributes", "behaviour"):
        for index, rule in enumerate(getattr(rules, group)):
            if rule.id in seen:
                yield Fault("same_id", (group, index, "id"), (rule.id,))
            seen.add(rule.id)


def _of_caps(rules: PointRules) -> Iterator[Fault]:
    counted = {rule.kind for rule in rules.behaviour}
    for kind, most in (rules.caps or {}).items():
        if kind not in counted:
            yield Fault("kind_uncounted", ("caps", kind), (kind,))
        if most <= 0:
            yield Fault("cap", ("caps", kind))
        yield from _of_number(most, ("caps", kind))


def _of_views(rules: PointRules) -> Iterator[Fault]:
    if rules.grades is not None:
        for name in ("fit", "behaviour"):
            lines: tuple[Decimal, ...] = getattr(rules.grades, name)
            if len(lines) != 3 or not lines[0] > lines[1] > lines[2]:
                yield Fault("grades", ("grades", name))
            for index, line in enumerate(lines):
                yield from _of_number(line, ("grades", name, index))
    if rules.account.ceiling is not None:
        yield from _of_number(rules.account.ceiling, ("account", "ceiling"))


def _of_totals(rules: PointRules) -> Iterator[Fault]:
    for name, number in (("floor", rules.floor), ("ceiling", rules.ceiling)):
        if number is not None:
            yield from _of_number(number, (name,))
    if rules.floor is not None and rules.ceiling is not None and rules.floor > rules.ceiling:
        yield Fault("floor_above_ceiling", ("floor",))
    for index, line in enumerate(rules.lines):
        yield from _of_number(line, ("lines", index))
    if rules.jump is not None:
        if rules.jump.rise <= 0:
            yield Fault("rise", ("jump", "rise"))
        yield from _of_number(rules.jump.rise, ("jump", "rise"))
        if rules.jump.line is not None:
            yield from _of_number(rules.jump.line, ("jump", "line"))


def _of_number(number: Decimal, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if not number.is_finite() or abs(number) > LARGEST:
        yield Fault("too_large", path)
    elif number * 10 != int(number * 10):
        yield Fault("not_tenths", path)


def _is_half_life(span: Span) -> bool:
    return span.unit is SpanUnit.DAYS and 1 <= span.amount <= LONGEST_DAYS


def _covers(earlier: BehaviourRule, later: BehaviourRule) -> bool:
    return (
        earlier.kind == later.kind
        and (not earlier.content or (bool(later.content) and set(later.content) <= set(earlier.content)))
        and (not earlier.outcome or (bool(later.outcome) and set(later.outcome) <= set(earlier.outcome)))
    )
