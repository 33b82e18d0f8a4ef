"""Deleted is not gone: what a database keeps of deleted rows in its files. Start with `scrub`."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from hagukumi.channels.inbox import FILE
from hagukumi.privacy.places import database_names
from hagukumi.privacy.plan import PLAN, Fate
from hagukumi.privacy.traces import Traces
from models.tables.engine import open_engine

PATIENCE = 20.0
"""Seconds to wait for readers of the write-ahead log to go away."""


def scrub(engine: Engine, traces: Traces) -> bool:
    """Makes the bytes of deleted rows go from the files; whether they are gone as far as a database can tell.

    SQLite overwrites what it deletes, so the log is folded in; where a page still shows one of the words, left over
    from an earlier change, the file is written anew. PostgreSQL is asked to clear dead rows; what stays in its own log
    and in backups is theirs (docs/privacy.md).
    """
    if engine.dialect.name == "postgresql":
        _vacuum(engine)
        return True
    database = engine.url.database
    if not database or database == ":memory:":
        return True
    inbox = Path(database).with_name(FILE)
    done = _folded(engine, Path(database), traces)
    if inbox.exists():
        own = open_engine(f"sqlite:///{inbox}")
        try:
            # Read batches have been deleted here all the time; the file is small.
            done = _written_anew(own) and done
            done = _folded(own, inbox, traces) and done
        finally:
            own.dispose()
    return done


def _folded(engine: Engine, file: Path, traces: Traces) -> bool:
    done = _checkpoint(engine)
    if not database_names(file, traces):
        return done
    return _written_anew(engine) and _checkpoint(engine) and not database_names(file, traces)


def _written_anew(engine: Engine) -> bool:
    """False when somebody writes all the time, or the disk has no room for a second file."""
    try:
        _run(engine, "VACUUM")
    except sqlite3.OperationalError:
        return False
    return True


def _checkpoint(engine: Engine) -> bool:
    """Folds the log into the file and empties it; False when readers would not go."""
    until = time.monotonic() + PATIENCE
    while True:
        busy = _run(engine, "PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
        if not busy:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.05)


def _run(engine: Engine, statement: str) -> list[Any]:
    """A statement outside any transaction."""
    raw = engine.raw_connection()
    try:
        driver: Any = raw.driver_connection
        return list(driver.execute(statement).fetchall())
    finally:
        raw.close()


def _vacuum(engine: Engine) -> None:
    kinds = (Fate.EMPTIED, Fate.DELETED, Fate.LOCKED, Fate.CODES)
    tables = ", ".join(f'"{name}"' for name, rule in PLAN.items() if rule.fate in kinds)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql(f"VACUUM {tables}")
