"""Channels that rest: an outlet, or an outlet/domain of the recipients. Start with `pause`, `resume`, `paused`.

While one stands the sender claims nothing for it, and the planner's guards hold what would leave by it. A rest with an
end (a provider that asked for patience) is over by itself; any other is ended by a person. Call inside `begin_write`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, or_, select, update

from hagukumi.journeys.core.verdict import Why
from models.tables.bulk import upsert_many
from models.tables.schema import channel, letter
from models.tables.types import to_json, to_micros

_COLUMNS = ("name", "paused_at", "rests_until", "why", "by_whom")


class Rest(NamedTuple):
    """A channel that rests. until: it goes on by itself then; None: once a person resumes it. by: None, the engine."""

    why: Why
    since: datetime
    until: datetime | None
    by: str | None


def pause(
    conn: Connection, name: str, why: Why, now: datetime, by: str | None = None, until: datetime | None = None
) -> bool:
    """Lets the channel rest from `now` (the workspace's clock) on; False when it rests at least as long already.

    by: the staff key, None for the engine. until: it goes on by itself then.
    """
    standing = rests(conn, now).get(name)
    if standing is not None and (standing.until is None or (until is not None and until <= standing.until)):
        return False
    row = (
        name,
        to_micros(now),
        None if until is None else to_micros(until),
        to_json([why.code, *why.args]),
        by,
    )
    upsert_many(conn, channel, _COLUMNS, [row], conflict=("name",), update=_COLUMNS[1:], raw=True)
    return True


def resume(conn: Connection, name: str, now: datetime, by: str | None = None) -> bool:
    """Lets it go on; False when it did not rest. What was held meanwhile is asked again at once."""
    c = channel.c
    since = conn.scalar(select(c.paused_at).where(c.name == name))
    if since is None:
        return False
    ended = update(channel).where(c.name == name)
    conn.execute(ended.values(failures=0, paused_at=None, rests_until=None, why=None, by_whom=by, counts_from=now))
    held = update(letter).where(letter.c.state == "held", letter.c.held_at >= since, letter.c.next_try > now)
    conn.execute(held.values(next_try=now))
    return True


def paused(conn: Connection, now: datetime | None = None) -> dict[str, Why]:
    """Every channel that rests, and why; with `now` those are left out whose rest is over."""
    return {name: rest.why for name, rest in rests(conn, now).items()}


def rests(conn: Connection, now: datetime | None = None) -> Mapping[str, Rest]:
    """The same with when it began, when it ends and who wanted it, in order of name."""
    c = channel.c
    query = select(c.name, c.why, c.paused_at, c.rests_until, c.by_whom).where(c.paused_at.is_not(None))
    if now is not None:
        query = query.where(stands(now))
    return {
        row.name: Rest(_why(row.why), row.paused_at, row.rests_until, row.by_whom)
        for row in conn.execute(query.order_by(c.name))
    }


def stands(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """That the rest of a row of `channel` is not over at `now`."""
    return or_(channel.c.rests_until.is_(None), channel.c.rests_until > now)


def _why(stored: list[str] | None) -> Why:
    return Why(stored[0], tuple(stored[1:])) if stored else Why("channel_paused")
