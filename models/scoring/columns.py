"""What each column becomes for a model, found without looking at the outcome. Start with `learn_encoding`.

The matrix has a column a feature: numbers as they are, words and months as numbers of their levels; NaN is empty.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from models.scoring.tables import OTHER, Bools, Codes, Column, Floats, Table

Part = Literal["number", "word", "many", "filled", "month", "weekday", "hour", "days_before", "days"]
LEVELS = 200
"""Up to so many words of a column are told apart one by one; with more each counts by what became of its rows."""
AGAIN = 5
"""A word that comes so often in such a column says something about the next row."""
RARE = 20
"""A word that comes less often is one of the rare ones."""
REPEATS = 0.3
"""With more different words than this share of the filled cells they hardly ever come again."""
COVERED = 0.2
"""The words that come again cover at least this share of the filled cells."""
FREE_TEXT = 5.0
"""Words in a cell, on average, from which on it is text that somebody wrote."""
DAY = 86_400.0
TWO_YEARS = 730 * DAY
"""A month says something only when it has come before."""
OTHERS = "…"
"""How the rare words are shown."""


class Feature(NamedTuple):
    """One column of the matrix. levels: the words (or texts) that are told apart; empty for numbers."""

    column: str
    part: Part
    levels: tuple[str, ...] = ()

    @property
    def is_word(self) -> bool:
        """Whether its numbers are names of levels that are told apart one by one, not amounts."""
        return bool(self.levels) and self.part != "many"

    @property
    def name(self) -> str:
        """The column's name, and the part of a date."""
        return (
            self.column if self.part in ("number", "word", "many", "filled", "days") else f"{self.column} ({self.part})"
        )


class LeftOut(NamedTuple):
    """A column no model sees; `code` is one of words/learning.LEFT_OUT, `args` fill its sentence."""

    column: str
    code: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Encoding:
    """The features in their order. time: the column that says when a row stood like this; None when there is none."""

    features: tuple[Feature, ...]
    left_out: tuple[LeftOut, ...] = ()
    time: str | None = None

    @property
    def word_mask(self) -> Bools:
        """Which features are words."""
        return np.array([feature.is_word for feature in self.features], bool)

    @property
    def many_mask(self) -> Bools:
        """Which features are words of which there are too many to be told apart one by one."""
        return np.array([feature.part == "many" for feature in self.features], bool)

    def columns(self) -> tuple[str, ...]:
        """The columns of a table that are needed, each once."""
        wanted = dict.fromkeys(feature.column for feature in self.features)
        if self.time is not None and any(feature.part == "days_before" for feature in self.features):
            wanted[self.time] = None
        return tuple(wanted)

    def matrix(self, table: Table) -> Floats:
        """(rows, features). Raises KeyError for a column that is not there, ValueError for one of another kind."""
        found = np.empty((table.rows, len(self.features)), np.float64)
        for number, feature in enumerate(self.features):
            found[:, number] = _cells(feature, table, self.time)
        return found

    def shown(self, feature: int, value: float) -> str:
        """A cell of the matrix as people read it."""
        if np.isnan(value):
            return ""
        levels = self.features[feature].levels
        if levels:
            return levels[int(value)] if value < len(levels) else OTHERS
        return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"

    def as_data(self) -> dict[str, Any]:
        """Plain data for files."""
        features = [{"column": f.column, "part": f.part, "levels": list(f.levels)} for f in self.features]
        left = [{"column": each.column, "code": each.code, "args": list(each.args)} for each in self.left_out]
        return {"features": features, "left_out": left, "time": self.time}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Encoding:
        """Back from `as_data`. Raises ValueError, KeyError or TypeError when it is none."""
        features = tuple(Feature(str(f["column"]), f["part"], tuple(map(str, f["levels"]))) for f in data["features"])
        left = tuple(LeftOut(str(o["column"]), str(o["code"]), tuple(map(str, o["args"]))) for o in data["left_out"])
        if not features or any(feature.part not in get_args(Part) for feature in features):
            raise ValueError("unknown features")
        return cls(features, left, None if data["time"] is None else str(data["time"]))


def learn_encoding(table: Table, time: str | None = None, keep: Collection[str] = ()) -> Encoding:
    """What becomes of each column. time: the column of the row's moment, used for what the calendar says only.

    keep: columns that stay in although they look like numbers of rows or like free text (constant ones never do).
    """
    features: list[Feature] = []
    left: list[LeftOut] = []
    for column in table:
        reason = why_left_out(column, column.name in keep)
        if reason is not None:
            left.append(reason)
        elif _says_one_thing(column):
            # Trees see no difference between a single value and none.
            features.append(Feature(column.name, "filled"))
        elif column.kind == "date":
            features.extend(_of_date(column, table, time))
        elif column.kind == "word":
            features.append(_of_words(column))
        elif column.name != time:
            features.append(Feature(column.name, "number"))
    return Encoding(tuple(features), tuple(left), time)


def why_left_out(column: Column, kept: bool = False) -> LeftOut | None:
    """Why no model can learn from it; None when one can."""
    filled = column.filled()
    count = int(filled.sum())
    if not count:
        return LeftOut(column.name, "empty")
    if count == len(filled) and _is_constant(column):
        return LeftOut(column.name, "constant")
    if kept or column.kind == "date":
        return None
    return _name_of_row(column, count) if column.kind == "number" else _unlearnable(column, count)


def _is_constant(column: Column) -> bool:
    cells: Codes | Floats = column.words if column.codes is not None else column.numbers
    return bool((cells == cells[0]).all())


def _says_one_thing(column: Column) -> bool:
    """Whether all cells that are filled say the same, so that being filled is all there is."""
    cells: Codes | Floats = column.words if column.codes is not None else column.numbers
    there = cells[column.filled()]
    return bool((there == there[0]).all())


def _name_of_row(column: Column, count: int) -> LeftOut | None:
    """Whole numbers that never come twice and rise, or lie too close together to be amounts, are names of rows."""
    values = column.numbers
    if count < len(values) or count < 50 or not (values == np.floor(values)).all() or values.min() < 0:
        return None
    steps = np.diff(values)
    monotone = bool((steps > 0).all() or (steps < 0).all())
    if not monotone and len(np.unique(values)) < count:
        return None
    reach = float(np.ptp(values)) + 1
    expected_twice = count * count / (2 * reach)
    return LeftOut(column.name, "id") if monotone or reach <= 20 * count or expected_twice > 5 else None


def _unlearnable(column: Column, count: int) -> LeftOut | None:
    """Words that hardly ever come again say nothing about the next row."""
    codes = column.words
    times = np.bincount(codes[codes >= 0], minlength=len(column.levels))
    different = int((times > 0).sum()) + int((codes == OTHER).sum())
    if different <= 50:
        return None
    used = [level for level, often in zip(column.levels, times, strict=True) if often][:2000]
    length = sum(len(level.split()) for level in used) / max(len(used), 1)
    characters = sum(map(len, used)) / max(len(used), 1)
    if different > REPEATS * count:
        if length >= FREE_TEXT or characters > 40:
            return LeftOut(column.name, "text")
        return LeftOut(column.name, "id" if different >= 0.9 * count else "many", (f"{different:,}",))
    if times[times >= AGAIN].sum() < COVERED * count:
        return LeftOut(column.name, "many", (f"{different:,}",))
    return None


def _of_words(column: Column) -> Feature:
    """The most frequent words; with few rows also rarer ones, or nothing would be left of small tables.

    Where many come often, all that come again: candidates.py counts each by what became of the rows that teach.
    """
    codes = column.words
    times = np.bincount(codes[codes >= 0], minlength=len(column.levels))
    rare = min(RARE, max(2, len(codes) // 500))
    order = sorted(range(len(times)), key=lambda level: (-times[level], column.levels[level]))
    if int((times >= AGAIN).sum()) > LEVELS:
        again = tuple(column.levels[level] for level in order if times[level] >= AGAIN)
        return Feature(column.name, "many", again)
    order = order[:LEVELS]
    levels = tuple(column.levels[level] for level in order if times[level] >= rare)
    return Feature(column.name, "word", levels or tuple(column.levels[level] for level in order[:1]))


MONTHS = tuple(str(month) for month in range(1, 13))
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _of_date(column: Column, table: Table, time: str | None) -> list[Feature]:
    """The calendar's part of a date; how long before the row's moment it was. The date itself never comes again."""
    name, seconds = column.name, column.numbers
    there = seconds[~np.isnan(seconds)]
    found = [Feature(name, "weekday", WEEKDAYS)]
    if float(np.ptp(there)) >= TWO_YEARS:
        found.insert(0, Feature(name, "month", MONTHS))
    if (there % DAY).any():
        found.append(Feature(name, "hour"))
    if name != time:
        dated = time is not None and time in table and table[time].kind == "date"
        found.append(Feature(name, "days_before" if dated else "days"))
    return found


def _cells(feature: Feature, table: Table, time: str | None) -> Floats:
    column = table[feature.column]
    match feature.part:
        case "number":
            return column.numbers
        case "filled":
            return column.filled().astype(np.float64)
        case "word" | "many":
            return _levels(column, feature.levels)
        case "days":
            return np.floor(column.numbers / DAY)
        case "days_before":
            return np.floor((table[str(time)].numbers - column.numbers) / DAY)
        case "hour":
            return np.floor(column.numbers % DAY / 3600)
        case "weekday":
            return np.asarray((np.floor(column.numbers / DAY) + 3) % 7)
        case "month":
            return _months(column.numbers)


def _levels(column: Column, levels: tuple[str, ...]) -> Floats:
    """Each word's number in `levels`; unknown and rare ones get the number after the last."""
    number = {level: at for at, level in enumerate(levels)}
    # The last two places are those of OTHER (-2) and MISSING (-1), counted from the end.
    mine = np.array([*(number.get(level, len(levels)) for level in column.levels), len(levels), np.nan])
    return np.asarray(mine[column.words])


def _months(seconds: Floats) -> Floats:
    found = np.full(len(seconds), np.nan)
    there = ~np.isnan(seconds)
    months = seconds[there].astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    found[there] = months % 12
    return found
