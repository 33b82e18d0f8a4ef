"""Scores that are not trusted: suspended, hand rules route; resumed, all of it is scored again. See `suspend`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, func, insert, or_, select, update

from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.rescore import rescore
from hagukumi.learning.live import Chances
from models.tables.bulk import chunks, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import score, score_jump, suspension

PART = 20_000


class Moved(NamedTuple):
    """Whose score is another one now: tenths of points and thousandths of log-odds, before and after."""

    person: int
    points: tuple[int, int]
    log_odds: tuple[int | None, int | None]


class Resumed(NamedTuple):
    """What resuming did: so many people scored again, whose score moved, and how many jumps had made no task."""

    suspension: int
    since: datetime
    people: int
    moved: tuple[Moved, ...]
    jumps: int


def open_suspension(conn: Connection) -> Row[Any] | None:
    """The one that holds now."""
    return conn.execute(select(suspension).where(suspension.c.ended_at.is_(None))).one_or_none()


def suspend(conn: Connection, why: str, by: str, now: datetime) -> int | None:
    """From now on hand rules route. None, and nothing changes, when scores are suspended already."""
    if open_suspension(conn) is not None:
        return None
    row = {"began_at": now, "by_whom": by, "why": why}
    return int(conn.execute(insert(suspension).values(**row).returning(suspension.c.id)).scalar_one())


def resume(engine: Engine, book: Book, chances: Chances, by: str, now: datetime) -> Resumed | None:
    """Trusts scores again and scores anew whoever was scored meanwhile; nobody walks and no task is made by it.

    None when nothing is suspended. Cut off in between, it is finished by the next call or by the next morning's round.
    """
    with begin_write(engine) as conn:
        held = open_suspension(conn)
        if held is None:
            return None
        ended = update(suspension).where(suspension.c.id == held.id)
        conn.execute(ended.values(ended_at=now, ended_by=by))
    with begin_read(engine) as conn:
        book.read(conn)
        marked = or_(score.c.suspension_id == held.id, score.c.at >= held.began_at)
        people = list(conn.scalars(select(score.c.person_id).where(marked).order_by(score.c.person_id)))
        jumps = conn.scalar(
            select(func.count()).where(score_jump.c.suspension_id == held.id, score_jump.c.task_id.is_(None))
        )
    moved: list[Moved] = []
    for some in chunks(people, PART):
        before = _scores(engine, some)
        rescore(engine, book, some, now)
        chances.everybody(engine, some, now)
        with begin_write(engine) as conn:
            # Whoever is to be looked at now is scored by the engine, and is trusted again all the same.
            conn.execute(update(score).where(where_in(score.c.person_id, some)).values(suspension_id=None))
        after = _scores(engine, some)
        moved += [
            Moved(one, (before[one][0], after[one][0]), (before[one][1], after[one][1]))
            for one in some
            if one in after and before[one] != after[one]
        ]
    return Resumed(held.id, held.began_at, len(people), tuple(moved), int(jumps or 0))


def _scores(engine: Engine, people: list[int]) -> dict[int, tuple[int, int | None]]:
    c = score.c
    with begin_read(engine) as conn:
        rows = conn.execute(select(c.person_id, c.points, c.log_odds).where(where_in(c.person_id, people))).all()
    return {row.person_id: (row.points, row.log_odds) for row in rows}
