"""Calls of a list (of a CTI, say) have the next act of those entered at the desk. Start with `follow_calls`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, not_, select, update

from hagukumi.desk.office import Office, Someone, free_letters
from hagukumi.desk.recording import follow, shut_of
from hagukumi.journeys.shell.desk import settle, unanswered
from hagukumi.journeys.shell.tasks import note_dial, told_twice
from hagukumi.pipeline.calling import Dialled, Plan, plan
from hagukumi.pipeline.desk import OutcomeRule
from models.tables.engine import begin_read, begin_write
from models.tables.schema import activity, task


def follow_calls(engine: Engine, office: Office) -> int:
    """Does what follows from imported calls about tasks that are open, in the order in which they were made, each once.

    Call before the engine sees the list. Each call is a transaction of its own. Returns how many there were.
    """
    with begin_read(engine) as conn:
        found = [call for call in _calls(conn, office.now) if "task" not in (call.detail or {})]
    done = 0
    for call in found:
        with begin_write(engine) as conn:
            done += _follow(conn, office, call)
    return done


def _calls(conn: Connection, now: datetime) -> list[Row[Any]]:
    """Imported calls to people whose task of inside sales is open and was made before the call."""
    a, t = activity.c, task.c
    query = (
        select(a.id, a.person_id, a.outcome, a.occurred_at, a.known_at, a.detail, t.id.label("task"))
        .join_from(task, activity, a.person_id == t.person_id)
        .where(
            t.state == "open", t.desk == "IS", a.kind == "called", a.outcome.is_not(None), a.occurred_at > t.made_at,
            a.known_at <= now, a.source_id.startswith("import:"), not_(told_twice()),
        )
        .order_by(a.occurred_at, a.id)
    )  # fmt: skip
    return list(conn.execute(query).all())


def _follow(conn: Connection, office: Office, call: Row[Any]) -> bool:
    rule = next((one for one in office.rules.outcomes if call.outcome in (one.name, one.standard)), None)
    c, a = task.c, activity.c
    row = conn.execute(select(task).where(c.id == call.task, c.state == "open").with_for_update()).first()
    told = conn.execute(select(a.detail).where(a.id == call.id).with_for_update()).scalar_one() or {}
    if rule is None or row is None or "task" in told:
        # No rule for it, or an earlier call of the list has closed the task, or another run was faster.
        return False
    conn.execute(update(activity).where(a.id == call.id).values(detail={**told, "task": row.id}))
    who = Someone(row.person_id, row.account_id)
    note_dial(conn, (c.id == row.id,), rule.standard, call.occurred_at, office.now)
    then = _plan(conn, office, row, rule, call.occurred_at)
    if then.done:
        settle(conn, row.id, rule.standard, office.now)
    follow(conn, office, row, who, rule, then, {}, None)
    if then.done:
        free_letters(conn, who, office.now)
    return True


def _plan(conn: Connection, office: Office, row: Row[Any], rule: OutcomeRule, at: datetime) -> Plan:
    """Counted from the call; from now where the list came so late that the next call would be over."""
    # Later calls of the same list are known already, and follow this one.
    tries, shut = unanswered(conn, row.person_id, row.made_at, at), shut_of(conn, row.account_id)
    then = plan(office.rules, rule, Dialled(at, tries, row.made_at, {}, shut), office.calendar)
    due = then.redial_at or (then.again.at if then.again is not None else None)
    if due is None or due >= office.now:
        return then
    return plan(office.rules, rule, Dialled(office.now, tries, row.made_at, {}, shut), office.calendar)
