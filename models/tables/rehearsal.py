"""A copy of the database that vanishes: whatever runs over it changes nothing. Start with `rehearsal`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, Table, create_engine, text

from models.tables.engine import prepare_sqlite
from models.tables.schema import metadata


@contextmanager
def rehearsal(engine: Engine) -> Iterator[Engine]:
    """An engine over a copy of all rows as they stand now; gone at the end.

    SQLite: an online backup in memory, made without holding the lock. PostgreSQL: temporary tables of one session.
    """
    copy = _in_memory(engine) if engine.dialect.name == "sqlite" else _in_session(engine)
    try:
        yield copy
    finally:
        copy.dispose()


def _in_memory(engine: Engine) -> Engine:
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    with engine.connect() as conn:
        source: Any = conn.connection.dbapi_connection
        source.backup(memory)
    copy = create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool, hide_parameters=True)
    prepare_sqlite(copy)
    return copy


def _in_session(engine: Engine) -> Engine:
    copy = create_engine(engine.url, poolclass=StaticPool, hide_parameters=True)
    with copy.begin() as conn:
        for table in metadata.sorted_tables:
            _shadow(conn, table)
    return copy


def _shadow(conn: Connection, table: Table) -> None:
    """A temporary table hides the real one from this session; its ids go on where the real ones end."""
    name = f'pg_temp."{table.name}"'
    conn.execute(text(f'CREATE TEMP TABLE "{table.name}" (LIKE public."{table.name}" INCLUDING ALL)'))
    conn.execute(text(f'INSERT INTO {name} SELECT * FROM public."{table.name}"'))
    if table.autoincrement_column is not None:
        numbers = f'"{table.name}_numbers"'
        conn.execute(text(f"CREATE TEMP SEQUENCE {numbers} OWNED BY {name}.id"))
        conn.execute(text(f"ALTER TABLE {name} ALTER id SET DEFAULT nextval('pg_temp.{numbers}')"))
        conn.execute(text(f"SELECT setval('pg_temp.{numbers}', coalesce(max(id), 0) + 1, false) FROM {name}"))
