"""The ranking of accounts as it stands since it was last made. Start with `ranked`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Connection, func, select

from abm.priority import Factor, Moved, Priority
from models.tables.bulk import where_in
from models.tables.schema import account, priority, ranking


class Ranked(NamedTuple):
    """An account with its figure (tenths), since when it has had it and why it moved then; rank 1 is the first."""

    account: int
    key: str
    rank: int
    priority: Priority
    at: datetime
    moved: Moved

    @property
    def tenths(self) -> int:
        """The figure, 0 to 1000."""
        return self.priority.tenths


def ranked(conn: Connection, accounts: Collection[int] | None = None, limit: int | None = None) -> list[Ranked]:
    """All accounts that were ranked (or these of them), the first one first; equal figures in the order of keys."""
    p, a = priority.c, account.c
    place = func.row_number().over(order_by=(p.tenths.desc(), a.key)).label("rank")
    every = select(p.account_id, a.key, place).join_from(priority, account, p.account_id == a.id).subquery()
    query = (
        select(p.account_id, every.c.key, every.c.rank, p.tenths, p.receipt, p.at, p.moved)
        .join_from(priority, every, p.account_id == every.c.account_id)
        .order_by(every.c.rank)
        .limit(limit)
    )
    if accounts is not None:
        query = query.where(where_in(p.account_id, list(accounts)))
    return [
        Ranked(
            row.account_id, row.key, row.rank, Priority(row.tenths, tuple(Factor(*each) for each in row.receipt)),
            row.at, cast("Moved", row.moved),
        )
        for row in conn.execute(query)
    ]  # fmt: skip


def figures(conn: Connection) -> dict[int, int]:
    """Tenths by account, for all that were ranked."""
    p = priority.c
    return dict(conn.execute(select(p.account_id, p.tenths)).tuples().all())


def last_ranking(conn: Connection) -> datetime | None:
    """When accounts were ranked last; None: never."""
    latest: datetime | None = conn.scalar(select(func.max(ranking.c.at)))
    return latest
