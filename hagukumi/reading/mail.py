"""Mail that came in, and what followed from each. Start with `mails`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from hagukumi.reading.say import Names
from hagukumi.words.happened import happening
from models.tables.schema import activity, inbound_mail


class Received(NamedTuple):
    """One mail. `asks`: why a person is to look at it. `followed`: lines of the person's story."""

    id: int
    source_id: str
    at: datetime
    klass: str
    why: str | None
    asks: str | None
    sender: str | None
    subject: str | None
    person_id: int | None
    letter_key: str | None
    detail: dict[str, Any] | None
    followed: tuple[str, ...]


def mails(
    conn: Connection,
    lang: str,
    names: Names,
    *,
    source_ids: Sequence[str] = (),
    to_look_at: bool = False,
    after: int = 0,
    limit: int = 200,
) -> list[Received]:
    """Mail by id: that with these source ids, that which waits for somebody to look at it, or all after an id."""
    c = inbound_mail.c
    query = select(
        c.id, c.source_id, c.at, c.klass, c.why, c.asks, c.sender, c.subject, c.person_id, c.letter_key, c.detail
    ).where(c.id > after)
    if source_ids:
        query = query.where(c.source_id.in_(source_ids))
    if to_look_at:
        query = query.where(c.asks.is_not(None), c.looked_at.is_(None))
    rows = conn.execute(query.order_by(c.id).limit(limit)).all()
    return [Received._make((*row, _followed(conn, row.source_id, lang, names))) for row in rows]


def _followed(conn: Connection, source: str, lang: str, names: Names) -> tuple[str, ...]:
    c = activity.c
    # "mail:" and 32 digits, then the kind: a range that the index on source_id serves.
    mine = (c.source_id >= f"{source}:", c.source_id < f"{source};")
    rows = conn.execute(select(c.kind, c.content, c.outcome, c.detail).where(*mine).order_by(c.id))
    return tuple(
        happening(row.kind, names(row.content) if row.content else None, row.outcome, row.detail, lang) for row in rows
    )
