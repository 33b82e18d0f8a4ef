"""Why a row is scored as it is: terms that add up exactly to the log-odds. Start with `parts_of`.

Logistic regression: coefficient times value. Boosting: Shapley values of the trees by the counts in their nodes
(path-dependent TreeSHAP), summed leaf by leaf; trees are shallow, so all subsets of a path's features are tried.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import Any, NamedTuple

import numpy as np

from models.scoring.columns import Encoding
from models.scoring.tables import Bools, Floats

BATCH = 2_000


class Parts(NamedTuple):
    """base + terms of a row = its log-odds before calibration. terms: (rows, features)."""

    base: float
    terms: Floats


def parts_of(model: Any, matrix: Floats, encoding: Encoding) -> Parts:
    """The terms of every row. Raises TypeError for a pipeline that is none of candidates.py."""
    last = model.steps[-1][1]
    if type(last).__name__ == "LogisticRegression":
        return _of_logistic(model, matrix, encoding)
    if type(last).__name__ != "HistGradientBoostingClassifier":
        raise TypeError(type(last).__name__)
    if len(model.steps) == 1:
        return _of_boosting(last, matrix)
    columns = model.steps[0][1]
    mine = [place for _, _, places in columns.transformers for place in places]
    part = _of_boosting(last, np.asarray(columns.transform(matrix), np.float64))
    terms = np.zeros_like(matrix)
    terms[:, mine] = part.terms
    return Parts(part.base, terms)


def _of_logistic(model: Any, matrix: Floats, encoding: Encoding) -> Parts:
    columns, logistic = model.steps[0][1], model.steps[1][1]
    weights = np.asarray(logistic.coef_[0])
    terms = np.zeros_like(matrix)
    at = 0
    for name, part, places in columns.transformers_:
        if name == "remainder" or not len(places):
            continue
        transformed = part.transform(matrix[:, places])
        widths = [len(levels) for levels in part.categories_] if name == "words" else [1] * len(places)
        start = 0
        for place, width in zip(places, widths, strict=True):
            terms[:, place] += transformed[:, start : start + width] @ weights[at + start : at + start + width]
            start += width
        at += start
    return Parts(float(logistic.intercept_[0]), terms)


def _of_boosting(model: Any, matrix: Floats) -> Parts:
    terms = np.zeros_like(matrix)
    base = float(np.ravel(model._baseline_prediction)[0])
    trees = [_Tree(predictors[0], _mapping(model)) for predictors in model._predictors]
    base += sum(tree.expected for tree in trees)
    for start in range(0, len(matrix), BATCH):
        rows = matrix[start : start + BATCH]
        there = ~np.isnan(rows)
        for tree in trees:
            tree.add(rows, there, terms[start : start + BATCH])
    return Parts(base, terms)


def _mapping(model: Any) -> list[int]:
    """The trees number words first, then amounts; this gives back our numbers."""
    words = model.is_categorical_
    if words is None:
        return list(range(model.n_features_in_))
    return [*map(int, np.flatnonzero(words)), *map(int, np.flatnonzero(~words))]


class _Split(NamedTuple):
    """One condition on the way to a leaf: which way it goes, and the share of training rows that go there."""

    node: int
    left: bool
    share: float


class _Tree:
    """One tree as its leaves: each with the splits of its path, grouped by feature."""

    def __init__(self, predictor: Any, mapping: list[int]) -> None:
        self._nodes, self._bits = predictor.nodes, predictor.raw_left_cat_bitsets
        self._mapping = mapping
        self._leaves: list[tuple[float, dict[int, list[_Split]]]] = []
        self._walk(0, ())
        self.expected = sum(
            value * float(np.prod([split.share for splits in path.values() for split in splits]))
            for value, path in self._leaves
        )

    def _walk(self, number: int, path: tuple[_Split, ...]) -> None:
        node = self._nodes[number]
        if node["is_leaf"]:
            grouped: dict[int, list[_Split]] = {}
            for split in path:
                grouped.setdefault(self._mapping[int(self._nodes[split.node]["feature_idx"])], []).append(split)
            self._leaves.append((float(node["value"]), grouped))
            return
        for left, child in ((True, int(node["left"])), (False, int(node["right"]))):
            share = float(self._nodes[child]["count"]) / float(node["count"])
            self._walk(child, (*path, _Split(number, left, share)))

    def add(self, rows: Floats, there: Bools, terms: Floats) -> None:
        """Adds this tree's terms to those of the rows."""
        went: dict[int, Bools] = {}
        for value, path in self._leaves:
            features = list(path)
            fits = [self._follows(splits, rows, there, went) for splits in path.values()]
            shares = [float(np.prod([split.share for split in splits])) for splits in path.values()]
            for feature, gain in zip(features, _shapley(fits, shares), strict=True):
                terms[:, feature] += value * gain

    def _follows(self, splits: list[_Split], rows: Floats, there: Bools, went: dict[int, Bools]) -> Floats:
        """1 where a row takes all these splits, else 0."""
        found = np.ones(len(rows), bool)
        for split in splits:
            if split.node not in went:
                went[split.node] = self._goes_left(split.node, rows, there)
            found &= went[split.node] if split.left else ~went[split.node]
        return found.astype(np.float64)

    def _goes_left(self, number: int, rows: Floats, there: Bools) -> Bools:
        node = self._nodes[number]
        feature = self._mapping[int(node["feature_idx"])]
        values, known = rows[:, feature], there[:, feature]
        if node["is_categorical"]:
            bits = self._bits[int(node["bitset_idx"])]
            level = np.where(known, values, 0).astype(np.int64)
            left = (bits[level // 32] >> (level % 32).astype(np.uint32)) & 1 > 0
        else:
            left = values <= node["num_threshold"]
        return np.asarray(np.where(known, left, bool(node["missing_go_to_left"])))


def _shapley(fits: list[Floats], shares: list[float]) -> list[Floats]:
    """Shapley values of the game whose players multiply: with a player its fit counts, without it its share."""
    players = range(len(fits))
    found = []
    for player in players:
        others = [each for each in players if each != player]
        total: Floats | float = 0.0
        for size in range(len(others) + 1):
            weight = factorial(size) * factorial(len(others) - size) / factorial(len(fits))
            for together in combinations(others, size):
                product: Floats | float = weight
                for other in others:
                    product = product * (fits[other] if other in together else shares[other])
                total = total + product
        found.append((fits[player] - shares[player]) * total)
    return found
