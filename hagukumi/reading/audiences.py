"""Who belongs to an audience of ads now, and why the others do not. Start with `wanted`.

Of people only those belong who agreed to ads, and who refused them neither by themselves, by their mailbox nor by
their facility.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from abm.audience import Audience, Size
from abm.icp import IcpRules
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.moment import Moment
from hagukumi.pipeline.addresses import domain_of
from hagukumi.pipeline.ng import Candidate, Judge
from hagukumi.reading.candidates import kept_off
from models.scoring.points import NO_CALENDAR, NOBODY
from models.tables.bulk import where_in
from models.tables.keys import keyed_hash
from models.tables.schema import account, audience_wish, consent, erasure, journey, person, refusal, target, workspace
from models.tables.schema.people import NO_WILL

_ATTRIBUTES = ("kind", "industry", "prefecture", "city", "owner_type", "beds", "headcount")
ERASED = "erased"


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
    """Whom steps put in, by steps of people and of plays."""

    people: frozenset[int]
    accounts: frozenset[int]


def wanted(conn: Connection, audience: Audience, asked: Asked) -> Wanted:
    """Who belongs to the audience."""
    wishes = wishes_for(conn, audience.name, asked.now)
    places = _facilities(conn, audience, asked, wishes)
    if audience.kind == "companies":
        heads = [places.headcount.get(each) for each in places.members]
        known = [each for each in heads if each is not None]
        size = Size(len(heads), len(heads), sum(known), len(heads) - len(known))
        return Wanted(places.members, places.out, size)
    return _people(conn, audience, asked, wishes, places)


def wishes_for(conn: Connection, name: str, now: datetime) -> Wishes:
    """Whom steps of journeys that still run have put into the audience."""
    w, j = audience_wish.c, journey.c
    query = (
        select(w.person_id, w.account_id)
        .join_from(audience_wish, journey, j.id == w.journey_id)
        .where(w.audience == name, w.ended_at.is_(None), or_(w.until.is_(None), w.until > now), j.state == "live")
    )
    rows = conn.execute(query).all()
    return Wishes(
        frozenset(row.person_id for row in rows if row.person_id is not None),
        frozenset(row.account_id for row in rows if row.person_id is None and row.account_id is not None),
    )


def newest(conn: Connection) -> str:
    """Changes whenever somebody refuses, is erased, or withdraws a consent to ads."""
    c = consent.c
    parts = (
        conn.scalar(select(func.max(refusal.c.id))),
        conn.scalar(select(func.max(erasure.c.id))),
        conn.scalar(select(func.max(c.withdrawn_at)).where(c.channel == "ads")),
    )
    return "/".join(str(part.timestamp() if isinstance(part, datetime) else part or 0) for part in parts)


class _Places(NamedTuple):
    members: dict[int, str]
    out: dict[int, str]
    headcount: dict[int, int]


def _facilities(conn: Connection, audience: Audience, asked: Asked, wishes: Wishes) -> _Places:
    """Facilities whose turn it is, by list, rule or step; for an audience of people those whose people may belong."""
    put_in, beside, listed = set(wishes.accounts), _homes(conn, wishes.people), _listed(conn, audience)
    if audience.kind == "companies":
        put_in |= beside
    # Where people are put in by themselves, their facility may still stand against it.
    which = None if audience.from_ == "all" else put_in | beside | listed
    off = kept_off(conn, asked.icp, which)
    refused = off["refused"] | _refuse_ads(conn)
    places = _Places({}, {}, {})
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
    query = select(c.account_id).where(c.channel == "ads", c.account_id.is_not(None), _meant())
    return set(conn.scalars(query))


def _meant() -> ColumnElement[bool]:
    """A refusal that is somebody's will, and not of one theme only."""
    return refusal.c.topic.is_(None) & refusal.c.cause.not_in(NO_WILL)


_PERSON = ("id", "account_id", "email_norm", "role", "stage", "ng_reason", "left_company", "merged_into")


def _people(conn: Connection, audience: Audience, asked: Asked, wishes: Wishes, places: _Places) -> Wanted:
    c = person.c
    agreed, refused = _agreed(conn, asked.now), _Refused(conn)
    domains: dict[str, bool] = {}
    everybody = audience.from_ == "all" and audience.who is None
    near = where_in(c.account_id, places.members) | where_in(c.id, wishes.people)
    query = select(*(c[name] for name in _PERSON)).order_by(c.id)
    found = Wanted({}, {}, Size(0, 0))
    at: set[int] = set()
    roles: Collection[str] = audience.roles
    for row in conn.execute(query if everybody else query.where(near)):
        number, place = row.id, row.account_id
        if roles and row.role not in roles and number not in wishes.people:
            continue
        why = _unfit(row) or (places.out.get(place) if place is not None else None)
        if why is None and _competes(asked.judge, row.email_norm, domains):
            why = "competitor"
        if why is None and refused.holds(row):
            why = "refused"
        if why is None and number not in agreed:
            why = "no_consent"
        if why is not None:
            found.out[number] = why
            continue
        found.members[number] = "play" if number in wishes.people else places.members.get(place, "all")
        at.add(place if place is not None else -number)
    return found._replace(size=Size(len(found.members), len(at)))


def _unfit(row: Row[Any]) -> str | None:
    if row.ng_reason == ERASED:
        return "erased"
    if row.merged_into is not None:
        return "merged"
    if row.stage == "ng":
        return "ng"
    if row.left_company:
        return "left_company"
    return None if row.email_norm else "no_mail"


def _competes(judge: Judge, email: str, domains: dict[str, bool]) -> bool:
    domain = domain_of(email)
    if domain not in domains:
        finding = judge.judge(Candidate(domain=domain))
        domains[domain] = finding is not None and finding.code == "competitor"
    return domains[domain]


def _agreed(conn: Connection, now: datetime) -> set[int]:
    """People whose consent to ads stands and can be proven."""
    c = consent.c
    shown = or_(*(func.coalesce(c[name], "") != "" for name in ("got_by", "got_where", "source", "page")))
    query = select(c.person_id).where(
        c.channel == "ads", c.ground == "consent", c.got_at <= now, or_(c.withdrawn_at.is_(None), c.withdrawn_at > now)
    )
    return set(conn.scalars(query.where(shown)))


class _Refused:
    """Who refuses ads: by themselves (or a record that was merged into theirs), or by their mailbox."""

    def __init__(self, conn: Connection) -> None:
        c, p = refusal.c, person.c
        whole = (c.channel == "ads", _meant())
        query = select(func.coalesce(p.merged_into, p.id)).join_from(refusal, person, p.id == c.person_id)
        self.people = set(conn.scalars(query.where(*whole)))
        boxes = select(c.address_hash).where(c.address_hash.is_not(None), *whole)
        self.boxes = set(conn.scalars(boxes))
        self.secret = conn.scalars(select(workspace.c.secret)).one() if self.boxes else ""

    def holds(self, row: Row[Any]) -> bool:
        """Whether this person refuses."""
        return row.id in self.people or (bool(self.boxes) and keyed_hash(self.secret, row.email_norm) in self.boxes)


def why_gone(conn: Connection, people: Iterable[int]) -> dict[int, str]:
    """Why people are unfit whom no rule names any more: erased, merged, NG, left."""
    c = person.c
    query = select(*(c[name] for name in _PERSON)).where(where_in(c.id, list(people)))
    return {row.id: why for row in conn.execute(query) if (why := _unfit(row)) is not None}
