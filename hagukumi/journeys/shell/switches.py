"""Stopping: pause and resume a scenario or everything, take one person out. In force before the next letter."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, update

from hagukumi.journeys.shell.queue import look_at_everybody
from models.tables.bulk import upsert_many
from models.tables.engine import remember
from models.tables.schema import journey, letter, stop_switch
from models.tables.types import to_micros

ALL = "ALL"
STOPPABLE = ("queued", "held", "granted")
"""States of letters that can still be called back without asking an outlet."""


class Removed(NamedTuple):
    """What taking a person out of a scenario ended."""

    journeys: int
    letters: int


def pause(conn: Connection, scope: str, *, now: datetime, by: str) -> bool:
    """Throws the stop switch for a scenario or ALL; False when it was thrown already."""
    row = (scope, to_micros(now), by)
    remember(conn)
    return upsert_many(conn, stop_switch, ("scope", "since", "by_whom"), [row], conflict=("scope",), raw=True) > 0


def resume(conn: Connection, scope: str, *, now: datetime) -> bool:
    """Takes the switch back and looks at everybody again; False when it was not thrown."""
    if conn.execute(delete(stop_switch).where(stop_switch.c.scope == scope)).rowcount == 0:
        return False
    remember(conn)
    held = update(letter).where(letter.c.state == "held").values(next_try=now)
    conn.execute(held if scope == ALL else held.where(letter.c.scenario == scope))
    # Not only those inside: who came while it was paused may enter now.
    look_at_everybody(conn, now)
    return True


def remove(conn: Connection, person_id: int, scenario: str, *, now: datetime) -> Removed:
    """Ends the person's journeys in the scenario and withdraws what has not left."""
    c = journey.c
    mine = (c.person_id == person_id, c.scenario == scenario, c.state == "live")
    ended = update(journey).where(*mine).values(state="ended", due=None, ended_at=now, ended_why=["removed_by_hand"])
    journeys = conn.execute(ended).rowcount
    waiting = (letter.c.person_id == person_id, letter.c.scenario == scenario)
    # A letter in `sending` that has not been handed over yet is called back as well: the sender looks once more.
    states = letter.c.state.in_((*STOPPABLE, "sending"))
    gone = update(letter).where(*waiting, states)
    gone = gone.values(state="withdrawn", next_try=None, settled_at=now, why=["removed_by_hand"])
    return Removed(journeys, conn.execute(gone).rowcount)
