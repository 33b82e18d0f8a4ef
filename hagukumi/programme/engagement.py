"""What the people of facilities have done with us, in points, by facility. Start with `receipts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, false, select

from hagukumi.journeys.shell.gather import facts_of
from models.scoring.accounts import AccountReceipt, Member, account_receipt
from models.scoring.points import Scorer
from models.tables.bulk import where_in
from models.tables.schema import person


def receipts(conn: Connection, accounts: Collection[int], now: datetime, scorer: Scorer) -> dict[int, AccountReceipt]:
    """Each facility's points with their receipt; 0 where nobody has any.

    Its people are those who are in no NG, have not left and were not merged into somebody else.
    """
    c = person.c
    query = (
        select(c.id, c.account_id, c.role)
        .where(where_in(c.account_id, accounts), c.merged_into.is_(None), c.left_company == false(), c.stage != "ng")
        .order_by(c.id)
    )
    rows = conn.execute(query).all()
    facts = facts_of(conn, [row.id for row in rows], now, scorer.needs)
    members: dict[int, list[Member]] = defaultdict(list)
    for row in rows:
        known = facts[row.id]
        receipt = scorer.receipt(known.attributes, known.activities, now)
        members[row.account_id].append(Member(row.id, row.role is not None, receipt))
    return {account: account_receipt(members[account], scorer.rules.account) for account in accounts}
