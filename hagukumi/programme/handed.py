"""What a platform is told of a member: hashes of people, facts about companies. Start with `rows_of`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import Row as Found

from abm.audience import Platform, Whom
from abm.contact import COUNTRY, Contact, e164, google, hashed, linkedin, meta
from hagukumi.channels.ads.handing import Row
from models.tables.bulk import chunks, where_in
from models.tables.schema import account, legal_entity, person

AT_ONCE = 20_000


def rows_of(conn: Connection, platform: Platform, kind: Whom, subjects: Collection[int]) -> dict[int, Row]:
    """The row of each subject; who is gone has none."""
    found: dict[int, Row] = {}
    for some in chunks(sorted(subjects), AT_ONCE):
        found |= _companies(conn, platform, some) if kind == "companies" else _people(conn, platform, some)
    return found


def changed_since(conn: Connection, kind: Whom, since: datetime) -> set[int]:
    """Subjects of which anything has changed."""
    table = account if kind == "companies" else person
    return set(conn.scalars(select(table.c.id).where(table.c.changed_at >= since)))


def _people(conn: Connection, platform: Platform, some: Collection[int]) -> dict[int, Row]:
    p, a = person.c, account.c
    query = (
        select(p.id, p.email_norm, p.phone_direct, p.given_name, p.family_name, a.postal_code)
        .select_from(person.outerjoin(account, a.id == p.account_id))
        .where(where_in(p.id, some), p.email_norm.is_not(None))
    )
    return {row.id: _person(platform, row) for row in conn.execute(query)}


def _person(platform: Platform, row: Found[Any]) -> Row:
    who = Contact(row.email_norm, row.phone_direct, row.given_name, row.family_name, row.postal_code)
    match platform:
        case "google":
            return google(who)
        case "meta":
            return meta(who)
        case "linkedin":
            # The rest of the template is left empty: names would leave in plain text.
            return (linkedin(who), "", "", "", "", COUNTRY, "")
        case "file":
            return (linkedin(who), hashed(e164(who.phone)))


def _companies(conn: Connection, platform: Platform, some: Collection[int]) -> dict[int, Row]:
    a, e = account.c, legal_entity.c
    query = (
        select(
            a.id, a.name, a.domain, a.industry, a.prefecture, a.city, a.postal_code, e.name.label("entity"),
            e.corporate_number,
        )
        .select_from(account.outerjoin(legal_entity, e.id == a.legal_entity_id))
        .where(where_in(a.id, some))
    )  # fmt: skip
    return {row.id: tuple(each or "" for each in _company(platform, row)) for row in conn.execute(query)}


def _company(platform: Platform, row: Found[Any]) -> tuple[str | None, ...]:
    if platform == "linkedin":
        site = f"https://{row.domain}" if row.domain else None
        return (
            row.name, site, row.domain, None, None, row.industry, row.city, row.prefecture, COUNTRY, row.postal_code,
        )  # fmt: skip
    return (
        row.name, row.entity, row.corporate_number, row.domain, row.industry, row.prefecture, row.city, row.postal_code,
    )  # fmt: skip
