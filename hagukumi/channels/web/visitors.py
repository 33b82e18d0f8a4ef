"""Browsers whose visitor consented: who they are, what they saw before we knew, and how they are forgotten.

A browser is tied to a person by a signed link or by a form, only with consent. A form's word is stronger: letters are
passed on to colleagues.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from hagukumi.words.web import FORGOTTEN
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import among, insert_many, upsert_many, where_in
from models.tables.keys import keyed_hash
from models.tables.schema import activity, pending, person, task, visit, visitor
from models.tables.types import to_micros

KEPT = timedelta(days=90)
"""How long visits of somebody unknown are kept."""
REMEMBERED = timedelta(days=400)
"""How long a browser is known that does not come back."""
_SEEN_AGAIN = timedelta(days=1)
"""A browser's last visit is written down no finer."""

By = Literal["form", "link"]


class Someone(NamedTuple):
    """A person as an activity names them."""

    id: int
    account_id: int | None


class Consent(NamedTuple):
    """To which version of the notice the visitor consented, and when."""

    notice_version: str
    at: datetime


class View(NamedTuple):
    """Something a browser told: a page seen or a file taken. `page` is a path without query."""

    visitor: str
    event: str
    kind: str
    at: datetime
    content: str | None
    page: str | None
    notice_version: str


def visitor_hash(secret: str, browser: str) -> str:
    """How a browser's own random id is stored."""
    return keyed_hash(secret, f"visitor\x1f{browser}")


_PEOPLE = select(person.c.id, func.coalesce(person.c.merged_into, person.c.id), person.c.account_id).where(
    among(person.c.id, "ids")
)
"""Made once: building a statement takes longer than running it."""


def people_of(conn: Connection, ids: Collection[int]) -> dict[int, Someone]:
    """Person id -> whom it means by now: of merged people the one that stays. Who is gone is not in it."""
    if not ids:
        return {}
    rows = conn.execute(_PEOPLE, {"ids": list(ids)}).all()
    return {id_: Someone(canonical, account_id) for id_, canonical, account_id in rows}


def known_visitors(conn: Connection, visitors: Collection[str]) -> dict[str, Someone | None]:
    """The visitors among these whom we have seen, with the person they are tied to."""
    c = visitor.c
    rows = conn.execute(select(c.visitor, c.person_id).where(where_in(c.visitor, visitors))).all()
    people = people_of(conn, {row.person_id for row in rows if row.person_id is not None})
    return {row.visitor: people.get(row.person_id) if row.person_id is not None else None for row in rows}


def remember(conn: Connection, consents: Mapping[str, Consent], now: datetime) -> None:
    """Writes down who consented to what; one row a browser."""
    c = visitor.c
    query = select(c.visitor, c.notice_version).where(where_in(c.visitor, list(consents)))
    told = {row.visitor: row.notice_version for row in conn.execute(query.where(c.seen_at > now - _SEEN_AGAIN))}
    rows = [
        (one, consent.notice_version, consent.at, now)
        for one, consent in consents.items()
        if told.get(one) != consent.notice_version
    ]
    columns = ("visitor", "notice_version", "consented_at", "seen_at")
    upsert_many(conn, visitor, columns, rows, conflict=("visitor",), update=columns[1:])


def tie(conn: Connection, who: Mapping[str, Someone], by: By, now: datetime) -> dict[str, Someone]:
    """Ties browsers to people; what a browser saw before becomes the person's. Returns whom each is tied to now.

    A link ties only a browser that nobody is tied to; a form ties it anew.
    """
    known = known_visitors(conn, list(who))
    found: dict[str, Someone] = {}
    for browser, someone in who.items():
        tied = known.get(browser)
        found[browser] = someone if tied is None or by == "form" else tied
    rows = [(browser, one.id, by, now) for browser, one in found.items() if known.get(browser) != one]
    for browser, person_id, cause, at in rows:
        conn.execute(
            visitor.update().where(visitor.c.visitor == browser).values(person_id=person_id, tied_by=cause, tied_at=at)
        )
    _hand_over(conn, {browser: found[browser] for browser, *_ in rows}, now)
    return found


def arrivals(views: Sequence[View], who: Mapping[str, Someone], now: datetime) -> list[Arrival]:
    """What browsers told of people we know."""
    return [
        Arrival(
            person_id=who[view.visitor].id, account_id=who[view.visitor].account_id, kind=view.kind,
            occurred_at=view.at, known_at=now, content=view.content, source_id=f"web:{view.visitor}:{view.event}",
        )
        for view in views
    ]  # fmt: skip


def keep(conn: Connection, views: Sequence[View]) -> None:
    """Keeps visits of browsers nobody is tied to."""
    upsert_many(conn, visit, View._fields, views)


def forget(conn: Connection, visitors: Sequence[str], now: datetime) -> None:
    """Consent was withdrawn: the browser, its visits, and what a person was credited with because of it are deleted."""
    conn.execute(delete(visit).where(where_in(visit.c.visitor, visitors)))
    conn.execute(delete(visitor).where(where_in(visitor.c.visitor, visitors)))
    c = activity.c
    theirs = or_(*(and_(c.source_id > f"web:{one}:", c.source_id < f"web:{one};") for one in visitors))
    credited = conn.execute(select(c.id, c.person_id, c.occurred_at).where(theirs)).all()
    ids = [row.id for row in credited]
    conn.execute(delete(pending).where(where_in(pending.c.activity_id, ids)))
    conn.execute(delete(activity).where(where_in(c.id, ids)))
    for person_id in sorted({row.person_id for row in credited}):
        _untell(conn, person_id, min(row.occurred_at for row in credited if row.person_id == person_id))
    # Their score is not what it was.
    insert_many(conn, pending, ("at", "person_id"), [(now, one) for one in sorted({row.person_id for row in credited})])


def _untell(conn: Connection, person_id: int, since: datetime) -> None:
    """Why somebody is to be called may quote the pages they read: from then on it says only by how much points rose."""
    c, first = task.c, to_micros(since)
    for id_, reasons in conn.execute(select(c.id, c.reasons).where(c.person_id == person_id)).all():
        told = [
            {**one, "args": [*one["args"][:3], FORGOTTEN.ja, FORGOTTEN.en, *one["args"][5:]]}
            if one["code"].startswith("jump_") and one["at"] >= first
            else one
            for one in reasons
        ]
        if told != reasons:
            conn.execute(update(task).where(c.id == id_).values(reasons=told))


def sweep(conn: Connection, now: datetime) -> int:
    """Deletes what was kept long enough; returns how many visits."""
    gone = conn.execute(delete(visit).where(visit.c.at < now - KEPT)).rowcount
    conn.execute(delete(visitor).where(visitor.c.seen_at < now - REMEMBERED))
    return gone


def _hand_over(conn: Connection, who: Mapping[str, Someone], now: datetime) -> None:
    if not who:
        return
    c = visit.c
    ours = where_in(c.visitor, list(who))
    views = [View._make(row) for row in conn.execute(select(*(c[name] for name in View._fields)).where(ours))]
    receive(conn, arrivals(sorted(views, key=lambda view: (view.at, view.event)), who, now))
    conn.execute(delete(visit).where(ours))
