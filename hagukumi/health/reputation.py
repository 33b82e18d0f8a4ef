"""Complaints and bounces as our own tables know them; a domain that complains gets nothing more until a person looks.

Start with `rest_where_complained`: run every minute, it costs nothing while nobody complains. `rates` is for reports.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, select

from hagukumi.health.complaints import WINDOW, Rate, Scope, too_many
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.channels import pause, rests
from models.tables.engine import begin_read, begin_write
from models.tables.schema import activity, channel, letter
from models.tables.schema.activities import COMPLAINT

ARRIVED = ("accepted", "delivered")
"""Where an outlet has no delivery events, accepted counts as delivered."""


def rest_where_complained(engine: Engine, outlet: str, now: datetime) -> tuple[str, ...]:
    """Pauses domains and the outlet where complaints of the last days are too many. Returns the channels paused now.

    Letters count from the last resuming on: what a person has looked at is not held against anybody again.
    """
    with begin_read(engine) as conn:
        domains = _complained(conn, outlet, now)
        if not domains:
            return ()
        asked: list[tuple[str, str | None, Scope]] = [(f"{outlet}/{each}", each, "domain") for each in domains]
        asked.append((outlet, None, "outlet"))
        resting = {name for name, rest in rests(conn, now).items() if rest.until is None}
        wrong = {
            name: why
            for name, domain, scope in asked
            if name not in resting and (why := _why(conn, outlet, name, domain, scope, now)) is not None
        }
    if not wrong:
        return ()
    with begin_write(engine) as conn:
        return tuple(name for name, why in sorted(wrong.items()) if pause(conn, name, why, now))


def _why(conn: Connection, outlet: str, name: str, domain: str | None, scope: Scope, now: datetime) -> Why | None:
    since = now - WINDOW
    resumed: datetime | None = conn.scalar(select(channel.c.counts_from).where(channel.c.name == name))
    since = since if resumed is None else max(since, resumed)
    complaints = _complaints(conn, outlet, domain, since)
    if complaints == 0:
        return None
    arrived = _arrived(conn, outlet, domain, since)
    return Why("spam_reports", (str(complaints), str(arrived))) if too_many(complaints, arrived, scope) else None


def _complained(conn: Connection, outlet: str, now: datetime) -> list[str]:
    """Domains with a complaint of the last days."""
    since = now - WINDOW
    query = select(letter.c.domain).join_from(activity, letter, letter.c.key == activity.c.letter_key)
    mine = (COMPLAINT, activity.c.known_at >= since, letter.c.outlet == outlet, letter.c.domain.is_not(None))
    return sorted(conn.scalars(query.where(*mine, letter.c.granted_at >= since).distinct()))


def _complaints(conn: Connection, outlet: str, domain: str | None, since: datetime) -> int:
    """Letters that left since then and were complained about."""
    query = select(func.count(letter.c.key.distinct()))
    query = query.join_from(activity, letter, letter.c.key == activity.c.letter_key)
    query = query.where(COMPLAINT, activity.c.known_at >= since, *_left(outlet, domain, since))
    return conn.scalar(query) or 0


def _arrived(conn: Connection, outlet: str, domain: str | None, since: datetime) -> int:
    query = select(func.count()).select_from(letter).where(*_left(outlet, domain, since), letter.c.state.in_(ARRIVED))
    return conn.scalar(query) or 0


def _left(outlet: str, domain: str | None, since: datetime) -> tuple[ColumnElement[bool], ...]:
    c = letter.c
    whose = c.domain.is_not(None) if domain is None else c.domain == domain
    return (whose, c.granted_at >= since, c.outlet == outlet)


def rates(conn: Connection, outlet: str, since: datetime) -> list[Rate]:
    """Every domain that got letters since then, the one with most first; all of them together stand first of all."""
    c = letter.c
    left = _left(outlet, None, since)
    by_state = select(c.domain, c.state, func.count()).where(*left, c.state.in_((*ARRIVED, "bounced")))
    counts = conn.execute(by_state.group_by(c.domain, c.state)).tuples()
    told = select(c.domain, func.count(c.key.distinct())).join_from(activity, letter, c.key == activity.c.letter_key)
    complained = dict(conn.execute(told.where(COMPLAINT, *left).group_by(c.domain)).tuples().all())
    dead = dict(conn.execute(_dead(left)).tuples().all())
    arrived: dict[str, int] = {}
    for domain, state, number in counts:
        arrived[domain] = arrived.get(domain, 0) + (number if state in ARRIVED else 0)
    domains = [Rate(name, arrived[name], dead.get(name, 0), complained.get(name, 0)) for name in arrived]
    domains.sort(key=lambda rate: (-rate.sent, rate.domain or ""))
    sums = (sum(column) for column in zip(*(rate[1:] for rate in domains), strict=True))
    return [Rate(None, *sums), *domains] if domains else []


def _dead(left: tuple[ColumnElement[bool], ...]) -> Any:
    """Letters by domain whose mailbox does not exist; a full or slow one is not counted."""
    c = letter.c
    hard = (activity.c.kind == "bounced", activity.c.letter_key == c.key)
    return (
        select(c.domain, func.count())
        .where(*left, c.state == "bounced", select(1).where(*hard).exists())
        .group_by(c.domain)
    )
