"""A trained model as a value: encoding, pipeline, calibration, and what is typical. Start with `Model`.

Explanations: typical + terms + calibration = log-odds, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from models.scoring.calibration import Calibration, sigmoid
from models.scoring.candidates import BATCH, log_odds, threads
from models.scoring.columns import Encoding
from models.scoring.explaining import parts_of
from models.scoring.tables import Floats, Table

CALIBRATION = "calibration"
"""The name of an explanation's last term."""


class Term(NamedTuple):
    """One line of an explanation, in log-odds. value: as people read it; "" where the cell is empty."""

    column: str
    feature: str
    value: str
    points: float


class Explanation(NamedTuple):
    """typical + the terms' points = log_odds, in the order of their size; the last term is the calibration's."""

    log_odds: float
    typical: float
    terms: tuple[Term, ...]

    @property
    def chance(self) -> float:
        """The probability."""
        return float(sigmoid(self.log_odds))


@dataclass(frozen=True, slots=True)
class Model:
    """candidate: its name. pipeline: a fitted scikit-learn pipeline over the encoding's matrix. typical: each
    feature's mean term on the rows that taught it, so that a term says what is unusual about a row.
    """

    candidate: str
    encoding: Encoding
    pipeline: Any
    calibration: Calibration
    typical: tuple[float, ...]

    def log_odds(self, table: Table) -> Floats:
        """Calibrated log-odds of each row. Raises KeyError or ValueError when the table lacks a column."""
        found = np.empty(table.rows)
        with threads(table.rows):
            for start in range(0, table.rows, BATCH):
                part = self.encoding.matrix(table.take(slice(start, start + BATCH)))
                found[start : start + BATCH] = self.pipeline.decision_function(part)
        return self.calibration(found)

    def chances(self, table: Table) -> Floats:
        """Probabilities of each row."""
        return sigmoid(self.log_odds(table))

    def explain(self, table: Table) -> list[Explanation]:
        """Why each row of a (small) table is scored as it is."""
        matrix = self.encoding.matrix(table)
        raw = log_odds(self.pipeline, matrix)
        base, terms = parts_of(self.pipeline, matrix, self.encoding)
        typical = np.asarray(self.typical)
        shown = self.calibration(raw)
        start = base + float(typical.sum())
        return [
            self._explanation(matrix[number], row - typical, start, float(shown[number]))
            for number, row in enumerate(terms)
        ]

    def _explanation(self, cells: Floats, terms: Floats, start: float, shown: float) -> Explanation:
        order: Sequence[int] = np.argsort(-np.abs(terms), kind="stable").tolist()
        lines = [
            Term(
                self.encoding.features[at].column,
                self.encoding.features[at].name,
                self.encoding.shown(at, float(cells[at])),
                float(terms[at]),
            )
            for at in order
            if terms[at] != 0
        ]
        rest = shown - start - sum(line.points for line in lines)
        return Explanation(shown, start, (*lines, Term("", CALIBRATION, "", rest)))


def typical_terms(pipeline: Any, matrix: Floats, encoding: Encoding) -> tuple[float, ...]:
    """Mean terms over (a part of) the rows that taught the pipeline."""
    rows = np.linspace(0, len(matrix) - 1, min(len(matrix), 2_000)).astype(np.int64)
    return tuple(parts_of(pipeline, matrix[rows], encoding).terms.mean(axis=0).tolist())
