"""Takes calls off the desk whose cause turned out to be a machine. Start with `withdraw`.

Only while nobody has dialled, and only if none of the reasons stands: each rests on a machine's act, or is a jump that
would not have been one without such acts. A later act of a human makes a task anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from hagukumi.journeys.core.facts import Facts, counts_at
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.gather import BY_MACHINE, facts_of
from hagukumi.journeys.shell.tasks import event_of
from hagukumi.letters.planner import next_slot
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import chunks, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import activity, letter, score_jump, task
from models.tables.types import to_micros

MACHINE, NO_JUMP = "task_machine", "task_no_jump"
AT_ONCE = 200
"""People looked at in one transaction."""

Looks = Mapping[int, Sequence[datetime]]
"""Person -> when they were looked at again (UTC)."""


def withdraw_of(engine: Engine, book: Book, people: Sequence[int], now: datetime) -> int:
    """The same for people whose acts were judged anew, as of now. Returns how many tasks were withdrawn."""
    done = 0
    for some in chunks(sorted(people), AT_ONCE):
        with begin_read(engine) as conn:
            if not _untouched(conn, some):
                continue
        with begin_write(engine) as conn:
            done += withdraw(conn, book, dict.fromkeys(some, (now,)))
    return done


def withdraw(conn: Connection, book: Book, looks: Looks) -> int:
    """Withdraws what rests on machines alone; each at the first look after it was made. Returns how many."""
    found = [
        (row, at) for row in _untouched(conn, sorted(looks)) if (at := _after(looks[row.person_id], row)) is not None
    ]
    marked = _marked(conn, [row.person_id for row, _ in found])
    found = [(row, at) for row, at in found if row.person_id in marked]
    if not found:
        return 0
    facts = facts_of(conn, sorted({row.person_id for row, _ in found}), max(at for _, at in found), book.scoring_needs)
    jumps = _jumps(conn, [row.person_id for row, _ in found])
    done = 0
    for row, at in found:
        who = row.person_id
        codes = [_void(one, marked[who], facts.get(who), jumps[who], book) for one in row.reasons]
        if codes and all(codes):
            done += _take_off(conn, row, at, MACHINE if MACHINE in codes else NO_JUMP)
    return done


def _untouched(conn: Connection, people: Sequence[int]) -> list[Row[Any]]:
    c = task.c
    query = select(c.id, c.person_id, c.account_id, c.made_at, c.reasons).where(
        where_in(c.person_id, people), c.state == "open", c.desk == "IS", c.touched_at.is_(None)
    )
    return list(conn.execute(query.order_by(c.id)).all())


def _after(looks: Sequence[datetime], row: Row[Any]) -> datetime | None:
    return min((at for at in looks if at >= row.made_at), default=None)


def _marked(conn: Connection, people: Sequence[int]) -> Mapping[int, Mapping[int, int]]:
    """Person -> their machines' acts: activity -> when it would have counted (microseconds)."""
    c = activity.c
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    query = select(c.id, c.person_id, c.kind, c.known_at).where(where_in(c.person_id, people), c.machine.is_not(None))
    for row in conn.execute(query):
        found[row.person_id][row.id] = to_micros(counts_at(row.kind, row.known_at))
    return found


def _jumps(conn: Connection, people: Sequence[int]) -> Mapping[int, list[datetime]]:
    c = score_jump.c
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    query = select(c.person_id, c.at).where(where_in(c.person_id, people), c.cause != BY_MACHINE).order_by(c.at)
    for who, at in conn.execute(query).tuples():
        found[who].append(at)
    return found


def _void(
    reason: Mapping[str, Any], marked: Mapping[int, int], facts: Facts | None, jumps: Sequence[datetime], book: Book
) -> str | None:
    """Why this reason is none; None where it stands."""
    event = event_of(str(reason.get("effect_key", "")))
    if event is None:
        # A scenario's step asks at the very instant at which the act it waited for counts.
        return MACHINE if reason.get("journey_id") is not None and _alone(int(reason["at"]), marked, facts) else None
    if event in marked:
        return MACHINE
    if facts is None or book.scoring is None:
        return None
    act = next((one for one in facts.activities if one.id == event), None)
    if act is None:
        return None
    last = max((at for at in jumps if at < act.counts_at), default=None)
    standing = book.scoring.of(facts.attributes, facts.activities)
    return NO_JUMP if book.scoring.jump(standing, act, last, book.calendar) is None else None


def _alone(at: int, marked: Mapping[int, int], facts: Facts | None) -> bool:
    """Whether machines' acts, and nobody else's, counted at that instant."""
    others = () if facts is None else facts.activities
    return at in marked.values() and all(to_micros(one.counts_at) != at for one in others)


def _take_off(conn: Connection, row: Row[Any], at: datetime, code: str) -> int:
    c = task.c
    over = update(task).where(c.id == row.id, c.state == "open", c.touched_at.is_(None))
    if conn.execute(over.values(state="withdrawn", result_at=at, withdrawn_why=[code])).rowcount != 1:
        return 0
    events = [event for one in row.reasons if (event := event_of(str(one.get("effect_key", "")))) is not None]
    j = score_jump.c
    # Kept, and no jump any more: the next one need not wait for the cool-down of this.
    conn.execute(
        update(score_jump).where(j.person_id == row.person_id, where_in(j.activity_id, events)).values(cause=BY_MACHINE)
    )
    held = update(letter).where(letter.c.person_id == row.person_id, letter.c.state == "held")
    conn.execute(held.values(next_try=next_slot(at)))
    told = Arrival(
        row.person_id, row.account_id, "task_withdrawn", at, at, outcome="machine",
        source_id=f"task/{row.id}/withdrawn", detail={"task": row.id},
    )  # fmt: skip
    receive(conn, [told])
    return 1
