"""Brings a database that came back from a backup up to what has left the house since. Start with `recover`.

What the logbook knows and the database does not becomes `unknown`: never sent again, counted by every limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from hagukumi.letters.departures import wake
from hagukumi.letters.logbook import Logbook, Noted
from models.tables.bulk import chunks, update_many, upsert_many, where_in
from models.tables.engine import begin_write
from models.tables.schema import letter, logbook
from models.tables.types import to_json, to_micros

KEPT = (
    "journey_id", "scenario", "version_id", "step", "visit", "person_id", "account_id", "address_hash", "content",
    "variant", "klass", "priority", "due", "written_at", "voice", "granted_at", "domain", "incident_id",
)  # fmt: skip
"""Columns of a letter that the logbook keeps: what limits, voices and the fence of contents ask for."""
_SETTLED = ("sending", "unknown", "accepted", "delivered", "bounced", "dropped")
_WHY = to_json(["restored"])


def claims_of(conn: Connection, book: str) -> int:
    """How many claims of that logbook the database knows."""
    return conn.scalar(select(logbook.c.claims).where(logbook.c.id == book)) or 0


def count_claim(conn: Connection, book: str, claim: int) -> None:
    """Writes down, with the claim itself, that it is the so-manieth of that logbook."""
    upsert_many(conn, logbook, ("id", "claims"), [(book, claim)], conflict=("id",), update=("claims",))


def recover(engine: Engine, book: Logbook, now: datetime) -> int:
    """Letters that have left and that the database has forgotten become `unknown`. Returns how many; mostly 0.

    `now` is the workspace's clock. Raises DatabaseError.
    """
    id_, last = book.id, book.claims
    with engine.connect() as conn:
        known = claims_of(conn, id_)
    if known >= last:
        return 0
    found = 0
    for some in chunks(book.since(known), 200):
        with begin_write(engine) as conn:
            found += _remember(conn, some, now)
    with begin_write(engine) as conn:
        if claims_of(conn, id_) < last:
            count_claim(conn, id_, last)
    return found


def _remember(conn: Connection, noted: Sequence[Noted], now: datetime) -> int:
    c, at = letter.c, to_micros(now)
    states = {
        row.key: row.state
        for row in conn.execute(select(c.key, c.state).where(where_in(c.key, [n.key for n in noted])))
    }
    lost = [one for one in noted if one.key not in states]
    stale = [one for one in noted if states.get(one.key, "unknown") not in _SETTLED]
    # Another sender may be at it too.
    made = [
        (one.key, *(one.row.get(name) for name in KEPT), "unknown", one.row["granted_at"], at, _WHY) for one in lost
    ]
    columns = ("key", *KEPT, "state", "sent_at", "settled_at", "why")
    upsert_many(conn, letter, columns, made, conflict=("key",), raw=True)
    update_many(
        conn, letter, ("key",), ("state", "granted_at", "sent_at", "settled_at", "next_try", "lease_until", "why"),
        [(one.key, "unknown", one.row["granted_at"], one.row["granted_at"], at, None, None, _WHY) for one in stale],
        raw=True,
    )  # fmt: skip
    wake(conn, [(at, one.row["person_id"]) for one in (*lost, *stale)])
    return len(lost) + len(stale)
