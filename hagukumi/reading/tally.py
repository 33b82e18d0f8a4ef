"""Everybody and every letter accounted for: counts whose parts add up to their sums. Start with `tally`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Select, exists, func, select

from hagukumi.journeys.core.verdict import Why
from hagukumi.reading.say import why_of
from models.tables.schema import activity, journey, letter, opportunity, person, score_jump, task


class Part(NamedTuple):
    """One scenario or play: visits = inside + set_aside + ended. people: or accounts. letters: by state."""

    scenario: str
    people: int
    visits: int
    inside: int
    set_aside: int
    ended: int
    letters: Mapping[str, int]


class Tally(NamedTuple):
    """What stands in the tables. people = entered + the sum of kept_out; each count of a part is part of the sum.

    kept_out: stage (ng by its reason) -> people who never entered. parts: by scenario, the largest first; plays: the
    same of accounts; ended: reasons of people's journeys. letters: by
    state; apart: those of no scenario, as after calls; unsent: stopped and withdrawn ones by reason. delayed: letters
    that were held and left later. reactions: kind -> (by people, by machines). merged: rows that turned out to be
    somebody known already. deals: by stage.
    """

    people: int
    merged: int
    kept_out: Mapping[str, int]
    entered: int
    parts: tuple[Part, ...]
    plays: tuple[Part, ...]
    ended: Mapping[Why, int]
    letters: Mapping[str, int]
    apart: Mapping[str, int]
    unsent: Mapping[Why, int]
    delayed: int
    reactions: Mapping[str, tuple[int, int]]
    jumps: int
    tasks: Mapping[tuple[str, str], int]
    handed_over: int
    deals: Mapping[str, int]

    def total(self, name: str) -> int:
        """The sum of a count over all scenarios."""
        return sum(getattr(part, name) for part in self.parts)


OUR_OWN = ("arrived", "changed", "received", "delivered", "deal")
"""Kinds of activities that are no reaction of anybody."""


def tally(conn: Connection, since: datetime | None = None) -> Tally:
    """Counts all people, journeys, letters and tasks of the workspace; reactions and deals only after `since`."""
    return Tally(
        people=_number(conn, select(func.count()).select_from(person).where(person.c.merged_into.is_(None))),
        merged=_number(conn, select(func.count()).select_from(person).where(person.c.merged_into.is_not(None))),
        kept_out=_kept_out(conn),
        entered=_number(conn, _entered()),
        parts=_parts(conn, "person"),
        plays=_parts(conn, "account"),
        ended=_ended(conn),
        letters=_by(conn, letter.c.state),
        apart=_apart(conn),
        unsent=_reasons(conn, _unsent()),
        delayed=_number(conn, select(func.count()).where(letter.c.held_at.is_not(None), letter.c.sent_at.is_not(None))),
        reactions=_reactions(conn, since),
        jumps=_number(conn, select(func.count()).select_from(score_jump)),
        tasks={(row.desk, row.state): row.n for row in conn.execute(_tasks())},
        handed_over=_handed_over(conn),
        deals=_deals(conn, since),
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


def _parts(conn: Connection, kind: str) -> tuple[Part, ...]:
    c = journey.c
    mine = c.subject_kind == kind
    columns = (c.scenario, c.state, c.error.is_not(None), func.count())
    visits: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for scenario, state, failed, number in conn.execute(select(*columns).where(mine).group_by(*columns[:3])):
        visits[scenario]["ended" if state == "ended" else "set_aside" if failed else "inside"] += number
    letters: defaultdict[str, dict[str, int]] = defaultdict(dict)
    o = letter.c
    for scenario, state, number in conn.execute(
        select(o.scenario, o.state, func.count()).group_by(o.scenario, o.state)
    ):
        letters[scenario or ""][state] = number
    people = select(c.scenario, func.count(c.subject_id.distinct())).where(mine).group_by(c.scenario)
    found = [
        Part(
            name, number, visits[name].total(), visits[name]["inside"], visits[name]["set_aside"],
            visits[name]["ended"], letters[name],
        )
        for name, number in conn.execute(people)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda part: (-part.visits, part.scenario)))


def _apart(conn: Connection) -> dict[str, int]:
    c = letter.c
    query = select(c.state, func.count()).where(c.scenario.is_(None)).group_by(c.state)
    return dict(conn.execute(query).tuples().all())


def _ended(conn: Connection) -> dict[Why, int]:
    c = journey.c
    mine = (c.state == "ended", c.subject_kind == "person")
    return _reasons(conn, select(c.ended_why, func.count()).where(*mine).group_by(c.ended_why))


def _reasons(conn: Connection, query: Select[Any]) -> dict[Why, int]:
    """The most frequent first."""
    found = Counter[Why]()
    for stored, number in conn.execute(query):
        found[why_of(stored) or Why("")] += number
    return dict(found.most_common())


def _entered() -> Select[Any]:
    ours = select(person.c.id).where(person.c.merged_into.is_(None))
    return select(func.count(journey.c.person_id.distinct())).where(journey.c.person_id.in_(ours))


def _deals(conn: Connection, since: datetime | None) -> dict[str, int]:
    c = opportunity.c
    query = select(c.stage, func.count()).group_by(c.stage)
    if since is not None:
        query = query.where(c.opened_at >= since)
    return dict(conn.execute(query).tuples().all())


def _reactions(conn: Connection, since: datetime | None) -> dict[str, tuple[int, int]]:
    c = activity.c
    machines = func.count(c.machine)
    query = select(c.kind, func.count() - machines, machines).where(c.kind.not_in(OUR_OWN)).group_by(c.kind)
    if since is not None:
        query = query.where(c.known_at > since)
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
        if any(reason.get("kind") == "handover" and "journey_id" in reason for reason in reasons):
            people.add(someone)
    return len(people)
