"""From a table with outcomes to a model that was judged on rows it had not seen. Start with `train`.

Pure: it is told the outcomes, the order of time, and which columns to leave. scikit-learn comes through candidates.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from models.scoring.alone import strongest
from models.scoring.calibration import Calibration, calibrate, sigmoid
from models.scoring.candidates import Candidate, candidates, fit
from models.scoring.columns import Encoding, learn_encoding
from models.scoring.drawn import sampled
from models.scoring.figures import Figures, Interval, Point, auc, auc_interval, figures, reliability
from models.scoring.following import followed, share_of
from models.scoring.model import Model, typical_terms
from models.scoring.tables import Column, Floats, Index, Table
from models.scoring.validation import (
    EVENTS,
    FOLDS,
    NEWEST,
    Course,
    Forecast,
    Window,
    choice_as_data,
    choose,
    folds,
    forecast,
    rolling,
    without,
)  # fmt: skip

LEAST = 50
"""Fewer outcomes (or rows without one) than this teach nothing that would hold."""

Split = Literal["time", "random"]
Tell = Callable[[str], None]


class TooFew(ValueError):
    """Fewer than LEAST rows with, or without, the outcome: points stand alone. `events`: how many there are."""

    def __init__(self, events: int, rows: int) -> None:
        super().__init__(f"{events} outcomes in {rows} rows")
        self.events, self.rows = events, rows


class TooFewNewest(TooFew):
    """The newest rows, which test, hold too few rows with, or without, the outcome. `events`, `rows`: of these."""


class NothingToLearn(ValueError):
    """Every column is constant, empty, an id or text. `encoding` says which is what."""

    def __init__(self, encoding: Encoding) -> None:
        super().__init__("no column to learn from")
        self.encoding = encoding


class Segment(NamedTuple):
    """How the model does among rows that share a word of a column."""

    column: str
    value: str
    rows: int
    outcomes: int
    said: float
    happened: float
    auc: float | None


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with what judged it. tested: numbers of the rows the figures are about; said: their chances.

    baseline: AUC of one column alone, judged as the figures are; which column that is, each judge found for itself,
    baseline_column is the one that all rows together name. before: in a split by time, the share of outcomes among as
    many rows just before those that test.
    """

    model: Model
    split: Split
    rows: int
    events: int
    figures: Figures
    interval: Interval
    tested: Index
    said: Floats
    points: tuple[Point, ...]
    choice: list[dict[str, Any]]
    baseline: float
    baseline_column: str
    before: float | None = None


def train(
    table: Table,
    outcomes: Floats,
    *,
    split: Split = "random",
    ordered: bool = False,
    time: str | None = None,
    baseline: str | None = None,
    keep: Sequence[str] = (),
    course: Course | None = None,
    tell: Tell = lambda _: None,
) -> Trained:
    """Compares the candidates, calibrates the one that holds, and judges it.

    outcomes: 0 or 1 a row. ordered: rows stand in order of time, the oldest first; a split by time needs that.
    time: the column of the row's moment. baseline: the column that must be beaten (e.g. points); the strongest alone
    when None. keep: columns that stay in even if they look like ids or text. course: which rows teach and judge which
    in a split by time, when it is not the order alone. Leaks must have been left out before.
    Raises TooFew and NothingToLearn.
    """
    y = np.asarray(outcomes, np.float64)
    events = int(y.sum())
    if min(events, len(y) - events) < LEAST:
        raise TooFew(events, len(y))
    known = int(len(y) * (1 - NEWEST)) if split == "time" else len(y)
    if course is not None:
        known = min(int(window.test[0]) for window in course.last)
    if split == "time" and min(y[:known].sum(), known - y[:known].sum()) < LEAST:
        raise TooFew(int(y[:known].sum()), known)
    encoding = learn_encoding(table.take(slice(0, known)), time, keep)
    if not encoding.features:
        raise NothingToLearn(encoding)
    if split == "time" and min(y[known:].sum(), len(y) - known - y[known:].sum()) < EVENTS:
        raise TooFewNewest(int(y[known:].sum()), len(y) - known)
    there = baseline is not None and any(feature.column == baseline for feature in encoding.features)
    given = str(baseline) if there else None
    task = _Task(encoding, encoding.matrix(table), y, candidates(encoding, given), given, tell)
    if split == "random":
        return task.at_random(ordered)
    if course is not None:
        # Outcomes of its newest rows come too late to be followed.
        return task.by_time(course, follow=False)
    # By the order of the rows alone: what is older teaches, the newest fifth tests. Random folds, where outcomes are
    # too rare for windows, have seen what came later: by them nobody can look ahead.
    windows = rolling(known, y[:known])
    newest = Window(np.arange(known), np.arange(known, len(y)))
    return task.by_time(Course(windows or folds(y[:known]), (newest,)), follow=bool(windows))


@dataclass(frozen=True, slots=True)
class _Task:
    encoding: Encoding
    matrix: Floats
    outcomes: Floats
    ranked: tuple[Candidate, ...]
    given: str | None
    tell: Tell

    def by_time(self, course: Course, *, follow: bool) -> Trained:
        """The newest rows test what was chosen and calibrated on older ones only.

        follow: whether the calibration may follow the newest of what was judged before.
        """
        y, windows = self.outcomes, course.windows
        found = self._compared(windows)
        chosen = self._chosen(found)
        test = np.sort(np.concatenate([window.test for window in course.last]))
        self.tell("test")

        def calibrated(said: Floats, windows: Sequence[Window]) -> Calibration:
            return _following(said, y, windows, len(test)) if follow else _calibrated(said, y, windows)

        def judged(each: Candidate) -> tuple[Forecast, Floats]:
            said = forecast(each, self.matrix, y, course.last)
            return said, sigmoid(calibrated(found[each.name].log_odds, windows)(said.log_odds[test]))

        said, chances = judged(chosen)
        baseline = self.ranked[0]
        base = chances if chosen is baseline else judged(baseline)[1]
        # What is kept has seen everything, and is calibrated by what was said before it was known.
        everything = np.where(np.isnan(said.log_odds), found[chosen.name].log_odds, said.log_odds)
        newest = calibrated(everything, [*windows[1:], *course.last])
        return self._trained("time", chosen, test, chances, newest, auc(y[test], base), found)

    def at_random(self, ordered: bool) -> Trained:
        """Every row is judged by a model of the other folds, chosen and calibrated by the other folds' rows."""
        y = self.outcomes
        parts = folds(y)
        by_fold, windows = self._compared(parts), parts
        found = by_fold
        if ordered and (by_time := rolling(len(y), y)):
            found, windows = self._compared(by_time), by_time
        judged, base = np.empty(len(y)), np.empty(len(y))
        for part in parts:
            name = choose(self.ranked, without(found, windows, y, part.test))
            for chances, said in ((judged, by_fold[name].log_odds), (base, by_fold["baseline"].log_odds)):
                chances[part.test] = sigmoid(calibrate(said[part.train], y[part.train])(said[part.test]))
        chosen = self._chosen(found)
        kept = calibrate(by_fold[chosen.name].log_odds, y)
        return self._trained("random", chosen, np.arange(len(y)), judged, kept, auc(y, base), found)

    def _compared(self, windows: Sequence[Window]) -> dict[str, Forecast]:
        found = {}
        for each in self.ranked:
            self.tell(each.name)
            found[each.name] = forecast(each, self.matrix, self.outcomes, windows)
        return found

    def _chosen(self, found: dict[str, Forecast]) -> Candidate:
        name = choose(self.ranked, found)
        return next(each for each in self.ranked if each.name == name)

    def _trained(
        self, split: Split, chosen: Candidate, tested: Index, said: Floats, calibration: Calibration, base: float,
        found: dict[str, Forecast],
    ) -> Trained:  # fmt: skip
        self.tell("final")
        y = self.outcomes
        rows = sampled(np.arange(len(y)))
        pipeline = fit(chosen, self.matrix[rows], y[rows])
        typical = typical_terms(pipeline, self.matrix[rows], self.encoding)
        judges = FOLDS if split == "random" else 1
        before = float(y[max(0, tested[0] - len(tested)) : tested[0]].mean()) if split == "time" else None
        column = self.given or strongest(self.encoding, self.matrix[rows], y[rows])
        return Trained(
            Model(chosen.name, self.encoding, pipeline, calibration, typical), split, len(y), int(y.sum()),
            figures(y[tested], said), auc_interval(y[tested], said, judges), tested, said,
            reliability(y[tested], said),
            choice_as_data(self.ranked, found, chosen.name), base, column, before,
        )  # fmt: skip


def _calibrated(said: Floats, y: Floats, windows: Sequence[Window]) -> Calibration:
    """By the newest windows that hold enough outcomes, each judged by an older model."""
    rows: Index = np.empty(0, np.int64)
    for window in reversed(windows):
        rows = np.concatenate((window.test, rows))
        if min(y[rows].sum(), len(rows) - y[rows].sum()) >= 4 * LEAST and len(rows) >= len(y) // 5:
            break
    return calibrate(said[rows], y[rows])


def _following(said: Floats, y: Floats, windows: Sequence[Window], ahead: int) -> Calibration:
    """The same, shifted by the newest rows where older ones show that this helps. ahead: rows it has to hold for."""
    rows = np.sort(np.concatenate([window.test for window in windows]))

    def fitted(older: Index) -> Calibration:
        parts = [Window(window.train, window.test[window.test <= older[-1]]) for window in windows]
        return _calibrated(said, y, [part for part in parts if len(part.test)])

    return followed(fitted(rows), said, y, rows, share_of(said, y, rows, ahead, fitted))


def segments(table: Table, columns: Sequence[str], outcomes: Floats, said: Floats, most: int = 6) -> list[Segment]:
    """Figures for the most frequent words of these columns; rows, outcomes and said belong together."""
    found = []
    for name in columns:
        column: Column = table[name]
        if column.codes is None:
            continue
        times = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
        for level in np.argsort(-times, kind="stable")[:most].tolist():
            there = column.codes == level
            y = outcomes[there]
            if len(y) < LEAST:
                continue
            both = 10 <= y.sum() <= len(y) - 10
            value = auc(y, said[there]) if both else None
            found.append(
                Segment(
                    name, column.levels[level], len(y), int(y.sum()), float(said[there].mean()), float(y.mean()), value
                )
            )
    return found
