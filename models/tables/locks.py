"""Locks beyond a transaction's rows: who walks, who plans departures, who moves a virtual clock.

PostgreSQL knows them as advisory locks; SQLite has one writer, and files beside it for what lasts longer. Start with
`walk_beside`, `plan_alone` and `one_planner`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from models.tables.signs import held, held_if_free

WALKING = 8_094_215_002
"""Held shared by those who walk people, alone by the one who plans departures or shares out tasks."""
CLOCK = 8_094_215_003
"""Held by whoever moves a virtual clock."""
PLANNING = 8_094_215_004
"""Held by whoever plans the departures of a slot, for all its batches."""
LISTING = 8_094_215_005
"""Held by whoever changes the list of target accounts."""
SIGNALS = 8_094_215_006
"""Held by whoever brings in a list of signals, or makes their weekly sums."""
SEATS = 8_094_215_021
"""Held by whoever registers somebody for a webinar."""
AUDIENCES = 8_094_215_010
"""Held by whoever works out audiences of ads, or hands them over."""
RANKING = 8_094_215_007
"""Held by whoever ranks all accounts anew."""
_NOTICED = "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4"
"""A machine that vanishes lets go of its lock within a minute, not after the two hours of most systems."""


def walk_beside(conn: Connection) -> None:
    """Until the end of the transaction nobody plans departures; others may walk. SQLite's writers are alone anyway."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({WALKING})")


def plan_alone(conn: Connection) -> None:
    """Waits until no walk is under way, and keeps them off until the end of the transaction."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WALKING})")


def list_alone(conn: Connection) -> None:
    """Until the end of the transaction nobody else changes the list of target accounts."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LISTING})")


def seats_alone(conn: Connection) -> None:
    """Until the end of the transaction nobody else registers for a webinar: the last seat is given once."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({SEATS})")


@contextmanager
def one_clock(engine: Engine) -> Iterator[None]:
    """For the length of the block nobody else moves this workspace's virtual clock; waits for whoever does.

    A process that dies lets go of it. On Windows SQLite's file has no such lock: there one process is to tick.
    """
    with _alone(engine, CLOCK, "clock"):
        yield


@contextmanager
def one_list_of_signals(engine: Engine) -> Iterator[None]:
    """The same for lists of signals: what is half in then is from a process that died."""
    with _alone(engine, SIGNALS, "signals"):
        yield


@contextmanager
def one_audience(engine: Engine) -> Iterator[None]:
    """The same for audiences of ads: whoever is taken out must not be handed over again by a call begun before."""
    with _alone(engine, AUDIENCES, "audiences"):
        yield


@contextmanager
def one_ranking(engine: Engine) -> Iterator[None]:
    """The same for the ranking of accounts: whoever comes second finds it done."""
    with _alone(engine, RANKING, "ranking"):
        yield


@contextmanager
def _alone(engine: Engine, number: int, what: str) -> Iterator[None]:
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql(f"SELECT pg_advisory_lock({number})")
            try:
                yield
            finally:
                conn.exec_driver_sql(f"SELECT pg_advisory_unlock({number})")
        return
    if (sign := _sign(engine, what)) is None:
        yield
        return
    with held(sign):
        yield


@contextmanager
def one_planner(engine: Engine) -> Iterator[bool]:
    """True, and for the length of the block nobody else gets it; False at once where somebody else has it.

    A process that dies lets go of it. On Windows SQLite's file has no such lock: there everybody gets it.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql(_NOTICED)
            mine = bool(conn.exec_driver_sql(f"SELECT pg_try_advisory_lock({PLANNING})").scalar())
            try:
                yield mine
            finally:
                if mine:
                    conn.exec_driver_sql(f"SELECT pg_advisory_unlock({PLANNING})")
        return
    if (sign := _sign(engine, "planner")) is None:
        yield True
        return
    with held_if_free(sign) as mine:
        yield mine


def _sign(engine: Engine, what: str) -> Path | None:
    """The file beside SQLite's that stands for a lock; None where there can be none."""
    database = engine.url.database
    if sys.platform == "win32" or not database or database == ":memory:":
        return None
    return Path(f"{database}-{what}")
