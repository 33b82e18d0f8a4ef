"""The engine's one loop: take who is due, gather, let them take their turns, write. Start with `react`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from hagukumi.journeys.core.subject import Subject
from hagukumi.journeys.core.turn import take_turn
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.due import Due, due_among, due_apart, due_arrived, due_by, with_plays
from hagukumi.journeys.shell.gather import gather, queued
from hagukumi.journeys.shell.machines import mark_machines
from hagukumi.journeys.shell.plays import gather_accounts, rules_of_plays
from hagukumi.journeys.shell.scores import forget_lines, look_ahead
from hagukumi.journeys.shell.withdrawals import withdraw
from hagukumi.journeys.shell.write import Written, write
from hagukumi.letters.meetings import Reach
from models.tables.bulk import among
from models.tables.collector import collector_resting
from models.tables.engine import begin_read
from models.tables.locks import walk_beside
from models.tables.pace import Pace
from models.tables.schema import person
from models.tables.types import from_micros, to_micros

BATCH = 500
"""People a transaction, unless a pace says otherwise."""

TURNS = 8
"""Turns in a row for somebody about whom something has come in; whoever is still due then is left to the tick."""

FindDue = Callable[[Connection, int], Due]

_FREE = select(person.c.id).where(among(person.c.id, "people")).order_by(person.c.id).with_for_update(skip_locked=True)


def react(engine: Engine, book: Book, until: datetime, *, now: datetime, pace: Pace | None = None) -> Written:
    """Lets everybody live up to `until`; `now` is the engine's clock. Returns what was written."""

    def due(conn: Connection, most: int) -> Due:
        return due_by(conn, until, book.paused, most)

    return _all(engine, book, due, until, now, pace or Pace())


def react_arrived(engine: Engine, book: Book, until: datetime, *, now: datetime, pace: Pace | None = None) -> Written:
    """Lets those alone live up to `until` about whom something has come in, not those whom time wakes."""
    again: deque[tuple[int, int]] = deque()

    def due(conn: Connection, most: int) -> Due:
        arrived = due_arrived(conn, until, most)
        # Who enters a scenario takes its first step in the next turn.
        again.extend((who, 1) for who in arrived.people)
        people = arrived.people
        while again and not people:
            turns = dict(again.popleft() for _ in range(min(most, len(again))))
            people = dict.fromkeys(due_among(conn, sorted(turns), until, book.paused), until)
            again.extend((who, turns[who] + 1) for who in people if turns[who] < TURNS)
        return Due(people, more=bool(people))

    return _all(engine, book, due, until, now, pace or Pace())


def react_apart(engine: Engine, book: Book, reach: Reach, *, now: datetime, pace: Pace) -> Written:
    """Lets everybody live ahead up to `reach`, each facility by itself to the slot in which it meets."""

    def due(conn: Connection, most: int) -> Due:
        return due_apart(conn, reach, book.paused, most)

    return _all(engine, book, due, from_micros(reach.until), now, pace)


def react_to(engine: Engine, book: Book, people: Sequence[int], until: datetime, *, now: datetime) -> Written:
    """Lets these people alone live up to `until`; who is not due, or in somebody else's hands, is left."""

    def due(conn: Connection, most: int) -> Due:
        found = due_among(conn, people, until, book.paused)
        return Due(dict.fromkeys(found[:most], until), len(found) > most)

    return _all(engine, book, due, until, now, Pace())


def _all(engine: Engine, book: Book, due: FindDue, until: datetime, now: datetime, pace: Pace) -> Written:
    report = Written()
    if pace.fresh:
        _warm(engine, book, due, until)
    while True:
        most = pace.size
        with pace.begin(engine) as conn:
            done = _batch(conn, book, due(conn, most), until, now)
            pace.done = done.people if done else 0
        if done is None:
            return report
        report.add(done)
        if book.chances is not None and done.judged:
            book.chances.note(engine, done.judged)
        # Whoever was asked for has come, and has lived all there was: nobody is due any more.
        if not done.more:
            return report


def _warm(engine: Engine, book: Book, due: FindDue, until: datetime) -> None:
    """Reads one person before the first lock is taken: statements are made then, which takes longer than a batch."""
    with begin_read(engine) as conn:
        people = list(due(conn, 1).people)
        gather(conn, people, queued(conn, people, until), until, book)


def react_once(conn: Connection, book: Book, until: datetime, *, now: datetime, batch: int = BATCH) -> Written | None:
    """One batch inside the caller's transaction; None when nobody is due."""
    return _batch(conn, book, due_by(conn, until, book.paused, batch), until, now)


def _batch(conn: Connection, book: Book, due: Due, until: datetime, now: datetime) -> Written | None:
    due = with_plays(conn, due, until, book.paused)
    people = _ours(conn, list(due.people))
    if not people and not due.accounts:
        return None
    with collector_resting():
        queue = queued(conn, people, until)
        if any(row.activity is not None for row in queue) and mark_machines(conn, people, book.machines, book.hour_of):
            # Somebody is to be looked at again, now that an earlier click does not count any more.
            queue = queued(conn, people, until)
        rules = book.rules()
        subjects = gather(conn, people, queue, until, book)
        look_ahead(book.scorer, subjects, book.calendar)
        turns = [take_turn(one, rules, due.people[one.person or 0]) for one in subjects]
        lived = {turn.person: to_micros(turn.lived) for turn in turns}
        settled = [row.id for row in queue if row.person not in lived or row.at <= lived[row.person]]
        report = write(conn, turns, settled, book, now)
        called_off = 0
        if book.scoring is None:
            # A line that nobody counts any more would wake them for ever.
            forget_lines(conn, people)
        looked = {row.person or 0: looks for row in subjects if (looks := _lived(row, lived[row.person]))}
        if looked:
            called_off = withdraw(conn, book, looked)
        report.people = len(people) + len(due.accounts)
        if due.accounts:
            # After their people, in the same transaction: what one of them did is heard by the account at once.
            report.add(_accounts(conn, due.accounts, book, now))
        # Who waits for a call that was withdrawn goes on at once.
        report.more = due.more or any(turn.cut for turn in turns) or len(people) < len(due.people) or called_off > 0
        return report


def _accounts(conn: Connection, accounts: Mapping[int, datetime], book: Book, now: datetime) -> Written:
    """The turns of accounts in plays, each at its instant."""
    rules = rules_of_plays(book.rules())
    subjects = gather_accounts(conn, accounts, book)
    return write(conn, [take_turn(one, rules, accounts[one.account or 0]) for one in subjects], (), book, now)


def _lived(subject: Subject, until: int) -> list[datetime]:
    """When the person was looked at again, as far as they have lived."""
    return [at for at in subject.looks if to_micros(at) <= until]


def _ours(conn: Connection, people: list[int]) -> list[int]:
    """People this transaction may work on: on PostgreSQL another process may hold some, and they are left to it."""
    if not people or conn.dialect.name != "postgresql":
        return people
    walk_beside(conn)
    return list(conn.scalars(_FREE, {"people": people}))
