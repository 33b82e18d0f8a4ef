"""A look into the tables."""

from typing import Any

from sqlalchemy import Engine, Table, select


def rows_of(engine: Engine, table: Table, *columns: str, **where: Any) -> list[Any]:
    """Rows of a table in the order of their keys: plain values of one column, tuples of several."""
    query = select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    with engine.connect() as conn:
        return list(conn.scalars(query)) if len(columns) == 1 else [tuple(row) for row in conn.execute(query)]
