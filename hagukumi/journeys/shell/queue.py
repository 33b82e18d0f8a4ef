"""The queue of people to look at: one statement for everybody, whatever their number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, literal, select

from models.tables.arrivals import HELD
from models.tables.schema import pending, person


def look_at_everybody(conn: Connection, at: datetime) -> None:
    """Everybody is looked at again at `at`, in batches: a scenario has opened, or goes on."""
    # Half of a list is nobody's list yet: these people are looked at when the import that brings them has finished.
    held = select(pending.c.person_id).where(pending.c.at >= HELD)
    everyone = select(literal(at, pending.c.at.type), person.c.id).where(
        person.c.merged_into.is_(None), person.c.id.not_in(held)
    )
    conn.execute(insert(pending).from_select(["at", "person_id"], everyone))
