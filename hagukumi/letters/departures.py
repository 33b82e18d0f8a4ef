"""Plans departures slot by slot and stores the answers: granted, held until, stopped. Start with `depart`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, select, update

from hagukumi.letters.departure import Decision, Depart, Hold, Stop, Waiting
from hagukumi.letters.outbox import FreshFor, Reach, ask, micros
from hagukumi.letters.planner import plan
from hagukumi.letters.rules import Terms
from models.tables.bulk import insert_many, update_many
from models.tables.engine import begin_read, begin_write
from models.tables.pace import Pace
from models.tables.schema import letter, pending
from models.tables.schema.letters import OPEN, WAITING
from models.tables.types import to_json, to_micros

BATCH = 500
"""Letters a transaction; the order between batches is the same total order."""
ONE_PLANNER = 8_094_215_002
"""PostgreSQL's advisory lock under which departures are planned in one place. SQLite has one writer anyway."""

GRANTED = ("state", "granted_at", "next_try", "address_hash", "stood_still", "task_hold", "fresh_until", "why")
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


def depart(engine: Engine, slot: datetime, terms: Terms, fresh_for: FreshFor, pace: Pace | None = None) -> Departed:
    """Asks every letter that may be asked in `slot` (UTC, a whole minute), in the total order."""
    total = Departed()
    pace = pace or Pace()
    if pace.fresh:
        # Statements are made when first used, which takes longer than a batch: before the first lock, then.
        with begin_read(engine) as conn:
            ask(conn, slot, _reach(terms), fresh_for, 1)
    take_back(engine, slot)
    while True:
        with pace.begin(engine) as conn:
            done = depart_once(conn, slot, terms, fresh_for, pace.size)
            pace.done = sum(done) if done else 0
        if done is None:
            return total
        total = total.and_(done)


def depart_once(
    conn: Connection, slot: datetime, terms: Terms, fresh_for: FreshFor, batch: int = BATCH
) -> Departed | None:
    """One batch inside the caller's transaction; None when no letter is to be asked."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_PLANNER})")
    asked = ask(conn, slot, _reach(terms), fresh_for, batch)
    if not asked.letters:
        return None
    decisions = plan(slot, asked.letters, asked.history, terms)
    waiting = {one.key: one for one, _ in asked.letters}
    return _store(conn, slot, decisions, waiting)


def _reach(terms: Terms) -> Reach:
    return Reach(max(terms.cap_within, terms.account_within), terms.same_within)


def take_back(engine: Engine, slot: datetime) -> int:
    """Letters granted for another slot and not sent then are asked again: a grant holds for its own minute only."""
    c = letter.c
    stale = (OPEN, c.state == "granted", c.granted_at != slot)
    with begin_read(engine) as conn:
        if conn.scalar(select(c.key).where(*stale).limit(1)) is None:
            return 0
    with begin_write(engine) as conn:
        again = update(letter).where(*stale).values(state="queued", granted_at=None, next_try=slot)
        return conn.execute(again).rowcount


def next_departure(conn: Connection) -> datetime | None:
    """When the next letter is to be asked, or None."""
    query = select(func.min(letter.c.next_try)).where(WAITING)
    return conn.scalar(query)


def _store(conn: Connection, slot: datetime, decisions: Sequence[Decision], waiting: dict[str, Waiting]) -> Departed:
    at = to_micros(slot)
    granted: list[tuple[Any, ...]] = []
    held: list[tuple[Any, ...]] = []
    stopped: list[tuple[Any, ...]] = []
    for one in decisions:
        clocks = (one.stood_still, one.task_hold, to_micros(one.fresh_until))
        match one.verdict:
            case Depart():
                granted.append((one.key, "granted", at, None, waiting[one.key].address, *clocks, None))
            case Hold(until, why, stands_still, for_task):
                marks = ",".join(name for name, on in (("still", stands_still), ("task", for_task)) if on)
                held.append((one.key, "held", micros(until), to_json([why.code, *why.args]), at, marks, *clocks))
            case Stop(why):
                stopped.append((one.key, "stopped", None, to_json([why.code, *why.args]), at, *clocks))
    for columns, rows in ((GRANTED, granted), (HELD, held), (STOPPED, stopped)):
        if rows:
            update_many(conn, letter, ("key",), columns, rows, raw=True)
    wake(conn, [waiting[row[0]].person for row in stopped], slot)
    return Departed(len(granted), len(held), len(stopped))


def wake(conn: Connection, people: Sequence[int], at: datetime) -> None:
    """Looks at these people again at `at`: something about their letters has been settled."""
    if people:
        insert_many(conn, pending, ("at", "person_id"), [(to_micros(at), one) for one in people], raw=True)
