"""Statements that run very often: put into words once, then given to the driver as they are. Start with `Prepared`.

SQLAlchemy's way from a statement to its rows costs more than SQLite's answer where rows are few or columns are many.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select

from models.tables.types import Flag, Instant, Json, from_micros, to_json, to_micros

_instant = lru_cache(maxsize=8192)(from_micros)


class Prepared:
    """A SELECT whose parameters are named binds (`bindparam`, `among`); its rows have the columns' names.

    Values come and go as with SQLAlchemy: instants, JSON, flags and lists. Runs inside the caller's transaction.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement
        columns = statement.selected_columns
        row: Any = namedtuple("Prepared", columns.keys())  # type: ignore[misc]  # names known at run time only
        self._row = row._make
        self._reads = [(place, read) for place, column in enumerate(columns) if (read := _read(column.type))]
        self._words: dict[str, tuple[str, tuple[str, ...] | None, dict[str, Any]]] = {}

    def all(self, conn: Connection, given: Mapping[str, Any] | None = None) -> list[Any]:
        """Every row."""
        sql, places, own = self._words.get(conn.dialect.name) or self._prepare(conn)
        plain = places is not None
        values = own | {name: _bound(value, plain) for name, value in (given or {}).items()}
        cursor = conn.connection.cursor()
        try:
            cursor.execute(sql, values if places is None else tuple([values[name] for name in places]))
            rows = cursor.fetchall()
        finally:
            cursor.close()
        if rows and self._reads:
            columns = list(zip(*rows, strict=True))
            for place, read in self._reads:
                columns[place] = tuple([None if value is None else read(value) for value in columns[place]])
            rows = list(zip(*columns, strict=True))
        return list(map(self._row, rows))

    def _prepare(self, conn: Connection) -> tuple[str, tuple[str, ...] | None, dict[str, Any]]:
        compiled = self.statement.compile(dialect=conn.dialect)
        places = None if compiled.positiontup is None else tuple(compiled.positiontup)
        own = {name: _bound(value, places is not None) for name, value in compiled.params.items()}
        self._words[conn.dialect.name] = words = (str(compiled), places, own)
        return words


def _bound(value: Any, plain: bool) -> Any:
    """As the driver takes it; SQLite knows no lists."""
    if isinstance(value, datetime):
        return to_micros(value)
    return to_json(value) if plain and isinstance(value, list) else value


def _read(kind: Any) -> Callable[[Any], Any] | None:
    match kind:
        case Instant():
            return _instant
        case Json():
            return json.loads
        case Flag():
            return bool
        case _:
            return None
