"""Shares tasks out among our people, in the total order of their making. Start with `share_out`.

Called when everybody has lived as far as `until`: so neither batches nor processes change whose task it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, func, or_, select, true

from hagukumi.journeys.core.values import Calendar
from models.tables.bulk import update_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.locks import plan_alone
from models.tables.schema import staff, task

ROLES = {"IS": "is", "FS": "fs", "MA": "marketer"}
_ANY = (
    select(task.c.id)
    .where(
        task.c.owner_staff_id.is_(None),
        task.c.made_at <= bindparam("until"),
        or_(task.c.state == "open", task.c.made_at > bindparam("since")),
    )
    .limit(1)
)


def share_out(engine: Engine, since: datetime, until: datetime, calendar: Calendar) -> int:
    """Gives tasks made by `until` that nobody owns to whoever of those present that day has the fewest open ones.

    Not the engine's alone: what a mail made between two ticks has nobody yet either. Closed tasks only when made after
    `since`: they were somebody's while they were open. Returns how many.
    """
    with begin_read(engine) as conn:
        if conn.scalar(_ANY, {"since": since, "until": until}) is None:
            return 0
    with begin_write(engine) as conn:
        plan_alone(conn)
        desks = _desks(conn)
        found = _ownerless(conn, since, until, sorted(desks))
        if not found:
            return 0
        loads = _Loads(conn, found[0].made_at)
        rows = []
        for one in found:
            owner = loads.give(desks[one.desk], one, calendar)
            rows.append((one.id, owner))
        return update_many(conn, task, ("id",), ("owner_staff_id",), rows)


def _ownerless(conn: Connection, since: datetime, until: datetime, desks: Sequence[str]) -> Sequence[Row[Any]]:
    c = task.c
    query = select(c.id, c.desk, c.made_at, c.result_at).where(
        c.owner_staff_id.is_(None),
        c.made_at <= until,
        or_(c.state == "open", c.made_at > since),
        where_in(c.desk, desks),
    )
    return conn.execute(query.order_by(c.made_at, c.person_id, c.desk, c.kind, c.id)).all()


def _desks(conn: Connection) -> dict[str, list[Row[Any]]]:
    """Our people by desk; desks without anybody are left out."""
    c = staff.c
    query = select(c.id, c.role, c.working_days, c.absent_from, c.absent_to).where(c.active == true()).order_by(c.id)
    everyone = conn.execute(query).all()
    desks = {desk: [one for one in everyone if one.role == role] for desk, role in ROLES.items()}
    return {desk: members for desk, members in desks.items() if members}


class _Loads:
    """How many tasks each of our people had open at an instant that only goes forward."""

    def __init__(self, conn: Connection, start: datetime) -> None:
        c = task.c
        owned = (c.owner_staff_id.is_not(None), or_(c.result_at.is_(None), c.result_at > start))
        still = select(c.owner_staff_id, func.count()).where(*owned, or_(c.state == "open", c.result_at > start))
        self.open = Counter(dict(conn.execute(still.group_by(c.owner_staff_id)).tuples().all()))
        closing = select(c.result_at, c.owner_staff_id).where(*owned, c.result_at > start)
        self.closing = sorted(conn.execute(closing).tuples().all())

    def give(self, members: Sequence[Row[Any]], one: Row[Any], calendar: Calendar) -> int:
        """The id of who gets the task."""
        while self.closing and self.closing[0][0] <= one.made_at:
            self.open[self.closing.pop(0)[1]] -= 1
        weekday = calendar.local(one.made_at).isoweekday()
        present = [m.id for m in members if weekday in m.working_days and not _away(m, one.made_at)]
        # Better somebody's tomorrow than nobody's: on days when all are away the whole desk counts.
        owner: int = min(present or [m.id for m in members], key=lambda id_: (self.open[id_], id_))
        self.open[owner] += 1
        if one.result_at is not None:
            self.closing = sorted([*self.closing, (one.result_at, owner)])
        return owner


def _away(one: Row[Any], at: datetime) -> bool:
    return one.absent_from is not None and one.absent_from <= at and (one.absent_to is None or at <= one.absent_to)
