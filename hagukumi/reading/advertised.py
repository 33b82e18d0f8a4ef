"""Who belongs to an audience of ads now, companies or people, and why others do not. Start with `wanted`.

Of people only those belong who agreed to ads, and who refused them neither by themselves, by their mailbox nor by
their facility.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, false, func, or_, select

from abm.audience import Audience, Size
from hagukumi.pipeline.addresses import domain_of
from hagukumi.pipeline.ng import Candidate, Judge
from hagukumi.reading.audiences import Asked, Places, Wanted, Wishes, facilities, meant, wishes_for
from models.tables.bulk import where_in
from models.tables.keys import keyed_hash
from models.tables.schema import consent, person, refusal, workspace

ERASED = "erased"
READ_AT_ONCE = 20_000
_PERSON = ("id", "account_id", "email_norm", "role", "stage", "ng_reason", "left_company", "merged_into")


def wanted(conn: Connection, audience: Audience, asked: Asked, standing: Collection[int] = ()) -> Wanted:
    """Who belongs to the audience; `out` says why of those who stand in it and do not belong, where it is known."""
    wishes = wishes_for(conn, audience.name, asked.now)
    places = facilities(conn, audience, asked, wishes)
    if audience.kind == "companies":
        return Wanted(places.members, places.out, places.size)
    judging = _Judging(conn, asked, places)
    members, at = _people(conn, audience, judging, wishes)
    gone = [each for each in standing if each not in members]
    return Wanted(members, dict(judging.whys(gone)), Size(len(members), at))


def plain(conn: Connection, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of whole numbers and text as the driver gives them: a million of them in a second."""
    cursor: Any = conn.execute(query).cursor
    while some := cursor.fetchmany(READ_AT_ONCE):
        yield from some


def _people(conn: Connection, audience: Audience, judging: _Judging, wishes: Wishes) -> tuple[dict[int, str], int]:
    """Who belongs, and at how many facilities; whoever is nobody's counts as one of their own."""
    c, places = person.c, judging.places
    query = select(c.id, c.account_id, c.email_norm).where(*_fit(), c.id.in_(_agreed(judging.now)))
    if audience.roles:
        query = query.where(where_in(c.role, audience.roles))
    if audience.from_ != "all" or audience.who is not None:
        query = query.where(where_in(c.account_id, places.members) | where_in(c.id, wishes.people))
    members: dict[int, str] = {}
    at: set[int] = set()
    for number, place, email in plain(conn, query):
        if judging.out(number, place, email) is None:
            why = "play" if number in wishes.people else places.members.get(place, "all")
            if why == "play" and number in wishes.spared and number not in wishes.people:
                continue
            members[number] = why
            at.add(-number if place is None else place)
    return members, len(at)


def _fit() -> tuple[ColumnElement[bool], ...]:
    c = person.c
    return (
        c.merged_into.is_(None), c.stage != "ng", c.left_company == false(), c.email_norm.is_not(None),
    )  # fmt: skip


def _agreed(now: datetime) -> Select[tuple[int]]:
    """People whose consent to ads stands and can be proven."""
    c = consent.c
    shown = or_(*(func.coalesce(c[name], "") != "" for name in ("got_by", "got_where", "source", "page")))
    query = select(c.person_id).where(
        c.channel == "ads", c.ground == "consent", c.got_at <= now, or_(c.withdrawn_at.is_(None), c.withdrawn_at > now)
    )
    return query.where(shown)


class _Judging:
    """What stands against people: their facility, a competitor's domain, a refusal of their own or their mailbox."""

    def __init__(self, conn: Connection, asked: Asked, places: Places) -> None:
        c, p = refusal.c, person.c
        self.conn, self.now, self.places = conn, asked.now, places
        self._judge: Judge = asked.judge
        self._domains: dict[str, bool] = {}
        whole = (c.channel == "ads", meant())
        # A record that was merged into theirs refuses for them.
        query = select(func.coalesce(p.merged_into, p.id)).join_from(refusal, person, p.id == c.person_id)
        self._refused = {row[0] for row in plain(conn, query.where(*whole))}
        self._boxes = set(conn.scalars(select(c.address_hash).where(c.address_hash.is_not(None), *whole)))
        self._secret = conn.scalars(select(workspace.c.secret)).one() if self._boxes else ""

    def out(self, number: int, place: int | None, email: str) -> str | None:
        """Why somebody who is fit and agreed does not belong; None: they do."""
        if place in self.places.out:
            return self.places.out[place]
        if self._competes(email):
            return "competitor"
        refused = number in self._refused or (self._boxes and keyed_hash(self._secret, email) in self._boxes)
        return "refused" if refused else None

    def whys(self, people: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Why these do not belong; nothing of those whom no rule names any more."""
        ids = list(people)
        if not ids:
            return
        c = person.c
        agreed = set(self.conn.scalars(_agreed(self.now).where(where_in(consent.c.person_id, ids))))
        query = select(*(c[name] for name in _PERSON)).where(where_in(c.id, ids))
        for row in self.conn.execute(query):
            why = _unfit(row) or self.out(row.id, row.account_id, row.email_norm)
            if why is None and row.id not in agreed:
                why = "no_consent"
            if why is not None:
                yield row.id, why

    def _competes(self, email: str) -> bool:
        domain = domain_of(email)
        known = self._domains.get(domain)
        if known is None:
            finding = self._judge.judge(Candidate(domain=domain))
            known = self._domains[domain] = finding is not None and finding.code == "competitor"
        return known


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
