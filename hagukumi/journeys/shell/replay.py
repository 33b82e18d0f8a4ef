"""Judges opens and clicks of the past anew, by the rule as it is now. Start with `replay`.

No journey walks and no task is made by it: scores are worked out as rescore.py does, and calls whose cause turned out
to be a machine are taken off the desk. It may be killed and repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select, update

from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.machines import REACTIONS, Change, store_marks, weigh
from hagukumi.journeys.shell.rescore import rescore
from hagukumi.journeys.shell.withdrawals import withdraw_of
from models.tables.bulk import chunks, where_in
from models.tables.engine import begin_read
from models.tables.pace import Pace
from models.tables.schema import activity, score

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a score was worked out that is no good any more."""
_PART = 200
"""Letters judged in one go."""
_READ = 5_000
"""Activities read in one go."""


class Move(NamedTuple):
    """Whose score is another one, in tenths of a point."""

    person: int
    before: int
    after: int


@dataclass(slots=True)
class Replayed:
    """What judging anew did, or would do: looked at so many acts; marks by cause; whose score moved.

    withdrawn: calls taken off the desk, because they rested on machines alone.
    """

    seen: int = 0
    marked: Counter[str] = field(default_factory=Counter)
    cleared: Counter[str] = field(default_factory=Counter)
    other: int = 0
    people: set[int] = field(default_factory=set)
    moved: list[Move] = field(default_factory=list)
    withdrawn: int = 0

    @property
    def changed(self) -> int:
        """Marks that were set, taken back, or have another cause."""
        return self.marked.total() + self.cleared.total() + self.other

    def add(self, changes: Iterable[Change]) -> None:
        """Counts changes. Whose acts count as before needs no new score."""
        for change in changes:
            if change.cause is not None and change.before is not None:
                self.other += 1
                continue
            if change.cause is None:
                self.cleared[change.before or ""] += 1
            else:
                self.marked[change.cause] += 1
            self.people.add(change.person)


def replay(engine: Engine, book: Book, now: datetime, *, since: datetime | None = None, dry: bool = False) -> Replayed:
    """Judges every open and click since then (all of them without `since`) anew; `dry` only counts.

    A network's record is as the last hour left it. Marks that rest on a network which has been forgotten stay.
    """
    done = Replayed()
    for letters, alone, seen in _parts(engine, since):
        done.seen += seen
        _judge(engine, book, letters, alone, done, None if dry else now)
    if not dry:
        _rescore(engine, book, now, done)
        done.withdrawn = withdraw_of(engine, book, sorted(done.people), now)
    return done


def judge_again(engine: Engine, book: Book, letters: Sequence[str], now: datetime) -> Replayed:
    """The same for these letters alone."""
    done = Replayed()
    for some in chunks(letters, _PART):
        _judge(engine, book, some, [], done, now)
    _rescore(engine, book, now, done)
    done.withdrawn = withdraw_of(engine, book, sorted(done.people), now)
    return done


def _judge(
    engine: Engine, book: Book, letters: Sequence[str], alone: Sequence[int], done: Replayed, now: datetime | None
) -> None:
    """Looks without a lock first: most letters stay as they are. What is stored was judged under the lock.

    now: when the marks turn; None: nothing is stored.
    """
    with begin_read(engine) as conn:
        found = weigh(conn, letters, book.machines, book.hour_of, alone=alone)
    if now is None or not found:
        done.add(found)
        return
    c = activity.c
    with begin_read(engine) as conn:
        keys = conn.execute(select(c.id, c.letter_key).where(where_in(c.id, [each.id for each in found]))).all()
    mine = sorted({row.letter_key for row in keys if row.letter_key})
    lone = sorted(row.id for row in keys if not row.letter_key)
    pace = Pace()
    while mine or lone:
        with pace.begin(engine) as conn:
            some, one = mine[: pace.size], lone[: pace.size]
            changes = weigh(conn, some, book.machines, book.hour_of, alone=one)
            store_marks(conn, changes, lambda _: now)
            _distrust(conn, changes)
            pace.done = len(some) + len(one)
        mine, lone = mine[len(some) :], lone[len(one) :]
        done.add(changes)


def _distrust(conn: Connection, changes: Sequence[Change]) -> None:
    """Says that the scores of these people are no good until they were worked out anew, even after a crash."""
    people = sorted({each.person for each in changes if (each.cause is None) != (each.before is None)})
    conn.execute(update(score).where(where_in(score.c.person_id, people), score.c.at > NEVER).values(at=NEVER))


def _rescore(engine: Engine, book: Book, now: datetime, done: Replayed) -> None:
    """Works out anew the scores of whose acts count now, or count no more; those that a crash left undone as well."""
    with begin_read(engine) as conn:
        undone = set(conn.scalars(select(score.c.person_id).where(score.c.at == NEVER)))
    people = sorted(done.people | undone)
    before = _points(engine, people)
    rescore(engine, book, people, now)
    after = _points(engine, people)
    done.moved += [Move(one, before.get(one, 0), after[one]) for one in people if after.get(one) != before.get(one)]


def _points(engine: Engine, people: Sequence[int]) -> dict[int, int]:
    c = score.c
    with begin_read(engine) as conn:
        return dict(conn.execute(select(c.person_id, c.points).where(where_in(c.person_id, people))).tuples().all())


def _parts(engine: Engine, since: datetime | None) -> Iterator[tuple[list[str], list[int], int]]:
    """(letters, acts of no letter, acts read), in the order of their ids; a letter may come up more than once."""
    c, after = activity.c, 0
    query = select(c.id, c.letter_key).where(c.kind.in_(REACTIONS)).order_by(c.id).limit(_READ)
    if since is not None:
        query = query.where(c.known_at >= since)
    while True:
        with begin_read(engine) as conn:
            rows = conn.execute(query.where(c.id > after)).all()
        if not rows:
            return
        after = rows[-1].id
        letters = sorted({row.letter_key for row in rows if row.letter_key})
        alone = [row.id for row in rows if not row.letter_key]
        for place in range(0, max(len(letters), len(alone)), _PART):
            some, one = letters[place : place + _PART], alone[place : place + _PART]
            yield some, one, len(rows) if place == 0 else 0
