"""A person says what became of letters nobody knows about: taken, or surely not. Start with `settle`.

Neither sends anything: the first counts the letter as sent, the second as never sent, which frees its place in caps.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine, select, update

from hagukumi.letters.departures import wake
from hagukumi.letters.fate import Move, advance
from hagukumi.words.refusal import NotDone
from models.tables.bulk import chunks, upsert_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import delivery_event, letter
from models.tables.types import to_json, to_micros

Found = Literal["accepted", "lost"]
BATCH = 100
_EVENT = ("id", "letter_key", "kind", "at", "known_at", "code", "detail")


def settle(engine: Engine, keys: Sequence[str], found: Found, *, now: datetime, by: str) -> list[str]:
    """Settles letters in doubt and wakes their journeys; returns the keys that were. `by`: who says so.

    Raises NotDone, and settles nothing, where a key is of no letter, or of one nobody doubts.
    """
    wanted = list(dict.fromkeys(keys))
    with begin_read(engine) as conn:
        _refuse_others(conn, wanted)
    done: list[str] = []
    for some in chunks(wanted, BATCH):
        with begin_write(engine) as conn:
            # An event may have settled one of them this very moment.
            still = select(letter.c.key).where(where_in(letter.c.key, some), letter.c.state == "unknown")
            doubted = list(conn.scalars(still.order_by(letter.c.key)))
            _settle(conn, doubted, found, now)
            rows = [_told(key, found, now, by) for key in doubted]
            upsert_many(conn, delivery_event, _EVENT, rows, raw=True)
            done += doubted
    return done


def in_doubt(conn: Connection, before: datetime) -> list[str]:
    """Keys of letters nobody has known about since before that time."""
    c = letter.c
    return list(conn.scalars(select(c.key).where(c.state == "unknown", c.settled_at < before).order_by(c.key)))


def _settle(conn: Connection, keys: Sequence[str], found: Found, now: datetime) -> None:
    if found == "accepted":
        advance(conn, [Move(key, "accepted", now) for key in keys])
        return
    lost = update(letter).where(where_in(letter.c.key, keys))
    lost = lost.values(state="rejected", why=["settled_lost"], sent_at=None, settled_at=now)
    people = conn.execute(lost.returning(letter.c.person_id)).scalars().all()
    wake(conn, [(to_micros(now), person) for person in people])


def _told(key: str, found: Found, now: datetime, by: str) -> tuple[object, ...]:
    at = to_micros(now)
    return (f"settled:{key}:{at}", key, "settled", at, at, found, to_json({"by": by}))


def _refuse_others(conn: Connection, keys: Sequence[str]) -> None:
    c = letter.c
    states = {row.key: row.state for row in conn.execute(select(c.key, c.state).where(where_in(c.key, keys)))}
    for key in keys:
        state = states.get(key)
        if state is None:
            raise NotDone(
                "letter-missing",
                f"{key} というメールはありません。キーは「hagukumi letters doubtful」でご確認ください。",
                f"There is no letter {key}. `hagukumi letters doubtful` lists the keys.",
            )
        if state != "unknown":
            raise NotDone(
                "letter-not-doubtful",
                f"{key} は結果不明ではありません(状態: {state})。何も変えていません。",
                f"Nobody doubts {key} (its state is {state}). Nothing was changed.",
            )
