"""Names for matching are the same however they are written: 緑ヶ丘病院 and 緑ケ丘病院."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hagukumi.pipeline.names import company
from models.tables.bulk import update_many
from models.tables.schema import account, legal_entity

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AT_ONCE = 5_000


def upgrade() -> None:
    for table in (account, legal_entity):
        _names(table)


def _names(table: sa.Table) -> None:
    """name_norm as company() makes it today; only what differs is written."""
    conn, last, c = op.get_bind(), 0, table.c
    while True:
        query = sa.select(c.id, c.name, c.name_norm).where(c.id > last).order_by(c.id).limit(AT_ONCE)
        rows = conn.execute(query).all()
        if not rows:
            return
        last = rows[-1].id
        changed = [(row.id, core) for row in rows if (core := company(row.name).core) != row.name_norm]
        update_many(conn, table, ("id",), ("name_norm",), changed)
