"""Works stored scores out anew, as of now: no journey walks and no task is made by it. Start with `stale_scores`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, or_, select

from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.scores import read_scores, store_scores
from models.tables.bulk import chunks, where_in
from models.tables.engine import begin_read
from models.tables.pace import Pace
from models.tables.schema import person, score

STALE_AFTER = timedelta(hours=12)
"""A score worked out so long ago shows points that have faded since."""
BATCH = 1_000


def stale_scores(conn: Connection, now: datetime, morning: datetime | None = None) -> list[int]:
    """People without a score, and those whose score is from yesterday or older; merged people have none.

    morning: as seen from then (UTC), so that a round that is done stays done all day.
    Whose score is just crossing a line is left to the engine, which looks at the person then.
    """
    left = select(score.c.person_id).where(
        or_(score.c.at > (morning or now) - STALE_AFTER, score.c.next_line_at <= now)
    )
    query = select(person.c.id).where(person.c.merged_into.is_(None), person.c.id.not_in(left))
    return list(conn.scalars(query.order_by(person.c.id)))


def rescore(engine: Engine, book: Book, people: Sequence[int], now: datetime) -> int:
    """Stores the points of these people as of `now`, and when time alone carries them over a line. Returns how many."""
    if book.scorer is None:
        return 0
    done = 0
    pace = Pace()
    for some in chunks(people, BATCH):
        with begin_read(engine) as conn:
            scores = read_scores(conn, book.scorer, some, now)
        while scores:
            with pace.begin(engine) as conn:
                mine, scores = scores[: pace.size], scores[pace.size :]
                # Who has been judged meanwhile, or is to be looked at now, is left as it is.
                theirs = where_in(score.c.person_id, [one.person for one in mine])
                taken = select(score.c.person_id).where(theirs, or_(score.c.at > now, score.c.next_line_at <= now))
                others = set(conn.scalars(taken))
                done += store_scores(conn, [one for one in mine if one.person not in others], book.suspension)
                pace.done = len(mine)
    return done
