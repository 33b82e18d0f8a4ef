"""The sheet that goes from inside sales to field sales, and the answer. Start with `open_sheet`.

An SQL is made here and nowhere else: when the sheet holds all that desk.yaml asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from sqlalchemy import Connection, Row, select, update

from hagukumi.desk.office import Office, Someone, ask, member, raise_stage
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.language.problems import nearest
from hagukumi.journeys.shell.sheets import new_sheet, tell_sheet
from hagukumi.pipeline.desk import SENT_BACK, SENT_BACK_WORDS, SentBack
from hagukumi.pipeline.handover import Bant, Lack, lacks
from hagukumi.words.refusal import NotDone
from models.tables.schema import handover_sheet, meeting, task

TEXTS = ("issue", "present", "decision_path", "attendees", "promised", "not_to_say", "recording", "budget_year")
FLAGS = ("authority", "need")
FILLED = (*TEXTS, *FLAGS, "budget", "timing_months")
"""What `handover fill` may say."""
_YES = {
    "yes": True,
    "true": True,
    "はい": True,
    "あり": True,
    "no": False,
    "false": False,
    "いいえ": False,
    "なし": False,
}
_BUDGETS = {"none": "none", "provisional": "provisional", "secured": "secured", "なし": "none", "仮": "provisional",
            "確保": "secured", "確保済み": "secured"}  # fmt: skip


def open_sheet(
    conn: Connection, office: Office, row: Row[Any], who: Someone, meeting_id: int | None, by: int | None,
    issue: str | None = None,
) -> int:  # fmt: skip
    """Hands a person over: the sheet, and the task by which field sales answers. Returns the sheet's id."""
    due = office.rules.handover.answer_within.after(office.now, office.calendar)
    number = new_sheet(
        conn, who.person, who.account, office.now, task_id=row.id, meeting_id=meeting_id, by_staff_id=by, due=due,
        issue=issue,
    )  # fmt: skip
    answer = ask(conn, office, who, "field_sales", "handover", f"sheet/{number}", Why("handed_over_to_fs"), due)
    conn.execute(update(handover_sheet).where(handover_sheet.c.id == number).values(fs_task_id=answer))
    _tell(conn, office, number, who, "handed")
    judge(conn, office, number)
    return number


def fill(conn: Connection, office: Office, number: int, given: Mapping[str, str]) -> tuple[Lack, ...]:
    """Writes down what the customer said. Returns what still lacks to an SQL; the person becomes one when nothing does.

    Raises NotDone, with nothing stored: no such sheet, unknown field, unreadable value.
    """
    row = sheet_of(conn, number)
    if row.state == "sent_back":
        raise _answered(row)
    values = {name: _value(name, text) for name, text in given.items()}
    if values:
        conn.execute(update(handover_sheet).where(handover_sheet.c.id == number).values(**values))
    return judge(conn, office, number)


def accept(conn: Connection, office: Office, number: int, by: str | None) -> tuple[Lack, ...]:
    """Field sales takes it. Returns what lacks to an SQL all the same."""
    row = _answer(conn, office, number, by, "accepted")
    _tell(conn, office, number, Someone(row.person_id, row.account_id), "accepted")
    return judge(conn, office, number)


def send_back(
    conn: Connection, office: Office, number: int, reason: str, by: str | None, note: str | None = None
) -> int | None:
    """Field sales sends it back with a reason: inside sales has a task again. Returns the id of that task."""
    reason = why_back(reason)
    row = _answer(conn, office, number, by, "sent_back", sent_back=reason, sent_back_note=note)
    who = Someone(row.person_id, row.account_id)
    _tell(conn, office, number, who, reason)
    due = office.rules.handover.again_within.after(office.now, office.calendar)
    again = ask(conn, office, who, "inside_sales", "call", f"sent-back/{number}", Why("sent_back", (reason,)), due)
    c = task.c
    mine = (c.id == again, c.owner_staff_id.is_(None))
    if row.by_staff_id is not None:
        conn.execute(update(task).where(*mine).values(owner_staff_id=row.by_staff_id, given_at=office.now))
    return again


def why_back(said: str) -> SentBack:
    """The reason by its code or as field sales say it. Raises NotDone with all there are."""
    reason = SENT_BACK_WORDS.get(normalize("NFKC", said).strip())
    if reason is None:
        raise NotDone(
            "send-back-reason",
            f"「{said}」は使えません。情報不足(information_missing)・決裁権なし(no_authority)・"
            "課題が不明確(issue_unclear)・時期が先(too_late、12か月より先)・商談あり(deal_exists)のどれかです。",
            f"{said} is none of {', '.join(SENT_BACK)}.",
        )
    return reason


def sheet_of(conn: Connection, number: int) -> Row[Any]:
    """The sheet, locked. Raises NotDone when there is none."""
    row = conn.execute(select(handover_sheet).where(handover_sheet.c.id == number).with_for_update()).first()
    if row is None:
        raise NotDone(
            "handover-unknown",
            f"引き継ぎシート #{number} はありません。「hagukumi handover」で番号をご確認ください。",
            f"There is no hand-over sheet #{number}. See `hagukumi handover`.",
        )
    return row


def judge(conn: Connection, office: Office, number: int) -> tuple[Lack, ...]:
    """What the sheet lacks to an SQL; when nothing does, the person becomes one now."""
    row = sheet_of(conn, number)
    missing = lacks(office.rules.sql, bant_of(conn, row))
    if not missing and row.state != "sent_back":
        raise_stage(conn, Someone(row.person_id, row.account_id), "sql", office.now, f"sheet/{number}")
    return missing


def bant_of(conn: Connection, row: Row[Any]) -> Bant:
    """What a sheet and its meeting know."""
    attendance = conn.scalar(
        select(meeting.c.attendance).where(meeting.c.id == row.meeting_id, meeting.c.state != "cancelled")
    )
    return Bant(row.budget, row.authority, row.need, attendance or "none", row.timing_months)


def _answer(conn: Connection, office: Office, number: int, by: str | None, state: str, **more: Any) -> Row[Any]:
    row = sheet_of(conn, number)
    if row.state != "open":
        raise _answered(row)
    who = member(conn, by)
    c = task.c
    owner = conn.scalar(select(c.owner_staff_id).where(c.id == row.fs_task_id))
    answered = owner if who is None else who.id
    values = {"state": state, "answered_at": office.now, "answered_by_staff_id": answered, "to_staff_id": answered}
    conn.execute(update(handover_sheet).where(handover_sheet.c.id == number).values(**values, **more))
    over = update(task).where(c.id == row.fs_task_id, c.state == "open")
    conn.execute(over.values(state="done", result=state, result_at=office.now, touched_at=office.now))
    conn.execute(
        update(meeting)
        .where(meeting.c.id == row.meeting_id, meeting.c.owner_staff_id.is_(None))
        .values(owner_staff_id=answered)
    )
    return row


def _answered(row: Row[Any]) -> NotDone:
    ja, en = ("受け取り済み", "accepted") if row.state == "accepted" else ("差し戻し済み", "sent back")
    return NotDone(
        "handover-answered",
        f"引き継ぎシート #{row.id} は、すでに{ja}です。何も変えていません。",
        f"Hand-over sheet #{row.id} was {en} already. Nothing was changed.",
    )


def _value(name: str, text: str) -> object:
    if name not in FILLED:
        near = nearest(name, list(FILLED))
        raise NotDone(
            "handover-field-unknown",
            f"引き継ぎシートに「{name}」という項目はありません。" + (f"もしかして: {near}。" if near else "")
            + f"書けるもの: {', '.join(FILLED)}",
            f"The sheet has no field {name}. " + (f"Did you mean {near}? " if near else "")
            + f"It takes: {', '.join(FILLED)}",
        )  # fmt: skip
    plain = text.strip()
    value: object = plain or None
    if name in FLAGS:
        value = _YES.get(plain.lower())
    elif name == "budget":
        value = _BUDGETS.get(plain)
    elif name == "timing_months":
        value = int(plain) if plain.isdigit() and len(plain) < 4 else None
    elif name == "budget_year":
        value = plain if plain.isdigit() and len(plain) == 4 else None
    elif name == "recording" and not plain.startswith(("https://", "http://")):
        value = None
    if value is None:
        raise NotDone("handover-field-unreadable", f"{name} の「{text}」を読み取れません。{_HOW_JA.get(name, '')}",
                      f"Cannot read “{text}” as {name}. {_HOW_EN.get(name, '')}")  # fmt: skip
    return value


_HOW_JA = {
    "authority": "yes か no です。", "need": "yes か no です。",
    "budget": "none・provisional(仮)・secured(確保済み)です。",
    "timing_months": "何か月後かを数字で書いてください。", "budget_year": "2027 のように年度を書いてください。",
    "recording": "https:// で始まるリンクを書いてください。",
}  # fmt: skip
_HOW_EN = {
    "authority": "Write yes or no.", "need": "Write yes or no.", "budget": "One of none, provisional, secured.",
    "timing_months": "Write the number of months.", "budget_year": "Write the fiscal year, like 2027.",
    "recording": "Write a link that begins with https://.",
}  # fmt: skip


def _tell(conn: Connection, office: Office, number: int, who: Someone, outcome: str) -> None:
    tell_sheet(conn, number, who.person, who.account, outcome, office.now)
