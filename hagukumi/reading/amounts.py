"""How much a decision at an account is about: its open deals, else what its size lets expect. Start with `amounts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, func, select

from hagukumi.pipeline.roles import RoleRules, asks_amount, expected_amount
from models.tables.bulk import where_in
from models.tables.schema import account, opportunity, person

CURRENCY = "JPY"
"""The rules speak of yen; deals in other currencies tell nothing."""


def amounts(conn: Connection, accounts: Collection[int], rules: RoleRules | None) -> dict[int, int]:
    """Yen by account, where something is known; nothing at all where no rule asks for it."""
    if rules is None or not accounts or not asks_amount(rules):
        return {}
    a = account.c
    places = conn.execute(select(a.id, a.kind, a.beds, a.headcount).where(where_in(a.id, list(accounts)))).tuples()
    expected = {number: expected_amount(rules, kind, beds, heads) for number, kind, beds, heads in places}
    return {number: yen for number, yen in expected.items() if yen is not None} | deal_amounts(conn, accounts)


def deal_amounts(conn: Connection, accounts: Collection[int]) -> dict[int, int]:
    """What the open deals of an account, and of its people, come to together."""
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
