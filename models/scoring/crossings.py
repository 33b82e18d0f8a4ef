"""When time alone carries the points over a line: between two events they are a falling plus a rising staircase."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, log2
from typing import NamedTuple

SECOND = 1_000_000
"""Instants here are whole microseconds since the epoch, UTC."""
SLACK = 4
"""Microseconds by which a computed step may miss the real one."""


class Decay(NamedTuple):
    """One event's points: `value` tenths at `at`, halving every `half` seconds; counted under the rule at `rule`."""

    at: int
    value: float
    half: float
    rule: int


class Cap(NamedTuple):
    """Tenths between which the sum of the rules at `rules` is kept; their points have one sign."""

    rules: tuple[int, ...]
    low: float
    high: float


class Heights(NamedTuple):
    """Tenths from events that fade downwards (positive) and upwards (negative)."""

    falling: int
    rising: int


def worth(value: float, half: float, age: float) -> int:
    """Whole tenths left of `value` tenths after `age` seconds, half to even; before it happened, all of it."""
    return round(value * 0.5 ** (age / half)) if age > 0 else round(value)


def keep_within(sums: list[float], caps: Iterable[Cap]) -> None:
    """Puts sums of tenths between their caps, in place; of several rules the last give way first."""
    for rules, low, high in caps:
        total = sums[rules[0]] if len(rules) == 1 else sum([sums[rule] for rule in rules])
        if low <= total <= high:
            continue
        over = total - (low if total < low else high)
        for rule in reversed(rules):
            part = min(over, sums[rule]) if over > 0 else max(over, sums[rule])
            sums[rule] -= part
            over -= part
            if not over:
                break


class Piece(NamedTuple):
    """A stretch without events. All points of a rule have one sign, so its capped sum only falls or only rises.

    fixed: tenths of each rule beside what still moves.
    """

    fit: int
    decays: Sequence[Decay]
    fixed: Sequence[float]
    caps: Sequence[Cap]
    floor: float
    ceiling: float

    def heights(self, at: int) -> Heights:
        """Both staircases at an instant."""
        sums = list(self.fixed)
        for started, value, half, rule in self.decays:
            sums[rule] += worth(value, half, (at - started) / SECOND)
        keep_within(sums, self.caps)
        falling = sum([s for s in sums if s > 0])
        return Heights(int(falling), int(sum(sums) - falling))

    def total(self, heights: Heights) -> float:
        """Tenths in all."""
        return min(max(self.fit + heights.falling + heights.rising, self.floor), self.ceiling)

    def still_after(self, start: int) -> int:
        """An instant from which nothing changes any more."""
        ends = (
            d.at + int(d.half * log2(2 * abs(d.value)) * SECOND) + SECOND
            for d in self.decays
            if abs(d.value) >= 0.5 and d.half < inf
        )
        return max(ends, default=start)

    def leaves(self, line: float, own: int, start: int, end: int) -> int | None:
        """The first instant in [start, end] at which the points do not stand `own` to the line; exact."""
        at_start = self.heights(start)
        if side(self.total(at_start), line) != own:
            return start
        return self._first(line, own, start, at_start, end, self.heights(end), end - start) if end > start else None

    def _first(self, line: float, own: int, a: int, at_a: Heights, b: int, at_b: Heights, width: int) -> int | None:
        lowest = self.total(Heights(at_b.falling, at_a.rising))
        highest = self.total(Heights(at_a.falling, at_b.rising))
        if side(lowest, line) == own == side(highest, line):
            return None
        if b - a == 1:
            return b if side(self.total(at_b), line) != own else None
        if (b - a) * 8 < width and len(self.decays) > 1:
            return self._narrowed(a, b)._first(line, own, a, at_a, b, at_b, b - a)
        middle = self._split(a, b)
        at_middle = self.heights(middle)
        earlier = self._first(line, own, a, at_a, middle, at_middle, width)
        return earlier if earlier is not None else self._first(line, own, middle, at_middle, b, at_b, width)

    def _split(self, a: int, b: int) -> int:
        """An instant between; where a single step is left, close to it. Any choice gives the same answer."""
        if len(self.decays) == 1:
            at, value, half, _ = self.decays[0]
            tenths = abs(worth(value, half, (a - at) / SECOND))
            if tenths - abs(worth(value, half, (b - at) / SECOND)) == 1:
                step = at + int(half * log2(abs(value) / (tenths - 0.5)) * SECOND)
                for near in (step - SLACK, step + SLACK):
                    if a < near < b:
                        return near
        return (a + b) // 2

    def _narrowed(self, a: int, b: int) -> Piece:
        fixed, moving = list(self.fixed), []
        for decay in self.decays:
            tenths = worth(decay.value, decay.half, (a - decay.at) / SECOND)
            if tenths == worth(decay.value, decay.half, (b - decay.at) / SECOND):
                fixed[decay.rule] += tenths
            else:
                moving.append(decay)
        alive = {decay.rule for decay in moving}
        keep_within(fixed, [cap for cap in self.caps if alive.isdisjoint(cap.rules)])
        caps = [cap for cap in self.caps if not alive.isdisjoint(cap.rules)]
        return self._replace(decays=moving, fixed=fixed, caps=caps)


def side(tenths: float, line: float) -> int:
    """1 above the line, 0 on it, -1 below; three sides, because a bound may or may not include its line."""
    points = tenths / 10
    return (points > line) - (points < line)
