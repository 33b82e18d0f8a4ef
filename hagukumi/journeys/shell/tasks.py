"""Puts causes on desks: a new task, or a further reason on the open one. One open inside-sales task a person.

Who owns a new task is settled by owners.py, once everybody has lived as far as its making.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, insert, literal, not_, select, type_coerce, update

from hagukumi.journeys.core.effects import Desk, MakeTask
from hagukumi.journeys.core.facts import Activity
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.values import Calendar
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.steps.outcomes import NOT_REACHED
from hagukumi.letters.frozen import Frozen, frozen_at
from models.tables.bulk import insert_many, where_in
from models.tables.schema import activity, content, letter, task, task_cause
from models.tables.types import Whole, to_micros

DESKS: dict[Desk, str] = {"inside_sales": "IS", "field_sales": "FS", "marketing": "MA"}


SAME_CALL = 3 * 60 * 1_000_000
"""Microseconds between a desk's record of a call and a list's (a CTI's clock is its own): still the same call."""


class Cause(NamedTuple):
    """Why somebody has something to do: an effect of a journey, or a jump of the score.

    person: whom it is about; None: an account in a play.
    """

    person: int | None
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
    open_tasks = _open_tasks(conn, sorted({cause.person for cause in causes if cause.person is not None}))
    themes, frozen = _themes(conn, causes), _frozen(conn, causes)
    made, links = 0, []
    for cause in sorted(causes, key=lambda cause: (cause.at, cause.effect.key)):
        if cause.effect.key in known:
            continue
        known.add(cause.effect.key)
        desk = DESKS[cause.effect.desk]
        found = open_tasks.get(cause.person) if desk == "IS" and cause.person is not None else None
        if found is None:
            found = _make(conn, cause, desk, calendar, themes, frozen)
            made += 1
            if desk == "IS" and cause.person is not None:
                open_tasks[cause.person] = found
        else:
            _add_reason(conn, found, cause, calendar)
        links.append((cause.effect.key, found["id"], to_micros(cause.at)))
    insert_many(conn, task_cause, ("effect_key", "task_id", "at"), links, raw=True)
    return Put(made, {key: task_id for key, task_id, _ in links})


def record_results(conn: Connection, calls: Sequence[tuple[int, Activity, datetime]]) -> None:
    """A call that reached somebody is the result of the person's open task; letters held for it are asked then."""
    for who, call, again in calls:
        c = task.c
        # A call is never about a task that was made at it or after it: the next call, for instance.
        mine = (c.person_id == who, c.state == "open", c.desk == "IS", c.made_at < call.counts_at)
        note_dial(conn, mine, call.outcome, call.occurred_at, call.counts_at)
        if call.outcome in NOT_REACHED:
            continue
        done = update(task).where(*mine)
        closed = conn.execute(done.values(state="done", result=call.outcome, result_at=call.counts_at)).rowcount
        if closed:
            held = update(letter).where(letter.c.person_id == who, letter.c.state == "held")
            conn.execute(held.values(next_try=again))


def told_twice() -> ColumnElement[bool]:
    """Of a call (a row of activity): a list tells of it, and the desk has recorded it about then."""
    a, desk = activity.c, activity.alias("at_desk").c
    apart = type_coerce(desk.occurred_at, Whole()) - type_coerce(a.occurred_at, Whole())
    recorded = (
        select(desk.id)
        .where(desk.person_id == a.person_id, desk.kind == "called", desk.source_id.startswith("task:"),
               apart.between(-SAME_CALL, SAME_CALL))
        .correlate(activity)
    )  # fmt: skip
    return and_(a.source_id.startswith("import:"), recorded.exists())


def note_dial(
    conn: Connection, which: Sequence[ColumnElement[bool]], outcome: str | None, at: datetime, known: datetime
) -> None:
    """Says of these tasks that they were dialled, and whether somebody was talked to; twice is as good as once.

    at: when it was dialled; known: as of when dials count that lists told of later (both UTC).
    """
    c, a = task.c, activity.c
    values: dict[str, Any] = {"touched_at": func.coalesce(c.touched_at, literal(at, c.touched_at.type))}
    if outcome in NOT_REACHED:
        missed = select(func.count()).where(
            a.person_id == c.person_id, a.kind == "called", a.occurred_at >= c.made_at, a.known_at <= known,
            a.outcome.in_(sorted(NOT_REACHED)), not_(told_twice()),
        )  # fmt: skip
        values["tries"] = missed.scalar_subquery()
    else:
        values["reached_at"] = func.coalesce(c.reached_at, literal(at, c.reached_at.type))
    conn.execute(update(task).where(*which).values(**values))


def _keys(causes: Sequence[Cause]) -> Any:
    return where_in(task_cause.c.effect_key, [cause.effect.key for cause in causes])


def _open_tasks(conn: Connection, people: Sequence[int]) -> dict[int, dict[str, Any]]:
    c = task.c
    query = select(c.id, c.person_id, c.reasons, c.due, c.kind).where(
        where_in(c.person_id, people), c.state == "open", c.desk == "IS"
    )
    return {row.person_id: dict(row._mapping) for row in conn.execute(query)}


def _frozen(conn: Connection, causes: Sequence[Cause]) -> dict[int, Frozen]:
    """By account the freeze for which calls of scenarios wait."""
    calls = [cause for cause in causes if cause.journey is not None and cause.effect.kind == "call"]
    places = {cause.account for cause in calls if cause.account is not None}
    return frozen_at(conn, max(cause.at for cause in calls), places) if places else {}


def _make(
    conn: Connection, cause: Cause, desk: str, calendar: Calendar, themes: Mapping[int, str],
    frozen: Mapping[int, Frozen],
) -> dict[str, Any]:  # fmt: skip
    effect, begins = cause.effect, cause.at
    rests = frozen.get(cause.account or 0)
    if rests is not None and cause.journey is not None and effect.kind == "call":
        # Whoever may not call before that day is not late then.
        begins = max(begins, rests.until)
    values = {
        "person_id": cause.person,
        "account_id": cause.account,
        "desk": desk,
        "kind": effect.kind,
        "state": "open",
        "due": effect.due.after(begins, calendar) if effect.due else None,
        "best_time": _hours(effect),
        "reasons": [reason_of(cause)],
        "made_at": cause.at,
        "cause": cause_of(cause),
        "theme": themes.get(event_of(effect.key) or 0),
    }
    identity = conn.execute(insert(task).values(**values).returning(task.c.id)).scalar_one()
    return {"id": identity, **values}


def _add_reason(conn: Connection, found: dict[str, Any], cause: Cause, calendar: Calendar) -> None:
    found["reasons"] = [*found["reasons"], reason_of(cause)]
    values: dict[str, Any] = {"reasons": found["reasons"]}
    due = cause.effect.due.after(cause.at, calendar) if cause.effect.due else None
    if due is not None and (found["due"] is None or due < found["due"]):
        values["due"] = found["due"] = due
    # Whoever does something while a later call is waiting is worth a call now.
    values["sleeps_until"] = None
    if _hours(cause.effect) is not None:
        values["best_time"] = _hours(cause.effect)
    conn.execute(update(task).where(task.c.id == found["id"]).values(**values))


def _themes(conn: Connection, causes: Sequence[Cause]) -> dict[int, str]:
    """Event id -> theme of the content it was about, for causes that are a jump."""
    events = sorted({event for cause in causes if (event := event_of(cause.effect.key)) is not None})
    if not events:
        return {}
    query = select(activity.c.id, content.c.theme).join_from(activity, content, activity.c.content == content.c.name)
    return dict(conn.execute(query.where(where_in(activity.c.id, events), content.c.theme.is_not(None))).tuples().all())


def event_of(effect_key: str) -> int | None:
    """The activity that made the jump behind an effect's key; None where no jump did."""
    kind, _, rest = effect_key.partition("/")
    event = rest.rpartition("/")[2]
    return int(event) if kind == "jump" and event.isdigit() else None


def act_of(effect_key: str) -> int | None:
    """The activity behind an effect's key, whether a jump or a rule of thumb (rules/hand.yaml) asked; else None."""
    kind, _, rest = effect_key.partition("/")
    event = rest.rpartition("/")[2]
    return int(event) if kind in ("jump", "hand") and event.isdigit() else None


def cause_of(cause: Cause) -> str:
    """What tasks are counted by together: the scenario's step, else the code of the reason."""
    if cause.journey is not None:
        return f"{cause.journey.scenario}/{cause.effect.step}"
    return cause.why.code if cause.why is not None else f"asked_{cause.effect.kind}"


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
