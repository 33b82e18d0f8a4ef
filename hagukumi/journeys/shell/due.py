"""Who is due: by the queue, by a score that time carries over a line, by a journey's timer. Start with `due_people`.

Cost follows what is due, never the number of people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, func, or_, select, type_coerce

from hagukumi.journeys.shell.gather import LIVE
from hagukumi.journeys.shell.plays import OF_ACCOUNT, together
from hagukumi.letters.meetings import Reach, given, meeting, unit_of_person
from models.tables.bulk import among
from models.tables.schema import journey, pending, person, score
from models.tables.types import Whole, from_micros

EVERYBODY = 2**31
"""A limit that is none."""
_MOST = bindparam("most", type_=Whole())


NOBODY: Mapping[int, datetime] = {}


class Due(NamedTuple):
    """Who may live on, each with the instant to which. `more`: others may be due as well, behind these.

    accounts: those in plays whose own timers are due; after `with_plays` those whose turn it is, and when.
    """

    people: Mapping[int, datetime]
    more: bool = False
    accounts: Mapping[int, datetime] = NOBODY


def due_people(
    conn: Connection, until: datetime, paused: frozenset[str], limit: int, scenario: str | None = None
) -> list[int]:
    """Up to `limit` people for whom something is due by `until`, longest due first. `scenario`: journeys of it alone,
    and the queue."""
    found, _ = _asked(conn, _due(paused, scenario), {"until": until}, limit)
    return sorted(list(found)[:limit])


def due_by(conn: Connection, until: datetime, paused: frozenset[str], limit: int) -> Due:
    """The same, for whoever goes on until nobody is due any more."""
    found, more = _asked(conn, _due(paused, None), {"until": until}, limit)
    accounts: list[int] = [] if "ALL" in paused else list(conn.scalars(_accounts(paused), {"until": until}))
    return Due(dict.fromkeys(sorted(list(found)[:limit]), until), more, dict.fromkeys(accounts, until))


def due_arrived(conn: Connection, until: datetime, limit: int) -> Due:
    """The same of those who stand in the queue alone."""
    found, more = _asked(conn, (_queue(),), {"until": until}, limit)
    return Due(dict.fromkeys(sorted(list(found)[:limit]), until), more)


def due_among(conn: Connection, people: Sequence[int], until: datetime, paused: frozenset[str]) -> list[int]:
    """Those of `people` for whom something is due by `until`."""
    found: set[int] = set()
    for query in _due_of(paused):
        found.update(conn.scalars(query, {"until": until, "people": people}))
    return sorted(found)


def due_apart(conn: Connection, reach: Reach, paused: frozenset[str], limit: int) -> Due:
    """People who may live on: to `reach.until`, or to where their facility meets before."""
    found, more = _asked(conn, _due_apart(paused, reach.apart), given(reach), limit)
    until = reach.until
    slots = ((who, found[who]) for who in sorted(list(found)[:limit]))
    people = {who: from_micros(until if slot is None else min(slot, until)) for who, slot in slots}
    if "ALL" in paused:
        return Due(people, more)
    accounts = conn.execute(_accounts_apart(paused, reach.apart), given(reach)).tuples()
    return Due(people, more, {unit: from_micros(until) for unit, _ in accounts})


def with_plays(conn: Connection, due: Due, until: datetime, paused: frozenset[str]) -> Due:
    """The same, where facilities in a play live instant by instant."""
    people, accounts = together(conn, due.people, due.accounts, until, paused)
    return Due(people, due.more or bool(accounts), accounts)


def _asked(
    conn: Connection, queries: Sequence[Select[Any]], known: Mapping[str, Any], limit: int
) -> tuple[dict[int, int | None], bool]:
    """People with their slots, from one query after the other; whether any brought as many rows as it might.

    Somebody who stands in the queue several times is several rows, and one person.
    """
    people: dict[int, int | None] = {}
    more = False
    for query in queries:
        rows = conn.execute(query, {**known, "most": limit}).all()
        people.update((row[0], row[1] if len(row) > 1 else None) for row in rows)
        more = more or len(rows) == limit
        if len(people) >= limit:
            return people, True
    return people, more


def _sleepers(paused: frozenset[str], until: BindParameter[Any]) -> Any:
    sleeping = and_(LIVE, journey.c.due <= until, journey.c.person_id.is_not(None))
    return and_(sleeping, journey.c.scenario.not_in(sorted(paused))) if paused else sleeping


@lru_cache(maxsize=64)
def _due(paused: frozenset[str], scenario: str | None) -> tuple[Select[Any], ...]:
    until: BindParameter[datetime] = bindparam("until")
    queries = [_queue()]
    if scenario is None:
        lines = select(score.c.person_id).where(score.c.next_line_at <= until)
        queries.append(lines.order_by(score.c.next_line_at))
    if "ALL" not in paused:
        sleepers = select(journey.c.person_id).where(_sleepers(paused, until))
        sleepers = sleepers if scenario is None else sleepers.where(journey.c.scenario == scenario)
        queries.append(sleepers.order_by(journey.c.due, journey.c.id))
    return (queries[0], *(query.limit(_MOST) for query in queries[1:]))


@lru_cache(maxsize=64)
def _accounts(paused: frozenset[str]) -> Select[Any]:
    """Accounts in plays whose own timers are due: never many."""
    awake = journey.c.scenario.not_in(sorted(paused)) if paused else LIVE
    due = select(journey.c.subject_id).where(OF_ACCOUNT, LIVE, awake, journey.c.due <= bindparam("until"))
    return due.distinct().order_by(journey.c.subject_id)


@lru_cache(maxsize=64)
def _accounts_apart(paused: frozenset[str], apart: bool) -> Select[Any]:
    """The same, up to where their facility meets."""
    meet = meeting(apart)
    awake = journey.c.scenario.not_in(sorted(paused)) if paused else LIVE
    at = type_coerce(journey.c.due, Whole())
    own = or_(meet.c.slot.is_(None), at <= meet.c.slot)
    query = select(journey.c.subject_id, func.min(at))
    query = query.join_from(journey, meet, meet.c.unit == (journey.c.subject_id if apart else 0), isouter=True)
    query = query.where(OF_ACCOUNT, LIVE, awake, at <= bindparam("until", type_=Whole()), own)
    return query.group_by(journey.c.subject_id).order_by(journey.c.subject_id)


@lru_cache(maxsize=1)
def _queue() -> Select[Any]:
    until: BindParameter[datetime] = bindparam("until")
    waiting = select(pending.c.person_id).where(pending.c.at <= until)
    return waiting.order_by(pending.c.at, pending.c.id).limit(_MOST)


@lru_cache(maxsize=64)
def _due_of(paused: frozenset[str]) -> tuple[Select[Any], ...]:
    until: BindParameter[datetime] = bindparam("until")
    queries = [
        select(pending.c.person_id).where(among(pending.c.person_id, "people"), pending.c.at <= until),
        select(score.c.person_id).where(among(score.c.person_id, "people"), score.c.next_line_at <= until),
    ]
    if "ALL" not in paused:
        own = select(journey.c.person_id).where(among(journey.c.person_id, "people"), _sleepers(paused, until))
        queries.append(own)
    return tuple(queries)


@lru_cache(maxsize=64)
def _due_apart(paused: frozenset[str], apart: bool) -> tuple[Select[Any], ...]:
    until: BindParameter[Any] = bindparam("until", type_=Whole())
    meet = meeting(apart)

    def bounded(who: Any, at: Any, which: Any) -> Select[Any]:
        # Raw microseconds on both sides: the slot has been calculated from such.
        at = type_coerce(at, Whole())
        own = or_(meet.c.slot.is_(None), at <= meet.c.slot)
        query = select(who, meet.c.slot).join(person, person.c.id == who)
        query = query.join(meet, unit_of_person(apart) == (meet.c.unit if apart else 0), isouter=True)
        return query.where(which, at <= until, own).order_by(at).limit(_MOST)

    queries = [
        bounded(pending.c.person_id, pending.c.at, pending.c.id.is_not(None)),
        bounded(score.c.person_id, score.c.next_line_at, score.c.next_line_at.is_not(None)),
    ]
    if "ALL" not in paused:
        awake = journey.c.scenario.not_in(sorted(paused)) if paused else LIVE
        queries.append(bounded(journey.c.person_id, journey.c.due, and_(LIVE, awake, journey.c.person_id.is_not(None))))
    return tuple(queries)


def next_instant(conn: Connection, paused: frozenset[str]) -> datetime | None:
    """The next instant at which somebody is due, or None."""
    sleeping = select(func.min(journey.c.due)).where(LIVE, journey.c.due.is_not(None))
    if paused:
        sleeping = sleeping.where(journey.c.scenario.not_in(sorted(paused)))
    queries = [select(func.min(pending.c.at)), select(func.min(score.c.next_line_at))]
    queries += [] if "ALL" in paused else [sleeping]
    found = [conn.scalar(query) for query in queries]
    return min((at for at in found if at is not None), default=None)
