"""How every part of the program opens a workspace's database: who was erased stays erased. Start with `open_settled`.

What a restored backup brings back is erased before anything else runs, and from then on refusals and stops are noted
beside the database, whichever part of the program takes them in. Asked at every start, so it imports little.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache, partial

from sqlalchemy import Connection, Engine, select

from hagukumi.database import identity, open_database
from hagukumi.letters.logbook import FILE, Logbook
from hagukumi.letters.recovery import follow
from hagukumi.privacy.ledger import Ledger, Line
from hagukumi.privacy.plan import RESTORED
from hagukumi.workspace import Workspace
from models.tables.engine import begin_read
from models.tables.schema import erasure

_log = logging.getLogger("hagukumi.privacy")


def open_settled(workspace: Workspace) -> Engine:
    """The engine of this workspace's database. Raises what `open_database` raises, NotDone for broken settings."""
    engine = open_database(workspace)
    follow(engine, cache(partial(_logbook, workspace, engine)))
    ledger = Ledger(workspace.var)
    if not ledger.exists():
        return engine
    try:
        if _undone(engine, ledger):
            _again(workspace, engine, ledger)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _logbook(workspace: Workspace, engine: Engine) -> Logbook | None:
    """A virtual workspace sends to nobody and needs none."""
    with begin_read(engine) as conn:
        return Logbook(workspace.var / FILE) if identity(conn).nature == "real" else None


def done_erasures(conn: Connection) -> list[tuple[str, datetime]]:
    """Hash and instant of each erasure that is whole."""
    c = erasure.c
    return [
        (row.address_hash, row.at) for row in conn.execute(select(c.address_hash, c.at).where(c.done_at.is_not(None)))
    ]


def _undone(engine: Engine, ledger: Ledger) -> list[Line]:
    with begin_read(engine) as conn:
        return ledger.missing(done_erasures(conn))


def _again(workspace: Workspace, engine: Engine, ledger: Ledger) -> None:
    from hagukumi.privacy.erase import Holding, erase
    from hagukumi.privacy.subject import by_hashes

    holding = Holding(workspace, workspace.read_settings(), engine)
    with ledger.alone():
        wanted: dict[tuple[datetime, int | None], list[str]] = {}
        for line in _undone(engine, ledger):
            wanted.setdefault((line.at, line.person), []).append(line.hash)
        for (at, _), hashes in sorted(wanted.items(), key=lambda item: item[0][0]):
            with begin_read(engine) as conn:
                own = identity(conn)
                who = by_hashes(conn, own.secret, hashes)
            erase(holding, who, by=RESTORED, now=own.now, at=at)
        _log.warning("%d erasures were done again: the database is a restored one, or one was cut off", len(wanted))
