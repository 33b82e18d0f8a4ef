"""How good a probability is, in figures: ranking, calibration, what a desk gains. Pure functions over numpy arrays.

outcomes: 0 or 1; scores: higher is better; chances: probabilities. Raises ValueError where a class is missing.
"""

from __future__ import annotations

import itertools
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from models.scoring.tables import Floats

BINS = 10
_TINY = 1e-12


class Interval(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class Point(NamedTuple):
    """One group of rows with similar chances: their mean, what happened, and how many they are."""

    said: float
    happened: float
    rows: int


class Figures(NamedTuple):
    """What a test says. alift: area under the cumulative gains curve (Moro et al. 2014), 0.5 by chance.

    better_half: share of the outcomes in the better-scored half. ece: mean distance of said and happened over ten
    groups of the same size. top_decile: share of outcomes among the best-scored tenth.
    """

    auc: float
    alift: float
    better_half: float
    brier: float
    ece: float
    top_decile: float


def figures(outcomes: ArrayLike, chances: ArrayLike) -> Figures:
    """All of them at once."""
    y, p = np.asarray(outcomes, np.float64), np.asarray(chances, np.float64)
    return Figures(
        auc(y, p), alift(y, p), share_in_best(y, p, 0.5), float(np.mean((p - y) ** 2)), ece(y, p), top(y, p, 0.1)
    )


def midranks(scores: ArrayLike) -> Floats:
    """Ranks from 1; those of equal scores are their mean."""
    values = np.asarray(scores, np.float64)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    ends = np.concatenate((starts[1:], [len(values)]))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat((starts + ends + 1) / 2.0, ends - starts)
    return ranks


def auc(outcomes: ArrayLike, scores: ArrayLike) -> float:
    """Area under the ROC curve: how often a row with the outcome is scored above one without; ties count half."""
    y = np.asarray(outcomes, np.float64)
    positive = float(y.sum())
    negative = len(y) - positive
    if not positive or not negative:
        raise ValueError("one class only")
    return float((midranks(scores)[y > 0].sum() - positive * (positive + 1) / 2) / (positive * negative))


def auc_interval(outcomes: ArrayLike, scores: ArrayLike, folds: int = 1) -> Interval:
    """AUC with its interval after DeLong et al. 1988, by midranks (Sun and Xu 2014).

    folds: by how many models, each taught by all other folds, the rows were judged. These models have most of their
    rows in common, so their errors do not cancel out: the variance is larger as Nadeau and Bengio 2003 say.
    """
    y, s = np.asarray(outcomes) > 0, np.asarray(scores, np.float64)
    positive, negative = int(y.sum()), int((~y).sum())
    value = auc(y, s)
    ranks = midranks(s)
    above = (ranks[y] - midranks(s[y])) / negative
    below = 1 - (ranks[~y] - midranks(s[~y])) / positive
    spread = sum(float(np.var(part, ddof=1)) / len(part) for part in (above, below) if len(part) > 1)
    together = 1.0 if folds < 2 else 1.0 + folds / (folds - 1)
    width = 1.96 * sqrt(spread * together)
    return Interval(value, max(0.0, value - width), min(1.0, value + width))


def gains(outcomes: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats]:
    """The cumulative gains curve: share of rows taken from the best, share of outcomes among them.

    Rows with equal scores are taken together, so their order changes nothing.
    """
    y, s = np.asarray(outcomes, np.float64), np.asarray(scores, np.float64)
    if not y.sum():
        raise ValueError("no outcome")
    order = np.argsort(-s, kind="stable")
    ends = np.flatnonzero(np.concatenate((np.diff(s[order]) != 0, [True])))
    taken = np.concatenate(([0.0], (ends + 1) / len(y)))
    caught = np.concatenate(([0.0], np.cumsum(y[order])[ends] / y.sum()))
    return taken, caught


def alift(outcomes: ArrayLike, scores: ArrayLike) -> float:
    """Area under the cumulative gains (lift cumulative) curve."""
    taken, caught = gains(outcomes, scores)
    return float(np.sum(np.diff(taken) * (caught[1:] + caught[:-1]) / 2))


def share_in_best(outcomes: ArrayLike, scores: ArrayLike, part: float) -> float:
    """Share of all outcomes that the best-scored `part` of the rows holds."""
    taken, caught = gains(outcomes, scores)
    return float(np.interp(part, taken, caught))


def top(outcomes: ArrayLike, scores: ArrayLike, part: float) -> float:
    """Share of outcomes among the best-scored `part` of the rows."""
    return share_in_best(outcomes, scores, part) * float(np.mean(np.asarray(outcomes, np.float64))) / part


def reliability(outcomes: ArrayLike, chances: ArrayLike, bins: int = BINS) -> tuple[Point, ...]:
    """Groups of (nearly) the same size by rising chance; equal chances stay together."""
    y, p = np.asarray(outcomes, np.float64), np.asarray(chances, np.float64)
    order = np.argsort(p, kind="stable")
    y, p = y[order], p[order]
    cuts = np.unique(np.searchsorted(p, p[np.linspace(0, len(p) - 1, bins + 1).astype(np.int64)[1:-1]], "left"))
    edges = [0, *(int(cut) for cut in cuts if 0 < cut < len(p)), len(p)]
    return tuple(Point(float(p[a:b].mean()), float(y[a:b].mean()), b - a) for a, b in itertools.pairwise(edges))


def ece(outcomes: ArrayLike, chances: ArrayLike, bins: int = BINS) -> float:
    """Expected calibration error over groups of the same size."""
    points = reliability(outcomes, chances, bins)
    rows = sum(point.rows for point in points)
    return sum(abs(point.said - point.happened) * point.rows for point in points) / rows


def log_loss(outcomes: ArrayLike, chances: ArrayLike) -> float:
    """Mean negative log-likelihood, in nats."""
    y, p = np.asarray(outcomes, np.float64), np.clip(np.asarray(chances, np.float64), _TINY, 1 - _TINY)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log1p(-p)))


def psi(expected: ArrayLike, found: ArrayLike) -> float:
    """Population stability index of two sets of counts over the same groups: < 0.1 stable, > 0.25 another population.

    Empty groups count as half a row, so that nothing is infinite.
    """
    one, two = (np.maximum(np.asarray(counts, np.float64), 0.5) for counts in (expected, found))
    if len(one) != len(two):
        raise ValueError("groups differ")
    one, two = one / one.sum(), two / two.sum()
    return float(np.sum((two - one) * np.log(two / one)))


def quantile_edges(values: ArrayLike, groups: int = BINS) -> Floats:
    """Inner edges that cut the values that are there into groups of (nearly) the same size; ascending, no twice."""
    there = np.asarray(values, np.float64)
    there = there[~np.isnan(there)]
    if not len(there):
        return np.empty(0)
    return np.unique(np.quantile(there, np.linspace(0, 1, groups + 1)[1:-1]))


def counts_between(values: ArrayLike, edges: Floats) -> Floats:
    """How many values lie between the edges; the last count is that of the empty ones (NaN)."""
    all_ = np.asarray(values, np.float64)
    there = all_[~np.isnan(all_)]
    found = np.bincount(np.searchsorted(edges, there, "right"), minlength=len(edges) + 1)
    return np.concatenate((found, [len(all_) - len(there)])).astype(np.float64)


def psi_of_numbers(expected: ArrayLike, found: ArrayLike, groups: int = BINS) -> float:
    """PSI of numbers, in groups of the same size of the expected ones; empty cells are a group of their own."""
    edges = quantile_edges(expected, groups)
    return psi(counts_between(expected, edges), counts_between(found, edges))
