"""How much a decision at an account is about: its open deals, else what its size lets expect. Start with `amounts`."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from hagukumi.pipeline.roles import RoleRules, asks_amount, expected_amount
from models.tables.bulk import where_in
from models.tables.deals import deal_amounts
from models.tables.schema import account


def amounts(conn: Connection, accounts: Collection[int], rules: RoleRules | None) -> dict[int, int]:
    """Yen by account, where something is known; nothing at all where no rule asks for it."""
    if rules is None or not accounts or not asks_amount(rules):
        return {}
    a = account.c
    places = conn.execute(select(a.id, a.kind, a.beds, a.headcount).where(where_in(a.id, list(accounts)))).tuples()
    expected = {number: expected_amount(rules, kind, beds, heads) for number, kind, beds, heads in places}
    return {number: yen for number, yen in expected.items() if yen is not None} | deal_amounts(conn, accounts)
