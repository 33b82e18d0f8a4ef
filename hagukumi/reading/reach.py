"""When we came to accounts, and by which channel; and when they asked us to come later. Start with `contacts_of`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, false, func, select

from hagukumi.journeys.steps.visit import VISITED
from models.tables.bulk import where_in
from models.tables.schema import account, activity, letter, person, posting, refusal, task
from models.tables.schema.people import NO_WILL

LEFT_US = ("accepted", "delivered", "unknown")
"""Letters that reached the other side, as far as anybody knows."""

BY_ACT: Mapping[str, str] = {"called": "phone", "met": "meeting", VISITED: "visit"}
"""Kinds of acts that are ours as well, and the channel by which we came."""


class Came(NamedTuple):
    """We came to an account: how, and when (UTC)."""

    account: int
    channel: str
    at: datetime


def contacts_of(conn: Connection, accounts: Collection[int], since: datetime, now: datetime) -> list[Came]:
    """Letters (by mail and by post), calls, visits and meetings after `since`, the oldest first.

    Calls and visits count whether or not anybody was there.
    """
    found = [*_letters(conn, accounts, since, now), *_posts(conn, accounts, since, now)]
    found += _acts(conn, accounts, since, now)
    return sorted(found, key=lambda one: (one.at, one.account, one.channel))


def refused_by(conn: Connection, accounts: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The channels that facilities refuse as a whole."""
    c = refusal.c
    query = select(c.account_id, c.channel).where(
        where_in(c.account_id, list(accounts)), c.topic.is_(None), c.cause.not_in(NO_WILL)
    )
    said: dict[int, set[str]] = defaultdict(set)
    for where, channel in conn.execute(query).tuples():
        said[where].add(channel)
    return {where: frozenset(some) for where, some in said.items()}


def reach_of(conn: Connection, accounts: Collection[int]) -> dict[int, frozenset[str]]:
    """The channels by which somebody there can be reached: an address, a number, a place; whoever has left is not."""
    p, a = person.c, account.c
    here = (where_in(p.account_id, list(accounts)), p.merged_into.is_(None), p.left_company == false(), p.stage != "ng")
    phone = func.coalesce(p.phone_direct, p.phone_main, a.phone)
    query = (
        select(a.id, p.email_norm.is_not(None), phone.is_not(None), a.address.is_not(None))
        .join_from(person, account, p.account_id == a.id)
        .where(*here)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for number, mail, dial, place in conn.execute(query).tuples():
        ways = (("mail", mail), ("phone", dial), ("post", place), ("visit", place))
        found[number] |= {way for way, there in ways if there}
    return {number: frozenset(ways) for number, ways in found.items()}


def later_of(conn: Connection, accounts: Collection[int]) -> dict[int, datetime]:
    """Until when somebody at an account asked us to wait: their open call is put off that far."""
    t, p = task.c, person.c
    query = (
        select(p.account_id, func.max(t.sleeps_until))
        .join_from(task, person, t.person_id == p.id)
        .where(where_in(p.account_id, list(accounts)), t.state == "open", t.sleeps_until.is_not(None))
        .group_by(p.account_id)
    )
    return dict(conn.execute(query).tuples().all())


def _letters(conn: Connection, accounts: Collection[int], since: datetime, now: datetime) -> Iterator[Came]:
    c, p = letter.c, person.c
    query = (
        select(p.account_id, c.sent_at)
        .join_from(letter, person, c.person_id == p.id)
        .where(where_in(p.account_id, list(accounts)), c.sent_at > since, c.sent_at <= now, c.state.in_(LEFT_US))
    )
    for where, at in conn.execute(query).tuples():
        yield Came(where, "mail", at)


def _posts(conn: Connection, accounts: Collection[int], since: datetime, now: datetime) -> Iterator[Came]:
    """What was posted and did not come back."""
    c = posting.c
    query = select(c.account_id, c.posted_at).where(
        where_in(c.account_id, list(accounts)), c.posted_at > since, c.posted_at <= now, c.state == "posted"
    )
    for where, at in conn.execute(query).tuples():
        yield Came(where, "post", at)


def _acts(conn: Connection, accounts: Collection[int], since: datetime, now: datetime) -> Iterator[Came]:
    a, p = activity.c, person.c
    query = (
        select(p.account_id, a.kind, a.occurred_at)
        .join_from(activity, person, a.person_id == p.id)
        .where(
            where_in(p.account_id, list(accounts)), a.kind.in_(sorted(BY_ACT)), a.known_at <= now,
            a.occurred_at > since, a.occurred_at <= now,
        )
    )  # fmt: skip
    for where, kind, at in conn.execute(query).tuples():
        yield Came(where, BY_ACT[kind], at)
