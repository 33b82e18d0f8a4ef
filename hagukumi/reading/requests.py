"""Requests for content, and what happened to them. Start with `requests_of`."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.tables.schema import content_request, content_request_event


class Request(NamedTuple):
    """Somebody asked for content. account: for which facility, None for any. Ids of staff; state as stored."""

    id: int
    account: int | None
    review: int | None
    kind: str
    theme: str | None
    title: str | None
    asked_by: int | None
    asked_at: datetime
    owner: int | None
    due: datetime | None
    state: str
    content: str | None
    closed_at: datetime | None


class Happened(NamedTuple):
    """What somebody did with a request."""

    request: int
    what: str
    at: datetime
    by: int | None
    owner: int | None
    due: datetime | None
    content: str | None
    why: str | None


def requests_of(conn: Connection, *, every: bool = False, account: int | None = None) -> list[Request]:
    """Open ones (every: closed ones as well), the earliest due first."""
    c = content_request.c
    query = select(
        c.id, c.account_id, c.review, c.kind, c.theme, c.title, c.asked_by_staff_id, c.asked_at, c.owner_staff_id,
        c.due, c.state, c.content, c.closed_at,
    ).order_by(c.state != "open", c.due.is_(None), c.due, c.id)  # fmt: skip
    if not every:
        query = query.where(c.state == "open")
    if account is not None:
        query = query.where(c.account_id == account)
    return [Request(*row) for row in conn.execute(query).tuples()]


def happened_to(conn: Connection, number: int) -> list[Happened]:
    """The history of one request, the oldest first."""
    c = content_request_event.c
    query = (
        select(c.request_id, c.what, c.at, c.by_staff_id, c.owner_staff_id, c.due, c.content, c.why)
        .where(c.request_id == number)
        .order_by(c.id)
    )
    return [Happened(*row) for row in conn.execute(query).tuples()]
