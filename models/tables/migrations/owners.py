"""Owner types, told anew from what was stored and from names. Start with `name_owners_again`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hagukumi.journeys.language.owner_types import owner_type_of
from hagukumi.pipeline.names import owner_of, owner_told
from models.tables.bulk import update_many
from models.tables.migrations.names import AT_ONCE
from models.tables.schema import account, legal_entity


def name_owners_again() -> None:
    """owner_type of all tables in the words of today; what stood there before is kept as it was written."""
    _accounts()
    _entities()


def _accounts() -> None:
    conn, last, c = op.get_bind(), 0, account.c
    entity = legal_entity.c.name.label("entity")
    columns = (c.id, c.name, c.owner_type, c.owner_written, entity)
    query = sa.select(*columns).outerjoin_from(account, legal_entity, c.legal_entity_id == legal_entity.c.id)
    while rows := conn.execute(query.where(c.id > last).order_by(c.id).limit(AT_ONCE)).all():
        last = rows[-1].id
        news = [(row.id, owner_told(row.owner_type, row.entity, row.name), row.owner_type) for row in rows]
        before = [(row.id, row.owner_type, row.owner_written) for row in rows]
        changed = [new for new, old in zip(news, before, strict=True) if new != old]
        update_many(conn, account, ("id",), ("owner_type", "owner_written"), changed)


def _entities() -> None:
    conn, last, c = op.get_bind(), 0, legal_entity.c
    query = sa.select(c.id, c.name, c.owner_type)
    while rows := conn.execute(query.where(c.id > last).order_by(c.id).limit(AT_ONCE)).all():
        last = rows[-1].id
        told = [(row.id, owner_of(row.name) or owner_type_of(row.owner_type or "")) for row in rows]
        changed = [new for new, row in zip(told, rows, strict=True) if new[1] != row.owner_type]
        update_many(conn, legal_entity, ("id",), ("owner_type",), changed)
