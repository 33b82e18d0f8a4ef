"""Works the inbox off: raw batches become activities, each batch in one transaction of the main database.

Start with `work_off`. After a crash batches are read once more; what they tell carries ids of its own, so nothing
counts twice. On PostgreSQL the batch leaves in that very transaction.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from hagukumi.channels.inbox import Context, Raw, Split, Unreadable
from hagukumi.files import Files
from hagukumi.wiring import Wired
from models.tables.engine import begin_read
from models.tables.errors import DatabaseError
from models.tables.pace import Pace

Whole = Callable[[Connection, Sequence[Raw], Context], None]
"""Reads batches of one kind inside a writing transaction. Raises Unreadable for what cannot be read."""


@dataclass(frozen=True, slots=True)
class Parted:
    """Reads batches that hold many things: taken apart and looked up before the lock is held, stored some at a time.

    look: what each thing means, None for what is known already. What is stored twice, because a crash came between two
    parts, changes nothing.
    """

    split: Callable[[Raw], Split]
    look: Callable[[Connection, Sequence[Any], Context], Sequence[Any]]
    store: Callable[[Connection, Sequence[Any], Context], None]


Reader = Whole | Parted

MOST = 500
"""Batches looked at in one go."""
TOGETHER = 1_000
"""Things of parted batches taken apart before they are stored, and forgotten together."""
AWAY = (DatabaseError, OperationalError, InterfaceError)
"""The database is busy or gone: the batch is not to blame, and waits."""
_log = logging.getLogger("hagukumi.inbox")


@dataclass(slots=True)
class WorkedOff:
    """What was read: batches stored, batches set aside, and whether time was up while more lay there."""

    read: int = 0
    aside: int = 0
    more: bool = False


@dataclass(slots=True)
class Reading:
    """What a reader keeps from one look to the next: how many batches fit into a transaction, and the rules."""

    paces: dict[str, Pace] = field(default_factory=dict)
    known: tuple[Files, Context] | None = None

    def pace(self, kind: str) -> Pace:
        """The pace of that kind: batches, or the things in them."""
        return self.paces.setdefault(kind, Pace(MOST))

    def context(self, wired: Wired, now: datetime) -> Context:
        """What readers know; read anew when the workspace's files were."""
        if self.known is None or self.known[0] is not wired.files:
            self.known = wired.files, context_of(wired, now)
        return replace(self.known[1], now=now)


def readers() -> Mapping[str, Reader]:
    """The reader of each kind."""
    from hagukumi.channels.inbound.read import read_mails
    from hagukumi.channels.refusing import read_refusals
    from hagukumi.channels.sendgrid.read import look_up, split_events, store_events
    from hagukumi.channels.web.clicks import read_clicks
    from hagukumi.channels.web.events import read_events, read_withdrawals
    from hagukumi.channels.web.forms import read_forms
    from hagukumi.papers.views import read_views

    return {
        "events": read_events, "withdrawal": read_withdrawals, "click": read_clicks, "form": read_forms,
        "paper": read_views,
        "mail": read_mails, "refusal": read_refusals, "sendgrid": Parted(split_events, look_up, store_events),
    }  # fmt: skip


def context_of(wired: Wired, now: datetime) -> Context:
    """What readers know of this workspace."""
    from hagukumi.channels.imports.run import ImportRules
    from hagukumi.mailroom import mail_rules

    files = wired.files
    return Context(
        now=now,
        secret=wired.identity.secret,
        workspace=wired.workspace.id,
        virtual=wired.identity.nature == "virtual",
        rules=ImportRules(roles=files.roles, ng=files.ng, fields=files.fields),
        forms=files.forms,
        pages={piece.url.partition("#")[0].partition("?")[0]: name for name, piece in files.pieces.items()},
        mail=mail_rules(wired),
        machines=files.machines,
    )


def work_off(
    wired: Wired, now: datetime | None = None, reading: Reading | None = None, seconds: float = 1.0
) -> WorkedOff:
    """Reads what lies in the inbox, in order, for about `seconds`; `now` is the workspace's clock.

    Does nothing while another process is at it. Raises what AWAY names when the database cannot be used; what was
    not stored is still there.
    """
    reading, done = reading or Reading(), WorkedOff()
    until = time.monotonic() + seconds
    if not wired.inbox.waits():
        return done
    with wired.inbox.alone() as mine:
        if not mine:
            return done
        context, kinds = reading.context(wired, now if now is not None else wired.now), readers()
        while raws := wired.inbox.take(MOST):
            for parted, group in groupby(raws, lambda raw: _parted(kinds, raw)):
                rest, pace = list(group), reading.pace(parted)
                while rest:
                    rest = _read(wired, kinds, rest, context, pace, done)
                    if time.monotonic() > until:
                        done.more = True
                        return done
    return done


def _parted(kinds: Mapping[str, Reader], raw: Raw) -> str:
    """The kind of a batch that is parted; '' for all others, which share transactions: forms stand between views."""
    return raw.kind if isinstance(kinds.get(raw.kind), Parted) else ""


def _read(
    wired: Wired, kinds: Mapping[str, Reader], raws: list[Raw], context: Context, pace: Pace, done: WorkedOff
) -> list[Raw]:
    """Reads some of these batches, all of one parted kind or none of any; returns the others."""
    reader = kinds.get(raws[0].kind)
    if isinstance(reader, Parted):
        return _read_parts(wired, reader, raws, context, pace, done)
    # Storing changes the pace.
    size = pace.size
    _store(wired, kinds, raws[:size], context, pace, done)
    return raws[size:]


def _read_parts(
    wired: Wired, reader: Parted, raws: list[Raw], context: Context, pace: Pace, done: WorkedOff
) -> list[Raw]:
    things: list[tuple[int, Any]] = []
    odd: dict[int, list[str]] = {}
    taken = 0
    for raw in raws:
        if len(things) >= TOGETHER:
            break
        taken += 1
        try:
            split = reader.split(raw)
        except Exception as trouble:
            odd[raw.id] = _why(trouble)
            continue
        things += [(raw.id, thing) for thing in split.things]
        if split.odd is not None:
            odd[raw.id] = [split.odd]
    meant = _look(wired, reader, things, context, odd)
    while meant:
        # Storing changes the pace.
        size = pace.size
        _store_parts(wired, reader, meant[:size], context, pace, odd)
        meant = meant[size:]
    for raw in raws[:taken]:
        if raw.id in odd:
            _set_aside(wired, raw, odd[raw.id], done)
    read = [raw.id for raw in raws[:taken] if raw.id not in odd]
    if read:
        wired.inbox.forget(read)
    done.read += len(read)
    return raws[taken:]


def _look(
    wired: Wired, reader: Parted, things: list[tuple[int, Any]], context: Context, odd: dict[int, list[str]]
) -> list[tuple[int, Any]]:
    """What is new among these things: the batch it came in, and what it means."""
    if not things:
        return []
    try:
        with begin_read(wired.engine) as conn:
            looked = reader.look(conn, [thing for _, thing in things], context)
    except AWAY:
        raise
    except Exception as trouble:
        if len(things) == 1:
            odd[things[0][0]] = _why(trouble)
            return []
        half = len(things) // 2
        return [each for some in (things[:half], things[half:]) for each in _look(wired, reader, some, context, odd)]
    return [(batch, one) for (batch, _), one in zip(things, looked, strict=True) if one is not None]


def _store_parts(
    wired: Wired, reader: Parted, meant: list[tuple[int, Any]], context: Context, pace: Pace, odd: dict[int, list[str]]
) -> None:
    try:
        with pace.begin(wired.engine) as conn:
            reader.store(conn, [one for _, one in meant], context)
            pace.done = len(meant)
    except AWAY:
        raise
    except Exception as trouble:
        if len(meant) == 1:
            odd[meant[0][0]] = _why(trouble)
            return
        half = len(meant) // 2
        for some in (meant[:half], meant[half:]):
            _store_parts(wired, reader, some, context, pace, odd)


def _store(
    wired: Wired, kinds: Mapping[str, Reader], raws: list[Raw], context: Context, pace: Pace, done: WorkedOff
) -> None:
    inbox, ids = wired.inbox, [raw.id for raw in raws]
    try:
        with pace.begin(wired.engine) as conn:
            for kind, some in groupby(raws, lambda raw: raw.kind):
                reader = kinds.get(kind)
                if reader is None or isinstance(reader, Parted):
                    raise Unreadable("kind-unknown")
                reader(conn, list(some), context)
            if not inbox.own:
                inbox.forget(ids, conn)
            pace.done = len(raws)
    except AWAY:
        raise
    except Exception as trouble:
        if len(raws) > 1:
            half = len(raws) // 2
            for part in (raws[:half], raws[half:]):
                _store(wired, kinds, part, context, pace, done)
            return
        _set_aside(wired, raws[0], _why(trouble), done)
        return
    if inbox.own:
        inbox.forget(ids)
    done.read += len(raws)


def _why(trouble: Exception) -> list[str]:
    # Never the message: it may quote a name or an address.
    return [trouble.code] if isinstance(trouble, Unreadable) else ["failed", type(trouble).__name__]


def _set_aside(wired: Wired, raw: Raw, why: list[str], done: WorkedOff) -> None:
    wired.inbox.keep_unread(raw.id, why)
    done.aside += 1
    _log.warning("batch %d of kind %s set aside: %s", raw.id, raw.kind, " ".join(why))
