"""Whether those who are scored now are like those who taught the model. Start with `reference_of` and `drift_of`.

A reference is plain data (a part of the model card); PSI below 0.1 is stable, above 0.25 another population.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from models.scoring.columns import Encoding
from models.scoring.figures import counts_between, psi, quantile_edges
from models.scoring.tables import Floats, Table

STABLE, CALM, ANOTHER = 0.1, 0.2, 0.25
"""What was above ANOTHER is over only below CALM: a figure that wavers about the line is one matter."""
SAMPLE = 50_000
_EDGES = 10


class Drift(NamedTuple):
    """PSI of the log-odds, and of each feature."""

    scores: float
    features: dict[str, float]


def reference_of(encoding: Encoding, matrix: Floats, log_odds: ArrayLike) -> dict[str, Any]:
    """Edges and counts of every feature, and of the log-odds, on the rows that taught the model."""
    rows = np.linspace(0, len(matrix) - 1, min(len(matrix), SAMPLE)).astype(np.int64)
    found = {}
    for number, feature in enumerate(encoding.features):
        values = matrix[rows, number]
        # Levels lie between the halves; amounts are cut into parts of the same size.
        edges: Floats = np.arange(0.5, len(feature.levels)) if feature.is_word else quantile_edges(values, _EDGES)
        found[feature.name] = _part(values, edges)
    scores = np.asarray(log_odds, np.float64)
    return {"scores": _part(scores, quantile_edges(scores, _EDGES)), "features": found}


def drift_of(reference: dict[str, Any], encoding: Encoding, matrix: Floats, log_odds: ArrayLike) -> Drift:
    """How far other rows are from the reference."""
    features = {
        feature.name: _moved(reference["features"][feature.name], matrix[:, number])
        for number, feature in enumerate(encoding.features)
    }
    return Drift(_moved(reference["scores"], np.asarray(log_odds, np.float64)), features)


def drift_of_table(reference: dict[str, Any], encoding: Encoding, table: Table, log_odds: ArrayLike) -> Drift:
    """The same for (a part of) a table."""
    rows = np.linspace(0, table.rows - 1, min(table.rows, SAMPLE)).astype(np.int64)
    return drift_of(reference, encoding, encoding.matrix(table.take(rows)), log_odds)


def _part(values: Floats, edges: Floats) -> dict[str, list[float]]:
    return {"edges": [float(edge) for edge in edges], "counts": [float(each) for each in counts_between(values, edges)]}


def _moved(part: dict[str, list[float]], values: Floats) -> float:
    return psi(part["counts"], counts_between(values, np.asarray(part["edges"], np.float64)))
