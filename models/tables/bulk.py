"""Many rows at once: one statement text per shape, rows as tuples. Start with `insert_many`, `update_many`, `where_in`.

Call inside `begin_write`. Rows are Python values in the order of the column names; with `raw=True` they already lie as
the table stores them (instants as microseconds, JSON as text) and are passed on untouched, which is the fastest.
On PostgreSQL the rows of a chunk travel as one array a column, so the counts returned are true there too (SQLAlchemy's
rowcount after ON CONFLICT is -1). PostgreSQL refuses U+0000 in text: readers of files take it out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Boolean, ColumnElement, Connection, Table, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.tables.types import Flag, Instant, Json, Words, to_json, to_micros

Row = Sequence[Any]
_T = TypeVar("_T")

CHUNK = 5_000
COPY_FROM = 500  # rows; below that COPY's own round trips cost more than they save


def chunks(rows: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """Lists of at most `size` rows, in order; memory stays flat for endless iterables."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def insert_many(
    conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row], *, raw: bool = False
) -> int:
    """Insert all rows and return their number. Raises IntegrityError when one breaks a constraint.

    Columns not named get the table's defaults.
    """
    names = tuple(columns)
    total = 0
    for chunk in _ready(conn, table, names, rows, raw):
        total += len(chunk)
        if conn.dialect.name == "sqlite":
            conn.exec_driver_sql(_sqlite_insert(table, names), chunk)
        elif len(chunk) >= COPY_FROM:
            _copy(conn, table, names, chunk)
        else:
            conn.exec_driver_sql(_postgres_insert(table, names), _by_column(chunk))
    return total


def update_many(
    conn: Connection,
    table: Table,
    keys: Sequence[str],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    raw: bool = False,
) -> int:
    """Update one table row a tuple: (key values…, new values…). Returns the number of rows really changed.

    A name may stand in both lists: keys ("id", "state") and columns ("state",) move a state by compare-and-set.
    A key value of None matches nothing. A key given twice in one call is the caller's mistake.
    """
    wanted, news = tuple(keys), tuple(columns)
    sql = (_sqlite_update if conn.dialect.name == "sqlite" else _postgres_update)(table, wanted, news)
    return sum(_run(conn, sql, chunk) for chunk in _ready(conn, table, wanted + news, rows, raw))


def upsert_many(
    conn: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    conflict: Sequence[str] = (),
    update: Sequence[str] = (),
    only_changes: bool = False,
    raw: bool = False,
) -> int:
    """Insert rows; on conflict do nothing, or set the `update` columns to the new values. Returns rows inserted or set.

    `conflict` names the columns of a plain unique constraint; it may be left out when `update` is empty, and then any
    constraint counts. `only_changes` leaves rows alone whose `update` columns hold the new values already.
    Of rows with the same conflict values in one chunk the last wins.
    """
    if update and not conflict:
        raise ValueError("update needs the columns of the unique constraint in conflict")
    names = tuple(columns)
    tail = _on_conflict(conn.dialect.name, table, tuple(conflict), tuple(update), only_changes)
    sql = (_sqlite_insert if conn.dialect.name == "sqlite" else _postgres_insert)(table, names) + tail
    places = [names.index(name) for name in conflict]
    total = 0
    for chunk in _ready(conn, table, names, rows, raw):
        if places:
            # PostgreSQL refuses to set a row twice in one statement.
            chunk = list({tuple(row[place] for place in places): row for row in chunk}.values())
        total += _run(conn, sql, chunk)
    return total


def where_in(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """`column` is one of `values` (whole numbers or text, any number of them), as one parameter on both databases."""
    return _Among(column, bindparam("among", list(values), type_=_many(column), unique=True))


def among(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """The same with the values given by name when the statement runs: for statements that are made once."""
    return _Among(column, bindparam(parameter, type_=_many(column)))


def _many(column: ColumnElement[Any]) -> _Many:
    return _ManyTexts() if isinstance(column.type, Words | Text) else _ManyWholes()


class _Many(TypeDecorator[list[Any]]):
    impl = Text
    cache_ok = True
    item: type[TypeEngine[Any]]

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.item()))

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return to_json(value) if dialect.name == "sqlite" else value


class _ManyWholes(_Many):
    item = BigInteger
    cache_ok = True


class _ManyTexts(_Many):
    item = Text
    cache_ok = True


class _Among(FunctionElement[bool]):
    type = Boolean()
    # Otherwise SQLite is asked whether the answer equals 1, and no index can help it then.
    _is_implicitly_boolean = True
    name = "among"
    inherit_cache = True


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: Any, **kw: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} IN (SELECT value FROM json_each({compiler.process(values, **kw)}))"


@compiles(_Among, "postgresql")
def _among_postgres(element: _Among, compiler: Any, **kw: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} = ANY ({compiler.process(values, **kw)})"


def _ready(
    conn: Connection, table: Table, names: tuple[str, ...], rows: Iterable[Row], raw: bool
) -> Iterator[list[Row]]:
    """Chunks of rows as the driver takes them."""
    if not conn.in_transaction():
        raise RuntimeError("bulk statements belong inside begin_write")
    binds = [] if raw else _binds(table, names, conn.dialect)
    for chunk in chunks(rows):
        yield _bound(chunk, binds) if binds else chunk


def _bound(chunk: list[Row], binds: list[tuple[int, Callable[[Any], Any]]]) -> list[Row]:
    # Column by column: one call a value that needs it, none for the others.
    columns: list[Sequence[Any]] = list(zip(*chunk, strict=True))
    for place, bind in binds:
        columns[place] = [None if value is None else bind(value) for value in columns[place]]
    return list(zip(*columns, strict=True))


def _binds(table: Table, names: tuple[str, ...], dialect: Dialect) -> list[tuple[int, Callable[[Any], Any]]]:
    flag = int if dialect.name == "sqlite" else bool
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(names):
        match table.c[name].type:
            case Instant():
                found.append((place, to_micros))
            case Json():
                found.append((place, to_json))
            case Flag():
                found.append((place, flag))
            case _:
                pass
    return found


def _run(conn: Connection, sql: str, chunk: list[Row]) -> int:
    sent: Any = chunk if conn.dialect.name == "sqlite" else _by_column(chunk)
    return conn.exec_driver_sql(sql, sent).rowcount


def _by_column(chunk: list[Row]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*chunk, strict=True)))


def _copy(conn: Connection, table: Table, names: tuple[str, ...], chunk: list[Row]) -> None:
    sql = f"COPY {_quoted(table.name)} ({_list(names)}) FROM STDIN"
    driver: Any = conn.connection.driver_connection
    errors: Any = conn.dialect.loaded_dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(sql) as copy:
            for row in chunk:
                copy.write_row(row)
    except errors.Error as trouble:
        raise DBAPIError.instance(
            sql, None, trouble, errors.Error, hide_parameters=True, dialect=conn.dialect
        ) from trouble


@lru_cache(256)
def _sqlite_insert(table: Table, names: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {_quoted(table.name)} ({_list(names)}) VALUES ({marks})"


@lru_cache(256)
def _postgres_insert(table: Table, names: tuple[str, ...]) -> str:
    arrays = ", ".join(f"%s::{_postgres_type(table, name)}[]" for name in names)
    return f"INSERT INTO {_quoted(table.name)} ({_list(names)}) SELECT * FROM unnest({arrays})"


@lru_cache(256)
def _sqlite_update(table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    news = ", ".join(f"{_quoted(name)} = ?{place}" for place, name in enumerate(columns, len(keys) + 1))
    same = " AND ".join(f"{_quoted(name)} = ?{place}" for place, name in enumerate(keys, 1))
    return f"UPDATE {_quoted(table.name)} SET {news} WHERE {same}"


@lru_cache(256)
def _postgres_update(table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    arrays = ", ".join(f"%s::{_postgres_type(table, name)}[]" for name in keys + columns)
    given = ", ".join([f"k{place}" for place in range(len(keys))] + [f"c{place}" for place in range(len(columns))])
    news = ", ".join(f"{_quoted(name)} = given.c{place}" for place, name in enumerate(columns))
    same = " AND ".join(f"t.{_quoted(name)} = given.k{place}" for place, name in enumerate(keys))
    return f"UPDATE {_quoted(table.name)} AS t SET {news} FROM unnest({arrays}) AS given({given}) WHERE {same}"


def _on_conflict(dialect: str, table: Table, conflict: tuple[str, ...], update: tuple[str, ...], changes: bool) -> str:
    target = f" ({_list(conflict)})" if conflict else ""
    if not update:
        return f" ON CONFLICT{target} DO NOTHING"
    news = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in update)
    tail = f" ON CONFLICT{target} DO UPDATE SET {news}"
    if not changes:
        return tail
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    old = _quoted(table.name)
    return f"{tail} WHERE " + " OR ".join(f"{old}.{_quoted(n)} {differs} excluded.{_quoted(n)}" for n in update)


def _postgres_type(table: Table, name: str) -> str:
    from sqlalchemy.dialects import postgresql

    return table.c[name].type.compile(postgresql.dialect()).split(" COLLATE")[0]


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return f'"{name}"'
