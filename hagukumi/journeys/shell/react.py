"""The engine's one loop: take who is due, gather, let them take their turns, write. Start with `react`."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from hagukumi.journeys.core.turn import take_turn
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.gather import due_people, gather, queued
from hagukumi.journeys.shell.machines import mark_machines
from hagukumi.journeys.shell.write import Written, write
from models.tables.bulk import among
from models.tables.engine import begin_read
from models.tables.pace import Pace
from models.tables.schema import journey, pending, person, score

BATCH = 500
"""People a transaction, unless a pace says otherwise."""

_FREE = select(person.c.id).where(among(person.c.id, "people")).order_by(person.c.id).with_for_update(skip_locked=True)


def react(engine: Engine, book: Book, until: datetime, *, now: datetime, pace: Pace | None = None) -> Written:
    """Lets everybody live up to `until`; `now` is the engine's clock. Returns what was written."""
    report = Written()
    pace = pace or Pace()
    if pace.fresh:
        _warm(engine, book, until)
    while True:
        with pace.begin(engine) as conn:
            done = react_once(conn, book, until, now=now, batch=pace.size)
            pace.done = done.people if done else 0
        if done is None:
            return report
        report.add(done)


def _warm(engine: Engine, book: Book, until: datetime) -> None:
    """Reads one person before the first lock is taken: statements are made then, which takes longer than a batch."""
    with begin_read(engine) as conn:
        people = due_people(conn, until, book.paused, 1)
        gather(conn, people, queued(conn, people, until), until, book)


def react_once(conn: Connection, book: Book, until: datetime, *, now: datetime, batch: int = BATCH) -> Written | None:
    """One batch inside the caller's transaction; None when nobody is due."""
    people = _ours(conn, due_people(conn, until, book.paused, batch))
    if not people:
        return None
    with _collector_resting():
        queue = queued(conn, people, until)
        if any(row.activity is not None for row in queue):
            mark_machines(conn, people, until)
        gathered = gather(conn, people, queue, until, book)
        rules = book.rules()
        turns = [take_turn(subject, rules, until) for subject in gathered.subjects]
        report = write(conn, turns, gathered.settled, book, now)
        report.people = len(people)
        return report


@contextmanager
def _collector_resting() -> Iterator[None]:
    """A batch makes no cycles, and all of it is gone at its end: looking for cycles meanwhile costs a fifth."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if awake:
            gc.enable()


def next_instant(conn: Connection, paused: frozenset[str]) -> datetime | None:
    """The next instant at which somebody is due, or None."""
    sleeping = select(func.min(journey.c.due)).where(journey.c.state == "live", journey.c.due.is_not(None))
    if paused:
        sleeping = sleeping.where(journey.c.scenario.not_in(sorted(paused)))
    queries = [select(func.min(pending.c.at)), select(func.min(score.c.next_line_at))]
    queries += [] if "ALL" in paused else [sleeping]
    found = [conn.scalar(query) for query in queries]
    return min((at for at in found if at is not None), default=None)


def _ours(conn: Connection, people: list[int]) -> list[int]:
    """People this transaction may work on: on PostgreSQL another process may hold some, and they are left to it."""
    if not people or conn.dialect.name != "postgresql":
        return people
    return list(conn.scalars(_FREE, {"people": people}))
