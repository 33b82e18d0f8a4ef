"""Takes off the desks what a play asked for and does not want any more. Start with `take_back`.

A task that has other causes stays for them, without the play's. What the play's own stop asks for stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, or_, select, update

from hagukumi.journeys.core.effects import CallUnwanted, Withdraw
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.play import STOP, STOPPED
from hagukumi.journeys.core.subject import Turn
from hagukumi.letters.planner import next_slot
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import where_in
from models.tables.schema import letter, task


class Unwanted(NamedTuple):
    """From when on nobody is to do what a play asked for, and why (a code).

    person: as far as it is about them; None: all of it. kind: of tasks; None: of any.
    """

    journey: Journey
    at: datetime
    why: str
    person: int | None = None
    kind: str | None = None


def unwanted(turns: Sequence[Turn]) -> Iterator[Unwanted]:
    """What these turns of accounts leave without a cause."""
    for turn in turns:
        if turn.person is not None:
            continue
        for step in turn.walks:
            if step.ended is not None and step.ended.code in STOPPED:
                yield Unwanted(step.journey, step.at, "task_play_over")
        for happened in turn.effects:
            match happened.effect:
                case Withdraw(person) if happened.journey is not None:
                    yield Unwanted(happened.journey, happened.at, "task_play_without", person)
                case CallUnwanted(person) if happened.journey is not None:
                    yield Unwanted(happened.journey, happened.at, "task_phone_refused", person, "call")
                case _:
                    pass


def take_back(conn: Connection, found: Sequence[Unwanted]) -> int:
    """Withdraws the open tasks that have no other cause. Returns how many."""
    done = 0
    for one in found:
        for row in _open(conn, one):
            stays = [reason for reason in row.reasons if not _is_of(one, reason)]
            if len(stays) == len(row.reasons):
                continue
            values: dict[str, Any] = {"reasons": stays}
            if not stays:
                values = {"state": "withdrawn", "result_at": one.at, "withdrawn_why": [one.why]}
                done += 1
            conn.execute(update(task).where(task.c.id == row.id).values(**values))
            if not stays and row.desk == "IS" and row.person_id is not None:
                _tell(conn, row, one)
    return done


def _open(conn: Connection, one: Unwanted) -> Sequence[Row[Any]]:
    """The open tasks about the play's people, and those about its account."""
    c, account = task.c, int(one.journey.subject[1:])
    reached = {who for each in one.journey.reached.values() for who in each}
    people = sorted(reached) if one.person is None else [one.person]
    about = where_in(c.person_id, people)
    if one.person is None:
        about = or_(about, and_(c.person_id.is_(None), c.account_id == account))
    query = select(c.id, c.person_id, c.account_id, c.desk, c.reasons).where(about, c.state == "open")
    return conn.execute(query.order_by(c.id)).all()


def _is_of(one: Unwanted, reason: dict[str, Any]) -> bool:
    mine = reason.get("journey_id") == one.journey.id and reason.get("step") != STOP
    return mine and one.kind in (None, reason["kind"])


def _tell(conn: Connection, row: Row[Any], one: Unwanted) -> None:
    """Letters held for the call may leave, and who waits for its result goes on."""
    held = update(letter).where(letter.c.person_id == row.person_id, letter.c.state == "held")
    conn.execute(held.values(next_try=next_slot(one.at)))
    told = Arrival(
        row.person_id, row.account_id, "task_withdrawn", one.at, one.at, outcome=one.why.removeprefix("task_"),
        source_id=f"task/{row.id}/withdrawn", detail={"task": row.id},
    )  # fmt: skip
    receive(conn, [told])
