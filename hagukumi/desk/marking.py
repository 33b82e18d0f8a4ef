"""Marks on a task: beside the point, done, somebody else's. Start with `off_target`, `finish` and `give`."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from hagukumi.desk.office import Office, Someone, member, tell
from hagukumi.desk.recording import open_task
from hagukumi.journeys.shell.desk import settle
from hagukumi.words.refusal import NotDone
from models.tables.schema import task

LAST = 30
"""So many tasks with the same cause are looked at."""
ENOUGH, SHARE = 5, 0.4
"""From so many on, and such a share of them, the rule itself deserves a look."""


class OffTarget(NamedTuple):
    """How often the cause was beside the point among the last `of` tasks with it; hint: its rule deserves a look."""

    cause: str
    of: int
    off_target: int
    hint: bool


def off_target(conn: Connection, office: Office, task_id: int, by: str | None = None) -> OffTarget:
    """Marks the reason; the task itself goes on. Saying it twice changes nothing. Raises NotDone for no task."""
    c = task.c
    member(conn, by)
    row = conn.execute(
        select(c.id, c.person_id, c.account_id, c.cause).where(c.id == task_id).with_for_update()
    ).first()
    if row is None:
        raise NotDone(
            "task-unknown",
            f"タスク #{task_id} はありません。「hagukumi tasks」で番号をご確認ください。",
            f"There is no task #{task_id}. See `hagukumi tasks`.",
        )
    marked = update(task).where(c.id == task_id, c.off_target_at.is_(None)).values(off_target_at=office.now)
    if conn.execute(marked).rowcount and row.person_id is not None:
        who = Someone(row.person_id, row.account_id)
        tell(
            conn,
            who,
            "marked",
            office.now,
            f"task/{task_id}/off_target",
            outcome="off_target",
            detail={"task": task_id},
        )
    return count_off_target(conn, row.cause or "")


def count_off_target(conn: Connection, cause: str) -> OffTarget:
    """How often tasks with this cause were beside the point, of those that were dialled or marked."""
    c = task.c
    mine = select(c.off_target_at).where(c.cause == cause, (c.touched_at.is_not(None)) | (c.off_target_at.is_not(None)))
    recent = mine.order_by(c.made_at.desc(), c.id.desc()).limit(LAST).subquery()
    of, marked = conn.execute(select(func.count(), func.count(recent.c.off_target_at)).select_from(recent)).one()
    return OffTarget(cause, of, marked, of >= ENOUGH and marked >= SHARE * of)


def doubtful(conn: Connection) -> list[OffTarget]:
    """Causes whose rules deserve a look: too many of their last tasks were beside the point."""
    c = task.c
    causes = conn.scalars(select(c.cause).where(c.off_target_at.is_not(None), c.cause.is_not(None)).distinct())
    return [found for cause in sorted(causes) if (found := count_off_target(conn, cause)).hint]


def finish(conn: Connection, office: Office, task_id: int, by: str | None = None) -> None:
    """What somebody was asked to do is done. Raises NotDone: no open task, one that is closed by what came of it."""
    row = open_task(conn, task_id)
    member(conn, by)
    if row.kind != "task" or row.desk == "IS":
        raise NotDone(
            "task-has-result",
            f"タスク #{task_id} は、結果を記録して終えます(架電は「hagukumi tasks done」)。",
            f"Task #{task_id} is closed by what came of it (a call by `hagukumi tasks done`).",
        )
    settle(conn, task_id, "done", office.now)


def give(conn: Connection, office: Office, task_id: int, to: str) -> str:
    """Makes the task somebody else's; their name. Raises NotDone: no open task, nobody of that key."""
    row = open_task(conn, task_id)
    who = member(conn, to)
    assert who is not None
    conn.execute(update(task).where(task.c.id == row.id).values(owner_staff_id=who.id, given_at=office.now))
    return str(who.name)
