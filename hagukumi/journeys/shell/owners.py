"""Shares tasks out among our people, in the total order of their making. Start with `share_out`.

Whoever has had a day's tasks gets no more that day: what nobody can take waits for the next day, in the order of
priority. Routing by region and theme has its place in `_Loads.give`: whom of a desk a task may go to.
Called when everybody has lived as far as `until`: so neither batches nor processes change whose task it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, and_, bindparam, false, func, or_, select, true

from hagukumi.calendar import BusinessCalendar
from models.tables.bulk import update_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.locks import plan_alone
from models.tables.schema import staff, task

ROLES = {"IS": "is", "FS": "fs", "MA": "marketer"}
_LEFT_US = select(staff.c.id).where(staff.c.active == false())
_NOBODYS = or_(task.c.owner_staff_id.is_(None), and_(task.c.state == "open", task.c.owner_staff_id.in_(_LEFT_US)))
"""What has no owner, and what is open and belongs to somebody who has left us."""
_ANY = (
    select(task.c.id)
    .where(
        _NOBODYS,
        task.c.made_at <= bindparam("until"),
        or_(task.c.state == "open", task.c.made_at > bindparam("since")),
    )
    .limit(1)
)


def share_out(engine: Engine, since: datetime, until: datetime, calendar: BusinessCalendar) -> int:
    """Gives tasks made by `until` that nobody owns (any more) to whoever of those present has the fewest open ones.

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
        loads = _Loads(conn, found[0].made_at, desks, calendar)
        rows = list(_share(loads, found, until, calendar))
        return update_many(conn, task, ("id",), ("owner_staff_id", "given_at"), rows)


class Asked(NamedTuple):
    """Something to do that is no task of a person: whose desk it is for."""

    desk: str
    result_at: datetime | None = None


def next_of(conn: Connection, desk: str, at: datetime, calendar: BusinessCalendar) -> int | None:
    """The id of who of a desk would get a task made at `at`; None when nobody works there, or all have a full day."""
    desks = {name: members for name, members in _desks(conn).items() if name == desk}
    return _Loads(conn, at, desks, calendar).give(Asked(desk), at) if desks else None


def owners_of(conn: Connection, desks: Sequence[str], at: datetime, calendar: BusinessCalendar) -> list[int | None]:
    """The same for several things asked at once, each of a desk, so that they do not all go to one colleague."""
    wanted = {*desks}
    here = {name: members for name, members in _desks(conn).items() if name in wanted}
    loads = _Loads(conn, at, here, calendar)
    return [loads.give(Asked(desk), at) if desk in here else None for desk in desks]


def _share(
    loads: _Loads, found: Sequence[Row[Any]], until: datetime, calendar: BusinessCalendar
) -> Iterator[tuple[int, int, datetime]]:
    """(task, owner, when it was given), instant after instant; those that nobody can take by `until` are left out."""
    line: list[Row[Any]] = []
    day = _midnight(found[0].made_at, calendar)

    def served(to: datetime) -> Iterator[tuple[int, int, datetime]]:
        """The line is served as each day begins, up to `to`: before anything that is made on that day."""
        nonlocal day
        while line and day <= to:
            for one in sorted(line, key=_priority):
                closed = one.result_at is not None and one.result_at <= day
                owner = None if closed else loads.give(one, day)
                if owner is not None:
                    yield one.id, owner, day
                if closed or owner is not None:
                    line.remove(one)
            day = _midnight(day, calendar)
        day = max(day, _midnight(to, calendar))

    for one in found:
        yield from served(one.made_at)
        owner = loads.give(one, one.made_at)
        if owner is None:
            line.append(one)
        else:
            yield one.id, owner, one.made_at
    yield from served(until)


def _midnight(at: datetime, calendar: BusinessCalendar) -> datetime:
    """When the next day begins."""
    return calendar.instant(calendar.day_of(at) + timedelta(days=1), time())


def _priority(one: Row[Any]) -> tuple[Any, ...]:
    """Who waits goes by what is due first."""
    return (one.due is None, one.due or one.made_at, one.made_at, one.person_id, one.id)


def _ownerless(conn: Connection, since: datetime, until: datetime, desks: Sequence[str]) -> Sequence[Row[Any]]:
    c = task.c
    query = select(c.id, c.person_id, c.desk, c.made_at, c.result_at, c.due).where(
        _NOBODYS,
        c.made_at <= until,
        or_(c.state == "open", c.made_at > since),
        where_in(c.desk, desks),
    )
    return conn.execute(query.order_by(c.made_at, c.person_id, c.desk, c.kind, c.id)).all()


def _desks(conn: Connection) -> dict[str, list[Row[Any]]]:
    """Our people by desk; desks without anybody are left out."""
    c = staff.c
    query = select(c.id, c.role, c.working_days, c.absent_from, c.absent_to, c.capacity).where(c.active == true())
    everyone = conn.execute(query.order_by(c.id)).all()
    desks = {desk: [one for one in everyone if one.role == role] for desk, role in ROLES.items()}
    return {desk: members for desk, members in desks.items() if members}


class _Loads:
    """How many tasks each of our people had open, and was given that day, at an instant that only goes forward."""

    def __init__(
        self, conn: Connection, start: datetime, desks: dict[str, list[Row[Any]]], calendar: BusinessCalendar
    ) -> None:
        self.desks, self.calendar = desks, calendar
        c = task.c
        owned = (c.owner_staff_id.is_not(None), or_(c.result_at.is_(None), c.result_at > start))
        still = select(c.owner_staff_id, func.count()).where(*owned, or_(c.state == "open", c.result_at > start))
        self.open = Counter(dict(conn.execute(still.group_by(c.owner_staff_id)).tuples().all()))
        closing = select(c.result_at, c.owner_staff_id).where(*owned, c.result_at > start)
        self.closing = sorted(conn.execute(closing).tuples().all())
        self.given: Counter[tuple[int, date]] = Counter()
        limited = [m.id for members in desks.values() for m in members if m.capacity is not None]
        if limited:
            # From the business day before on: what was given on a weekend belongs to the Monday.
            of_day = select(c.owner_staff_id, c.given_at).where(
                where_in(c.owner_staff_id, limited), c.given_at >= calendar.add_business_days(start, -1)
            )
            self.given.update((owner, self._day(at)) for owner, at in conn.execute(of_day).tuples())

    def give(self, one: Row[Any] | Asked, at: datetime) -> int | None:
        """The id of who gets the task; None when everybody has a full day."""
        while self.closing and self.closing[0][0] <= at:
            self.open[self.closing.pop(0)[1]] -= 1
        day = self._day(at)
        there = at if day == self.calendar.day_of(at) else self.calendar.instant(day, time(9))
        members = self.desks[one.desk]
        present = [m for m in members if day.isoweekday() in m.working_days and not _away(m, there)]
        # Better somebody's tomorrow than nobody's: on days when all are away the whole desk counts.
        free = [m.id for m in present or members if m.capacity is None or self.given[m.id, day] < m.capacity]
        if not free:
            return None
        owner: int = min(free, key=lambda id_: (self.open[id_], id_))
        self.open[owner] += 1
        self.given[owner, day] += 1
        if one.result_at is not None:
            self.closing = sorted([*self.closing, (one.result_at, owner)])
        return owner

    def _day(self, at: datetime) -> date:
        """The business day on which a task given then is taken up."""
        day = self.calendar.day_of(at)
        while not self.calendar.is_business_day(day):
            day += timedelta(days=1)
        return day


def _away(one: Row[Any], at: datetime) -> bool:
    return one.absent_from is not None and one.absent_from <= at and (one.absent_to is None or at <= one.absent_to)
