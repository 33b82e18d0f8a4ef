"""What providers told about letters that are not ours, or not any more. Start with `events_of_nobody`."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, case, func, select

from models.tables.schema import delivery_event


class Strangers(NamedTuple):
    """Events kept without a letter: of letters nobody knows, of workspaces that share the account, of test copies."""

    unknown: int
    of_others: int
    of_tests: int = 0


def events_of_nobody(conn: Connection) -> Strangers:
    """How many of them there are."""
    c = delivery_event.c
    apart = case((c.code.in_(("other_workspace", "test_copy")), c.code), else_="")
    rows = conn.execute(select(apart, func.count()).where(c.letter_key.is_(None)).group_by(apart)).tuples().all()
    found = dict(rows)
    return Strangers(found.get("", 0), found.get("other_workspace", 0), found.get("test_copy", 0))
