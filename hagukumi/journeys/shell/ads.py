"""Writes whom steps put into audiences of ads, or took out. Start with `write_wishes`.

Nobody has to be taken out when a journey ends: what it wished holds only while it is live.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, update

from hagukumi.journeys.core.effects import JoinAudience, LeaveAudience
from hagukumi.journeys.core.subject import Happened, Turn
from models.tables.bulk import upsert_many
from models.tables.schema import audience_wish

WISHED = ("key", "audience", "journey_id", "person_id", "account_id", "at", "until")


def write_wishes(conn: Connection, turns: Iterable[Turn]) -> None:
    """In the order in which they happened: who joins and leaves in one batch is out."""
    joined: list[tuple[Any, ...]] = []
    for turn in turns:
        for happened in turn.effects:
            match happened.effect:
                case JoinAudience(key, _, name, until):
                    assert happened.journey is not None
                    whose = (happened.journey.id, happened.journey.person, turn.account)
                    joined.append((key, name, *whose, happened.at, until))
                case LeaveAudience():
                    joined = _join(conn, joined)
                    _leave(conn, turn, happened, happened.effect)
                case _:
                    pass
    _join(conn, joined)


def _join(conn: Connection, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    if rows:
        upsert_many(conn, audience_wish, WISHED, rows, conflict=("key",))
    return []


def _leave(conn: Connection, turn: Turn, happened: Happened, effect: LeaveAudience) -> None:
    """Whatever step of theirs put them in; what a rule says of them stays."""
    assert happened.journey is not None
    c, person = audience_wish.c, happened.journey.person
    mine = c.person_id == person if person is not None else c.account_id == turn.account
    conn.execute(
        update(audience_wish)
        .where(c.audience == effect.audience, mine, c.ended_at.is_(None))
        .values(ended_at=happened.at)
    )
