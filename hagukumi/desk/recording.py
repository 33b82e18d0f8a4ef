"""The result of a call with everything that follows from it, in one transaction. Start with `done`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, or_, select, update

from hagukumi.channels.refusing import Asked, refuse, whom_of_person
from hagukumi.desk.following import refer
from hagukumi.desk.meeting import win
from hagukumi.desk.office import Office, Someone, ask, change, free_letters, member, raise_stage, write_letter
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.language.problems import nearest
from hagukumi.journeys.shell.desk import just_missed, record_call, settle
from hagukumi.letters.recipients import closed_of
from hagukumi.pipeline.calling import Again, Dialled, Plan, never_shut, plan
from hagukumi.pipeline.desk import FIELDS, OutcomeRule
from hagukumi.pipeline.written import field_named, read_fields
from hagukumi.words.refusal import NotDone
from models.tables.schema import account, call_note, consent, person, task
from models.tables.types import to_micros


class Done(NamedTuple):
    """What was recorded. outcome: as counted. tries: unanswered dials of this task, as the task keeps them.

    again_at: when this or a new task is due; next: what follows, by code (words/desk.py).
    """

    task: int
    person: int
    outcome: str
    closed: bool
    tries: int
    again_at: datetime | None
    next: tuple[str, ...]
    meeting: int | None = None
    handover: int | None = None
    task_made: int | None = None


def done(
    conn: Connection,
    office: Office,
    task_id: int,
    said: str,
    given: Mapping[str, str],
    by: str | None = None,
) -> Done:
    """Records the outcome of a call and does what follows. Call inside begin_write; nothing is half-stored.

    Raises NotDone: no such task, closed, of another desk, unknown outcome, missing or unreadable fields.
    """
    row = open_task(conn, task_id, "IS")
    rule = outcome_named(office, said)
    fields = read_fields(rule, given, office.now, office.calendar)
    caller = member(conn, by)
    who = Someone(row.person_id, row.account_id)
    at = office.now
    if not rule.reached and just_missed(conn, task_id, row.person_id, at):
        # The same key pressed twice is one dial: nothing more is written down.
        return Done(task_id, row.person_id, rule.standard, False, row.tries, row.sleeps_until, ("same_dial",))
    if not record_call(conn, task_id, rule.standard, at, settles=False, told=str(rule.name)):
        raise closed_meanwhile(task_id)
    tries = conn.execute(select(task.c.tries).where(task.c.id == task_id)).scalar_one()
    call = Dialled(at, tries, row.made_at, fields, shut_of(conn, row.account_id))
    then = plan(office.rules, rule, call, office.calendar)
    if then.done:
        settle(conn, task_id, rule.standard, at)
    _note(conn, row, rule, given, caller, at)
    if "宛先" in fields:
        _address(conn, office, who, str(fields["宛先"]), caller)
    found = follow(conn, office, row, who, rule, then, fields, caller)
    if then.done:
        free_letters(conn, who, at)
    return found._replace(tries=tries)


def open_task(conn: Connection, task_id: int, desk: str | None = None) -> Row[Any]:
    """The task, locked. Raises NotDone when there is none, it is over, or it is another desk's."""
    row = conn.execute(select(task).where(task.c.id == task_id).with_for_update()).first()
    if row is None:
        raise NotDone(
            "task-unknown",
            f"タスク #{task_id} はありません。「hagukumi tasks」で番号をご確認ください。",
            f"There is no task #{task_id}. See `hagukumi tasks`.",
        )
    if row.state != "open":
        raise closed_meanwhile(task_id)
    if desk is not None and row.desk != desk:
        raise NotDone(
            "task-desk",
            f"タスク #{task_id} はインサイドセールスの架電ではありません(担当: {row.desk})。",
            f"Task #{task_id} is no call of inside sales; it lies at {row.desk}.",
        )
    return row


def closed_meanwhile(task_id: int) -> NotDone:
    """The task is over."""
    return NotDone(
        "task-closed",
        f"タスク #{task_id} はすでに終わっています。何も記録していません。",
        f"Task #{task_id} is over already. Nothing was recorded.",
    )


def outcome_named(office: Office, said: str) -> OutcomeRule:
    """The outcome by name or key. Raises NotDone with the nearest one and all there are."""
    rule = office.rules.outcome(said)
    if rule is not None:
        return rule
    names = [str(one.name) for one in office.rules.outcomes]
    near = nearest(said.strip(), names)
    known_ja = "、".join(f"{one.name}({one.key})" for one in office.rules.outcomes)
    raise NotDone(
        "outcome-unknown",
        f"「{said}」という結果はありません。" + (f"もしかして: {near}。" if near else "") + f"使えるもの: {known_ja}",
        f"There is no outcome {said}. "
        + (f"Did you mean {near}? " if near else "")
        + "There are: "
        + ", ".join(f"{one.name} ({one.key})" for one in office.rules.outcomes),
    )


def shut_of(conn: Connection, account_id: int | None) -> Any:
    """Whether the recipient is closed at a local instant."""
    stored = conn.scalar(select(account.c.closed).where(account.c.id == account_id)) if account_id else None
    closed = closed_of(stored)
    return never_shut if closed is None else lambda local: closed.until(local) is not None


def _note(
    conn: Connection, row: Row[Any], rule: OutcomeRule, given: Mapping[str, str], caller: Row[Any] | None, at: datetime
) -> None:
    """What else was written down, as it was entered."""
    told = {
        FIELDS[key].name: text.strip() for name, text in given.items() if text.strip() and (key := field_named(name))
    }
    if told or rule.standard != rule.name:
        by = row.owner_staff_id if caller is None else caller.id
        conn.execute(
            insert(call_note).values(
                person_id=row.person_id, account_id=row.account_id, task_id=row.id, at=at, by_staff_id=by,
                outcome=str(rule.name), fields=told,
            )
        )  # fmt: skip


def _address(conn: Connection, office: Office, who: Someone, address: str, caller: Row[Any] | None) -> None:
    """The address they gave us on the telephone is where they want to be written to, and their wish is a ground."""
    p, g = person.c, consent.c
    taken = conn.scalar(select(p.id).where(p.email_norm == address, p.id != who.person))
    if taken is not None:
        raise NotDone(
            "address-taken",
            f"宛先のアドレスは、別の方(#{taken})として登録されています。その方のタスクで記録してください。",
            f"That address belongs to somebody else (#{taken}). Record it with their task.",
        )
    mine = (p.id == who.person, or_(p.email_norm.is_(None), p.email_norm != address))
    conn.execute(update(person).where(*mine).values(email=address, email_norm=address, changed_at=office.now))
    standing = select(g.id).where(g.person_id == who.person, g.channel == "mail", g.withdrawn_at.is_(None))
    if conn.scalar(standing.limit(1)) is None:
        by = None if caller is None else caller.name
        conn.execute(
            insert(consent).values(
                person_id=who.person, channel="mail", ground="consent", got_at=office.now, got_by=by, got_where="電話",
                source="desk",
            )
        )  # fmt: skip


def follow(
    conn: Connection, office: Office, row: Row[Any], who: Someone, rule: OutcomeRule, then: Plan,
    fields: Mapping[str, object], caller: Row[Any] | None,
) -> Done:  # fmt: skip
    """Everything of the plan, stored."""
    at, source = office.now, f"desk/{row.id}"
    made: int | None = None
    steps: list[str] = []
    found = Done(row.id, row.person_id, rule.standard, then.done, 0, then.redial_at, ())
    if then.redial_at is not None:
        dial = update(task).where(task.c.id == row.id)
        conn.execute(dial.values(due=then.redial_at, sleeps_until=then.redial_at))
        steps.append("redial")
    if then.gave_up:
        steps.append("nurture")
    if then.again is not None:
        made = _again(conn, office, row, who, rule, then.again)
        found, steps = found._replace(again_at=then.again.at), [*steps, "again"]
    if then.stage is not None and raise_stage(conn, who, then.stage, at, source):
        steps.append(f"stage_{then.stage}")
    if then.meeting is not None:
        won = win(conn, office, row, who, then.meeting, then.meets_at, fields, caller)
        found, steps = found._replace(meeting=won.meeting, handover=won.handover), [*steps, "meeting", "handover"]
    if then.letter is not None:
        written = write_letter(conn, office, who, then.letter, f"{source}/{then.letter}/{to_micros(at)}")
        steps.append("letter" if written else "no_letter")
    if then.refuse_phone:
        refuse(
            conn, whom_of_person(conn, who.person, office.secret), Asked(("phone",), cause="refused", source="desk"), at
        )
        steps.append("refuse_phone")
    if then.ng is not None:
        _pass_back(conn, who, then.ng, at, source)
        steps.append("ng")
    if then.left:
        change(conn, who, "left_company", False, True, at, source)
        steps.append("left")
    if then.ask is not None:
        made = refer(conn, office, row, who, then.ask, fields)
        steps += [f"ask_{then.ask}"] if made is not None else []
    return found._replace(next=tuple(steps), task_made=made)


def _again(
    conn: Connection, office: Office, row: Row[Any], who: Someone, rule: OutcomeRule, again: Again
) -> int | None:
    """A call later on, by whoever talked to them."""
    day: date = office.calendar.day_of(again.at)
    why = Why("call_again", (rule.standard, day.isoformat()))
    number = ask(conn, office, who, "inside_sales", "call", f"again/{row.id}/{to_micros(office.now)}", why, again.at)
    values = {
        "cause": f"again/{rule.standard}", "theme": row.theme, "sleeps_until": again.at if again.asleep else None,
        "owner_staff_id": row.owner_staff_id, "given_at": again.at if row.owner_staff_id is not None else None,
    }  # fmt: skip
    conn.execute(update(task).where(task.c.id == number).values(**values))
    return number


def _pass_back(conn: Connection, who: Someone, reason: str, at: datetime, source: str) -> None:
    """No lead of ours: its scenarios end by their stop rules."""
    old = conn.scalar(select(person.c.stage).where(person.c.id == who.person)) or "lead"
    conn.execute(update(person).where(person.c.id == who.person).values(ng_reason=reason))
    if old != "ng":
        change(conn, who, "stage", old, "ng", at, source)
