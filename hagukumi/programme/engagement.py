"""What the people of facilities have done with us, in points, by facility. Start with `receipts`.

`stored` is about all of them at once, from the points that every person has had since they were last worked out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, false, select

from hagukumi.journeys.shell.gather import facts_of
from models.scoring.accounts import AccountReceipt, Member, account_receipt, account_tenths
from models.scoring.points import Scorer
from models.scoring.rules import AccountRule
from models.tables.bulk import where_in
from models.tables.schema import person, score

_COUNTED = (person.c.merged_into.is_(None), person.c.left_company == false(), person.c.stage != "ng")


def stored(conn: Connection, rule: AccountRule, accounts: Collection[int] | None = None) -> dict[int, int]:
    """Tenths of each of these facilities (None: of all) whose people have points; kept apart from whoever has none."""
    p, s = person.c, score.c
    query = (
        select(p.account_id, s.points, p.role.is_not(None))
        .join_from(person, score, s.person_id == p.id)
        .where(p.account_id.is_not(None) if accounts is None else where_in(p.account_id, accounts), *_COUNTED)
        .order_by(p.account_id, p.id)
    )
    rows = conn.execute(query).tuples()
    by_account = groupby(rows, key=itemgetter(0))
    return {where: account_tenths(((row[1], bool(row[2])) for row in some), rule) for where, some in by_account}


def receipts(conn: Connection, accounts: Collection[int], now: datetime, scorer: Scorer) -> dict[int, AccountReceipt]:
    """Each facility's points with their receipt; 0 where nobody has any.

    Its people are those who are in no NG, have not left and were not merged into somebody else.
    """
    c = person.c
    query = select(c.id, c.account_id, c.role).where(where_in(c.account_id, accounts), *_COUNTED).order_by(c.id)
    rows = conn.execute(query).all()
    facts = facts_of(conn, [row.id for row in rows], now, scorer.needs)
    members: dict[int, list[Member]] = defaultdict(list)
    for row in rows:
        known = facts[row.id]
        receipt = scorer.receipt(known.attributes, known.activities, now)
        members[row.account_id].append(Member(row.id, row.role is not None, receipt))
    return {account: account_receipt(members[account], scorer.rules.account) for account in accounts}
