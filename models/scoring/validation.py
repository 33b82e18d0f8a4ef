"""Candidates compared on rows they have not seen, and the one that holds chosen. Start with `forecast` and `choose`.

By time every window is judged by a model of the windows before it. Pure: chance comes from fixed seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from models.scoring.candidates import Candidate, fit, log_odds
from models.scoring.drawn import sampled
from models.scoring.figures import auc
from models.scoring.tables import Floats, Index

WINDOWS, FIRST = 6, 2
"""Time is cut into so many windows; the first ones only teach."""
FOLDS = 5
NEWEST = 0.2
"""Share of the rows that a split by time tests on."""
EVENTS = 10
"""A window counts when it holds at least so many rows with and without the outcome, and so does what taught it."""
WORTH = 0.002
"""A more complicated model must be better by at least so much AUC, and by one standard error of the difference."""


class Window(NamedTuple):
    """Which rows teach and which are judged."""

    train: Index
    test: Index


class Course(NamedTuple):
    """windows choose among candidates and calibrate; last: the newest rows, which test. Ascending by what they judge.

    gap: whether what teaches a window had its outcome before the window began.
    """

    windows: tuple[Window, ...]
    last: tuple[Window, ...]
    gap: bool = False


class Forecast(NamedTuple):
    """What models said about rows they had not seen: log-odds by row; NaN where no model was asked.

    aucs: one a window, in the order of time.
    """

    log_odds: Floats
    aucs: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean AUC of the windows."""
        return float(np.mean(self.aucs))

    @property
    def error(self) -> float:
        """Standard error of that mean."""
        return float(np.std(self.aucs, ddof=1)) / sqrt(len(self.aucs)) if len(self.aucs) > 1 else 0.0

    @property
    def holds(self) -> float:
        """What the candidate is worth at the least: mean minus one standard error."""
        return self.mean - self.error


def rolling(rows: int, outcomes: Floats) -> tuple[Window, ...]:
    """Windows over rows in order of time; each is judged by what came before it."""
    edges = np.linspace(0, rows, WINDOWS + 1).astype(np.int64)
    found = [
        Window(np.arange(edges[number]), np.arange(edges[number], edges[number + 1]))
        for number in range(FIRST, WINDOWS)
    ]
    return tuple(window for window in found if countable(window, outcomes))


def folds(outcomes: Floats, number: int = FOLDS) -> tuple[Window, ...]:
    """Folds drawn at random with a fixed seed; each holds its share of the outcomes."""
    from sklearn.model_selection import StratifiedKFold

    cut = StratifiedKFold(number, shuffle=True, random_state=0)
    return tuple(Window(train, test) for train, test in cut.split(outcomes, outcomes))


def forecast(candidate: Candidate, matrix: Floats, outcomes: Floats, windows: Sequence[Window]) -> Forecast:
    """Every window judged by a model of this kind that has not seen it."""
    said = np.full(len(matrix), np.nan)
    aucs = []
    for window in windows:
        rows = sampled(window.train)
        model = fit(candidate, matrix[rows], outcomes[rows])
        said[window.test] = log_odds(model, matrix[window.test])
        aucs.append(auc(outcomes[window.test], said[window.test]))
    return Forecast(said, tuple(aucs))


def choose(ranked: Sequence[Candidate], found: Mapping[str, Forecast]) -> str:
    """The name of the candidate that holds: the highest mean minus one standard error.

    A simpler one is taken when what it loses is less than one standard error of the difference, window by window,
    or less than WORTH.
    """
    best = max(ranked, key=lambda candidate: found[candidate.name].holds)
    for candidate in sorted(ranked, key=lambda each: each.rank):
        if candidate is best or _as_good(found[candidate.name], found[best.name]):
            return candidate.name
    return best.name


def without(
    found: Mapping[str, Forecast], windows: Sequence[Window], outcomes: Floats, judged: Index
) -> dict[str, Forecast]:
    """What the forecasts are worth on all other rows: who is chosen by it has not been chosen by what judges it."""
    left = np.ones(len(outcomes), bool)
    left[judged] = False
    parts = [window.test[left[window.test]] for window in windows]
    parts = [rows for rows in parts if 0 < outcomes[rows].sum() < len(rows)]
    return {
        name: Forecast(each.log_odds, tuple(auc(outcomes[rows], each.log_odds[rows]) for rows in parts))
        for name, each in found.items()
    }


def _as_good(simpler: Forecast, best: Forecast) -> bool:
    lost = np.subtract(best.aucs, simpler.aucs)
    error = float(np.std(lost, ddof=1)) / sqrt(len(lost)) if len(lost) > 1 else 0.0
    return float(lost.mean()) < max(WORTH, error)


def countable(window: Window, outcomes: Floats) -> bool:
    """Whether enough rows of both kinds teach it and are judged in it."""
    return all(
        min(outcomes[rows].sum(), len(rows) - outcomes[rows].sum()) >= EVENTS for rows in (window.train, window.test)
    )


def choice_as_data(ranked: Sequence[Candidate], found: Mapping[str, Forecast], chosen: str) -> list[dict[str, Any]]:
    """How the candidates did, for the model card."""
    return [
        {
            "name": each.name,
            "mean": found[each.name].mean,
            "error": found[each.name].error,
            "worst": min(found[each.name].aucs),
            "windows": list(found[each.name].aucs),
            "chosen": each.name == chosen,
        }
        for each in ranked
    ]
