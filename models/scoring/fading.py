"""Fading in columns: what many events are worth, and when many people's points first reach a goal. Numpy only.

Start with `worths` and `first_reached`; models/scoring/many.py asks them.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from models.scoring.crossings import SECOND, SLACK, worth

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

NEAR = 1e-9
"""So near the middle between two tenths (ten times what powers may err) `worth` has the last word."""
WIDE = 6
"""Halvings before it pays to ask which events still fade within what is left."""


class Moving(NamedTuple):
    """Events of the people asked about: whose (row), by which rule, when (microseconds), tenths, half-life (s)."""

    ask: Whole
    rule: Whole
    occurred: Whole
    value: Real
    half: Real

    def only(self, kept: NDArray[np.bool_]) -> Moving:
        """Those kept."""
        return Moving(self.ask[kept], self.rule[kept], self.occurred[kept], self.value[kept], self.half[kept])


class Totals(Protocol):
    """How sums of rules become a total: caps, then floor and ceiling. models.scoring.many.Columns."""

    value: Real

    def capped(self, sums: Real) -> Whole:
        """Tenths in all of the sums of each rule, a row a question; `sums` is used up."""

    def total(self, behaviour: Whole, fit: Whole) -> Whole:
        """Tenths in all, between floor and ceiling."""


def worths(value: Real, half: Real, occurred: Whole, at: Whole) -> Real:
    """crossings.worth for many, to the last tenth."""
    age = (at - occurred) / SECOND
    raw = value * np.exp2(-np.maximum(age, 0.0) / half)
    tenths = np.rint(raw)
    for odd in np.flatnonzero(np.abs(np.abs(raw - tenths) - 0.5) < NEAR):
        tenths[odd] = worth(float(value[odd]), float(half[odd]), float(age[odd]))
    return tenths


def pairs(first: Whole, lengths: Whole) -> tuple[Whole, Whole]:
    """For each question its places first … first + length: (number of the question, place), flat."""
    ask = np.repeat(np.arange(len(first)), lengths)
    before = np.cumsum(lengths) - lengths
    return ask, np.arange(len(ask)) + np.repeat(first - before, lengths)


def summed(place: Whole, tenths: Real, shape: tuple[int, int]) -> Real:
    """A table of sums: tenths added up at the places of the table laid flat."""
    return np.bincount(place, tenths, shape[0] * shape[1]).astype(np.float64).reshape(shape)


def first_reached(
    totals: Totals, moving: Moving, low: Whole, high: Whole, fit: Whole, goal: Whole, sign: Whole
) -> Whole:
    """The first instant in (low, high] at which each one's total is at its goal, or past it; at `high` it is.

    sign: 1 where the total only falls, -1 where it only rises. Halves the time again and again; what does not fade any
    more within the rest is added up once, and a single step left is gone for at once.
    """
    found, number = high.copy(), np.arange(len(low))
    low, high = low.copy(), high.copy()
    width = len(totals.value)
    fixed = np.zeros((len(low), width))
    halvings = 0
    while len(number):
        middle = (low + high) // 2
        if halvings >= WIDE:
            moving, fixed, middle = _narrowed(moving, fixed, low, high, middle)
        now = worths(moving.value, moving.half, moving.occurred, middle[moving.ask])
        sums = fixed + summed(moving.ask * width + moving.rule, now, (len(number), width))
        total = totals.total(totals.capped(sums), fit)
        there = np.where(sign > 0, total <= goal, total >= goal)
        high, low = np.where(there, middle, high), np.where(there, low, middle)
        halvings += 1
        still = high - low > 1
        if not still.all():
            found[number[~still]] = high[~still]
            place = np.cumsum(still) - 1
            moving = moving.only(still[moving.ask])
            moving = moving._replace(ask=place[moving.ask])
            number, low, high, fixed = number[still], low[still], high[still], fixed[still]
            fit, goal, sign = fit[still], goal[still], sign[still]
    return found


def _narrowed(moving: Moving, fixed: Real, low: Whole, high: Whole, middle: Whole) -> tuple[Moving, Real, Whole]:
    """What still fades between low and high, the sums of what does not, and better places to look at."""
    before = worths(moving.value, moving.half, moving.occurred, low[moving.ask])
    after = worths(moving.value, moving.half, moving.occurred, high[moving.ask])
    moves = before != after
    still = moving.only(~moves)
    width = fixed.shape[1]
    fixed = fixed + summed(still.ask * width + still.rule, before[~moves], (len(low), width))
    moving, before, after = moving.only(moves), before[moves], after[moves]
    alone = np.bincount(moving.ask, minlength=len(low))[moving.ask] == 1
    single = np.flatnonzero(alone & (np.abs(before - after) == 1))
    last, ask = moving.only(np.isin(np.arange(len(moving.ask)), single)), moving.ask[single]
    tenths = np.abs(before[single])
    step = last.occurred + (last.half * np.log2(np.abs(last.value) / (tenths - 0.5)) * SECOND).astype(np.int64)
    for near in (step + SLACK, step - SLACK):
        inside = (low[ask] < near) & (near < high[ask])
        middle[ask[inside]] = near[inside]
    return moving, fixed, middle
