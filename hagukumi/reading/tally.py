"""Everybody and every letter accounted for: counts whose parts add up to their sums. Start with `tally`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Select, exists, func, select

from hagukumi.journeys.core.verdict import Why
from hagukumi.reading.say import why_of
from models.tables.schema import activity, journey, letter, person, score_jump, task


class Tally(NamedTuple):
    """What stands in the tables. people = entered + the sum of kept_out; journeys = inside + set_aside + the ended.

    kept_out: stage (ng by its reason) -> people who never entered. letters: by state; unsent: stopped and withdrawn
    ones by reason. delayed: letters that were held and left later. reactions: kind -> (by people, by machines).
    """

    people: int
    kept_out: Mapping[str, int]
    entered: int
    journeys: int
    inside: int
    set_aside: int
    ended: Mapping[Why, int]
    letters: Mapping[str, int]
    unsent: Mapping[Why, int]
    delayed: int
    reactions: Mapping[str, tuple[int, int]]
    jumps: int
    tasks: Mapping[tuple[str, str], int]
    handed_over: int


OUR_OWN = ("arrived", "changed", "received")
"""Kinds of activities that are no reaction of anybody."""


def tally(conn: Connection) -> Tally:
    """Counts all people, journeys, letters, reactions and tasks of the workspace."""
    inside, set_aside = _live(conn)
    return Tally(
        people=_number(conn, select(func.count()).select_from(person).where(person.c.merged_into.is_(None))),
        kept_out=_kept_out(conn),
        entered=_number(conn, select(func.count(journey.c.person_id.distinct()))),
        journeys=_number(conn, select(func.count()).select_from(journey)),
        inside=inside,
        set_aside=set_aside,
        ended=_ended(conn),
        letters=_by(conn, letter.c.state),
        unsent=_reasons(conn, _unsent()),
        delayed=_number(conn, select(func.count()).where(letter.c.held_at.is_not(None), letter.c.sent_at.is_not(None))),
        reactions=_reactions(conn),
        jumps=_number(conn, select(func.count()).select_from(score_jump)),
        tasks={(row.desk, row.state): row.n for row in conn.execute(_tasks())},
        handed_over=_handed_over(conn),
    )  # fmt: skip


def _number(conn: Connection, query: Select[Any]) -> int:
    return int(conn.scalars(query).one())


def _by(conn: Connection, column: Column[Any]) -> dict[str, int]:
    query = select(column, func.count()).group_by(column)
    return {row[0]: row[1] for row in conn.execute(query)}


def _kept_out(conn: Connection) -> dict[str, int]:
    c = person.c
    never = ~exists().where(journey.c.person_id == c.id)
    query = (
        select(c.stage, c.ng_reason, func.count()).where(c.merged_into.is_(None), never).group_by(c.stage, c.ng_reason)
    )
    return {reason or stage: number for stage, reason, number in conn.execute(query)}


def _live(conn: Connection) -> tuple[int, int]:
    c = journey.c
    counts = Counter[bool]()
    for error, number in conn.execute(select(c.error, func.count()).where(c.state == "live").group_by(c.error)):
        counts[error is not None] += number
    return counts[False], counts[True]


def _ended(conn: Connection) -> dict[Why, int]:
    c = journey.c
    return _reasons(conn, select(c.ended_why, func.count()).where(c.state == "ended").group_by(c.ended_why))


def _reasons(conn: Connection, query: Select[Any]) -> dict[Why, int]:
    """The most frequent first."""
    found = Counter[Why]()
    for stored, number in conn.execute(query):
        found[why_of(stored) or Why("")] += number
    return dict(found.most_common())


def _reactions(conn: Connection) -> dict[str, tuple[int, int]]:
    c = activity.c
    machines = func.count(c.machine)
    query = select(c.kind, func.count() - machines, machines).where(c.kind.not_in(OUR_OWN)).group_by(c.kind)
    return {kind: (by_people, by_machines) for kind, by_people, by_machines in conn.execute(query.order_by(c.kind))}


def _unsent() -> Select[Any]:
    c = letter.c
    return select(c.why, func.count()).where(c.state.in_(("stopped", "withdrawn"))).group_by(c.why)


def _tasks() -> Select[Any]:
    c = task.c
    return select(c.desk, c.state, func.count().label("n")).group_by(c.desk, c.state).order_by(c.desk, c.state)


def _handed_over(conn: Connection) -> int:
    """People of whom a journey made a hand-over."""
    people = set()
    for someone, reasons in conn.execute(select(task.c.person_id, task.c.reasons)):
        if any(reason["kind"] == "handover" for reason in reasons):
            people.add(someone)
    return len(people)
