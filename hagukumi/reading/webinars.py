"""Webinars with who was invited, who registered and who came. Start with `attendance`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.tables.bulk import where_in
from models.tables.schema import activity, letter, person

LEFT = ("accepted", "delivered", "unknown")
"""States of a letter that has gone out, and did not come back."""


class Attendance(NamedTuple):
    """People, each counted once. came_unregistered: of those who came, who had not registered."""

    invited: int
    registered: int
    attended: int
    came_unregistered: int


def attendance(conn: Connection, invitations: Mapping[str, Collection[str]]) -> dict[str, Attendance]:
    """By webinar; `invitations`: the letters (content) that invite to it."""
    letters = {content: name for name, contents in invitations.items() for content in contents}
    invited: dict[str, set[int]] = defaultdict(set)
    c, p = letter.c, person.c
    query = select(c.content, p.id, p.merged_into).join_from(letter, person, c.person_id == p.id).distinct()
    for content, who, merged in conn.execute(query.where(where_in(c.content, sorted(letters)), c.state.in_(LEFT))):
        invited[letters[content]].add(merged or who)
    told = _told(conn, sorted(invitations))
    found = {}
    for name in invitations:
        registered, attended = told[name, "registered"], told[name, "attended"]
        found[name] = Attendance(
            len(invited[name]), len(registered), len(attended), len(attended - registered)
        )  # fmt: skip
    return found


def _told(conn: Connection, names: Collection[str]) -> dict[tuple[str, str], set[int]]:
    """(webinar, registered or attended) -> people; of merged records the one that stays."""
    a, p = activity.c, person.c
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    query = select(a.content, a.kind, p.id, p.merged_into).join_from(activity, person, a.person_id == p.id).distinct()
    query = query.where(where_in(a.content, list(names)), a.kind.in_(("registered", "attended")), a.machine.is_(None))
    for content, kind, who, merged in conn.execute(query):
        found[content, kind].add(merged or who)
    return found
