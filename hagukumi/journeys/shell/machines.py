"""Marks the opens and clicks of machines before anybody's turn: they are kept, but they do not count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.machines import Click, bursts, cause_of
from models.tables.bulk import among, update_many
from models.tables.schema import activity, letter, pending

REACTIONS = ("clicked", "opened")


_NEW = (
    select(activity.c.id, activity.c.kind, activity.c.letter_key, activity.c.detail)
    .join_from(pending, activity, pending.c.activity_id == activity.c.id)
    .where(among(pending.c.person_id, "people"), activity.c.kind.in_(REACTIONS), activity.c.machine.is_(None))
)
_CLICKS = select(activity.c.id, activity.c.letter_key, activity.c.detail, activity.c.occurred_at).where(
    among(activity.c.letter_key, "letters"), activity.c.kind == "clicked"
)
_LINKS = select(letter.c.key, letter.c.link_count).where(
    among(letter.c.key, "letters"), letter.c.link_count.is_not(None)
)


def mark_machines(conn: Connection, people: Sequence[int], rules: MachineRules) -> None:
    """Marks what is new, and the rest of each burst that it belongs to.

    All that lies in the queue is looked at, due or not: so it does not matter how far these people live at a time.
    """
    new = conn.execute(_NEW, {"people": people}).all()
    if not new:
        return
    marks = {row.id: cause for row in new if (cause := cause_of(row.kind, row.detail or {}, rules))}
    letters = sorted({row.letter_key for row in new if row.kind == "clicked" and row.letter_key})
    if letters:
        marks |= dict.fromkeys(bursts(_clicks(conn, letters), _links(conn, letters)), "all_links")
    if marks:
        update_many(conn, activity, ("id",), ("machine",), sorted(marks.items()))


def _clicks(conn: Connection, letters: Sequence[str]) -> list[Click]:
    rows = conn.execute(_CLICKS, {"letters": letters})
    return [Click(row.id, row.letter_key, _link(row), row.occurred_at) for row in rows]


def _link(row: Row[Any]) -> str | None:
    link = (row.detail or {}).get("link")
    return None if link is None else str(link)


def _links(conn: Connection, letters: Sequence[str]) -> dict[str, int]:
    return {row.key: row.link_count for row in conn.execute(_LINKS, {"letters": letters})}
