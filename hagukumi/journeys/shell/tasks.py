"""Puts causes on desks: a new task, or a further reason on the open one. One open inside-sales task a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, true, update

from hagukumi.journeys.core.effects import Desk, MakeTask
from hagukumi.journeys.core.facts import Activity
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.values import Calendar
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.steps.outcomes import NOT_REACHED
from models.tables.bulk import insert_many, where_in
from models.tables.schema import letter, staff, task, task_cause
from models.tables.types import to_micros

DESKS: dict[Desk, str] = {"inside_sales": "IS", "field_sales": "FS", "marketing": "MA"}
ROLES = {"IS": "is", "FS": "fs", "MA": "marketer"}


class Cause(NamedTuple):
    """Why somebody has something to do: an effect of a journey, or a jump of the score."""

    person: int
    account: int | None
    at: datetime
    effect: MakeTask
    journey: Journey | None
    why: Why | None


class Put(NamedTuple):
    """How many tasks are new, and which task each effect's key made or was added to."""

    made: int
    tasks: dict[str, int]


def put_on_desks(conn: Connection, causes: Sequence[Cause], calendar: Calendar) -> Put:
    """Stores the causes. A cause whose key is known already changes nothing."""
    if not causes:
        return Put(0, {})
    known = set(conn.scalars(select(task_cause.c.effect_key).where(_keys(causes))))
    open_tasks = _open_tasks(conn, sorted({cause.person for cause in causes}))
    owners = _Owners(conn)
    made, links = 0, []
    for cause in sorted(causes, key=lambda cause: (cause.at, cause.effect.key)):
        if cause.effect.key in known:
            continue
        known.add(cause.effect.key)
        desk = DESKS[cause.effect.desk]
        found = open_tasks.get(cause.person) if desk == "IS" else None
        if found is None:
            found = _make(conn, cause, desk, owners, calendar)
            made += 1
            if desk == "IS":
                open_tasks[cause.person] = found
        else:
            _add_reason(conn, found, cause, calendar)
        links.append((cause.effect.key, found["id"], to_micros(cause.at)))
    insert_many(conn, task_cause, ("effect_key", "task_id", "at"), links, raw=True)
    return Put(made, {key: task_id for key, task_id, _ in links})


def record_results(conn: Connection, calls: Sequence[tuple[int, Activity]], now: datetime) -> None:
    """A call that reached somebody is the result of the person's open task; letters held for it are asked again."""
    for who, call in calls:
        if call.outcome in NOT_REACHED:
            continue
        c = task.c
        done = update(task).where(c.person_id == who, c.state == "open", c.desk == "IS")
        closed = conn.execute(done.values(state="done", result=call.outcome, result_at=call.counts_at)).rowcount
        if closed:
            held = update(letter).where(letter.c.person_id == who, letter.c.state == "held")
            conn.execute(held.values(next_try=now))


def _keys(causes: Sequence[Cause]) -> Any:
    return where_in(task_cause.c.effect_key, [cause.effect.key for cause in causes])


def _open_tasks(conn: Connection, people: Sequence[int]) -> dict[int, dict[str, Any]]:
    c = task.c
    query = select(c.id, c.person_id, c.reasons, c.due, c.kind).where(
        where_in(c.person_id, people), c.state == "open", c.desk == "IS"
    )
    return {row.person_id: dict(row._mapping) for row in conn.execute(query)}


def _make(conn: Connection, cause: Cause, desk: str, owners: _Owners, calendar: Calendar) -> dict[str, Any]:
    effect = cause.effect
    values = {
        "person_id": cause.person,
        "account_id": cause.account,
        "desk": desk,
        "kind": effect.kind,
        "state": "open",
        "due": effect.due.after(cause.at, calendar) if effect.due else None,
        "best_time": _hours(effect),
        "owner_staff_id": owners.next(desk, cause.at, calendar),
        "reasons": [reason_of(cause)],
        "made_at": cause.at,
    }
    identity = conn.execute(insert(task).values(**values).returning(task.c.id)).scalar_one()
    return {"id": identity, **values}


def _add_reason(conn: Connection, found: dict[str, Any], cause: Cause, calendar: Calendar) -> None:
    found["reasons"] = [*found["reasons"], reason_of(cause)]
    values: dict[str, Any] = {"reasons": found["reasons"]}
    due = cause.effect.due.after(cause.at, calendar) if cause.effect.due else None
    if due is not None and (found["due"] is None or due < found["due"]):
        values["due"] = found["due"] = due
    if _hours(cause.effect) is not None:
        values["best_time"] = _hours(cause.effect)
    conn.execute(update(task).where(task.c.id == found["id"]).values(**values))


def _hours(effect: MakeTask) -> str | None:
    best = effect.best_time
    return None if best is None else f"{best.start:%H:%M}-{best.end:%H:%M}"


def reason_of(cause: Cause) -> dict[str, Any]:
    """The reason as the task keeps it: a code with its values, and where it came from."""
    why = cause.why or Why(f"asked_{cause.effect.kind}", (cause.effect.topic,))
    reason: dict[str, Any] = {
        "code": why.code,
        "args": list(why.args),
        "kind": cause.effect.kind,
        "effect_key": cause.effect.key,
        "at": to_micros(cause.at),
    }
    if cause.journey is not None:
        reason |= {"journey_id": cause.journey.id, "scenario": cause.journey.scenario, "step": cause.effect.step}
    return reason


class _Owners:
    """Who gets the next task of a desk: of those present that day whoever has the fewest open tasks, then by id."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.staff: dict[str, list[Row[Any]]] = {}
        self.load: dict[int, int] = {}

    def next(self, desk: str, at: datetime, calendar: Calendar) -> int | None:
        """The id of the staff member, or None when nobody of the desk is there."""
        if desk not in self.staff:
            self.staff[desk] = self._read(desk)
        weekday = calendar.local(at).isoweekday()
        present = [one.id for one in self.staff[desk] if weekday in one.working_days and not _away(one, at)]
        # Better somebody's tomorrow than nobody's: on days when all are away the whole desk counts.
        choice = min(
            present or [one.id for one in self.staff[desk]], key=lambda id_: (self.load[id_], id_), default=None
        )
        if choice is not None:
            self.load[choice] += 1
        return choice

    def _read(self, desk: str) -> list[Row[Any]]:
        c = staff.c
        busy = select(func.count()).where(task.c.owner_staff_id == c.id, task.c.state == "open").scalar_subquery()
        query = select(c.id, c.working_days, c.absent_from, c.absent_to, busy.label("open"))
        found = list(self.conn.execute(query.where(c.role == ROLES[desk], c.active == true()).order_by(c.id)))
        self.load.update({one.id: one.open for one in found})
        return found


def _away(one: Row[Any], at: datetime) -> bool:
    return one.absent_from is not None and one.absent_from <= at and (one.absent_to is None or at <= one.absent_to)
