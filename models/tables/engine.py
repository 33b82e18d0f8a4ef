"""Opening the database and its transactions. Start with `open_engine`, `begin_write`, `begin_read`."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from models.tables import errors, turns

_T = TypeVar("_T")
Listener = Callable[[Sequence[Mapping[str, Any]]], None]
_LISTENER = "hagukumi_listener"

DEFAULT_URL = "sqlite:///var/hagukumi.db"
BUSY_TIMEOUT_MS = 10_000
_PAUSES = (0.05, 0.2, 0.5)
"""Seconds between tries to open a file."""

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    # What is deleted is overwritten: an erased person's words must not lie on in the file. Debian's default anyway.
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -32768",  # KiB when negative
)


def open_engine(url: str = DEFAULT_URL) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…` (plain `postgresql://` is understood).

    Makes the folder of a SQLite file and connects once. Raises DatabaseError when it cannot be used.
    """
    address = _address(url)
    if address.drivername == "sqlite":
        engine = _sqlite(address)
    else:
        engine = create_engine(address, hide_parameters=True, pool_pre_ping=True)
    try:
        _reach(engine)
    except DBAPIError as trouble:
        engine.dispose()
        if is_busy(trouble):
            raise errors.busy() from None
        where = address.render_as_string(hide_password=True)
        if "not a database" in str(trouble.orig):
            raise errors.not_a_database(where) from None
        raise errors.unreachable(where) from None
    return engine


@contextmanager
def begin_write(engine: Engine, *, wait_ms: int | None = None) -> Iterator[Connection]:
    """A transaction that may write; committed at the end, rolled back on any exception.

    SQLite: BEGIN IMMEDIATE, so there is one writer at a time from the first statement on, and no statement later
    fails for want of the lock. PostgreSQL: an ordinary READ COMMITTED transaction; writers run beside each other.
    Raises DatabaseError `database-busy` when SQLite's lock is not had within `wait_ms` (default 10 s). What was marked
    inside by `remember` is told to the engine's listener once it is committed.
    """
    marks: list[Any] = []
    with engine.connect() as conn, _to_write(conn, marks, wait_ms):
        yield conn
    _tell(engine, marks)


@contextmanager
def begin_ahead(engine: Engine, think: Callable[[Connection], _T]) -> Iterator[tuple[Connection, _T, bool]]:
    """A writing transaction on SQLite, what `think` made of the tables before it began, and whether that still holds.

    `think` reads one unchanging state and holds no lock; it holds where no other connection has committed since.
    """
    marks: list[Any] = []
    with engine.connect() as conn:
        # Asked before the state is fixed: what is committed in between only makes it look older than it is.
        version = _version(conn)
        with conn.begin():
            thought = think(conn)
        with _to_write(conn, marks):
            yield conn, thought, _version(conn) == version
    _tell(engine, marks)


def _version(conn: Connection) -> int:
    driver: Any = conn.connection.driver_connection
    version: int = driver.execute("PRAGMA data_version").fetchone()[0]
    return version


@contextmanager
def _to_write(conn: Connection, marks: list[Any], wait_ms: int | None = None) -> Iterator[None]:
    conn.execution_options(hagukumi_write=True, hagukumi_wait_ms=wait_ms, hagukumi_marks=marks)
    try:
        transaction = conn.begin()
    except OperationalError as trouble:
        if is_busy(trouble):
            raise errors.busy() from None
        raise
    with transaction:
        yield


def _tell(engine: Engine, marks: list[Any]) -> None:
    if marks and (listener := engine.get_execution_options().get(_LISTENER)) is not None:
        listener([row for row in marks if row is not None])


def listen(engine: Engine, listener: Listener) -> None:
    """`listener` gets what each transaction of this engine remembers, once it is committed. It raises nothing."""
    # The engine itself keeps it: a listener that knows its engine in a map of ours would keep both for ever.
    engine.update_execution_options(**{_LISTENER: listener})


def remember(conn: Connection, *rows: Mapping[str, Any]) -> None:
    """What must be known beside the database too: these rows (refusals); without any, that something else changed."""
    conn.get_execution_options().get("hagukumi_marks", []).extend(rows or (None,))


@contextmanager
def begin_read(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one unchanging state of all tables and writes nothing, on both databases."""
    with engine.connect() as conn, conn.begin():
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield conn
            return
        driver: Any = conn.connection.driver_connection
        driver.execute("PRAGMA query_only = ON")
        try:
            yield conn
        finally:
            driver.execute("PRAGMA query_only = OFF")


def is_busy(trouble: DBAPIError) -> bool:
    """Whether SQLite refused because another connection holds the lock."""
    return _code(trouble) == sqlite3.SQLITE_BUSY


def _code(trouble: DBAPIError) -> int | None:
    """SQLite's own number; None where something else spoke."""
    code = getattr(trouble.orig, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def _reach(engine: Engine) -> None:
    """Connects once, or again where SQLite refuses for a moment: who closes last deletes its log while others open."""
    for pause in _PAUSES:
        try:
            engine.connect().close()
        except DBAPIError as trouble:
            if _code(trouble) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_CANTOPEN):
                raise
            time.sleep(pause)
        else:
            return
    engine.connect().close()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise errors.bad_address("(…)" if "@" in url else url) from None
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise errors.bad_address(address.render_as_string(hide_password=True))
    return address


def _sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        try:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise errors.unreachable(address.render_as_string()) from None
    engine = create_engine(address, hide_parameters=True)
    prepare_sqlite(engine)
    return engine


def prepare_sqlite(engine: Engine) -> None:
    """Pragmas on every connection, and transactions that begin when and as they are asked to."""
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes late and never IMMEDIATE; `_begin_sqlite` writes it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    options = conn.get_execution_options()
    if not options.get("hagukumi_write"):
        conn.exec_driver_sql("BEGIN")
        return
    wait_ms = options.get("hagukumi_wait_ms")
    driver: Any = conn.connection.driver_connection
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        if not _taken(conn):
            _queue_up(conn, BUSY_TIMEOUT_MS if wait_ms is None else wait_ms)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _taken(conn: Connection) -> bool:
    """Whether the lock was free."""
    driver: Any = conn.connection.driver_connection
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as trouble:
        if trouble.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        # Fails once more, as SQLAlchemy's own error.
        conn.exec_driver_sql("BEGIN IMMEDIATE")
    return True


def _queue_up(conn: Connection, wait_ms: int) -> None:
    """Tries again and again where writers of batches can see it; SQLite's own waiting grows longer with each try."""
    until = time.monotonic() + wait_ms / 1000
    with turns.waiting(conn.engine.url.database):
        while time.monotonic() < until:
            time.sleep(turns.POLL_SECONDS)
            if _taken(conn):
                return
    conn.exec_driver_sql("BEGIN IMMEDIATE")
