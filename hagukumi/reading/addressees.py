"""Whom a next act is for: somebody of a role at an account, else whoever has the most to say.

Start with `addressees`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, false, select

from abm.committee import WEIGHT
from hagukumi.reading.people import full_name
from models.tables.bulk import where_in
from models.tables.schema import person


class Whom(NamedTuple):
    """Somebody of an account. role: in the decision; None where it is not known."""

    id: int
    key: str
    name: str
    role: str | None


def addressees(conn: Connection, roles: Mapping[int, str]) -> dict[int, Whom]:
    """By account whoever is there of the wanted role, else whoever has the most to say, else anybody we know."""
    p = person.c
    here = (where_in(p.account_id, list(roles)), p.merged_into.is_(None), p.left_company == false(), p.stage != "ng")
    columns = (p.account_id, p.id, p.key, p.family_name, p.given_name, p.language, p.role)
    found: dict[int, Whom] = {}
    for row in conn.execute(select(*columns).where(*here).order_by(p.id)):
        one = Whom(row.id, row.key, full_name(row.family_name, row.given_name, row.language), row.role)
        first = found.setdefault(row.account_id, one)
        if _order(one, roles[row.account_id]) < _order(first, roles[row.account_id]):
            found[row.account_id] = one
    return found


def _order(one: Whom, role: str) -> tuple[bool, int]:
    return one.role != role, WEIGHT.index(one.role) if one.role in WEIGHT else len(WEIGHT)
