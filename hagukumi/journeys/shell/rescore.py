"""Works stored scores out anew, as of now: no journey walks and no task is made by it. Start with `stale_scores`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, or_, select

from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.gather import facts_of
from models.tables.bulk import chunks, upsert_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import person, score
from models.tables.types import to_micros

STALE_AFTER = timedelta(hours=12)
"""A score worked out so long ago shows points that have faded since."""
BATCH = 500
NAMES = ("person_id", "points", "at", "next_line_at")


def stale_scores(conn: Connection, now: datetime) -> list[int]:
    """People without a score, and those whose score is from yesterday or older; merged people have none.

    Whose score is just crossing a line is left to the engine, which looks at the person then.
    """
    left = select(score.c.person_id).where(or_(score.c.at > now - STALE_AFTER, score.c.next_line_at <= now))
    query = select(person.c.id).where(person.c.merged_into.is_(None), person.c.id.not_in(left))
    return list(conn.scalars(query.order_by(person.c.id)))


def rescore(engine: Engine, book: Book, people: Sequence[int], now: datetime) -> int:
    """Stores the points of these people as of `now`, and when time alone carries them over a line. Returns how many."""
    if book.scoring is None:
        return 0
    done = 0
    for some in chunks(people, BATCH):
        with begin_read(engine) as conn:
            facts = facts_of(conn, some, now, book.scoring_needs)
        rows = []
        for who, known in facts.items():
            standing = book.scoring.of(known.attributes, known.activities)
            line = standing.next_crossing(now)
            points = round(standing.points(now) * 10)
            rows.append((who, points, to_micros(now), None if line is None else to_micros(line)))
        with begin_write(engine) as conn:
            # Who has been judged meanwhile, or is to be looked at now, is left as it is.
            mine = where_in(score.c.person_id, some)
            taken = select(score.c.person_id).where(mine, or_(score.c.at > now, score.c.next_line_at <= now))
            others = set(conn.scalars(taken))
            rows = [row for row in rows if row[0] not in others]
            done += upsert_many(conn, score, NAMES, rows, conflict=NAMES[:1], update=NAMES[1:], raw=True)
    return done
