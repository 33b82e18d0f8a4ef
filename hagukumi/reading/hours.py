"""The best hour to call: when this person, else people of this role, answered, visited or were reached by day.

Start with `best_hour`. It always says how many events it rests on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.steps.outcomes import CONVERSATIONS
from models.tables.schema import activity, person

KINDS = ("replied", "visited", "submitted", "downloaded")
"""What people do at their desk."""
WITHIN = timedelta(days=365)
FEW, MANY = 3, 2_000
"""Fewer events of the person's own say nothing; so many of others are enough."""


class Best(NamedTuple):
    """From `hour` on, for an hour (local). of: whose acts; events: how many lie in that hour; total: of how many."""

    hour: int
    of: Literal["person", "role"]
    events: int
    total: int


def best_hour(conn: Connection, who: int, role: str | None, now: datetime, calendar: BusinessCalendar) -> Best | None:
    """The hour of our opening hours with most acts, the earliest of equals; None when too little is known."""
    own = _hours(conn, activity.c.person_id == who, now, calendar)
    if own.total() >= FEW:
        return _best(own, "person")
    if role is None:
        return None
    theirs = activity.c.person_id.in_(select(person.c.id).where(person.c.role == role))
    others = _hours(conn, theirs, now, calendar)
    return _best(others, "role") if others.total() >= FEW else None


def _hours(conn: Connection, whose: ColumnElement[bool], now: datetime, calendar: BusinessCalendar) -> Counter[int]:
    c = activity.c
    reached = and_(c.kind == "called", c.outcome.in_(sorted(CONVERSATIONS)))
    query = select(c.occurred_at).where(
        whose, or_(c.kind.in_(KINDS), reached), c.machine.is_(None), c.known_at <= now, c.occurred_at >= now - WITHIN,
    )  # fmt: skip
    recent = query.order_by(c.occurred_at.desc(), c.id.desc()).limit(MANY)
    return Counter(_open(conn.scalars(recent), calendar))


def _open(instants: Iterable[datetime], calendar: BusinessCalendar) -> Iterable[int]:
    return (calendar.local(at).hour for at in instants if calendar.is_open(at))


def _best(hours: Counter[int], of: Literal["person", "role"]) -> Best:
    hour = min(hours, key=lambda each: (-hours[each], each))
    return Best(hour, of, hours[hour], hours.total())
