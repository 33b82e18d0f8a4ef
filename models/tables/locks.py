"""Locks beyond a transaction's rows: who walks, who plans departures, who moves a virtual clock.

PostgreSQL knows them as advisory locks; SQLite has one writer, and a file beside it for the clock. Start with
`walk_beside` and `plan_alone`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

WALKING = 8_094_215_002
"""Held shared by those who walk people, alone by the one who plans departures or shares out tasks."""
CLOCK = 8_094_215_003
"""Held by whoever moves a virtual clock."""


def walk_beside(conn: Connection) -> None:
    """Until the end of the transaction nobody plans departures; others may walk. SQLite's writers are alone anyway."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({WALKING})")


def plan_alone(conn: Connection) -> None:
    """Waits until no walk is under way, and keeps them off until the end of the transaction."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WALKING})")


@contextmanager
def one_clock(engine: Engine) -> Iterator[None]:
    """For the length of the block nobody else moves this workspace's virtual clock; waits for whoever does.

    A process that dies lets go of it. On Windows SQLite's file has no such lock: there one process is to tick.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql(f"SELECT pg_advisory_lock({CLOCK})")
            try:
                yield
            finally:
                conn.exec_driver_sql(f"SELECT pg_advisory_unlock({CLOCK})")
        return
    database = engine.url.database
    if sys.platform == "win32" or not database or database == ":memory:":
        yield
        return
    from fcntl import LOCK_EX, flock

    with Path(f"{database}-clock").open("ab") as sign:
        flock(sign, LOCK_EX)
        yield
