"""An erasure from its first line to its last. Start with `erase`.

The ledger is written first and the mark `done` last: whatever kills the process in between, the next opening of the
workspace goes on, and nothing is half in the end.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, select

from hagukumi.privacy import places, raws, rows
from hagukumi.privacy.ledger import Ledger, Line
from hagukumi.privacy.scrub import scrub
from hagukumi.privacy.subject import Subject
from hagukumi.settings import Settings
from hagukumi.workspace import Workspace
from models.tables.bulk import where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import consent, letter

SENDING_SECONDS = 5.0
"""How long a letter in the sender's hands is waited for; what comes later is swept (later.py)."""


class Holding(NamedTuple):
    """A workspace in which somebody is to be erased."""

    workspace: Workspace
    settings: Settings
    engine: Engine

    @property
    def zone(self) -> ZoneInfo:
        """The business zone."""
        return ZoneInfo(self.settings.zone)

    @property
    def places(self) -> places.Places:
        """Where its files lie."""
        folder = self.workspace.folder
        return places.Places(self.workspace.var, folder / self.settings.outbox, folder / self.settings.inbound.folder)


class Ahead(NamedTuple):
    """What an erasure would do. `until`: how long evidence is locked apart; None: nothing has to stay."""

    letters: int
    grounds: int
    until: datetime | None


class Erased(NamedTuple):
    """What was done. `files` still name the person and are not ours to touch; `scrubbed`: no bytes lie on."""

    at: datetime
    stopped: rows.Stopped
    rows: Mapping[str, int]
    raws: int
    cleared: places.Cleared
    grounds: int
    until: datetime | None
    scrubbed: bool
    files: tuple[Path, ...]

    @property
    def held_anything(self) -> bool:
        """Whether there was anything besides the address as it was given."""
        counts = (*self.stopped, *self.rows.values(), self.raws, *self.cleared, self.grounds, len(self.files))
        return any(counts)


def look_ahead(holding: Holding, who: Subject, now: datetime) -> Ahead:
    """What would go and what would have to stay."""
    with begin_read(holding.engine) as conn:
        until = rows.lock_until(conn, who, holding.zone, tokushoho=holding.settings.law.tokushoho)
        letters = conn.scalar(select(func.count()).where(where_in(letter.c.person_id, who.ids))) or 0
        mine = (where_in(consent.c.person_id, who.ids), consent.c.channel == "mail")
        grounds = conn.scalar(select(func.count()).select_from(consent).where(*mine)) or 0
    return Ahead(letters, grounds, until if until is not None and until > now and grounds else None)


def erase(holding: Holding, who: Subject, *, by: str, now: datetime, at: datetime | None = None) -> Erased:
    """Erases somebody; running it again is harmless. `now` is the workspace's clock, `at` when it was first asked."""
    engine, at = holding.engine, at or now
    ledger = Ledger(holding.workspace.var)
    known = {(line.hash, line.at) for line in ledger.lines()}
    ledger.add(Line(each, who.canonical, at) for each in who.hashes if (each, at) not in known)
    with begin_write(engine) as conn:
        stopped = rows.stop(conn, who, by=by, at=at, now=now)
    _wait_for_the_sender(engine, who)
    with begin_read(engine) as conn:
        keys = list(conn.scalars(select(letter.c.key).where(where_in(letter.c.person_id, who.ids))))
        until = rows.lock_until(conn, who, holding.zone, tokushoho=holding.settings.law.tokushoho)
    raw = raws.clear(engine, who.ids, who.traces)
    cleared = places.clear(holding.places, keys, who.traces)
    done = rows.empty(engine, who)
    with begin_write(engine) as conn:
        grounds = rows.finish(conn, who, until, now)
    scrubbed = scrub(engine, who.traces)
    with begin_write(engine) as conn:
        rows.mark_done(conn, who, now)
    files = tuple(places.still_named(holding.places, who.traces))
    return Erased(at, stopped, done, raw, cleared, grounds, until if grounds else None, scrubbed, files)


def _wait_for_the_sender(engine: Engine, who: Subject) -> None:
    """A letter that has been handed over brings its body a moment later."""
    c = letter.c
    until = time.monotonic() + SENDING_SECONDS
    # Only what has been claimed names an outlet: a grant that nobody has taken in hand brings nothing.
    held = (
        where_in(c.person_id, who.ids),
        c.lease_until > datetime.now(UTC),
        c.state == "withdrawn",
        c.outlet.is_not(None),
    )
    while time.monotonic() < until:
        with begin_read(engine) as conn:
            if conn.scalar(select(c.key).where(*held).limit(1)) is None:
                return
        time.sleep(0.1)
