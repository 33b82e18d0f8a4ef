"""Brings a database that came back from a backup up to what has left the house since. Start with `recover`.

What the logbook knows and the database does not becomes `unknown`: never sent again, counted by every limit. Refusals
that the backup does not know are put back, and what was stopped is stopped again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, or_, select

from hagukumi.letters.departures import take_back, wake
from hagukumi.letters.logbook import Logbook, Noted
from hagukumi.letters.stops import stop_again, stopped_now
from models.tables.bulk import chunks, update_many, upsert_many, where_in
from models.tables.engine import begin_read, begin_write, listen
from models.tables.errors import DatabaseError
from models.tables.schema import letter, logbook, refusal
from models.tables.types import to_json, to_micros

KEPT = (
    "journey_id", "scenario", "version_id", "step", "visit", "person_id", "account_id", "address_hash", "content",
    "variant", "klass", "priority", "due", "written_at", "voice", "granted_at", "domain", "incident_id",
)  # fmt: skip
"""Columns of a letter that the logbook keeps: what limits, voices and the fence of contents ask for."""
REFUSED = ("channel", "address_hash", "person_id", "account_id", "cause", "at", "source", "topic")
SETTLED = ("sending", "unknown", "accepted", "delivered", "bounced", "dropped")
"""States of letters whose handing over the database knows of."""
MOST = 200
_WHY = to_json(["restored"])
_AGAIN = ("state", "granted_at", "sent_at", "settled_at", "next_try", "lease_until", "why")


OVERLAP = 200
"""Refusals looked at again: a transaction that got its ids earlier may be committed later."""
_log = logging.getLogger("hagukumi.sender")


class Known(NamedTuple):
    """What a database knows of a logbook: its last claim, the last refusal's row that stands there, its last note."""

    claims: int = 0
    refusals: int = 0
    notes: int = 0


class Recovered(NamedTuple):
    """Letters that became unknown, refusals that were put back, and stops that stand again."""

    letters: int = 0
    refusals: int = 0
    stops: int = 0


def noted(row: Row[Any]) -> Noted:
    """A claimed letter as the logbook keeps it; `row` has its key and KEPT."""
    return Noted(row.key, _plain({name: getattr(row, name) for name in KEPT}))


def told_to(conn: Connection, book: str) -> Known:
    """What the database knows of that logbook."""
    c = logbook.c
    row = conn.execute(select(c.claims, c.refusals, c.notes).where(c.id == book)).first()
    return Known() if row is None else Known(*row)


def tell(conn: Connection, book: str, known: Known) -> None:
    """Writes it down: a claim's number stands and falls with the claim itself."""
    columns = ("id", *Known._fields)
    upsert_many(conn, logbook, columns, [(book, *known)], conflict=columns[:1], update=columns[1:])


def recover(engine: Engine, book: Logbook, now: datetime) -> Recovered:
    """Brings both up to date; to be called before letters are planned. Mostly there is nothing to do.

    `now` is the workspace's clock. Raises DatabaseError.
    """
    id_, told = book.id, book.told
    with begin_read(engine) as conn:
        known = told_to(conn, id_)
    letters = refusals = stops = 0
    if known.notes < told.notes:
        refusals, stops = _refuse_again(engine, book), stop_again(engine, book.stopped())
        # All of them once more: rows put back, and rows of another history, have numbers that say nothing.
        known = known._replace(refusals=0)
        told = told._replace(notes=book.turn())
    if known.claims < told.claims:
        # Grants of the backup were given before what has left since; whoever still means to send them asks again.
        take_back(engine, None)
        for some in chunks(book.since(known.claims), MOST):
            with begin_write(engine) as conn:
                letters += _remember(conn, some, now)
    if known.claims < told.claims:
        with begin_write(engine) as conn:
            latest = told_to(conn, id_)
            tell(conn, id_, latest._replace(claims=max(latest.claims, told.claims)))
    _note(engine, book, known.refusals)
    return Recovered(letters, refusals, stops)


def follow(engine: Engine, logbook: Callable[[], Logbook | None]) -> None:
    """From now on this process notes each refusal and each stop as soon as it is stored, not with the next tick.

    logbook: asked when there is something to note; None where nothing is ever handed over.
    """

    def note(refusals: Sequence[Mapping[str, Any]]) -> None:
        book = logbook()
        if book is None:
            return
        try:
            number = book.stop([_kept(dict(one)) for one in refusals], lambda: stopped_now(engine))
            with begin_write(engine) as conn:
                known = told_to(conn, book.id)
                # Only the next in line: whoever comes out of turn leaves the rest to the next tick.
                if known.notes == number - 1:
                    tell(conn, book.id, known._replace(notes=number))
        except DatabaseError as trouble:
            # It is stored; the next tick notes it, or says why it cannot and sends nothing.
            _log.warning("a refusal or a stop could not be noted in the logbook: %s", trouble.code)

    listen(engine, note)


def _note(engine: Engine, book: Logbook, known: int) -> None:
    """Refusals that came since the last time, and what is stopped, into the book."""
    c = refusal.c
    query = select(c.id, *(c[name] for name in REFUSED)).where(c.id > known - OVERLAP).order_by(c.id)
    with begin_read(engine) as conn:
        rows = conn.execute(query).all()
    note = book.stop(
        [_kept({name: getattr(row, name) for name in REFUSED}) for row in rows], lambda: stopped_now(engine)
    )
    last = rows[-1].id if rows else 0
    with begin_read(engine) as conn:
        before = told_to(conn, book.id)
    if (before.refusals, before.notes) != (last, note):
        with begin_write(engine) as conn:
            tell(conn, book.id, told_to(conn, book.id)._replace(refusals=last, notes=note))


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    # A row of people may have another number after a restore; the mailbox stays what it is.
    return _plain(row | ({"person_id": None} if row["address_hash"] else {}))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Instants as the tables keep them."""
    return {name: to_micros(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _refuse_again(engine: Engine, book: Logbook) -> int:
    """Puts back what no row of the database says any more."""
    done = 0
    for some in chunks(book.refused(), MOST):
        with begin_write(engine) as conn:
            known = _said(conn, some)
            lost = [one for one in some if _place(one) not in known]
            upsert_many(conn, refusal, REFUSED, [tuple(one[name] for name in REFUSED) for one in lost], raw=True)
        done += len(lost)
    return done


def _place(one: Mapping[str, Any]) -> tuple[Any, ...]:
    """Who refuses what. Whose row it was, a backup may not know; the mailbox is enough where there is one."""
    who = one["address_hash"] or one["person_id"] or one["account_id"]
    return one["channel"], one["topic"], who


def _said(conn: Connection, some: Sequence[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
    c = refusal.c
    wanted = [
        where_in(c[name], sorted({one[name] for one in some if one[name] is not None}))
        for name in ("address_hash", "person_id", "account_id")
        if any(one[name] is not None for one in some)
    ]
    rows = conn.execute(select(c.channel, c.topic, c.address_hash, c.person_id, c.account_id).where(or_(*wanted)))
    return {(row.channel, row.topic, who) for row in rows for who in row[2:] if who is not None}


def _remember(conn: Connection, noted: Sequence[Noted], now: datetime) -> int:
    c, at = letter.c, to_micros(now)
    known = select(c.key, c.state).where(where_in(c.key, [one.key for one in noted]))
    states = {row.key: row.state for row in conn.execute(known)}
    lost = [one for one in noted if one.key not in states]
    stale = [one for one in noted if states.get(one.key, "unknown") not in SETTLED]
    # Another sender may be at it too.
    made = [
        (one.key, *(one.row.get(name) for name in KEPT), "unknown", one.row["granted_at"], at, _WHY) for one in lost
    ]
    columns = ("key", *KEPT, "state", "sent_at", "settled_at", "why")
    upsert_many(conn, letter, columns, made, conflict=("key",), raw=True)
    again = [(one.key, "unknown", one.row["granted_at"], one.row["granted_at"], at, None, None, _WHY) for one in stale]
    update_many(conn, letter, ("key",), _AGAIN, again, raw=True)
    wake(conn, [(at, one.row["person_id"]) for one in (*lost, *stale)])
    return len(lost) + len(stale)
