"""The queue of people to look at: one statement for everybody, whatever their number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, literal, select

from models.tables.schema import pending, person


def look_at_everybody(conn: Connection, at: datetime) -> None:
    """Everybody is looked at again at `at`, in batches: a scenario has opened, or goes on."""
    everyone = select(literal(at, pending.c.at.type), person.c.id).where(person.c.merged_into.is_(None))
    conn.execute(insert(pending).from_select(["at", "person_id"], everyone))
