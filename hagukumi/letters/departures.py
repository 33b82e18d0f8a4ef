"""Plans departures slot by slot and stores the answers: granted, held until, stopped. Start with `depart`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select, type_coerce, update

from hagukumi.letters.departure import Decision, Depart, Hold, Stop, Waiting
from hagukumi.letters.order import take
from hagukumi.letters.outbox import FreshFor, ask
from hagukumi.letters.planner import plan
from hagukumi.letters.rules import Terms
from hagukumi.letters.waiting import Asking, micros, queued, waiting_among, waiting_at
from models.tables.bulk import insert_many, update_many, where_in
from models.tables.engine import begin_read
from models.tables.locks import plan_alone
from models.tables.pace import Pace
from models.tables.schema import letter, pending
from models.tables.schema.letters import OPEN, WAITING
from models.tables.types import Whole, to_json, to_micros

Walked = Callable[[Connection], bool]
"""Whether nobody is due in the slot any more; asked when no walk is under way."""

GRANT_LASTS = timedelta(minutes=10)
"""How long a grant is worth anything by the wall clock, and how long one drain goes on."""
AHEAD = 100_000
"""Keys read ahead: sorting all that waits again for every batch would take longer than planning it."""
MOST_APART = 64
"""Batches under the lock before it is tried once more to think ahead of it."""

GRANTED = (
    "state", "granted_at", "next_try", "address_hash", "domain", "stood_still", "task_hold", "fresh_until", "why",
    "leased_by", "lease_until",
)  # fmt: skip
HELD = ("state", "next_try", "why", "held_at", "held_for", "stood_still", "task_hold", "fresh_until")
STOPPED = ("state", "next_try", "why", "settled_at", "stood_still", "task_hold", "fresh_until")


class Departed(NamedTuple):
    """How a slot went."""

    granted: int = 0
    held: int = 0
    stopped: int = 0

    def and_(self, other: Departed) -> Departed:
        """Both together."""
        return Departed(self.granted + other.granted, self.held + other.held, self.stopped + other.stopped)


class Planned(NamedTuple):
    """How far a slot was planned. over: False where somebody is due in it, whose walk comes first."""

    departed: Departed
    over: bool


class Owner(NamedTuple):
    """A process that plans and sends, as leases name it. wall: the wall clock. gone: whether one surely died."""

    name: str
    wall: Callable[[], datetime]
    gone: Callable[[str], bool] = lambda name: False

    def lease(self) -> tuple[str, int]:
        """What a letter granted now is to say."""
        return self.name, to_micros(self.wall() + GRANT_LASTS)


def depart(
    engine: Engine,
    slot: datetime,
    terms: Terms,
    fresh_for: FreshFor,
    walked: Walked,
    pace: Pace | None = None,
    owner: Owner | None = None,
) -> Planned:
    """Asks every letter that may be asked in `slot` (UTC, a whole minute), in the total order. One process at a time.

    Ends early, and nothing is granted any more, when somebody is due in the slot: a stop has woken them, or a walk of
    another process has come between.
    owner: whose the grants are, until they are sent; without one they hold for this slot only.
    """
    pace = pace or Pace()
    if pace.fresh:
        # Statements are made when first used, which takes longer than a batch: before the first lock, then.
        with begin_read(engine) as conn:
            list(ask(conn, waiting_at(conn, slot, 1), terms, fresh_for))
    take_back(engine, slot, owner=owner)
    return _Slot(engine, slot, terms, fresh_for, walked, pace, owner).plan()


def depart_apart(
    engine: Engine, meetings: Sequence[tuple[str, int]], terms: Terms, fresh_for: FreshFor, pace: Pace
) -> Departed:
    """Asks these letters, each in its slot (microseconds, a whole minute), in the order given."""
    total, rest = Departed(), list(meetings)
    while rest:
        with pace.begin(engine) as conn:
            plan_alone(conn)
            now, rest = rest[: pace.size], rest[pace.size :]
            done = depart_once(conn, waiting_among(conn, dict(now)), terms, fresh_for)
            pace.done = len(now)
        total = total.and_(done) if done else total
    return total


def depart_once(conn: Connection, waiting: Sequence[Asking], terms: Terms, fresh_for: FreshFor) -> Departed | None:
    """One batch inside the caller's transaction; None when no letter is to be asked."""
    if not waiting:
        return None
    return _answers(conn, waiting, terms, fresh_for).store(conn)


@dataclass(slots=True)
class _Slot:
    """A slot that is being planned. On SQLite a batch is thought through before the lock, and stored under it.

    misses: how often in a row something had changed in between; apart: batches until that is tried again.
    """

    engine: Engine
    slot: datetime
    terms: Terms
    fresh_for: FreshFor
    walked: Walked
    pace: Pace
    owner: Owner | None
    storing: Pace = field(default_factory=Pace)
    ahead: deque[list[str]] = field(default_factory=deque)
    misses: int = 0
    apart: int = 0

    def plan(self) -> Planned:
        """Batch after batch, until nothing waits or somebody is due."""
        total = Departed()
        while True:
            if not self.ahead:
                with begin_read(self.engine) as conn:
                    self.ahead.extend(queued(conn, self.slot, AHEAD, self.terms))
            quick = self.ahead and self.engine.dialect.name == "sqlite" and not self.apart
            answers = self._ahead() if quick else self._at_once()
            if isinstance(answers, bool):
                return Planned(total, over=answers)
            total = total.and_(answers)

    def _at_once(self) -> Departed | bool:
        """One batch under the lock; True when nothing waits any more, False when somebody is due."""
        self.apart = max(self.apart - 1, 0)
        with self.pace.begin(self.engine) as conn:
            plan_alone(conn)
            some = take(self.ahead, self.pace.size)
            answers = self._think(conn, some)
            if answers is None:
                return False
            done = answers.store(conn)
            self.pace.done = len(some) or sum(done)
        return done if some or any(done) else True

    def _ahead(self) -> Departed | bool:
        """The same, thought through before; where something was committed meanwhile it is done again at once."""
        some = take(self.ahead, self.storing.size)
        with self.storing.begin_ahead(self.engine, lambda conn: self._think(conn, some)) as (conn, answers, holds):
            if holds and answers is not None:
                self.misses = 0
                self.storing.done = len(some)
                return answers.store(conn)
        if holds:
            return False
        self.ahead.appendleft(some)
        self.misses += 1
        self.apart = min(2**self.misses, MOST_APART)
        return Departed()

    def _think(self, conn: Connection, keys: Sequence[str]) -> _Answers | None:
        """The answers to these letters (no keys: to the first that wait); None where somebody is due."""
        if not self.walked(conn):
            return None
        slot = to_micros(self.slot)
        waiting = (
            waiting_among(conn, dict.fromkeys(keys, slot)) if keys else waiting_at(conn, self.slot, self.pace.size)
        )
        return _answers(conn, waiting, self.terms, self.fresh_for, self.owner)


def _answers(
    conn: Connection, waiting: Sequence[Asking], terms: Terms, fresh_for: FreshFor, owner: Owner | None = None
) -> _Answers:
    answers = _Answers((None, None) if owner is None else owner.lease())
    for slot, asked in ask(conn, waiting, terms, fresh_for):
        answers.take(slot, plan(slot, asked.letters, asked.history, terms), {one.key: one for one, _ in asked.letters})
    return answers


def take_back(engine: Engine, slot: datetime | None, later: timedelta = timedelta(), owner: Owner | None = None) -> int:
    """Letters granted for another slot and not sent then are asked again; how many.

    owner: who asks; grants of others that live stay theirs as long as their lease runs. Without a slot all are taken
    back, each to be asked `later` than it was granted.
    """
    c = letter.c
    with begin_read(engine) as conn:
        stale = and_(OPEN, c.state == "granted", *_stale(conn, slot, owner))
        keys = list(conn.scalars(select(c.key).where(stale).order_by(c.key)))
    again = slot if slot is not None else type_coerce(c.granted_at, Whole()) + later // timedelta(microseconds=1)
    rest, pace, done = deque(keys), Pace(), 0
    while rest:
        with pace.begin(engine) as conn:
            some = [rest.popleft() for _ in range(min(pace.size, len(rest)))]
            back = update(letter).where(where_in(c.key, some), stale)
            back = back.values(state="queued", granted_at=None, next_try=again, lease_until=None)
            done += conn.execute(back).rowcount
            pace.done = len(some)
    return done


def _stale(conn: Connection, slot: datetime | None, owner: Owner | None) -> list[ColumnElement[bool]]:
    """Of a granted letter: that nobody is going to send it any more."""
    c = letter.c
    stale = [] if slot is None else [c.granted_at != slot]
    if slot is None or owner is None:
        return stale
    holders = conn.scalars(select(c.leased_by).where(OPEN, c.state == "granted", *stale).distinct())
    mine = [name for name in holders if name is not None and (name == owner.name or owner.gone(name))]
    return [*stale, or_(c.lease_until.is_(None), c.lease_until < owner.wall(), c.leased_by.in_(sorted(mine)))]


def next_departure(conn: Connection) -> datetime | None:
    """When the next letter is to be asked, or None."""
    query = select(func.min(letter.c.next_try)).where(WAITING)
    return conn.scalar(query)


@lru_cache(maxsize=1024)
def _json(*words: str) -> str:
    return to_json(words)


@dataclass(slots=True)
class _Answers:
    """What was decided, as rows for the table. lease: whose grants they are, and until when."""

    lease: tuple[str | None, int | None]
    granted: list[tuple[Any, ...]] = field(default_factory=list)
    held: list[tuple[Any, ...]] = field(default_factory=list)
    stopped: list[tuple[Any, ...]] = field(default_factory=list)
    woken: list[tuple[int, int]] = field(default_factory=list)

    def take(self, slot: datetime, decisions: Sequence[Decision], waiting: Mapping[str, Waiting]) -> None:
        """Adds the decisions of one slot."""
        at = to_micros(slot)
        for one in decisions:
            clocks = (one.stood_still, one.task_hold, to_micros(one.fresh_until))
            match one.verdict:
                case Depart():
                    to = waiting[one.key]
                    leaves = (one.key, "granted", at, None, to.address, to.domain, *clocks, None, *self.lease)
                    self.granted.append(leaves)
                case Hold(until, why, stands_still, for_task):
                    marks = ",".join(name for name, on in (("still", stands_still), ("task", for_task)) if on)
                    because = _json(why.code, *why.args)
                    self.held.append((one.key, "held", micros(until), because, at, marks, *clocks))
                case Stop(why):
                    self.stopped.append((one.key, "stopped", None, _json(why.code, *why.args), at, *clocks))
                    self.woken.append((at, waiting[one.key].person))

    def store(self, conn: Connection) -> Departed:
        """Writes them, and wakes those whose letter will never leave."""
        for columns, rows in ((GRANTED, self.granted), (HELD, self.held), (STOPPED, self.stopped)):
            if rows:
                update_many(conn, letter, ("key",), columns, rows, raw=True)
        wake(conn, self.woken)
        return Departed(len(self.granted), len(self.held), len(self.stopped))


def wake(conn: Connection, people: Sequence[tuple[int, int]]) -> None:
    """Looks at people again, each (instant in microseconds, person): something about their letters has been settled."""
    if people:
        insert_many(conn, pending, ("at", "person_id"), people, raw=True)
