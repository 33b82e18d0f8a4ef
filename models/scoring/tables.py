"""A table as columns: numbers, words or dates, each a numpy array. Start with `Table`. Imports numpy only.

Callers with data of their own build columns by `numbers`, `words` and `dates`; files are read elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Bools = NDArray[np.bool_]
Index = NDArray[np.int64]

Kind = Literal["number", "word", "date"]
MISSING, OTHER = -1, -2
"""Codes of cells that are empty, and of words too many to be kept apart."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `values`: numbers, or seconds since 1970 (UTC) of dates; NaN where empty. None for words.

    codes: number of the word in `levels`, MISSING or OTHER. odd: how many cells did not fit the kind; they are empty.
    """

    name: str
    kind: Kind
    values: Floats | None = None
    codes: Codes | None = None
    levels: tuple[str, ...] = ()
    odd: int = 0

    @property
    def rows(self) -> int:
        """How many cells."""
        return len(self.numbers if self.codes is None else self.codes)

    @property
    def numbers(self) -> Floats:
        """The values of numbers and dates. Raises ValueError for words."""
        if self.values is None:
            raise ValueError(f"{self.name} holds words")
        return self.values

    @property
    def words(self) -> Codes:
        """The codes of words. Raises ValueError for numbers and dates."""
        if self.codes is None:
            raise ValueError(f"{self.name} holds no words")
        return self.codes

    def filled(self) -> Bools:
        """Which cells hold something."""
        return np.asarray(self.words != MISSING if self.codes is not None else ~np.isnan(self.numbers))

    def take(self, rows: Index | slice) -> Column:
        """The column of these rows only; its levels stay."""
        if self.codes is not None:
            return replace(self, codes=self.codes[rows])
        return replace(self, values=self.numbers[rows])


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of the same length by their names, in the order of the file."""

    columns: Mapping[str, Column]
    rows: int

    @classmethod
    def of(cls, columns: Iterable[Column]) -> Table:
        """Raises ValueError when lengths differ or a name comes twice."""
        named: dict[str, Column] = {}
        for column in columns:
            if column.name in named:
                raise ValueError(f"two columns {column.name}")
            named[column.name] = column
        lengths = {column.rows for column in named.values()}
        if len(lengths) > 1:
            raise ValueError(f"columns of different lengths: {sorted(lengths)}")
        return cls(named, lengths.pop() if lengths else 0)

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns.values())

    def take(self, rows: Index | slice) -> Table:
        """These rows only."""
        taken = {name: column.take(rows) for name, column in self.columns.items()}
        return Table(taken, next(iter(taken.values())).rows if taken else 0)

    def without(self, names: Iterable[str]) -> Table:
        """All other columns."""
        gone = set(names)
        return Table({name: column for name, column in self.columns.items() if name not in gone}, self.rows)


def numbers(name: str, values: Sequence[float] | Floats) -> Column:
    """A column of numbers; NaN is empty."""
    return Column(name, "number", values=np.asarray(values, np.float64))


def dates(name: str, seconds: Sequence[float] | Floats) -> Column:
    """A column of instants, in seconds since 1970 (UTC); NaN is empty."""
    return Column(name, "date", values=np.asarray(seconds, np.float64))


def words(name: str, cells: Iterable[str | None]) -> Column:
    """A column of words; None and "" are empty."""
    known = _Levels({None: MISSING, "": MISSING})
    codes = np.fromiter(map(known.__getitem__, cells), np.int32)
    return Column(name, "word", codes=codes, levels=tuple(level for level in known if level))


class _Levels(dict[str | None, int]):
    """Gives each new word the next number."""

    def __missing__(self, word: str | None) -> int:
        self[word] = number = len(self) - 2
        return number


def stacked(tables: Sequence[Table]) -> Table:
    """The rows of all tables (one at least), which have the same columns of the same kinds, one below the other."""
    return Table.of(_stacked([table[column.name] for table in tables]) for column in tables[0])


def _stacked(parts: Sequence[Column]) -> Column:
    first = parts[0]
    if first.codes is None:
        return replace(first, values=np.concatenate([part.numbers for part in parts]))
    levels = {level: number for number, level in enumerate(dict.fromkeys(w for part in parts for w in part.levels))}
    codes = []
    for part in parts:
        # OTHER and MISSING count from the end, as they do in the codes.
        mine = np.array([*(levels[level] for level in part.levels), OTHER, MISSING], np.int32)
        codes.append(mine[part.words])
    return replace(first, codes=np.concatenate(codes), levels=tuple(levels))
