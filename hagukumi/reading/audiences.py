"""Which facilities belong to an audience of ads now, and why the others do not; people stand in advertised.py.

Start with `facilities`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from abm.audience import Audience, Size
from abm.icp import IcpRules
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.moment import Moment
from hagukumi.pipeline.ng import Candidate, Judge
from hagukumi.reading.candidates import kept_off
from models.scoring.points import NO_CALENDAR, NOBODY
from models.tables.bulk import where_in
from models.tables.schema import account, audience_wish, consent, erasure, journey, person, refusal, target
from models.tables.schema.people import NO_WILL
from models.tables.types import to_micros

_ATTRIBUTES = ("kind", "industry", "prefecture", "city", "owner_type", "beds", "headcount")


class Asked(NamedTuple):
    """By what it is judged who belongs: when a facility refuses us (icp.yaml), who is a competitor, the clock (UTC)."""

    icp: IcpRules
    judge: Judge
    now: datetime


class Wanted(NamedTuple):
    """members: id -> code of why; out: id -> why not, of those who would belong but for that. Ids as the kind says."""

    members: dict[int, str]
    out: dict[int, str]
    size: Size


class Wishes(NamedTuple):
    """Whom steps put in, by steps of people and of plays. spared: people who have left the plays of their account."""

    people: frozenset[int]
    accounts: frozenset[int]
    spared: frozenset[int] = frozenset()


def wishes_for(conn: Connection, name: str, now: datetime) -> Wishes:
    """Whom steps of journeys that still run have put into the audience; a play that is frozen rests with its ads."""
    w, j = audience_wish.c, journey.c
    query = (
        select(w.person_id, w.account_id, j.memory)
        .join_from(audience_wish, journey, j.id == w.journey_id)
        .where(w.audience == name, w.ended_at.is_(None), or_(w.until.is_(None), w.until > now), j.state == "live")
    )
    people, accounts, out = set(), set(), set()
    for who, place, memory in conn.execute(query).tuples():
        if who is not None:
            people.add(who)
        elif place is not None and (memory or {}).get("frozen", 0) <= to_micros(now):
            accounts.add(place)
            out.update((memory or {}).get("out", ()))
    return Wishes(frozenset(people), frozenset(accounts), frozenset(out))


def newest(conn: Connection) -> str:
    """Changes whenever somebody refuses, is erased, or withdraws a consent to ads, and when a play comes or goes.

    People's scenarios are left to the morning: with many of them it would never rest.
    """
    c, w, j = consent.c, audience_wish.c, journey.c
    plays = select(func.sum(w.journey_id)).join_from(audience_wish, journey, j.id == w.journey_id)
    parts = (
        conn.scalar(select(func.max(refusal.c.id))),
        conn.scalar(select(func.max(erasure.c.id))),
        conn.scalar(select(func.max(c.withdrawn_at)).where(c.channel == "ads")),
        conn.scalar(plays.where(w.person_id.is_(None), w.ended_at.is_(None), j.state == "live")),
    )
    return "/".join(str(part.timestamp() if isinstance(part, datetime) else part or 0) for part in parts)


class Places(NamedTuple):
    """Facilities that belong, and why; why others do not; how many work there, as far as it is known."""

    members: dict[int, str]
    out: dict[int, str]
    headcount: dict[int, int]

    @property
    def size(self) -> Size:
        """Of an audience of companies."""
        known = [self.headcount[each] for each in self.members if each in self.headcount]
        return Size(len(self.members), len(self.members), sum(known), len(self.members) - len(known))


def facilities(conn: Connection, audience: Audience, asked: Asked, wishes: Wishes) -> Places:
    """Facilities whose turn it is, by list, rule or step; for an audience of people those whose people may belong."""
    put_in, beside, listed = set(wishes.accounts), _homes(conn, wishes.people), _listed(conn, audience)
    if audience.kind == "companies":
        put_in |= beside
    # Where people are put in by themselves, their facility may still stand against it.
    which = None if audience.from_ == "all" else put_in | beside | listed
    off = kept_off(conn, asked.icp, which)
    refused = off["refused"] | _refuse_ads(conn)
    places = Places({}, {}, {})
    moment, by_rule = Moment(asked.now, NO_CALENDAR, ""), "list" if audience.from_ == "list" else "all"
    c = account.c
    query = select(c.id, c.name, c.domain, c.custom, *(c[name] for name in _ATTRIBUTES)).order_by(c.id)
    for row in conn.execute(query if which is None else query.where(where_in(c.id, which))):
        number = row.id
        named = number in put_in or ((which is None or number in listed) and _fits(audience, row, moment))
        if not named and number not in beside:
            continue
        if number in refused:
            places.out[number] = "facility_refused"
        elif (why := _veto(asked.judge, row, off, audience)) is not None:
            places.out[number] = why
        elif named:
            places.members[number] = "play" if number in put_in else by_rule
            if row.headcount is not None:
                places.headcount[number] = row.headcount
    return places


def _homes(conn: Connection, people: Collection[int]) -> set[int]:
    if not people:
        return set()
    query = select(person.c.account_id).where(where_in(person.c.id, people))
    return {each for each in conn.scalars(query) if each is not None}


def _fits(audience: Audience, row: Row[Any], moment: Moment) -> bool:
    if audience.who is None:
        return True
    known = {name: getattr(row, name) for name in _ATTRIBUTES} | {"account": row.name} | dict(row.custom or {})
    facts = Facts(attributes={name: value for name, value in known.items() if value is not None})
    return audience.who.holds(NOBODY, facts, moment)


def _veto(judge: Judge, row: Row[Any], off: Mapping[Any, set[int]], audience: Audience) -> str | None:
    finding = judge.judge(Candidate(domain=row.domain, company=row.name))
    if finding is not None and finding.code == "competitor":
        return "competitor"
    customer = (finding is not None and finding.code == "customer") or row.id in off["customer"]
    if customer and "customer" in audience.without:
        return "customer"
    return "in_deal" if "in_deal" in audience.without and row.id in off["in_deal"] else None


def _listed(conn: Connection, audience: Audience) -> set[int]:
    if audience.from_ != "list":
        return set()
    c = target.c
    query = select(c.account_id).where(c.left_at.is_(None), c.gap.is_(None))
    return set(conn.scalars(query.where(c.tier.in_(audience.tiers)) if audience.tiers else query))


def _refuse_ads(conn: Connection) -> set[int]:
    c = refusal.c
    query = select(c.account_id).where(c.channel == "ads", c.account_id.is_not(None), meant())
    return set(conn.scalars(query))


def meant() -> ColumnElement[bool]:
    """A refusal that is somebody's will, and not of one theme only."""
    return refusal.c.topic.is_(None) & refusal.c.cause.not_in(NO_WILL)
