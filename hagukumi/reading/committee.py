"""Committees of accounts: who has which role there, and what is missing. Start with `committees`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Row, select

from abm.committee import STANCES, Committee, Member, Seat, Source, Step, as_one, missing_of, ordered
from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.roles import Post, Role, RoleRules, role_of
from hagukumi.reading.amounts import amounts
from hagukumi.reading.doubles import doubles_of
from hagukumi.reading.refusals import refused_channels
from models.tables.bulk import where_in
from models.tables.schema import account, committee, committee_event, person, seat

_SOURCES: Mapping[str | None, Source] = {"sales": "sales", "imported": "imported"}


class _Spoken(NamedTuple):
    """What sales said of somebody: the roles, each with who said it, when and why."""

    seats: tuple[Seat, ...]

    @property
    def parts(self) -> bool:
        """Whether they said what part the person has in the decision, not only how they stand to us."""
        return any(seat.role not in STANCES for seat in self.seats)


_SILENT = _Spoken(())


def committees(conn: Connection, accounts: Collection[int], roles: RoleRules | None = None) -> dict[int, Committee]:
    """The committee of each of these accounts; with the rules of roles.yaml also why they gave a role.

    Who was merged into somebody else, or is no lead (NG), has no seat; who has left has none, but leaves a gap.
    """
    a = account.c
    columns = (a.id, a.kind, a.owner_type, a.beds, a.headcount, a.phone, a.address)
    places = {row.id: row for row in conn.execute(select(*columns).where(where_in(a.id, list(accounts))))}
    people = _people(conn, places)
    everybody = [row.id for some in people.values() for row in some]
    spoken, said = _spoken(conn, everybody), _said(conn, places)
    refused, yen = refused_channels(conn, everybody), amounts(conn, list(places), roles)
    doubled = doubles_of(conn, list(places))
    found = {}
    for number, place in places.items():
        rows = people.get(number, [])
        of = {row.id: _seats(row, spoken.get(row.id, _SILENT)) for row in rows}
        seats = [
            _explained(seat, row, place, yen.get(number), roles)
            for row in rows if not row.left_company for seat in of[row.id]
        ]  # fmt: skip
        members = [
            Member(
                row.id, frozenset(seat.role for seat in of[row.id]), _ways(row, place, refused.get(row.id, ())),
                row.left_company,
            )
            for row in rows
        ]  # fmt: skip
        path, month = said.get(number, ((), None))
        twice = doubled.get(number, ())
        seats, members = as_one(seats, members, twice)
        missing = missing_of(place.kind, members, path, month)
        found[number] = Committee(number, ordered(seats), path, month, missing, twice)
    return found


def seats_of(conn: Connection, who: int, roles: RoleRules | None = None) -> tuple[Seat, ...]:
    """The roles of one person, with where they come from; none for who belongs to no account, or has left."""
    where = conn.scalar(select(person.c.account_id).where(person.c.id == who))
    if where is None:
        return ()
    found = committees(conn, [where], roles)[where]
    counts = next((some[0] for some in found.doubled if who in some), who)
    return tuple(seat for seat in found.seats if seat.person == counts)


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


def _spoken(conn: Connection, people: Collection[int]) -> dict[int, _Spoken]:
    e = committee_event.c
    query = (
        select(seat.c.person_id, seat.c.role, e.why, e.by_staff_id, e.at)
        .join_from(seat, committee_event, seat.c.event_id == e.id)
        .where(where_in(seat.c.person_id, list(people)))
    )
    found: dict[int, list[Seat]] = defaultdict(list)
    for row in conn.execute(query):
        why = None if row.why is None else Words(row.why, row.why)
        found[row.person_id].append(Seat(row.person_id, row.role, "sales", why, row.by_staff_id, row.at))
    return {who: _Spoken(tuple(some)) for who, some in found.items()}


def _said(conn: Connection, accounts: Collection[int]) -> dict[int, tuple[tuple[Step, ...], int | None]]:
    """Path and budget month by account."""
    query = select(committee).where(where_in(committee.c.account_id, list(accounts)))
    return {row.account_id: (tuple(Step(**step) for step in row.path), row.budget_month) for row in conn.execute(query)}


def _seats(row: Row[Any], spoken: _Spoken) -> tuple[Seat, ...]:
    """Sales' word, and beside a stance alone what else is known."""
    if row.role is None or spoken.parts or any(seat.role == row.role for seat in spoken.seats):
        return spoken.seats
    return (Seat(row.id, cast("Role", row.role), _SOURCES.get(row.role_source, "rules")), *spoken.seats)


def _explained(one: Seat, row: Row[Any], place: Row[Any], yen: int | None, roles: RoleRules | None) -> Seat:
    """With the reason of the rule that gave it."""
    if one.source != "rules" or roles is None or not row.title:
        return one
    post = Post(
        title=row.title, kind=place.kind, owner_type=place.owner_type, beds=place.beds, headcount=place.headcount,
        amount=yen,
    )  # fmt: skip
    rule = role_of(roles, post)
    return one._replace(why=rule.because) if rule is not None and rule.role == one.role else one


def _ways(row: Row[Any], place: Row[Any], refused: Collection[str]) -> frozenset[str]:
    """How somebody can be reached; a letter by post and a visit need the facility's address."""
    ways = {"mail": row.email_norm, "phone": row.phone_direct or row.phone_main or place.phone}
    ways |= {"post": place.address, "visit": place.address}
    # Whoever wants no visits (出入禁止) gets no letters by post either.
    closed = {*refused, *(("post",) if "visit" in refused else ())}
    return frozenset(way for way, there in ways.items() if there and way not in closed)
