"""A table that comes later, made to fit the encoding that a model was trained on. Start with `fitted`."""

from __future__ import annotations

import numpy as np

from hagukumi.words.learning import refusal
from models.scoring.columns import Encoding
from models.scoring.tables import MISSING, Codes, Column, Kind, Table


def fitted(table: Table, encoding: Encoding) -> Table:
    """The columns the encoding needs, each of its kind. Raises NotDone when one is missing or of another kind.

    Numbers read where words were expected (a code that is 1 or 2 in this table) are words, and empty columns fit all.
    """
    missing = [name for name in encoding.columns() if name not in table]
    if missing:
        raise refusal("model-columns", ", ".join(missing[:8]))
    return Table.of(_as(table[name], _kind(name, encoding)) for name in encoding.columns())


def _kind(name: str, encoding: Encoding) -> Kind | None:
    """None where it only counts whether something is there."""
    parts = {feature.part for feature in encoding.features if feature.column == name}
    if "filled" in parts:
        return None
    return "word" if parts & {"word", "many"} else "number" if "number" in parts else "date"


def _as(column: Column, kind: Kind | None) -> Column:
    if kind is None or column.kind == kind:
        return column
    if not column.filled().any():
        empty = np.full(column.rows, np.nan)
        if kind == "word":
            return Column(column.name, "word", codes=np.full(column.rows, MISSING, np.int32))
        return Column(column.name, kind, values=empty)
    if kind == "word" and column.kind == "number":
        values, places = np.unique(column.numbers, return_inverse=True)
        levels = tuple(f"{value:.15g}" for value in values[~np.isnan(values)])
        codes: Codes = np.where(np.isnan(column.numbers), MISSING, places).astype(np.int32)
        return Column(column.name, "word", codes=codes, levels=levels)
    if kind == "number" and column.codes is not None:
        read = np.array([*(_number(level) for level in column.levels), np.nan, np.nan])
        return Column(column.name, "number", values=read[column.codes])
    raise refusal("model-kind", column.name)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan
