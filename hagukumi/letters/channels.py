"""Channels that rest: an outlet, or an outlet/domain of the recipients. Start with `pause`, `resume`, `paused`.

While one stands the sender claims nothing for it, and the planner's guards hold what would leave by it. A rest with an
end (a provider that asked for patience) is over by itself; any other is ended by a person. Call inside `begin_write`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, cast, or_, select, update

from hagukumi.journeys.core.verdict import Why
from models.tables.bulk import upsert_many
from models.tables.engine import remember
from models.tables.schema import channel, letter
from models.tables.types import to_json, to_micros

_COLUMNS = ("name", "paused_at", "rests_until", "why", "by_whom")

CHANNEL_TO_BLAME = "channel_refused"
"""Why a letter waits that an outlet did not take through no fault of the letter's."""
SHORTEST = timedelta(minutes=1)
"""A rest ends a drain, and the next one begins a minute later."""


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
    remember(conn)
    return True


def resume(conn: Connection, name: str, now: datetime, by: str | None = None) -> bool:
    """Lets it go on; False when nothing waited for that. What was held meanwhile is asked again at once.

    So are letters that it did not take through its own fault, even before it began to rest: that has been mended.
    """
    c = channel.c
    since = conn.scalar(select(c.paused_at).where(c.name == name))
    freed = _free(conn, name, now)
    if since is None:
        return freed
    remember(conn)
    ended = update(channel).where(c.name == name)
    conn.execute(ended.values(failures=0, paused_at=None, rests_until=None, why=None, by_whom=by, counts_from=now))
    # Letters are held by the minute, a channel rests from an instant within one.
    begun = since.replace(second=0, microsecond=0)
    held = update(letter).where(letter.c.state == "held", letter.c.held_at >= begun, letter.c.next_try > now)
    conn.execute(held.values(next_try=now))
    return True


def _free(conn: Connection, name: str, now: datetime) -> bool:
    """Only an outlet as a whole is to blame for a refusal, never one domain of its recipients."""
    c = letter.c
    blamed = cast(c.why, Text).startswith(f'["{CHANNEL_TO_BLAME}"', autoescape=True)
    waits = update(letter).where(c.state == "queued", c.next_try > now, c.outlet == name, blamed)
    return conn.execute(waits.values(next_try=now)).rowcount > 0


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


class Failure(NamedTuple):
    """A call that went wrong for all letters alike. code: 429, TimeoutError. rests: how long it asked us to wait."""

    code: str
    rests: timedelta | None = None


def tally(conn: Connection, name: str, went: Sequence[Failure | None], most: int, now: datetime) -> tuple[int, bool]:
    """Takes in how calls went, in their order (None: well): failures in a row, and whether a rest begins now.

    Where the outlet named a time, the channel rests so long, but for seconds only after `most` in a row: till then the
    letter waits alone. Other failures, `most` in a row, let it rest until somebody resumes it.
    """
    c = channel.c
    before = conn.scalar(select(c.failures).where(c.name == name)) or 0
    row, begins = before, False
    for failure in went:
        row = 0 if failure is None else row + 1
        if failure is None:
            continue
        if failure.rests is not None:
            if failure.rests >= SHORTEST or row >= most:
                until = now + max(failure.rests, SHORTEST)
                begins |= pause(conn, name, Why("channel_asked", (failure.code,)), now, until=until)
        elif row >= most:
            begins |= pause(conn, name, Why("channel_failed", (str(row), failure.code)), now)
    if row != before:
        upsert_many(conn, channel, ("name", "failures"), [(name, row)], conflict=("name",), update=("failures",))
    return row, begins


def stands(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """That the rest of a row of `channel` is not over at `now`."""
    return or_(channel.c.rests_until.is_(None), channel.c.rests_until > now)


def _why(stored: list[str] | None) -> Why:
    return Why(stored[0], tuple(stored[1:])) if stored else Why("channel_paused")
