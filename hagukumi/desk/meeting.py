"""Meetings and who attends: won by a call, held, cancelled. Start with `win`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, update

from hagukumi.desk.handover import judge, open_sheet
from hagukumi.desk.office import Office, Someone, tell
from hagukumi.pipeline.desk import ATTENDANCES, Attendance
from hagukumi.words.refusal import NotDone
from models.tables.schema import handover_sheet, meeting
from models.tables.types import to_micros


class Won(NamedTuple):
    """The meeting and the sheet with which it goes to field sales."""

    meeting: int
    handover: int


def win(
    conn: Connection, office: Office, row: Row[Any], who: Someone, attendance: Attendance, meets_at: datetime | None,
    fields: Mapping[str, object], caller: Row[Any] | None,
) -> Won:  # fmt: skip
    """A meeting was agreed in the call about this task: it is kept, and handed over to field sales."""
    c = meeting.c
    before = conn.scalar(select(func.count()).where(c.account_id == who.account, c.state != "cancelled"))
    by = row.owner_staff_id if caller is None else caller.id
    number = conn.execute(
        insert(meeting)
        .values(
            person_id=who.person, account_id=who.account, task_id=row.id,
            number=(before or 0) + 1 if who.account is not None else 1, set_at=office.now, meets_at=meets_at,
            set_by_staff_id=by, attendance=attendance, attendance_at=office.now,
        )
        .returning(c.id)
    ).scalar_one()  # fmt: skip
    issue = fields.get("課題")
    return Won(number, open_sheet(conn, office, row, who, number, by, None if issue is None else str(issue)))


def attend(conn: Connection, office: Office, number: int, attendance: str) -> tuple[str, ...]:
    """What was last said about the decision-maker's attendance. Returns what still lacks to an SQL."""
    if attendance not in ATTENDANCES[:-1]:
        raise NotDone(
            "attendance-unknown",
            f"「{attendance}」は使えません。none(なし)・willing(意向あり)・asked(依頼中)・promised(確定)のどれかです。",
            f"{attendance} is none of none, willing, asked, promised. Whether they came is said by `meeting held`.",
        )
    row = _set_meeting(conn, number)
    conn.execute(update(meeting).where(meeting.c.id == number).values(attendance=attendance, attendance_at=office.now))
    return _judge(conn, office, row)


def held(conn: Connection, office: Office, number: int, *, attended: bool) -> tuple[str, ...]:
    """The meeting took place; only who sat there counts as attended. Returns what still lacks to an SQL."""
    row = _set_meeting(conn, number)
    values: dict[str, Any] = {"state": "held"}
    if attended:
        values |= {"attendance": "attended", "attendance_at": office.now}
    conn.execute(update(meeting).where(meeting.c.id == number).values(**values))
    outcome = "attended" if attended else "not_attended"
    who = Someone(row.person_id, row.account_id)
    tell(conn, who, "met", office.now, f"meeting/{number}/held", outcome=outcome, detail={"meeting": number})
    return _judge(conn, office, row)


def cancel(conn: Connection, office: Office, number: int) -> None:
    """The meeting does not take place."""
    row = _set_meeting(conn, number)
    conn.execute(update(meeting).where(meeting.c.id == number).values(state="cancelled"))
    who = Someone(row.person_id, row.account_id)
    source = f"meeting/{number}/cancelled/{to_micros(office.now)}"
    tell(conn, who, "meeting", office.now, source, outcome="cancelled", detail={"meeting": number})


def _set_meeting(conn: Connection, number: int) -> Row[Any]:
    row = conn.execute(select(meeting).where(meeting.c.id == number).with_for_update()).first()
    if row is None:
        raise NotDone(
            "meeting-unknown",
            f"商談の予定 #{number} はありません。「hagukumi meeting」で番号をご確認ください。",
            f"There is no meeting #{number}. See `hagukumi meeting`.",
        )
    if row.state != "set":
        raise NotDone(
            "meeting-over",
            f"商談の予定 #{number} は、すでに{'実施済み' if row.state == 'held' else '中止'}です。何も変えていません。",
            f"Meeting #{number} is {row.state} already. Nothing was changed.",
        )
    return row


def _judge(conn: Connection, office: Office, row: Row[Any]) -> tuple[str, ...]:
    number = conn.scalar(select(func.max(handover_sheet.c.id)).where(handover_sheet.c.meeting_id == row.id))
    return () if number is None else judge(conn, office, number)
