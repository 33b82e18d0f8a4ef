"""Raw batches in the inbox that nobody has read: those of an erased person go, those of others keep what is theirs.

Start with `clear`. Whoever erases works the inbox off first; what lies here then could not be read, or has just come.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Engine, delete, select, update

from hagukumi.channels.inbox import open_inbox
from hagukumi.privacy.mails import named_in
from hagukumi.privacy.traces import Traces
from models.tables.bulk import where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import inbox, letter, visitor


def clear(engine: Engine, ids: Collection[int], traces: Traces) -> int:
    """Deletes or rewrites what names the person; how many batches. `engine` is the workspace's database."""
    keys, browsers = _theirs(engine, ids)
    box = open_inbox(engine)
    try:
        return _clear(box.engine, traces, keys, browsers, ids)
    finally:
        box.close()


def naming(engine: Engine, ids: Collection[int], traces: Traces) -> list[tuple[str, datetime]]:
    """Kind and time of the batches that name the person and lie here unread."""
    c = inbox.c
    keys, browsers = _theirs(engine, ids)
    box = open_inbox(engine)
    try:
        with begin_read(box.engine) as conn:
            rows = conn.execute(select(c.kind, c.at, c.body).order_by(c.id)).all()
    finally:
        box.close()
    return [(row.kind, row.at) for row in rows if _kept(row.kind, row.body, traces, keys, browsers, ids) != row.body]


def _theirs(engine: Engine, ids: Collection[int]) -> tuple[set[str], set[str]]:
    """Keys of their letters and hashes of their browsers."""
    with begin_read(engine) as conn:
        keys = set(conn.scalars(select(letter.c.key).where(where_in(letter.c.person_id, ids))))
        browsers = set(conn.scalars(select(visitor.c.visitor).where(where_in(visitor.c.person_id, ids))))
    return keys, browsers


def _clear(engine: Engine, traces: Traces, keys: set[str], browsers: set[str], ids: Collection[int]) -> int:
    c, gone, changed = inbox.c, [], []
    with begin_read(engine) as conn:
        for row in conn.execute(select(c.id, c.kind, c.body).order_by(c.id)):
            kept = _kept(row.kind, row.body, traces, keys, browsers, ids)
            if kept is None:
                gone.append(row.id)
            elif kept != row.body:
                changed.append((row.id, kept))
    if not gone and not changed:
        return 0
    with begin_write(engine) as conn:
        conn.execute(delete(inbox).where(where_in(c.id, gone)))
        for number, body in changed:
            conn.execute(update(inbox).where(c.id == number).values(body=body))
    return len(gone) + len(changed)


def _kept(
    kind: str, body: bytes, traces: Traces, keys: set[str], browsers: set[str], ids: Collection[int]
) -> bytes | None:
    """What stays of a batch: all of it, a part, or None."""
    if kind == "mail":
        return None if traces.in_bytes(body) or named_in(body, traces) else body
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None if traces.in_bytes(body) else body
    match kind:
        case "events" if isinstance(told, list) and told and told[0] in browsers:
            return None
        case "withdrawal":
            return body
        case "click" if isinstance(told, list) and len(told) > 1 and told[1] in keys:
            return None
        case "paper" if isinstance(told, list) and len(told) > 2 and told[2] in ids:
            return None
        case "sendgrid" if isinstance(told, list):
            others = [each for each in told if not _names(each, traces, keys)]
            return body if len(others) == len(told) else orjson.dumps(others) if others else None
        case _:
            return None if _names(told, traces, set()) else body


def _names(told: Any, traces: Traces, keys: set[str]) -> bool:
    """Whether any text in a JSON value names the person or a letter of theirs."""
    match told:
        case str():
            return told in keys or traces.mentions(told)
        case list():
            return any(_names(each, traces, keys) for each in told)
        case dict():
            return any(_names(each, traces, keys) for pair in told.items() for each in pair)
        case _:
            return False
