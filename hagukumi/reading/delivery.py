"""What providers told about letters that are not ours, or not any more. Start with `events_of_nobody`."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from models.tables.schema import delivery_event


class Strangers(NamedTuple):
    """Events kept without a letter: of letters nobody knows, and of workspaces that share the account."""

    unknown: int
    of_others: int


def events_of_nobody(conn: Connection) -> Strangers:
    """How many of them there are."""
    c = delivery_event.c
    shared = c.code.is_not_distinct_from("other_workspace")
    rows = conn.execute(select(shared, func.count()).where(c.letter_key.is_(None)).group_by(shared)).all()
    found = {bool(others): number for others, number in rows}
    return Strangers(found.get(False, 0), found.get(True, 0))
