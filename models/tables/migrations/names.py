"""Names for matching, made again where the rules for them have changed. Start with `fold_again`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hagukumi.pipeline.names import company
from models.tables.bulk import update_many
from models.tables.schema import account, legal_entity

AT_ONCE = 5_000


def fold_again() -> None:
    """name_norm of all tables as company() makes it today; only what differs is written."""
    for table in (account, legal_entity):
        _names(table)


def _names(table: sa.Table) -> None:
    conn, last, c = op.get_bind(), 0, table.c
    while True:
        query = sa.select(c.id, c.name, c.name_norm).where(c.id > last).order_by(c.id).limit(AT_ONCE)
        rows = conn.execute(query).all()
        if not rows:
            return
        last = rows[-1].id
        changed = [(row.id, core) for row in rows if (core := company(row.name).core) != row.name_norm]
        update_many(conn, table, ("id",), ("name_norm",), changed)
