"""Accounts in plays: who of them is due, and everything a turn of theirs needs to know. Start with `together`.

A facility with a live play lives instant by instant: its people and the account itself go on to the earliest instant at
which any of them is due, the people first. So the account hears of everything in the order in which it happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, or_, select, text, type_coerce, update

from hagukumi.journeys.core.facts import REFUSES, Activity, Facts, LetterFact, Member
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.subject import Subject
from hagukumi.journeys.core.turn import Rules
from hagukumi.journeys.core.values import STAGES
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.gather import (
    JOURNEY_COLUMNS,
    LIVE,
    SEEN_STATES,
    activities_of,
    attributes_of,
    journey_of,
)
from hagukumi.journeys.shell.posting import post_facts_of_plays
from models.tables.bulk import among, where_in
from models.tables.schema import account, journey, letter, opportunity, pending, person, score, target
from models.tables.types import Whole, from_micros

# Written as the index has it: only then it serves.
OF_ACCOUNT = text("journey.subject_kind = 'account'")
ALWAYS = frozenset({"role", "left_company", REFUSES})
"""What is read of everybody: whom a step is for, and how anybody can still be reached."""
_OWN = frozenset({"tier", "fit", "gap", "listed", "in_deal", "theme", "temperature", "roles", "stage"})

_UNITS = select(journey.c.subject_id).where(OF_ACCOUNT, LIVE).distinct()
_HOMES = select(person.c.id, person.c.account_id).where(
    among(person.c.id, "people"), among(person.c.account_id, "accounts")
)
_HELD = (
    select(journey.c.subject_id)
    .where(OF_ACCOUNT, LIVE, among(journey.c.subject_id, "accounts"))
    .order_by(journey.c.id)
    .with_for_update(skip_locked=True)
)
_JOURNEYS = (
    select(*JOURNEY_COLUMNS)
    .where(OF_ACCOUNT, LIVE, among(journey.c.subject_id, "accounts"), journey.c.error.is_(None))
    .order_by(journey.c.id)
)
_PHONE = func.coalesce(person.c.phone_direct, person.c.phone_main, account.c.phone)
"""Where they can be called: their own number, else the facility's main line."""
_MEMBERS = (
    select(person.c.id, person.c.account_id, person.c.email_norm, _PHONE)
    .join_from(person, account, person.c.account_id == account.c.id)
    # Not "IS NULL": SQLite would go through everybody who was never merged.
    .where(among(person.c.account_id, "accounts"), func.coalesce(person.c.merged_into, 0) == 0)
    .order_by(person.c.id)
)
_LETTERS = select(letter.c.key, letter.c.account_id, letter.c.state, letter.c.settled_at, letter.c.sent_at).where(
    among(letter.c.journey_id, "journeys"), letter.c.state.in_(SEEN_STATES)
)


def units(conn: Connection) -> set[int]:
    """Accounts with a live play."""
    return set(conn.scalars(_UNITS))


def together(
    conn: Connection, people: Mapping[int, datetime], accounts: Collection[int], until: datetime, paused: frozenset[str]
) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """People and accounts, each with the instant to which: those of a facility in a play at its earliest instant alone.

    accounts: whose own timers are due. On PostgreSQL facilities in another process's hands are left to it.
    """
    inside = units(conn)
    if not inside:
        return dict(people), {}
    homes = dict(conn.execute(_HOMES, {"people": sorted(people), "accounts": sorted(inside)}).tuples().all())
    wanted = sorted({*homes.values(), *(inside & set(accounts))})
    held = set(wanted)
    if wanted and conn.dialect.name == "postgresql":
        held = set(conn.scalars(_HELD, {"accounts": wanted}))
    alone = {who: at for who, at in people.items() if who not in homes}
    first: dict[int, int] = {}
    theirs: dict[int, dict[int, int]] = defaultdict(dict)
    for query in _earliest(paused):
        for unit, who, at in conn.execute(query, {"accounts": sorted(held), "until": until}).tuples():
            first[unit] = min(at, first.get(unit, at))
            if who is not None:
                theirs[unit][who] = min(at, theirs[unit].get(who, at))
    for unit, at in first.items():
        alone |= {who: from_micros(at) for who, due in theirs[unit].items() if due <= at}
    return alone, {unit: from_micros(at) for unit, at in sorted(first.items())}


@lru_cache(maxsize=64)
def _earliest(paused: frozenset[str]) -> tuple[Select[Any], ...]:
    """(account, person or None, when due) of everybody who is due by `until` at these accounts."""

    def due(at: Any) -> Any:
        return func.min(type_coerce(at, Whole()))

    here = among(person.c.account_id, "accounts")
    until: BindParameter[datetime] = bindparam("until")
    queries = [
        select(person.c.account_id, person.c.id, due(pending.c.at))
        .join_from(person, pending, pending.c.person_id == person.c.id)
        .where(here, pending.c.at <= until)
        .group_by(person.c.account_id, person.c.id),
        select(person.c.account_id, person.c.id, due(score.c.next_line_at))
        .join_from(person, score, score.c.person_id == person.c.id)
        .where(here, score.c.next_line_at <= until)
        .group_by(person.c.account_id, person.c.id),
    ]
    if "ALL" not in paused:
        awake = journey.c.scenario.not_in(sorted(paused)) if paused else LIVE
        queries += [
            select(person.c.account_id, person.c.id, due(journey.c.due))
            .join_from(person, journey, journey.c.person_id == person.c.id)
            .where(here, LIVE, awake, journey.c.due <= until)
            .group_by(person.c.account_id, person.c.id),
            select(journey.c.subject_id, journey.c.person_id, due(journey.c.due))
            .where(OF_ACCOUNT, LIVE, awake, among(journey.c.subject_id, "accounts"), journey.c.due <= until)
            .group_by(journey.c.subject_id, journey.c.person_id),
        ]
    return tuple(queries)


def wake_accounts(conn: Connection, accounts: Collection[int], at: datetime) -> None:
    """Something about these accounts has changed that is no act of anybody's: their plays are asked at `at`."""
    c = journey.c
    later = or_(c.due.is_(None), c.due > at)
    if accounts:
        conn.execute(update(journey).where(OF_ACCOUNT, LIVE, where_in(c.subject_id, accounts), later).values(due=at))


def rules_of_plays(rules: Rules) -> Rules:
    """The same for accounts: nobody enters by itself, and no score is theirs."""
    return replace(rules, open=(), scoring=None)


def gather_accounts(conn: Connection, accounts: Mapping[int, datetime], book: Book) -> list[Subject]:
    """Everything the turns of these accounts need to know, each up to its instant."""
    found: dict[int, list[Journey]] = defaultdict(list)
    for row in conn.execute(_JOURNEYS, {"accounts": sorted(accounts)}).all():
        found[row.subject_id].append(journey_of(row, book, "a"))
    if not found:
        return []
    needs = Needs()
    for version in {one.version for each in found.values() for one in each}:
        needs = needs.and_(book.programs[version].needs)
    known = facts_of_accounts(conn, sorted(found), max(accounts.values()), needs, book)
    journeys = [one.id for each in found.values() for one in each]
    letters: dict[int, dict[str, LetterFact]] = defaultdict(dict)
    for key, unit, state, settled_at, sent_at in conn.execute(_LETTERS, {"journeys": journeys}).all():
        letters[unit][key] = LetterFact(state, settled_at or sent_at)
    for unit, posted in post_facts_of_plays(conn, journeys).items() if needs.posts else ():
        letters[unit].update(posted)
    subjects = []
    for unit, own in found.items():
        facts = replace(known[unit], letters=letters.get(unit, {}))
        subjects.append(Subject(None, unit, facts, own, looks=(accounts[unit],)))
    return subjects


def facts_of_accounts(
    conn: Connection, accounts: Sequence[int], until: datetime, needs: Needs, book: Book
) -> dict[int, Facts]:
    """Account -> what is known about it: its own attributes, its people with theirs, and all their acts."""
    rows = conn.execute(_MEMBERS, {"accounts": accounts}).all()
    people = [row.id for row in rows]
    attributes = attributes_of(conn, people, (needs.attributes | ALWAYS) - _OWN | {"stage"})
    activities = activities_of(conn, people, until, needs, set())
    members: dict[int, list[Member]] = defaultdict(list)
    acts: dict[int, list[Activity]] = defaultdict(list)
    for id_, unit, mailbox, phone in rows:
        _, values = attributes[id_]
        there = not values.get("left_company") and values.get("stage") != "ng"
        members[unit].append(Member(id_, values, bool(mailbox) and there, bool(phone) and there))
        acts[unit] += [one._replace(person=id_) for one in activities.get(id_, ())]
    own = _of_accounts(conn, accounts, needs.attributes, until, book)
    return {
        unit: Facts(
            own[unit] | _of_people(members[unit]),
            sorted(acts[unit], key=lambda one: (one.counts_at, one.id)),
            people=members[unit],
        )
        for unit in accounts
    }


def _of_people(members: Sequence[Member]) -> dict[str, Any]:
    """What an account is by its people: how far it has come, and which roles are known."""
    stages = [one.attributes.get("stage") for one in members]
    known = [STAGES.index(stage) for stage in stages if stage in STAGES]
    roles = frozenset(one.role for one in members if one.role is not None)
    return {"stage": STAGES[max(known, default=0)], "roles": roles}


def _of_accounts(
    conn: Connection, accounts: Sequence[int], wanted: frozenset[str], until: datetime, book: Book
) -> dict[int, dict[str, Any]]:
    """The accounts' own attributes: their columns, custom fields, the agreed list, deals; intent where it is asked."""
    a, t, o = account.c, target.c, opportunity.c
    columns = {
        "account": a.name, "industry": a.industry, "kind": a.kind, "prefecture": a.prefecture, "city": a.city,
        "beds": a.beds, "headcount": a.headcount, "owner_type": a.owner_type,
    }  # fmt: skip
    names = [name for name in columns if name in wanted]
    query = select(a.id, a.custom, *(columns[name] for name in names)).where(where_in(a.id, accounts))
    found: dict[int, dict[str, Any]] = {}
    for unit, custom, *values in conn.execute(query).all():
        found[unit] = {**(custom or {}), **dict(zip(names, values, strict=True)), "listed": False, "in_deal": False}
    listed = select(t.account_id, t.tier, t.fit, t.gap).where(where_in(t.account_id, accounts), t.left_at.is_(None))
    for unit, tier, fit, gap in conn.execute(listed).tuples():
        found[unit] |= {"listed": True, "tier": tier, "fit": fit / 10, "gap": gap}
    if "in_deal" in wanted:
        whose = func.coalesce(o.account_id, person.c.account_id)
        deals = select(whose).select_from(opportunity.outerjoin(person, o.person_id == person.c.id))
        for unit in conn.scalars(deals.where(o.stage == "open", where_in(whose, accounts))):
            found[unit]["in_deal"] = True
    if book.intent is not None and wanted & {"theme", "temperature"}:
        for unit, told in book.intent(conn, accounts, until).items():
            found[unit] |= told
    return found
