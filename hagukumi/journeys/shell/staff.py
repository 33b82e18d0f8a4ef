"""staff.yaml into the table of staff: who is in the file is active, who left it is kept. Start with `store_staff`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import Connection, select, true, update

from hagukumi.journeys.core.values import Calendar
from hagukumi.pipeline.staff import WEEKDAYS, Member
from models.tables.bulk import upsert_many
from models.tables.schema import staff

COLUMNS = ("key", "name", "email", "role", "team", "working_days", "absent_from", "absent_to", "capacity", "active")


def store_staff(conn: Connection, members: Sequence[Member], calendar: Calendar) -> int:
    """Returns how many rows changed. Call inside begin_write."""
    rows = [_row(member, calendar) for member in members]
    changed = upsert_many(conn, staff, COLUMNS, rows, conflict=("key",), update=COLUMNS[1:], only_changes=True)
    gone = update(staff).where(staff.c.key.not_in([member.key for member in members]), staff.c.active == true())
    return changed + int(conn.execute(gone.values(active=False)).rowcount)


def differs(conn: Connection, members: Sequence[Member], calendar: Calendar) -> bool:
    """Whether `store_staff` would change anything; a reader may ask."""
    rows = conn.execute(select(*(staff.c[name] for name in COLUMNS)).where(staff.c.active == true()))
    return {row.key: tuple(row) for row in rows} != {member.key: _row(member, calendar) for member in members}


def _row(
    member: Member, calendar: Calendar
) -> tuple[str, str, str | None, str, str | None, list[int], datetime | None, datetime | None, int | None, bool]:
    days = sorted(WEEKDAYS.index(day) + 1 for day in member.working_days)
    first = last = None
    if member.absent is not None:
        first = calendar.instant(member.absent.first, time())
        last = calendar.instant(member.absent.last + timedelta(days=1), time())
    return (member.key, member.name, member.email, member.role, member.team, days, first, last, member.capacity, True)
