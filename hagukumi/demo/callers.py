"""The desks of the example at work: inside sales dial, field sales answer, marketing sees to what it was asked.

Start with `plan_day`. Everything goes the way of real desks: `hagukumi.desk`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from datetime import time as clock
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select, update

from hagukumi.calendar import BusinessCalendar
from hagukumi.desk.handover import accept, fill, send_back
from hagukumi.desk.meeting import held
from hagukumi.desk.office import Office
from hagukumi.desk.recording import done
from hagukumi.letters.frozen import calls_held
from hagukumi.world.callers import Dial, Open, dials
from hagukumi.world.lots import draw, pick
from hagukumi.world.readers import Mind
from hagukumi.world.truth import CallerTruth
from models.tables.bulk import where_in
from models.tables.schema import activity, handover_sheet, meeting, person, staff, task

Minds = Callable[[int], Mind | None]
"""Somebody's mind today by their id; None for a person the truth does not know."""
NEAR: Mapping[str, float] = {"none": 0.1, "aware": 0.3, "considering": 0.5, "comparing": 0.75, "buying": 0.9}
"""How likely there is a budget, by the stage of buying."""
SENT_BACK = 0.3
"""Share of sheets without a budget that field sales send back."""
MEETS_AFTER = timedelta(days=7)
COMES: Mapping[str, float] = {"none": 0.05, "willing": 0.3, "asked": 0.45, "promised": 0.8}
"""Share of meetings at which the decision-maker really sits."""
SEEN_TO = 0.8
"""Share of what marketing was asked to do that is done within a business day."""

_OF_SHEETS = select(handover_sheet.c.fs_task_id).where(handover_sheet.c.fs_task_id.is_not(None))


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
        select(c.id, c.person_id, c.made_at, c.due, c.kind, c.sleeps_until, staff.c.key, person.c.key.label("person"))
        .join_from(task, staff, c.owner_staff_id == staff.c.id)
        .join(person, c.person_id == person.c.id)
        .where(
            c.state == "open", c.desk == "IS", or_(c.sleeps_until.is_(None), c.sleeps_until < _evening(now, calendar))
        )
    ).all()
    frozen = calls_held(conn, now)
    rows = sorted(
        (row for row in rows if row.id not in frozen),
        key=lambda row: (row.due is None, row.due or row.made_at, row.made_at, row.person),
    )
    tried = _tried(conn, [row.id for row in rows])
    found: list[Deed] = []
    for key, caller in sorted(callers.items()):
        ours = [(row, mind) for row in rows if row.key == key and (mind := minds(row.person_id)) is not None]
        who = {row.id: row.person_id for row, _ in ours}
        tasks = [Open(row.id, _lot(row), mind, tried.get(row.id, 0) + 1, row.sleeps_until) for row, mind in ours]
        found += [Deed(who[dial.task], dial) for dial in dials(seed, caller, tasks, now, calendar)]
    return found


def write_down(conn: Connection, office: Office, deed: Deed, mind: Mind | None, seed: str) -> bool:
    """Records a dial with what follows; False when the task was closed meanwhile."""
    c, dial = task.c, deed.dial
    row = conn.execute(select(c.state, c.made_at, c.kind).where(c.id == dial.task)).one()
    if row.state != "open":
        return False
    found = done(conn, office, dial.task, dial.outcome, dial.fields)
    if found.handover is not None and mind is not None:
        fill(conn, office, found.handover, _sheet(seed, f"{mind.person.key}/{office.now.date()}", mind))
    return True


def _sheet(seed: str, lot: str, mind: Mind) -> dict[str, str]:
    """What was learned in the talk, as far as the caller asked."""
    near = NEAR[mind.now.stage]
    budget = pick(draw(seed, "budget", lot), ((near, "provisional"), (near / 2, "secured"), (1 - near, "none")))
    knows = draw(seed, "authority", lot) < 0.4 + near / 2
    return {"budget": budget, "authority": "yes" if knows else "no", "need": "yes"}


def answer_sheets(conn: Connection, office: Office, seed: str) -> None:
    """Field sales answer what was handed over at least a day ago, and hold the meetings that are past."""
    h, m, p = handover_sheet.c, meeting.c, person.c
    query = select(h.id, h.budget, h.made_at, p.key).join_from(handover_sheet, person, h.person_id == p.id)
    old = query.where(h.state == "open", h.made_at < office.now - timedelta(hours=18)).order_by(h.id)
    for row in conn.execute(old).all():
        lot = draw(seed, "answers", row.key, row.made_at.isoformat())
        if lot < (SENT_BACK if row.budget == "none" else SENT_BACK / 4):
            reason = "information_missing" if lot < SENT_BACK / 8 else "issue_unclear"
            send_back(conn, office, row.id, reason, None)
        else:
            accept(conn, office, row.id, None)
    due = select(m.id, m.attendance, m.set_at, p.key).join_from(meeting, person, m.person_id == p.id)
    past = due.where(m.state == "set", m.set_at < office.now - MEETS_AFTER).order_by(m.id)
    for row in conn.execute(past).all():
        comes = draw(seed, "attends", row.key, row.set_at.isoformat()) < COMES[row.attendance]
        held(conn, office, row.id, attended=comes)


def source_of(deed: Deed, at: datetime) -> str:
    """The source id under which a dial is recorded."""
    return f"task:{deed.dial.task}:{at.isoformat()}"


def see_to_others(conn: Connection, seed: str, now: datetime) -> int:
    """Marketing does what it was asked to at least a day ago, and field sales what no sheet asks for."""
    c = task.c
    query = select(c.id, c.made_at, c.kind, person.c.key.label("person"))
    query = query.join_from(task, person, c.person_id == person.c.id)
    old = query.where(c.state == "open", c.desk != "IS", c.id.not_in(_OF_SHEETS), c.made_at < now - timedelta(days=1))
    rows = conn.execute(old)
    asked = [row.id for row in rows if draw(seed, "sees-to", _lot(row), now.date()) < SEEN_TO]
    if not asked:
        return 0
    done = update(task).where(where_in(c.id, asked), c.state == "open")
    return conn.execute(done.values(state="done", result="確認済み", result_at=now)).rowcount


def _evening(now: datetime, calendar: BusinessCalendar) -> datetime:
    """The end of the day of `now`."""
    return calendar.instant(calendar.day_of(now), clock(20))


def _lot(row: Row[Any]) -> str:
    """What chance is drawn for: no id of a row."""
    return f"{row.person}/{row.kind}/{row.made_at.isoformat()}"


def _tried(conn: Connection, tasks: list[int]) -> dict[int, int]:
    """Task -> how often it was dialled already."""
    c, t = activity.c, task.c
    query = select(t.id, func.count()).join_from(task, activity, c.person_id == t.person_id)
    query = query.where(where_in(t.id, tasks), c.kind == "called", c.occurred_at >= t.made_at).group_by(t.id)
    return dict(conn.execute(query).tuples().all())
