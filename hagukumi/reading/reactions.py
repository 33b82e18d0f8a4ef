"""How decision-makers and accounts reacted since a day, and how we were in contact. Start with `reactions`, `heard`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from abm.reaction import KINDS, Act, Code, Contact, Reaction, Way, reaction_of, with_others
from hagukumi.journeys.steps.outcomes import CONVERSATIONS, VISIT_MET
from hagukumi.journeys.steps.visit import VISITED
from models.tables.bulk import where_in
from models.tables.schema import activity, letter, meeting, person, posting

_LEFT_US = ("accepted", "delivered")
"""States of letters that reached somebody, as far as we know."""


def reactions(
    conn: Connection, accounts: Collection[int] | None, since: datetime, now: datetime
) -> dict[int, Reaction]:
    """The reaction of each of these accounts between two instants (UTC).

    None: of all with which anything was between us; the others did not react.
    """
    deciding = _deciding(conn, accounts)
    acts, contacts = defaultdict(list), defaultdict(list)
    for where, act, _ in _acts(conn, accounts, since, now, _decides()):
        acts[where].append(act)
    for where, act in _attended(conn, accounts, since, now):
        acts[where].append(act)
    for where, contact in _contacts(conn, accounts, since, now):
        contacts[where].append(contact)
    every = {*acts, *contacts} if accounts is None else accounts
    return {each: reaction_of(acts[each], contacts[each], known=each in deciding) for each in every}


class Heard(NamedTuple):
    """How an account reacted, and who decides there (own). role: of whoever did, where it was not who decides."""

    code: Code
    own: Code
    role: str | None = None


def heard(conn: Connection, accounts: Collection[int], since: datetime, now: datetime) -> dict[int, Heard]:
    """How each of these accounts reacted between two instants (UTC), whoever it was."""
    own = reactions(conn, accounts, since, now)
    others, roles = defaultdict(list), {}
    for where, act, role in _acts(conn, accounts, since, now, _others()):
        others[where].append(act)
        roles[act.person] = role
    found = {}
    for each in accounts:
        said = with_others(own[each].code, others[each])
        found[each] = Heard(said.code, own[each].code, None if said.person is None else roles[said.person])
    return found


def _of(column: ColumnElement[Any], accounts: Collection[int] | None) -> ColumnElement[bool]:
    return column.is_not(None) if accounts is None else where_in(column, list(accounts))


def _decides() -> tuple[ColumnElement[bool], ...]:
    """Of several roles deciding is the main one, so nobody else holds it."""
    p = person.c
    return p.role == "decision_maker", p.merged_into.is_(None), p.left_company == false(), p.stage != "ng"


def _others() -> tuple[ColumnElement[bool], ...]:
    p = person.c
    decides = func.coalesce(p.role, "") == "decision_maker"
    return ~decides, p.merged_into.is_(None), p.left_company == false(), p.stage != "ng"


def _deciding(conn: Connection, accounts: Collection[int] | None) -> set[int]:
    p = person.c
    return set(conn.scalars(select(p.account_id).where(_of(p.account_id, accounts), *_decides()).distinct()))


def _acts(
    conn: Connection,
    accounts: Collection[int] | None,
    since: datetime,
    now: datetime,
    whose: tuple[ColumnElement[bool], ...],
) -> Iterator[tuple[int, Act, str | None]]:
    """The latest act of each kind and outcome of whoever is asked for, and their role."""
    a, p = activity.c, person.c
    query = (
        select(p.account_id, p.id, p.role, a.kind, a.outcome, func.max(a.occurred_at))
        .join_from(person, activity, a.person_id == p.id)
        .where(
            _of(p.account_id, accounts), *whose, a.kind.in_(KINDS), a.machine.is_(None), a.known_at <= now,
            a.occurred_at.between(since, now),
        )
        .group_by(p.account_id, p.id, p.role, a.kind, a.outcome)
    )  # fmt: skip
    for where, who, role, kind, outcome, at in conn.execute(query).tuples():
        yield where, Act(who, kind, outcome, at), role


def _attended(
    conn: Connection, accounts: Collection[int] | None, since: datetime, now: datetime
) -> Iterator[tuple[int, Act]]:
    """Meetings with others there at which the decision-maker sat too."""
    m = meeting.c
    query = select(m.account_id, m.person_id, m.attendance_at).where(
        _of(m.account_id, accounts), m.attendance == "attended", m.attendance_at.between(since, now)
    )
    for where, who, at in conn.execute(query).tuples():
        yield where, Act(who, "met", "attended", at)


def _contacts(
    conn: Connection, accounts: Collection[int] | None, since: datetime, now: datetime
) -> Iterator[tuple[int, Contact]]:
    a, c, p = activity.c, letter.c, person.c
    talks = a.kind == "called", a.outcome.in_(sorted(CONVERSATIONS)), a.known_at <= now
    ways: tuple[tuple[Way, Any, ColumnElement[Any], ColumnElement[Any], tuple[ColumnElement[bool], ...]], ...] = (
        ("mail", letter, c.account_id, c.sent_at, (c.state.in_(_LEFT_US),)),
        ("phone", person.join(activity, a.person_id == p.id), p.account_id, a.occurred_at, talks),
        ("visit", person.join(activity, a.person_id == p.id), p.account_id, a.occurred_at,
         (or_(a.kind == "met", and_(a.kind == VISITED, a.outcome == VISIT_MET)), a.known_at <= now)),
        ("post", posting, posting.c.account_id, posting.c.posted_at, (posting.c.posted_at.is_not(None),)),
    )  # fmt: skip
    for way, source, where, at, which in ways:
        query = select(where, func.max(at)).select_from(source)
        query = query.where(_of(where, accounts), at.between(since, now), *which).group_by(where)
        for number, last in conn.execute(query).tuples():
            yield number, Contact(way, last)
