"""Marks the opens and clicks of machines before anybody's turn: they are kept, but they do not count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from hagukumi.letters.machines import Click, bursts, cause_of
from models.tables.bulk import update_many, where_in
from models.tables.schema import activity, letter, pending

REACTIONS = ("clicked", "opened")


def mark_machines(conn: Connection, people: Sequence[int]) -> None:
    """Marks what is new, and the rest of each burst that it belongs to.

    All that lies in the queue is looked at, due or not: so it does not matter how far these people live at a time.
    """
    c = activity.c
    query = select(c.id, c.kind, c.letter_key, c.detail).join_from(pending, activity, pending.c.activity_id == c.id)
    new = conn.execute(
        query.where(where_in(pending.c.person_id, people), c.kind.in_(REACTIONS), c.machine.is_(None))
    ).all()
    if not new:
        return
    marks = {row.id: cause for row in new if (cause := cause_of(row.kind, row.detail or {}))}
    letters = sorted({row.letter_key for row in new if row.kind == "clicked" and row.letter_key})
    marks |= dict.fromkeys(bursts(_clicks(conn, letters), _links(conn, letters)), "all_links")
    if marks:
        update_many(conn, activity, ("id",), ("machine",), sorted(marks.items()))


def _clicks(conn: Connection, letters: Sequence[str]) -> list[Click]:
    c = activity.c
    query = select(c.id, c.letter_key, c.detail, c.occurred_at)
    rows = conn.execute(query.where(where_in(c.letter_key, letters), c.kind == "clicked"))
    return [Click(row.id, row.letter_key, _link(row), row.occurred_at) for row in rows]


def _link(row: Row[Any]) -> str | None:
    link = (row.detail or {}).get("link")
    return None if link is None else str(link)


def _links(conn: Connection, letters: Sequence[str]) -> dict[str, int]:
    c = letter.c
    rows = conn.execute(select(c.key, c.link_count).where(where_in(c.key, letters), c.link_count.is_not(None)))
    return {row.key: row.link_count for row in rows}
