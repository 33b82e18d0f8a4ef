"""Plans departures slot by slot and stores the answers: granted, held until, stopped. Start with `depart`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, select, true, type_coerce, update

from hagukumi.letters.departure import Decision, Depart, Hold, Stop, Waiting
from hagukumi.letters.outbox import Asking, FreshFor, ask, micros, waiting_among, waiting_at
from hagukumi.letters.planner import plan
from hagukumi.letters.rules import Terms
from models.tables.bulk import insert_many, update_many
from models.tables.engine import begin_read, begin_write
from models.tables.locks import plan_alone
from models.tables.pace import Pace
from models.tables.schema import letter, pending
from models.tables.schema.letters import OPEN, WAITING
from models.tables.types import Whole, to_json, to_micros

Walked = Callable[[Connection], bool]
"""Whether nobody is due in the slot any more; asked when no walk is under way."""

GRANTED = (
    "state", "granted_at", "next_try", "address_hash", "domain", "stood_still", "task_hold", "fresh_until", "why",
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


def depart(
    engine: Engine, slot: datetime, terms: Terms, fresh_for: FreshFor, walked: Walked, pace: Pace | None = None
) -> Departed | None:
    """Asks every letter that may be asked in `slot` (UTC, a whole minute), in the total order.

    None, and nothing is granted any more, when somebody is due in the slot: a walk of another process has come between.
    """
    total = Departed()
    pace = pace or Pace()
    if pace.fresh:
        # Statements are made when first used, which takes longer than a batch: before the first lock, then.
        with begin_read(engine) as conn:
            list(ask(conn, waiting_at(conn, slot, 1), terms, fresh_for))
    take_back(engine, slot)
    while True:
        with pace.begin(engine) as conn:
            plan_alone(conn)
            if not walked(conn):
                return None
            done = depart_once(conn, waiting_at(conn, slot, pace.size), terms, fresh_for)
            pace.done = sum(done) if done else 0
        if done is None:
            return total
        total = total.and_(done)


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
    answers = _Answers()
    for slot, asked in ask(conn, waiting, terms, fresh_for):
        answers.take(slot, plan(slot, asked.letters, asked.history, terms), {one.key: one for one, _ in asked.letters})
    return answers.store(conn)


def take_back(engine: Engine, slot: datetime | None, later: timedelta = timedelta()) -> int:
    """Letters granted for another slot and not sent then are asked again: a grant holds for its own minute only.

    Without a slot all of them, each `later` than it was granted.
    """
    c = letter.c
    stale = (OPEN, c.state == "granted", c.granted_at != slot if slot is not None else true())
    with begin_read(engine) as conn:
        if conn.scalar(select(c.key).where(*stale).limit(1)) is None:
            return 0
    again = slot if slot is not None else type_coerce(c.granted_at, Whole()) + later // timedelta(microseconds=1)
    with begin_write(engine) as conn:
        back = update(letter).where(*stale).values(state="queued", granted_at=None, next_try=again)
        return conn.execute(back).rowcount


def next_departure(conn: Connection) -> datetime | None:
    """When the next letter is to be asked, or None."""
    query = select(func.min(letter.c.next_try)).where(WAITING)
    return conn.scalar(query)


@dataclass(slots=True)
class _Answers:
    """What was decided, as rows for the table."""

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
                    self.granted.append((one.key, "granted", at, None, to.address, to.domain, *clocks, None))
                case Hold(until, why, stands_still, for_task):
                    marks = ",".join(name for name, on in (("still", stands_still), ("task", for_task)) if on)
                    because = to_json([why.code, *why.args])
                    self.held.append((one.key, "held", micros(until), because, at, marks, *clocks))
                case Stop(why):
                    self.stopped.append((one.key, "stopped", None, to_json([why.code, *why.args]), at, *clocks))
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
