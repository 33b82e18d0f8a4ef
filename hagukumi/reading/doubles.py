"""Records of one facility that look like one person: the same name and title. Start with `doubles_of`."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, false, select

from abm.committee import Record, doubles
from hagukumi.pipeline.names import fold
from models.tables.bulk import where_in
from models.tables.schema import person, seat


def doubles_of(conn: Connection, accounts: Collection[int]) -> dict[int, tuple[tuple[int, ...], ...]]:
    """By account the records that count as one, the one that counts first; accounts without any are left out."""
    p = person.c
    here = (where_in(p.account_id, list(accounts)), p.merged_into.is_(None), p.left_company == false(), p.stage != "ng")
    query = select(p.account_id, p.id, p.family_name, p.given_name, p.title).where(
        *here, p.family_name.is_not(None), p.given_name.is_not(None), p.title.is_not(None)
    )
    rows = conn.execute(query.order_by(p.id)).all()
    known = set(conn.scalars(select(seat.c.person_id).where(where_in(seat.c.person_id, [row.id for row in rows]))))
    found: dict[int, list[Record]] = defaultdict(list)
    for row in rows:
        # A family name alone is borne by many at one hospital.
        family, given = _plain(row.family_name), _plain(row.given_name)
        name = f"{family} {given}" if family and given else ""
        found[row.account_id].append(Record(row.id, name, _plain(row.title), row.id in known))
    return {account: some for account, records in found.items() if (some := doubles(records))}


def _plain(text: str) -> str:
    return fold(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold())
