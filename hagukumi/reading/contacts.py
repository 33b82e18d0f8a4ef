"""The last touches between us and the people of an account, the newest first. Start with `contacts`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from models.tables.schema import activity, letter, letter_body, person

_SHOWN = (
    "replied", "called", "met", "submitted", "downloaded", "clicked", "visited", "registered", "attended", "refused",
    "unsubscribed",
)  # fmt: skip


class Touch(NamedTuple):
    """A letter that left (kind `sent`, what: its subject), or something somebody did (what: content, else outcome)."""

    at: datetime
    kind: str
    person: int
    content: str | None
    outcome: str | None
    detail: Mapping[str, Any] | None = None
    what: str | None = None


def contacts(conn: Connection, account: int, now: datetime, limit: int) -> list[Touch]:
    """What was between us up to `now`; machines' acts are left out."""
    a, c, p = activity.c, letter.c, person.c
    people = select(p.id).where(p.account_id == account)
    acts = (
        select(a.occurred_at, a.kind, a.person_id, a.content, a.outcome, a.detail)
        .where(a.person_id.in_(people), a.kind.in_(_SHOWN), a.machine.is_(None), a.known_at <= now)
        .order_by(a.occurred_at.desc(), a.id.desc())
        .limit(limit)
    )
    sent = (
        select(c.sent_at, c.person_id, c.content, letter_body.c.subject)
        .select_from(letter.outerjoin(letter_body, letter_body.c.letter_key == c.key))
        .where(c.account_id == account, c.state.in_(("accepted", "delivered")), c.sent_at <= now)
        .order_by(c.sent_at.desc(), c.key)
        .limit(limit)
    )
    found = [Touch(*row) for row in conn.execute(acts).tuples()]
    found += [
        Touch(at, "sent", who, name, None, None, subject) for at, who, name, subject in conn.execute(sent).tuples()
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]
