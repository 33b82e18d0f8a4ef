"""What is shown of audiences besides their size: what the platform has, and what people are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, case, func, select

from abm.audience import Difference, Whom
from hagukumi.programme.audiences import Standing
from models.tables.bulk import where_in
from models.tables.schema import account, audience_member, audience_push, person


class Handed(NamedTuple):
    """handed: members with the platform; overdue: of these, how many no longer belong; pushed_at: the last time."""

    handed: int
    overdue: int
    pushed_at: datetime | None


def listing(conn: Connection, standings: Sequence[Standing]) -> list[Handed]:
    """For each audience what its platform has."""
    m, p = audience_member.c, audience_push.c
    left = func.sum(case((m.left_at.is_not(None), 1), else_=0))
    query = select(m.audience_id, func.count(), left).where(m.handed.is_not(None)).group_by(m.audience_id)
    counts = {number: (all_, gone) for number, all_, gone in conn.execute(query).tuples()}
    latest = select(p.audience_id, func.max(p.at)).where(p.state == "settled").group_by(p.audience_id)
    times = dict(conn.execute(latest).tuples().all())
    return [Handed(*counts.get(each.id, (0, 0)), times.get(each.id)) for each in standings]


def called(conn: Connection, kind: Whom, change: Difference) -> dict[int, str]:
    """Names of facilities, keys of people, as far as something changes."""
    ids = [each.subject for each in (*change.added, *change.removed)]
    c = account.c if kind == "companies" else person.c
    name = account.c.name if kind == "companies" else person.c.key
    return dict(conn.execute(select(c.id, name).where(where_in(c.id, ids))).tuples().all())
