"""Committees of accounts: who has which role there, and what is missing. Start with `committees`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, cast

from sqlalchemy import Connection, Row, select

from abm.committee import Committee, Member, Seat, Source, missing_of, ordered
from hagukumi.pipeline.roles import Post, Role, RoleRules, role_of
from hagukumi.reading.refusals import refused_channels
from models.tables.bulk import where_in
from models.tables.schema import account, person

_SOURCES: Mapping[str | None, Source] = {"sales": "sales", "imported": "imported"}


def committees(conn: Connection, accounts: Collection[int], roles: RoleRules | None = None) -> dict[int, Committee]:
    """The committee of each of these accounts; with the rules of roles.yaml also why they gave a role.

    Who was merged into somebody else, or is no lead (NG), has no seat; who has left has none, but leaves a gap.
    """
    a = account.c
    columns = (a.id, a.kind, a.owner_type, a.beds, a.headcount, a.phone, a.address)
    places = {row.id: row for row in conn.execute(select(*columns).where(where_in(a.id, list(accounts))))}
    people = _people(conn, places)
    refused = refused_channels(conn, [row.id for some in people.values() for row in some])
    found = {}
    for number, place in places.items():
        rows = people.get(number, [])
        seats = [seat for row in rows if not row.left_company for seat in _seats(row, place, roles)]
        members = [
            Member(row.id, _roles(row), _ways(row, place, refused.get(row.id, ())), row.left_company) for row in rows
        ]
        found[number] = Committee(number, ordered(seats), missing=missing_of(place.kind, members))
    return found


def _people(conn: Connection, places: Collection[int]) -> dict[int, list[Row[Any]]]:
    p = person.c
    columns = (
        p.id, p.account_id, p.title, p.role, p.role_source, p.left_company, p.email_norm, p.phone_direct, p.phone_main,
    )  # fmt: skip
    query = select(*columns).where(where_in(p.account_id, list(places)), p.merged_into.is_(None), p.stage != "ng")
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in conn.execute(query.order_by(p.id)):
        found[row.account_id].append(row)
    return found


def _roles(row: Row[Any]) -> frozenset[Role]:
    return frozenset({cast("Role", row.role)} if row.role is not None else ())


def _seats(row: Row[Any], place: Row[Any], roles: RoleRules | None) -> list[Seat]:
    if row.role is None:
        return []
    source = _SOURCES.get(row.role_source, "rules")
    why = None
    if source == "rules" and roles is not None and row.title:
        post = Post(
            title=row.title, kind=place.kind, owner_type=place.owner_type, beds=place.beds, headcount=place.headcount
        )
        rule = role_of(roles, post)
        why = rule.because if rule is not None and rule.role == row.role else None
    return [Seat(row.id, cast("Role", row.role), source, why)]


def _ways(row: Row[Any], place: Row[Any], refused: Collection[str]) -> frozenset[str]:
    """How somebody can be reached; a letter by post and a visit need the facility's address."""
    ways = {"mail": row.email_norm, "phone": row.phone_direct or row.phone_main or place.phone}
    ways |= {"post": place.address, "visit": place.address}
    # Whoever wants no visits (出入禁止) gets no letters by post either.
    closed = {*refused, *(("post",) if "visit" in refused else ())}
    return frozenset(way for way, there in ways.items() if there and way not in closed)
