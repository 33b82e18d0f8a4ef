"""The desks of the example at work: inside sales dial, marketing sees to what it was asked. Start with `plan_day`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select, update

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.shell.desk import record_call
from hagukumi.world.callers import Dial, Open, dials
from hagukumi.world.lots import draw
from hagukumi.world.readers import Mind
from hagukumi.world.truth import CallerTruth
from models.tables.bulk import where_in
from models.tables.schema import activity, person, staff, task

Minds = Callable[[int], Mind | None]
"""Somebody's mind today by their id; None for a person the truth does not know."""
SEEN_TO = 0.8
"""Share of what marketing was asked to do that is done within a business day."""


class Deed(NamedTuple):
    """What a desk wrote down: who was called, by whom (key of staff), and how it went."""

    person: int
    dial: Dial


def plan_day(
    conn: Connection, seed: str, callers: Mapping[str, CallerTruth], minds: Minds, now: datetime,
    calendar: BusinessCalendar,
) -> list[Deed]:  # fmt: skip
    """What the callers of inside sales will do today with the tasks that are open in the morning."""
    c = task.c
    rows = conn.execute(
        select(c.id, c.person_id, c.made_at, c.due, c.kind, staff.c.key, person.c.key.label("person"))
        .join_from(task, staff, c.owner_staff_id == staff.c.id)
        .join(person, c.person_id == person.c.id)
        .where(c.state == "open", c.desk == "IS")
    ).all()
    rows = sorted(rows, key=lambda row: (row.due is None, row.due or row.made_at, row.made_at, row.person))
    tried = _tried(conn, [row.id for row in rows])
    found: list[Deed] = []
    for key, caller in sorted(callers.items()):
        ours = [(row, mind) for row in rows if row.key == key and (mind := minds(row.person_id)) is not None]
        who = {row.id: row.person_id for row, _ in ours}
        tasks = [Open(row.id, _lot(row), mind, tried.get(row.id, 0) + 1) for row, mind in ours]
        found += [Deed(who[dial.task], dial) for dial in dials(seed, caller, tasks, now, calendar)]
    return found


def write_down(conn: Connection, deed: Deed, at: datetime) -> bool:
    """Records a dial; False when the task was closed meanwhile."""
    return record_call(conn, deed.dial.task, deed.dial.outcome, at, settles=deed.dial.settles)


def source_of(deed: Deed, at: datetime) -> str:
    """The source id under which a dial is recorded."""
    return f"task:{deed.dial.task}:{at.isoformat()}"


def see_to_others(conn: Connection, seed: str, now: datetime) -> int:
    """Marketing and field sales do what they were asked to at least a day ago; how many tasks that closes."""
    c = task.c
    query = select(c.id, c.made_at, c.kind, person.c.key.label("person"))
    query = query.join_from(task, person, c.person_id == person.c.id)
    old = query.where(c.state == "open", c.desk != "IS", c.made_at < now - timedelta(days=1))
    rows = conn.execute(old)
    asked = [row.id for row in rows if draw(seed, "sees-to", _lot(row), now.date()) < SEEN_TO]
    if not asked:
        return 0
    done = update(task).where(where_in(c.id, asked), c.state == "open")
    return conn.execute(done.values(state="done", result="確認済み", result_at=now)).rowcount


def _lot(row: Row[Any]) -> str:
    """What chance is drawn for: no id of a row."""
    return f"{row.person}/{row.kind}/{row.made_at.isoformat()}"


def _tried(conn: Connection, tasks: list[int]) -> dict[int, int]:
    """Task -> how often it was dialled already."""
    c, t = activity.c, task.c
    query = select(t.id, func.count()).join_from(task, activity, c.person_id == t.person_id)
    query = query.where(where_in(t.id, tasks), c.kind == "called", c.occurred_at >= t.made_at).group_by(t.id)
    return dict(conn.execute(query).tuples().all())
