"""What open deals come to, by account. Start with `deal_amounts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, func, select

from models.tables.bulk import where_in
from models.tables.schema.companies import opportunity
from models.tables.schema.people import person

CURRENCY = "JPY"
"""The rules of roles speak of yen; deals in other currencies tell nothing."""


def deal_amounts(conn: Connection, accounts: Collection[int]) -> dict[int, int]:
    """What the open deals of each account, and of its people, come to together, in yen."""
    o = opportunity.c
    where = func.coalesce(o.account_id, person.c.account_id)
    query = (
        select(where, o.amount)
        .select_from(opportunity.outerjoin(person, o.person_id == person.c.id))
        .where(o.stage == "open", o.amount.is_not(None), o.currency == CURRENCY, where_in(where, list(accounts)))
    )
    found: dict[int, int] = defaultdict(int)
    for number, amount in conn.execute(query).tuples():
        found[number] += amount
    return dict(found)
