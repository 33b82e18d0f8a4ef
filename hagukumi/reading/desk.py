"""Open tasks and letters as lists; reasons come as sentences. Start with `tasks` and `letters`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, func, not_, or_, select, true

from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.frozen import Frozen, calls_held
from hagukumi.letters.manners import salutation
from hagukumi.reading.answers import TOLD_FOR, sentences
from hagukumi.reading.people import Who, read_people
from hagukumi.reading.refusals import refused_channels
from hagukumi.reading.say import Names, sentence, why_of
from hagukumi.reading.targets import Named
from hagukumi.reading.targets import named as facilities
from models.tables.bulk import where_in
from models.tables.schema import letter, letter_body, staff, task
from models.tables.types import from_micros

REFERRED = "referred"
"""Code of the reason that names who sent us to somebody."""
FILTERS = {
    "waiting": ("queued", "held", "granted"),
    "held": ("held",),
    "stopped": ("stopped", "rejected", "dropped", "withdrawn"),
    "sent": ("accepted", "delivered"),
    "bounced": ("bounced",),
    "unknown": ("unknown", "sending"),
}
"""What letters can be asked for, and the states it stands for."""


class Reason(NamedTuple):
    """Why there is a task: the sentence, when, and the scenario's step that asked (None: the score)."""

    text: str
    at: datetime
    code: str
    args: tuple[str, ...]
    scenario: str | None
    step: str | None


class Task(NamedTuple):
    """One open task; `reasons` newest first, so the first is why now. `refuses`: channels the person refuses.

    place: the facility of a task that is about no person. frozen: the freeze of its account for which its call waits.
    """

    id: int
    who: Who | None
    desk: str
    kind: str
    due: datetime | None
    best_time: str | None
    owner: str | None
    owner_name: str | None
    made_at: datetime
    reasons: tuple[Reason, ...]
    refuses: tuple[str, ...] = ()
    tries: int = 0
    sleeps_until: datetime | None = None
    cause: str | None = None
    off_target: bool = False
    place: Named | None = None
    frozen: Frozen | None = None


class Letter(NamedTuple):
    """One letter and how it stands. `until` is when a waiting one is asked again; `at` when the state began.

    fresh_until: a held one that has not left by then is not sent any more, unless its clock stands still.
    said: the provider's own words about why it was not taken; they may quote addresses.
    """

    key: str
    who: Who | None
    scenario: str | None
    step: str | None
    content: str | None
    subject: str | None
    state: str
    klass: str
    why: Why | None
    due: datetime
    until: datetime | None
    at: datetime
    fresh_until: datetime | None = None
    said: str | None = None


class Load(NamedTuple):
    """How many tasks of inside sales somebody has open, and how many new ones a day they take (None: any)."""

    key: str
    name: str
    open: int
    capacity: int | None


def waiting(conn: Connection) -> int:
    """Tasks of inside sales that nobody could take yet: everybody had a full day."""
    c = task.c
    mine = (c.state == "open", c.desk == "IS", c.owner_staff_id.is_(None))
    limited = select(staff.c.id).where(staff.c.role == "is", staff.c.active == true(), staff.c.capacity.is_not(None))
    return int(conn.scalars(select(func.count()).where(*mine, limited.exists())).one())


def loads(conn: Connection) -> list[Load]:
    """Inside sales by key."""
    c = staff.c
    mine = and_(task.c.owner_staff_id == c.id, task.c.state == "open", task.c.desk == "IS")
    query = (
        select(c.key, c.name, func.count(task.c.id).label("open"), c.capacity)
        .select_from(staff.outerjoin(task, mine))
        .where(c.role == "is", c.active == true())
        .group_by(c.id, c.key, c.name, c.capacity)
        .order_by(c.key)
    )
    return [Load(*row) for row in conn.execute(query).tuples()]


def tasks(
    conn: Connection, lang: str, names: Names, now: datetime, *, owner: str | None = None, limit: int = 200,
    asleep: bool = True, this_year: int | None = None,
) -> list[Task]:  # fmt: skip
    """Open tasks, the earliest due first, those without a due time last. asleep: those to be done later as well.

    this_year: a day of any other year is said with it.
    """
    c = task.c
    query = (
        select(task, staff.c.key.label("owner"), staff.c.name.label("owner_name"))
        .select_from(task.outerjoin(staff, c.owner_staff_id == staff.c.id))
        .where(c.state == "open")
        .order_by(c.due.is_(None), c.due, c.id)
        .limit(limit)
    )
    if owner is not None:
        query = query.where(staff.c.key == owner)
    frozen = calls_held(conn, now)
    if not asleep:
        query = query.where(or_(c.sleeps_until.is_(None), c.sleeps_until <= now), not_(where_in(c.id, list(frozen))))
    rows = conn.execute(query).all()
    return _told(conn, rows, lang, names, this_year, frozen)


def task_of(
    conn: Connection, number: int, lang: str, names: Names, now: datetime, this_year: int | None = None
) -> Task:
    """One task, whatever its state. Raises NoResultFound for an id that none has."""
    query = select(task, staff.c.key.label("owner"), staff.c.name.label("owner_name"))
    source = task.outerjoin(staff, task.c.owner_staff_id == staff.c.id)
    row = conn.execute(query.select_from(source).where(task.c.id == number)).one()
    return _told(conn, [row], lang, names, this_year, calls_held(conn, now))[0]


def _told(
    conn: Connection, rows: Sequence[Row[Any]], lang: str, names: Names, this_year: int | None,
    frozen: Mapping[int, Frozen],
) -> list[Task]:  # fmt: skip
    ids = sorted({row.person_id for row in rows if row.person_id is not None})
    people, refuses = read_people(conn, ids), refused_channels(conn, ids)
    places = facilities(conn, {row.account_id for row in rows if row.person_id is None and row.account_id is not None})
    named = referrers(conn, [row.reasons for row in rows], lang)
    return [
        Task(
            row.id, people.get(row.person_id), row.desk, row.kind, row.due, row.best_time, row.owner, row.owner_name,
            row.made_at, reasons_of(row.reasons, lang, names, this_year, named), refuses.get(row.person_id, ()),
            row.tries, row.sleeps_until, row.cause, row.off_target_at is not None,
            places.get(row.account_id) if row.person_id is None else None, frozen.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def reasons_of(
    stored: Sequence[dict[str, Any]],
    lang: str,
    names: Names,
    this_year: int | None = None,
    named: Mapping[str, str] = {},
) -> tuple[Reason, ...]:
    """Reasons as the task keeps them, as sentences, newest first; a day of another year is said with it.

    named: what people are called by their id, for whom the reasons name.
    """
    told = [
        Reason(
            sentence(_naming(one, named), lang, names, this_year),
            from_micros(one["at"]),
            one["code"],
            tuple(one["args"]),
            one.get("scenario"),
            one.get("step"),
        )
        for one in stored
    ]
    return tuple(sorted(told, key=lambda reason: reason.at, reverse=True))


def referrers(conn: Connection, stored: Iterable[Sequence[dict[str, Any]]], lang: str) -> dict[str, str]:
    """What those are called who referred somebody to us, by their id as the reasons keep it."""
    ids = sorted({int(one["args"][0]) for reasons in stored for one in reasons if one["code"] == REFERRED})
    return {
        str(who.id): salutation(who.family, who.title, lang, who.given)
        for who in (read_people(conn, ids) if ids else {}).values()
        if who.family
    }


def _naming(one: Mapping[str, Any], named: Mapping[str, str]) -> Why:
    """The reason; ids stay in what is stored, people read a name."""
    args = tuple(one["args"])
    if one["code"] == REFERRED and args[0] in named:
        return Why("referred_by", (named[args[0]],))
    return Why(one["code"], args)


def letters(
    conn: Connection,
    *,
    states: Sequence[str] = (),
    scenario: str | None = None,
    person_id: int | None = None,
    limit: int = 200,
) -> list[Letter]:
    """Letters: what waits by when it is asked again, what is over newest first."""
    c = letter.c
    columns = (
        c.key, c.person_id, c.scenario, c.step, c.content, c.state, c.klass, c.why, c.due, c.next_try, c.written_at,
        c.sent_at, c.settled_at, c.fresh_until, letter_body.c.subject,
    )  # fmt: skip
    query = select(*columns).select_from(letter.outerjoin(letter_body, letter_body.c.letter_key == c.key))
    if states:
        query = query.where(c.state.in_(states))
    if scenario is not None:
        query = query.where(c.scenario == scenario)
    if person_id is not None:
        query = query.where(c.person_id == person_id)
    newest = c.sent_at.desc() if set(states) <= {"accepted", "delivered"} else c.settled_at.desc()
    query = query.order_by(c.next_try.is_(None), c.next_try, newest, c.key).limit(limit)
    rows = conn.execute(query).all()
    people = read_people(conn, sorted({row.person_id for row in rows}))
    said = sentences(conn, [row.key for row in rows if row.why and row.why[0] in TOLD_FOR])
    return [
        Letter(
            row.key, people.get(row.person_id), row.scenario, row.step, row.content, row.subject, row.state, row.klass,
            why_of(row.why), row.due, row.next_try, row.sent_at or row.settled_at or row.written_at,
            row.fresh_until if row.state == "held" else None, said.get(row.key),
        )
        for row in rows
    ]  # fmt: skip


class Counted(NamedTuple):
    """So many letters stand for that reason. next: when the first of them is asked again."""

    code: str
    number: int
    next: datetime | None


def count_reasons(
    conn: Connection, states: Sequence[str], *, scenario: str | None = None, person_id: int | None = None
) -> list[Counted]:
    """Why letters stand in these states, the most frequent reason first; what has none is left out."""
    c = letter.c
    query = select(c.why, func.count(), func.min(c.next_try)).where(c.state.in_(states), c.why.is_not(None))
    if scenario is not None:
        query = query.where(c.scenario == scenario)
    if person_id is not None:
        query = query.where(c.person_id == person_id)
    found: dict[str, Counted] = {}
    for why, number, next_ in conn.execute(query.group_by(c.why)):
        code = str(why[0])
        known = found.get(code, Counted(code, 0, None))
        soonest = min((at for at in (known.next, next_) if at is not None), default=None)
        found[code] = Counted(code, known.number + number, soonest)
    return sorted(found.values(), key=lambda one: (-one.number, one.code))


def count_letters(conn: Connection) -> dict[str, int]:
    """state -> how many letters stand in it."""
    c = letter.c
    return {
        row.state: row.number for row in conn.execute(select(c.state, func.count().label("number")).group_by(c.state))
    }
