"""Time passes in a workspace: ticks, what is due, what leaves, and a rehearsal of all that. Imports wiring.

Start with `tick`. A virtual clock is set here and nowhere else.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, update

from hagukumi.advertising import keep_audiences
from hagukumi.database import identity
from hagukumi.health.reputation import rest_where_complained
from hagukumi.journeys.shell.due import EVERYBODY, due_people
from hagukumi.journeys.shell.live import House, Lived
from hagukumi.journeys.shell.write import Written
from hagukumi.letters.sender import Delivered
from hagukumi.mornings import greet, latest, rounds
from hagukumi.outlets import Nowhere
from hagukumi.settings import refuse_blanks
from hagukumi.wiring import Wired, sync_staff
from hagukumi.words.dates import say_time
from hagukumi.words.refusal import NotDone
from models.tables.bulk import chunks
from models.tables.engine import begin_read, begin_write
from models.tables.locks import one_clock
from models.tables.rehearsal import rehearsal
from models.tables.schema import workspace as own


class Ticked(NamedTuple):
    """What a tick did. `now` is the workspace's clock after it. asked: tasks that its mornings made."""

    now: datetime
    lived: Lived
    seconds: float
    asked: int = 0

    def report(self) -> dict[str, Any]:
        """The stable keys of `tick --json`."""
        written, delivered, departed = self.lived.written, self.lived.delivered, self.lived.departed
        return {
            "now": self.now.isoformat(),
            "enrolled": written.enrolled,
            "walked": written.walked,
            "steps": written.steps,
            "letters": written.letters,
            "tasks": written.tasks + self.asked,
            "left": written.left,
            "seconds": round(self.seconds, 3),
            "accepted": delivered.accepted,
            "held": departed.held,
            "stopped": departed.stopped + delivered.stopped,
        }


def tick(wired: Wired, until: datetime | None, progress: Any = None, *, mornings: bool = True) -> Ticked:
    """A virtual workspace lives through the time up to `until`; a real one does what is due now.

    mornings: with the round of every morning that has come, unless somebody else sees to it (hagukumi/loop.py).
    Raises NotDone: blanks in hagukumi.yaml, `until` in a real workspace's future or in a virtual one's past.
    """
    refuse_blanks(wired.files.settings)
    sync_staff(wired)
    honour_refusals(wired)
    began = time.perf_counter()
    house, asked = wired.house(), 0
    if wired.identity.nature == "virtual":
        now, lived, asked = _live_virtually(wired, house, until, progress, mornings and not wired.alone)
    else:
        now = datetime.now(UTC)
        if until is not None and until > now:
            raise NotDone(
                "clock-ahead",
                "実運用のワークスペースの時計は進められません。仮想のワークスペース(init --virtual)でお試しください。",
                "A real workspace's clock cannot be set ahead. Try it in a virtual one (init --virtual).",
            )
        _mind_complaints(wired, now)
        lived = house.live_now(now)
        if mornings and not wired.alone:
            asked = greet(wired, latest(wired.calendar, now)).tasks
    if mornings and not wired.alone:
        keep_audiences(wired, latest(wired.calendar, now))
    return Ticked(now, lived, time.perf_counter() - began, asked)


def react_now(wired: Wired) -> Written:
    """Acts at once upon what has come in; letters that this brings leave with the next tick."""
    with _clock(wired):
        return wired.house().react_now(wired.now)


def react_arrived(wired: Wired) -> Written:
    """The same for those alone about whom something has come in; whom time wakes waits for the tick."""
    with _clock(wired):
        return wired.house().react_arrived(wired.now)


def due_batches(wired: Wired, scenario: str | None, size: int) -> list[list[int]]:
    """People due now, at most `size` together: those of a scenario's journeys, and whoever stands in the queue.

    Without a scenario everybody, those whose score crosses a line by time alone among them.
    """
    with begin_read(wired.engine) as conn:
        wired.book.read(conn)
        people = due_people(conn, identity(conn).now, wired.book.paused, EVERYBODY, scenario)
    return list(chunks(people, size))


def walk_people(wired: Wired, people: Sequence[int]) -> Written:
    """Those people take their turns, now; harmless when somebody else did it meanwhile, or twice at once."""
    with _clock(wired):
        return wired.house().walk(people, wired.now)


def rehearse_tick(wired: Wired, until: datetime | None) -> Ticked:
    """The same over a copy that vanishes; letters are planned and printed, and go nowhere."""
    with rehearsal(wired.engine) as copy:
        return tick(Wired(wired.workspace, wired.files, copy, Nowhere(), alone=True), until)


def _live_virtually(
    wired: Wired, house: House, until: datetime | None, progress: Any, greeting: bool
) -> tuple[datetime, Lived, int]:
    start = wired.now
    end = until if until is not None else start
    if end < start:
        zone = ZoneInfo(wired.files.settings.zone)
        raise NotDone(
            "clock-back",
            f"仮想の時計は {say_time(start, zone, 'ja', year=True)} です。それより前には戻れません。",
            f"The virtual clock stands at {say_time(start, zone, 'en', year=True)} and does not go back.",
        )

    def reached(slot: datetime) -> None:
        set_clock(wired.engine, slot)
        if progress is not None:
            progress(start, slot, end)

    with _clock(wired):
        # Another process may have moved the clock while this one waited for it.
        start = max(start, wired.now)
        lived = Lived()
        mornings = rounds(wired, start, end) if greeting else []
        since, asked = start, 0
        for at in sorted({*mornings, end}):
            lived.add(house.live_until(since, at, reached))
            set_clock(wired.engine, at)
            if at in mornings:
                asked += _morning(wired, at)
            since = at
        return wired.now, lived, asked


def _morning(wired: Wired, at: datetime) -> int:
    """What the running loop of a real workspace does by itself every morning; how many tasks its round asked for."""
    # Only a tick with a morning in it asks Prefect's server anything.
    from hagukumi.fortnight import attend_to_review

    asked = greet(wired, at).tasks
    attend_to_review(wired)
    return asked


def _clock(wired: Wired) -> AbstractContextManager[None]:
    """A virtual clock is moved by one process at a time; the real one moves by itself."""
    shared = wired.identity.nature == "virtual" and not wired.alone
    return one_clock(wired.engine) if shared else nullcontext()


def set_clock(engine: Engine, at: datetime) -> None:
    """Stores the virtual clock; it never goes back."""
    with begin_write(engine) as conn:
        conn.execute(update(own).where(own.c.virtual_now < at).values(virtual_now=at))


def deliver(wired: Wired) -> Delivered:
    """One slot of departures and what the outlet takes, without walking anybody."""
    refuse_blanks(wired.files.settings)
    honour_refusals(wired)
    _mind_complaints(wired, wired.now)
    with _clock(wired):
        lived = wired.house().deliver_now(wired.now)
    report = lived.delivered
    return replace(report, held=report.held + lived.departed.held, stopped=report.stopped + lived.departed.stopped)


def honour_refusals(wired: Wired) -> int:
    """What was refused while the database was busy counts before the next letter leaves; how many that were."""
    from hagukumi.channels.inbox import is_there
    from hagukumi.channels.refusing import honour

    if wired.alone or not is_there(wired.engine):
        return 0
    virtual, now = wired.identity.nature == "virtual", wired.now
    return honour(wired.engine, wired.inbox, wired.identity.secret, lambda at: now if virtual else min(at, now))


def _mind_complaints(wired: Wired, now: datetime) -> None:
    """Before letters leave over a network: where too many readers complain, nothing more goes."""
    if wired.outlet is not None and wired.outlet.network:
        rest_where_complained(wired.engine, wired.files.settings.outlet, now)
