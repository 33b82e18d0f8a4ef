"""Meetings and hand-over sheets as lists and one by one. Start with `meetings` and `sheets`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from hagukumi.pipeline.desk import Attendance, DeskRules
from hagukumi.pipeline.handover import Bant, Lack, lacks
from hagukumi.reading.people import Who, read_people
from models.tables.schema import handover_sheet, meeting, staff, task


class Meeting(NamedTuple):
    """One meeting; owner: key of who of field sales goes."""

    id: int
    who: Who | None
    number: int
    set_at: datetime
    meets_at: datetime | None
    state: str
    attendance: str
    attendance_at: datetime | None
    owner: str | None
    owner_name: str | None


class Sheet(NamedTuple):
    """One hand-over sheet. lacks: what is missing to an SQL; said: what was written down, by the name of its field."""

    id: int
    who: Who | None
    state: str
    made_at: datetime
    due: datetime | None
    by: str | None
    to: str | None
    to_name: str | None
    answered_at: datetime | None
    sent_back: str | None
    note: str | None
    attendance: str
    meets_at: datetime | None
    task: int | None
    fs_task: int | None
    meeting: int | None
    lacks: tuple[Lack, ...]
    said: dict[str, Any]


SAID = (
    "issue", "present", "budget", "budget_year", "authority", "need", "decision_path", "attendees", "timing_months",
    "promised", "not_to_say", "recording",
)  # fmt: skip


def meetings(conn: Connection, *, state: str | None = None, limit: int = 200) -> list[Meeting]:
    """Meetings, the next first; those without a date last."""
    c = meeting.c
    query = (
        select(meeting, staff.c.key.label("owner"), staff.c.name.label("owner_name"))
        .select_from(meeting.outerjoin(staff, c.owner_staff_id == staff.c.id))
        .order_by(c.meets_at.is_(None), c.meets_at, c.id)
        .limit(limit)
    )
    rows = conn.execute(query if state is None else query.where(c.state == state)).all()
    people = read_people(conn, sorted({row.person_id for row in rows}))
    return [
        Meeting(
            row.id, people.get(row.person_id), row.number, row.set_at, row.meets_at, row.state, row.attendance,
            row.attendance_at, row.owner, row.owner_name,
        )
        for row in rows
    ]  # fmt: skip


def sheets(
    conn: Connection, rules: DeskRules, *, state: str | None = None, number: int | None = None, limit: int = 200
) -> list[Sheet]:
    """Hand-over sheets: those that wait for an answer by when it is due, then the newest."""
    c, m = handover_sheet.c, meeting.c
    sender, taker = staff.alias("sender"), staff.alias("taker")
    source = (
        handover_sheet.outerjoin(meeting, c.meeting_id == m.id)
        .outerjoin(task, c.fs_task_id == task.c.id)
        .outerjoin(sender, c.by_staff_id == sender.c.id)
        .outerjoin(taker, task.c.owner_staff_id == taker.c.id)
    )
    query = select(
        handover_sheet, m.attendance, m.meets_at, m.state.label("meeting_state"), sender.c.key.label("by"),
        taker.c.key.label("to"), taker.c.name.label("to_name"),
    ).select_from(source)  # fmt: skip
    if state is not None:
        query = query.where(c.state == state)
    if number is not None:
        query = query.where(c.id == number)
    rows = conn.execute(query.order_by(c.state != "open", c.due, c.id.desc()).limit(limit)).all()
    people = read_people(conn, sorted({row.person_id for row in rows}))
    return [_sheet(row, people.get(row.person_id), rules) for row in rows]


def _sheet(row: Any, who: Who | None, rules: DeskRules) -> Sheet:
    attendance: Attendance = row.attendance if row.attendance and row.meeting_state != "cancelled" else "none"
    missing = lacks(rules.sql, Bant(row.budget, row.authority, row.need, attendance, row.timing_months))
    return Sheet(
        row.id, who, row.state, row.made_at, row.due, row.by, row.to, row.to_name, row.answered_at, row.sent_back,
        row.sent_back_note, attendance, row.meets_at, row.task_id, row.fs_task_id, row.meeting_id, missing,
        {name: getattr(row, name) for name in SAID},
    )  # fmt: skip
