"""What a desk says about its tasks: a dial, a result. Start with `record_call`."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, not_, select, update

from hagukumi.journeys.shell.tasks import note_dial, told_twice
from hagukumi.journeys.steps.outcomes import NOT_REACHED
from models.tables.arrivals import Arrival, known_sources, receive
from models.tables.schema import activity, task

SAME_DIAL = timedelta(seconds=5)
"""Two dials cannot lie so near to each other: the second is the same key pressed twice."""


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
    if settles and not settle(conn, task_id, outcome, at):
        return False
    source = f"task:{task_id}:{at.isoformat()}"
    if known_sources(conn, [source]):
        # A talk in the very second of a dial that was recorded as unanswered is not lost.
        source += f":{outcome}"
    detail = {"task": task_id} if told is None or told == outcome else {"task": task_id, "told": told}
    receive(
        conn,
        [
            Arrival(
                row.person_id, row.account_id, "called", at, at, outcome=outcome,
                source_id=source, detail=detail,
            )
        ],
    )  # fmt: skip
    note_dial(conn, (c.id == task_id,), outcome, at, at)
    return True


def settle(conn: Connection, task_id: int, outcome: str, at: datetime) -> bool:
    """Closes the task with its result; False when it was not open any more."""
    c = task.c
    done = update(task).where(c.id == task_id, c.state == "open").values(state="done", result=outcome, result_at=at)
    return conn.execute(done).rowcount == 1


def just_missed(conn: Connection, task_id: int, person_id: int, at: datetime) -> bool:
    """Whether this task's desk recorded an unanswered dial a moment ago."""
    c = activity.c
    query = select(c.id).where(
        c.person_id == person_id, c.kind == "called", c.outcome.in_(sorted(NOT_REACHED)),
        c.occurred_at.between(at - SAME_DIAL, at + SAME_DIAL), c.source_id.startswith(f"task:{task_id}:"),
    )  # fmt: skip
    return conn.scalar(query.limit(1)) is not None


def unanswered(conn: Connection, person_id: int, since: datetime, until: datetime) -> int:
    """How often somebody was dialled in vain between these instants (UTC), both included."""
    c = activity.c
    query = select(func.count()).where(
        c.person_id == person_id, c.kind == "called", c.outcome.in_(sorted(NOT_REACHED)),
        c.occurred_at.between(since, until), not_(told_twice()),
    )  # fmt: skip
    return int(conn.scalars(query).one())


def dials(conn: Connection, person_id: int, since: datetime) -> int:
    """How often somebody was called since then."""
    c = activity.c
    query = select(func.count()).where(c.person_id == person_id, c.kind == "called", c.occurred_at >= since)
    return int(conn.scalars(query).one())
