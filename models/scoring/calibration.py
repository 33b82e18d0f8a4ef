"""A calibration maps log-odds to log-odds, rising everywhere, so ranks stay and explanations still add up.

Few outcomes: a line (Platt). Many: a piecewise-linear map through the blocks of an isotonic fit. See `calibrate`.
"""

from __future__ import annotations

from itertools import pairwise
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from models.scoring.tables import Floats

MANY = 1000
"""From so many outcomes (and as many rows without) on the shape is learned, not only its slope."""
ROWS, EVENTS = 100, 10
"""A block of the piecewise map holds at least so many rows, and so many with and without the outcome."""
LEAST_SLOPE = 0.05
"""A calibration never turns ranks round and never makes all rows alike."""


class Calibration(NamedTuple):
    """Knots of a rising piecewise-linear map; outside of them it goes on with `slope`.

    kind: "platt", "isotonic", or "none" when nothing was fitted.
    """

    kind: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    slope: float

    def __call__(self, log_odds: ArrayLike) -> Floats:
        """Calibrated log-odds."""
        x = np.asarray(log_odds, np.float64)
        y = np.interp(x, self.xs, self.ys)
        return np.asarray(y + self.slope * (np.minimum(x - self.xs[0], 0) + np.maximum(x - self.xs[-1], 0)))

    def as_data(self) -> dict[str, Any]:
        """Plain data for files."""
        return {"kind": self.kind, "xs": list(self.xs), "ys": list(self.ys), "slope": self.slope}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Calibration:
        """Back from `as_data`. Raises ValueError, KeyError or TypeError when it is none."""
        xs, ys = (tuple(float(each) for each in data[name]) for name in ("xs", "ys"))
        found = cls(str(data["kind"]), xs, ys, float(data["slope"]))
        rising = all(a < b for a, b in pairwise(xs)) and all(a <= b for a, b in pairwise(ys))
        if not xs or len(xs) != len(ys) or not rising or found.slope <= 0 or not np.isfinite((*xs, *ys)).all():
            raise ValueError("not a rising map")
        return found


AS_IT_IS = Calibration("none", (0.0,), (0.0,), 1.0)


def sigmoid(log_odds: ArrayLike) -> Floats:
    """Probabilities of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(np.asarray(log_odds, np.float64), -700, 700))))


def logit(chance: float) -> float:
    """Log-odds of a probability inside (0, 1)."""
    return log(chance / (1 - chance))


def calibrate(log_odds: ArrayLike, outcomes: ArrayLike) -> Calibration:
    """The map that fits rows which the model has not seen. With one class only everything stays as it is."""
    x, y = np.asarray(log_odds, np.float64), np.asarray(outcomes, np.float64)
    positive = int(y.sum())
    if min(positive, len(y) - positive) < 2 or np.ptp(x) == 0:
        return AS_IT_IS
    line = platt(x, y)
    return line if min(positive, len(y) - positive) < MANY else _isotonic(x, y, line.slope) or line


def platt(log_odds: Floats, outcomes: Floats) -> Calibration:
    """Slope and shift by Newton's method on smoothed targets (Platt 1999; Lin, Lin and Weng 2007)."""
    positive, negative = float(outcomes.sum()), float((1 - outcomes).sum())
    target = np.where(outcomes > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    centre, scale = float(log_odds.mean()), float(log_odds.std()) or 1.0
    z = (log_odds - centre) / scale
    design = np.column_stack((z, np.ones_like(z)))
    weights = np.array([scale, logit(positive / (positive + negative))])
    for _ in range(50):
        p = sigmoid(design @ weights)
        step = np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design + 1e-6 * np.eye(2), design.T @ (target - p))
        # Far from the answer a full step may overshoot.
        weights += step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < 1e-9:
            break
    slope = max(float(weights[0]) / scale, LEAST_SLOPE)
    return Calibration("platt", (centre,), (float(weights[1]),), slope)


def _isotonic(x: Floats, y: Floats, slope: float) -> Calibration | None:
    """Through the middle of each block of rows whose share of outcomes the isotonic fit leaves together."""
    order = np.argsort(x, kind="stable")
    blocks = _pooled(x[order], y[order])
    if len(blocks) < 3:
        return None
    xs = tuple(at for at, _, _ in blocks)
    ys = tuple(logit((wins + 0.5) / (rows + 1.0)) for _, wins, rows in blocks)
    return Calibration("isotonic", xs, tuple(np.maximum.accumulate(ys).tolist()), slope)


def _pooled(x: Floats, y: Floats) -> list[tuple[float, float, int]]:
    """(mean log-odds, outcomes, rows) of neighbouring blocks whose shares rise, each large enough to be believed."""
    done: list[tuple[float, float, int]] = []
    for first in np.array_split(np.arange(len(x)), max(len(x) // ROWS, 1)):
        block = (float(x[first].mean()), float(y[first].sum()), len(first))
        while done and _joins(done[-1], block):
            block = _joined(done.pop(), block)
        done.append(block)
    if len(done) > 1 and not _enough(done[-1]):
        done[-2:] = [_joined(*done[-2:])]
    return [block for number, block in enumerate(done) if number == 0 or block[0] > done[number - 1][0]]


def _joins(left: tuple[float, float, int], right: tuple[float, float, int]) -> bool:
    falls = left[1] / left[2] >= right[1] / right[2]
    return falls or not _enough(left) or left[0] >= right[0]


def _enough(block: tuple[float, float, int]) -> bool:
    return min(block[1], block[2] - block[1]) >= EVENTS


def _joined(left: tuple[float, float, int], right: tuple[float, float, int]) -> tuple[float, float, int]:
    rows = left[2] + right[2]
    return ((left[0] * left[2] + right[0] * right[2]) / rows, left[1] + right[1], rows)


def chance_of(log_odds: float) -> float:
    """The probability of one log-odds."""
    return 1 / (1 + exp(-log_odds)) if log_odds >= 0 else exp(log_odds) / (1 + exp(log_odds))
