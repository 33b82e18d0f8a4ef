"""What is missing in the committees of target accounts, and by which task it is asked for. Start with `coverage`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from abm.committee import Committee
from hagukumi.pipeline.roles import RoleRules
from hagukumi.reading.committee import committees
from hagukumi.reading.people import Who, read_people
from hagukumi.reading.targets import Named, named
from models.tables.bulk import where_in
from models.tables.schema import committee_event, committee_gap, staff, task


class Asked(NamedTuple):
    """The open task by which somebody is looked for: until when, and of whom it was asked (None: nobody yet)."""

    task: int
    since: datetime
    due: datetime | None
    owner: str | None
    owner_name: str | None


class Covered(NamedTuple):
    """One account: its committee, and the open task of each gap that has one."""

    account: int
    called: Named
    committee: Committee
    asked: Mapping[str, Asked]


class Coverage(NamedTuple):
    """Accounts with most missing first; the people who sit in a committee or stand on a path."""

    accounts: tuple[Covered, ...]
    people: Mapping[int, Who]


class Spoken(NamedTuple):
    """Something that sales said about a committee, and who said it."""

    at: datetime
    what: str
    person: int | None
    by: str | None
    row: Row[Any]


def coverage(conn: Connection, accounts: Collection[int], roles: RoleRules | None = None) -> Coverage:
    """These accounts, the one of which least is known first."""
    found, called, asked = committees(conn, accounts, roles), named(conn, accounts), _asked(conn, accounts)
    lines = [Covered(each, called[each], one, asked.get(each, {})) for each, one in found.items()]
    lines.sort(key=lambda one: (-len(one.committee.missing), one.called.key))
    return Coverage(tuple(lines), read_people(conn, sorted(_people(found.values()))))


def said_of(conn: Connection, account: int, limit: int) -> Sequence[Spoken]:
    """What sales said about an account's committee, the newest first."""
    e = committee_event.c
    query = (
        select(committee_event, staff.c.name.label("by_name"))
        .select_from(committee_event.outerjoin(staff, staff.c.id == e.by_staff_id))
        .where(e.account_id == account)
        .order_by(e.id.desc())
        .limit(limit)
    )
    return [Spoken(row.at, row.what, row.person_id, row.by_name, row) for row in conn.execute(query)]


def _people(found: Collection[Committee]) -> set[int]:
    seats = {seat.person for one in found for seat in one.seats}
    seats |= {each for one in found for some in one.doubled for each in some}
    return seats | {step.person for one in found for step in one.path if step.person is not None}


def _asked(conn: Connection, accounts: Collection[int]) -> dict[int, dict[str, Asked]]:
    g, t = committee_gap.c, task.c
    query = (
        select(g.account_id, g.code, t.id, g.since, t.due, staff.c.key, staff.c.name)
        .select_from(committee_gap.join(task, t.id == g.task_id).outerjoin(staff, staff.c.id == t.owner_staff_id))
        .where(where_in(g.account_id, list(accounts)), t.state == "open")
    )
    found: dict[int, dict[str, Asked]] = defaultdict(dict)
    for account, code, *rest in conn.execute(query).tuples():
        found[account][code] = Asked(*rest)
    return found
