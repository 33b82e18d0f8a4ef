"""Row ids handed out before the rows are written, so that rows can name each other. Start with `reserve`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, text


def reserve(conn: Connection, table: Table, count: int) -> Sequence[int]:
    """`count` fresh ids for `table`, ascending. Call inside `begin_write`; unused ids are lost, which harms nothing."""
    if count <= 0:
        return ()
    if conn.dialect.name == "postgresql":
        sequence = "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
        return sorted(conn.execute(text(sequence), {"name": table.name, "count": count}).scalars())
    highest = conn.exec_driver_sql(f'SELECT coalesce(max(id), 0) FROM "{table.name}"').scalar_one()
    if table.dialect_options["sqlite"]["autoincrement"]:
        # A deleted row's id must never name somebody else, so the highest id ever given counts.
        given = conn.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).scalar()
        highest = max(highest, given or 0)
    return range(highest + 1, highest + 1 + count)
