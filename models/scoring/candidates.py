"""The models that compete: scikit-learn pipelines over a matrix of columns.Encoding. Start with `candidates`.

scikit-learn is loaded inside the functions: commands that train nothing must not wait for it.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from models.scoring.alone import strongest
from models.scoring.columns import Encoding
from models.scoring.tables import Floats

BATCH = 50_000
"""Rows scored at once: OpenMP spins between small calls, and large ones copy a lot."""
ALONE = 20_000
"""Up to so many rows one thread is faster than waking others."""
THREADS = 4
# Read once, when OpenMP is loaded: waiting threads sleep. Spinning beside other programs took ten times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that may be chosen. rank: the simpler, the lower; it decides between candidates as good as each other."""

    name: str
    rank: int
    build: Callable[[Floats, Floats], Any]
    """From the rows (matrix, outcomes) that will teach it: it may look at them, and at no others."""


def candidates(encoding: Encoding, baseline: str | None = None) -> tuple[Candidate, ...]:
    """One column alone (the strongest on the rows that teach, unless it is named), logistic regression, boosting."""

    def single(matrix: Floats, outcomes: Floats) -> Any:
        return _single(encoding, baseline or strongest(encoding, matrix, outcomes))

    return (
        Candidate("baseline", 0, single),
        Candidate("logistic", 1, lambda *_: _logistic(encoding)),
        Candidate("additive", 2, lambda *_: _boosting(encoding, additive=True)),
        Candidate("full", 3, lambda *_: _boosting(encoding, additive=False)),
    )


def fit(candidate: Candidate, matrix: Floats, outcomes: Floats) -> Any:
    """A fitted pipeline. What scikit-learn warns of on small tables is nothing anybody could act upon."""
    with threads(len(matrix)), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return candidate.build(matrix, outcomes).fit(matrix, outcomes)


def log_odds(model: Any, matrix: Floats) -> Floats:
    """What the pipeline says before calibration, in batches."""
    found = np.empty(len(matrix))
    with threads(len(matrix)):
        for start in range(0, len(matrix), BATCH):
            found[start : start + BATCH] = model.decision_function(matrix[start : start + BATCH])
    return found


@contextmanager
def threads(rows: int) -> Iterator[None]:
    """OpenMP and BLAS on one thread for little work, else on the machine's, four at most."""
    most = 1 if rows <= ALONE else min(os.cpu_count() or 1, THREADS)
    with _pools().limit(limits=most):
        yield


@cache
def _pools() -> Any:
    """The pools of threads there are, looked for once: to look takes longer than to fit a small table."""
    # Whatever brings pools of its own is loaded before it is looked for.
    import_module("sklearn.ensemble")
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _logistic(encoding: Encoding) -> Any:
    """Numbers by their rank (so that single huge amounts pull at nothing), words one by one, empty cells as such."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import MissingIndicator, SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, QuantileTransformer, StandardScaler

    amounts, words, many = _places(encoding)
    parts: list[tuple[str, Any, list[int]]] = []
    if amounts:
        rank = QuantileTransformer(n_quantiles=100, subsample=BATCH, random_state=0)
        median = SimpleImputer(strategy="median", keep_empty_features=True)
        parts.append(("amounts", Pipeline([("median", median), ("rank", rank)]), amounts))
        parts.append(("empty", MissingIndicator(features="all"), amounts))
    if words:
        levels = [np.array([*range(len(encoding.features[each].levels) + 1), np.nan]) for each in words]
        parts.append(("words", OneHotEncoder(categories=levels, handle_unknown="ignore"), words))
    if many:
        parts.append(("many", Pipeline([("shares", _shares()), ("scale", StandardScaler())]), many))
    return Pipeline(
        [("columns", ColumnTransformer(parts)), ("model", LogisticRegression(C=1.0, max_iter=500, tol=1e-4))]
    )


def _boosting(encoding: Encoding, additive: bool) -> Any:
    shape: dict[str, Any] = (
        {"interaction_cst": "no_interactions", "max_leaf_nodes": 6, "max_iter": 150, "learning_rate": 0.12}
        if additive
        else {"max_leaf_nodes": 16, "max_depth": 4, "max_iter": 100, "learning_rate": 0.08, "max_features": 0.5}
    )
    return _trees(encoding, list(range(len(encoding.features))), min_samples_leaf=20, l2_regularization=1.0, **shape)


def _single(encoding: Encoding, column: str) -> Any:
    """The features of one column alone."""
    mine = [number for number, feature in enumerate(encoding.features) if feature.column == column]
    return _trees(encoding, mine, interaction_cst="no_interactions", max_leaf_nodes=6, max_iter=60)


def _trees(encoding: Encoding, mine: list[int], **shape: Any) -> Any:
    """Boosted trees over these features: words of many levels come first, as shares; then the others as they are."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline

    _, words, many = _places(encoding)
    many = [each for each in mine if each in many]
    others = [each for each in mine if each not in many]
    places = [at for at, each in enumerate([*many, *others]) if each in words]
    model = HistGradientBoostingClassifier(
        categorical_features=places or None, early_stopping=False, random_state=0, **shape
    )
    if len(others) == len(encoding.features):
        return Pipeline([("model", model)])
    parts: list[tuple[str, Any, list[int]]] = [("many", _shares(), many)] if many else []
    parts += [("others", "passthrough", others)] if others else []
    return Pipeline([("columns", ColumnTransformer(parts)), ("model", model)])


def _shares() -> Any:
    """Each word becomes the share of outcomes among its rows, drawn towards the mean where they are few.

    Of the rows that teach, each is given the share of the other folds' rows: none sees its own outcome.
    """
    from sklearn.preprocessing import TargetEncoder

    return TargetEncoder(target_type="binary", smooth="auto", cv=5, random_state=0)


def _places(encoding: Encoding) -> tuple[list[int], list[int], list[int]]:
    """Numbers of the features that are amounts, of those that are words, and of words of many levels."""
    words, many = encoding.word_mask, encoding.many_mask
    amounts, told, shared = (list(map(int, np.flatnonzero(mask))) for mask in (~words & ~many, words, many))
    return amounts, told, shared
