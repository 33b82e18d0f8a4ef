"""How far a probability is from what happened, and whether chance alone explains it. Start with `truth_of`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Literal, NamedTuple

import numpy as np

from hagukumi.words.learning import MOVED, TRUTHS
from models.scoring.figures import Interval, Point
from models.scoring.learning import Trained
from models.scoring.tables import Floats

GOAL = 0.02
"""An ECE up to here may be read as a probability."""
Z = 1.96
"""Standard errors of a 95 % interval, and of a difference that chance explains in 5 of 100 tests only."""
DRAWS, SEED = 2_000, 20_260_401
"""The interval is the same on every machine and in every repetition."""

Verdict = Literal["good", "chance", "off"]


class Truth(NamedTuple):
    """What was said on average, and what happened, on `rows` tested rows, each with its 95 % interval.

    by_chance: the ECE that a perfect probability stays below in 95 of 100 tests of this size. before: the share of
    outcomes among the rows just before (rows_before: as many, or all there are); None where the split is random.
    """

    ece: Interval
    by_chance: float
    said: float
    happened: Interval
    rows: int
    before: float | None = None
    rows_before: int = 0

    @property
    def verdict(self) -> Verdict:
        """good: within the goal. chance: beyond it, but so few rows cannot tell. off: beyond what chance explains."""
        if self.ece.value <= GOAL:
            return "good"
        return "chance" if self.ece.value <= self.by_chance else "off"

    @property
    def moved(self) -> bool:
        """Whether the share of outcomes itself is another one on the newest rows than before: both are drawn."""
        if self.before is None:
            return False
        before, now, several = self.before, self.happened.value, 1 / self.rows + 1 / self.rows_before
        common = (before * self.rows_before + now * self.rows) / (self.rows_before + self.rows)
        return abs(now - before) > Z * sqrt(common * (1 - common) * several)


def truth_of(trained: Trained) -> Truth:
    """Of the rows that tested a model."""
    rows = min(len(trained.tested), int(trained.tested[0]))
    return of_points(trained.points)._replace(before=trained.before, rows_before=rows)


def of_points(points: Sequence[Point]) -> Truth:
    """Of groups of rows with similar chances."""
    said, happened, rows = (np.array(each, np.float64) for each in zip(*points, strict=True))
    dice = np.random.default_rng(SEED)
    weights = rows / rows.sum()

    def drawn(shares: Floats) -> Floats:
        seen = dice.binomial(rows.astype(np.int64), np.clip(shares, 0.0, 1.0), (DRAWS, len(rows))) / rows
        off: Floats = np.abs(seen - said) @ weights
        return off

    value = float(np.abs(happened - said) @ weights)
    by_chance = float(np.quantile(drawn(said), 0.95))
    return Truth(
        _around(value, drawn(happened), value <= by_chance),
        by_chance,
        float(said @ weights),
        _share(float(happened @ weights), int(rows.sum())),
        int(rows.sum()),
    )


def _around(value: float, again: Floats, perhaps_none: bool) -> Interval:
    """Of a distance. Drawing anew adds some of its own: mirrored or shifted back, the wider interval is told."""
    (low, high), more = np.quantile(again, (0.025, 0.975)).tolist(), float(again.mean()) - value
    least, most = min(2 * value - high, low - 2 * more), max(2 * value - low, high - more)
    return Interval(value, 0.0 if perhaps_none else min(max(least, 0.0), value), max(most, value))


def _share(share: float, rows: int) -> Interval:
    """A share with its interval after Wilson 1927."""
    middle = (share + Z * Z / (2 * rows)) / (1 + Z * Z / rows)
    width = Z * sqrt(share * (1 - share) / rows + Z * Z / (4 * rows * rows)) / (1 + Z * Z / rows)
    return Interval(share, max(0.0, middle - width), min(1.0, middle + width))


def note(truth: Truth, lang: str) -> str | None:
    """What to beware of; None where the probability may be read as one."""
    if truth.verdict == "good":
        return None
    told = TRUTHS[truth.verdict].say(lang).format(
        off=100 * truth.ece.value, low=100 * truth.ece.low, high=100 * truth.ece.high, goal=100 * GOAL,
        chance=100 * truth.by_chance, rows=truth.rows, said=truth.said, happened=truth.happened.value,
        least=truth.happened.low, most=truth.happened.high,
    )  # fmt: skip
    if truth.verdict == "off" and truth.moved:
        told += MOVED.say(lang).format(before=truth.before, happened=truth.happened.value)
    return told
