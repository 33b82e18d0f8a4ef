"""Accounts that people froze: left alone until a day, but for what they ask for themselves. Start with `frozen_at`.

Imports models.tables. Whoever there answers or meets us ends it at that instant.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, exists, or_, select

from hagukumi.journeys.steps.outcomes import WON_BY_PHONE
from models.tables.bulk import among, upsert_many, where_in
from models.tables.prepared import Prepared
from models.tables.schema import account_freeze, activity, person, staff, task

_F = account_freeze.c
_WON = and_(activity.c.kind == "called", activity.c.outcome == WON_BY_PHONE)
_WOKEN = (
    select(activity.c.id)
    .join_from(person, activity, activity.c.person_id == person.c.id)
    .where(
        person.c.account_id == _F.account_id, or_(activity.c.kind == "replied", activity.c.kind == "met", _WON),
        activity.c.machine.is_(None), activity.c.occurred_at >= _F.at,
        activity.c.known_at <= bindparam("at"),
    )
    .correlate(account_freeze)
)  # fmt: skip
_COLUMNS = select(_F.account_id, _F.at, _F.until, staff.c.key, staff.c.name).join_from(
    account_freeze, staff, _F.by_staff_id == staff.c.id
)
_STANDS = and_(_F.until > bindparam("at"), ~exists(_WOKEN))
_AMONG = Prepared(_COLUMNS.where(among(_F.account_id, "accounts"), _STANDS))
_ALL = Prepared(_COLUMNS.where(_STANDS))


class Frozen(NamedTuple):
    """since, until: UTC. by: key of the colleague who decided it, and what they are called."""

    since: datetime
    until: datetime
    by: str
    name: str


def frozen_at(conn: Connection, at: datetime, accounts: Collection[int] | None = None) -> dict[int, Frozen]:
    """Account -> how it is frozen at this instant (UTC): of these accounts, or of all."""
    if accounts is None:
        rows = _ALL.all(conn, {"at": at})
    else:
        rows = _AMONG.all(conn, {"at": at, "accounts": sorted(accounts)}) if accounts else []
    return {row.account_id: Frozen(row.at, row.until, row.key, row.name) for row in rows}


def frozen_for(conn: Connection, at: datetime, who: int) -> Frozen | None:
    """How the account of this person is frozen."""
    home = conn.scalar(select(person.c.account_id).where(person.c.id == who))
    return None if home is None else frozen_at(conn, at, (home,)).get(home)


def freeze_account(conn: Connection, account: int, at: datetime, until: datetime, by: int) -> None:
    """The account is left alone from now on; a later freeze takes the place of an earlier one. by: id of staff."""
    columns = ("account_id", "at", "until", "by_staff_id")
    upsert_many(conn, account_freeze, columns, [(account, at, until, by)], conflict=columns[:1], update=columns[1:])


def thaw_account(conn: Connection, account: int) -> bool:
    """Nothing is held because of a freeze any more; whether one was stored."""
    return bool(conn.execute(delete(account_freeze).where(_F.account_id == account)).rowcount)


def calls_held(conn: Connection, at: datetime) -> dict[int, Frozen]:
    """Task -> the freeze for which its call waits: an open call that nothing but scenarios asked for."""
    frozen = frozen_at(conn, at)
    if not frozen:
        return {}
    c = task.c
    calls = select(c.id, c.account_id, c.reasons).where(
        where_in(c.account_id, list(frozen)), c.state == "open", c.kind == "call"
    )
    asked = conn.execute(calls).all()
    return {row.id: frozen[row.account_id] for row in asked if all(one.get("scenario") for one in row.reasons)}
