"""What a desk says about its tasks: a dial, a result. Start with `record_call`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from hagukumi.journeys.shell.tasks import note_dial
from models.tables.arrivals import Arrival, receive
from models.tables.schema import activity, task


def record_call(
    conn: Connection, task_id: int, outcome: str, at: datetime, *, settles: bool, told: str | None = None
) -> bool:
    """Keeps a dial (`at`, UTC) with its outcome; `settles` closes the task. Call inside begin_write.

    told: what the caller called it, where that is a word of their own.
    False, and nothing is stored, when the task is not open any more.
    """
    c = task.c
    here = (c.id == task_id, c.state == "open")
    row = conn.execute(select(c.person_id, c.account_id).where(*here)).one_or_none()
    if row is None:
        return False
    if settles:
        done = update(task).where(*here).values(state="done", result=outcome, result_at=at)
        if conn.execute(done).rowcount != 1:
            return False
    detail = {"task": task_id} if told is None or told == outcome else {"task": task_id, "told": told}
    receive(
        conn,
        [
            Arrival(
                row.person_id, row.account_id, "called", at, at, outcome=outcome,
                source_id=f"task:{task_id}:{at.isoformat()}", detail=detail,
            )
        ],
    )  # fmt: skip
    note_dial(conn, (c.id == task_id,), outcome, at)
    return True


def dials(conn: Connection, person_id: int, since: datetime) -> int:
    """How often somebody was called since then."""
    c = activity.c
    query = select(func.count()).where(c.person_id == person_id, c.kind == "called", c.occurred_at >= since)
    return int(conn.scalars(query).one())
