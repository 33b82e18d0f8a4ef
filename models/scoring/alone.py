"""What one column says about the outcome by itself, out of fold. Start with `alone` and `strongest`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.scoring.columns import Encoding
from models.scoring.drawn import spread
from models.scoring.figures import auc, quantile_edges
from models.scoring.tables import OTHER, Column, Floats, Index

GROUPS = 20
SMOOTH = 10.0
FOLDS = 5
LOOKED_AT = 20_000
"""Rows by which the strongest column is found."""


class Alone(NamedTuple):
    """What a column says alone, out of fold: AUC, and the share of the outcome's entropy that it explains."""

    auc: float
    power: float


def alone(column: Column, outcomes: Floats) -> Alone:
    """What the column says about the outcome by itself, judged on rows that did not teach it."""
    said = _said(_groups(column), outcomes)
    return Alone(auc(outcomes, said), _power(said, outcomes))


def strongest(encoding: Encoding, matrix: Floats, outcomes: Floats) -> str:
    """The column that explains most alone on these rows, which must not hold any that judge it afterwards."""
    rows = spread(outcomes, LOOKED_AT)
    y = outcomes[rows]
    powers: dict[str, float] = {}
    for number, feature in enumerate(encoding.features):
        cells = matrix[rows, number]
        groups = _by_level(cells, len(feature.levels)) if feature.levels else _by_size(cells)
        power = _power(_said(groups, y), y)
        powers[feature.column] = max(powers.get(feature.column, power), power)
    return max(powers, key=lambda name: powers[name])


def _said(groups: Index, outcomes: Floats) -> Floats:
    """Each row's chance by its group, from the rows of the other folds."""
    size = int(groups.max()) + 1
    base = float(outcomes.mean())
    said = np.empty(len(outcomes))
    fold = np.random.default_rng(0).permutation(len(outcomes)) % FOLDS
    for number in range(FOLDS):
        there = fold == number
        wins = np.bincount(groups[~there], outcomes[~there], size)
        rows = np.bincount(groups[~there], minlength=size)
        said[there] = ((wins + SMOOTH * base) / (rows + SMOOTH))[groups[there]]
    return said


def _power(said: Floats, outcomes: Floats) -> float:
    base = float(outcomes.mean())
    loss = -np.mean(outcomes * np.log(said) + (1 - outcomes) * np.log(1 - said))
    entropy = -(base * np.log(base) + (1 - base) * np.log(1 - base))
    return float(1 - loss / entropy)


def _groups(column: Column) -> Index:
    """Each row's group: levels (with the rest together), or twenty parts of the numbers; empty cells are the last."""
    if column.codes is None:
        return _by_size(column.numbers)
    codes = np.where(column.codes == OTHER, len(column.levels), column.codes)
    codes = np.where(codes < 0, len(column.levels) + 1, codes)
    _, groups = np.unique(codes, return_inverse=True)
    return np.asarray(groups, np.int64)


def _by_level(cells: Floats, levels: int) -> Index:
    return np.asarray(np.where(np.isnan(cells), levels + 1, cells), np.int64)


def _by_size(numbers: Floats) -> Index:
    edges = quantile_edges(numbers, GROUPS)
    groups = np.searchsorted(edges, numbers, "right")
    return np.asarray(np.where(np.isnan(numbers), len(edges) + 1, groups), np.int64)
