"""Time passes: journeys, departures and the outlet in their order.

Start with `House.live_until` (a virtual clock) or `House.live_now` (a real one).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from hagukumi.journeys.core.values import Span
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.due import due_people, next_instant
from hagukumi.journeys.shell.owners import share_out
from hagukumi.journeys.shell.react import react, react_apart, react_arrived, react_to
from hagukumi.journeys.shell.write import Written
from hagukumi.letters.departures import Departed, Planned, Walked, depart, depart_apart, next_departure, take_back
from hagukumi.letters.meetings import Reach, live_apart, next_meetings
from hagukumi.letters.planner import SLOT, next_slot
from hagukumi.letters.rules import Terms
from hagukumi.letters.sender import Delivered, Sender
from models.tables.engine import begin_read
from models.tables.locks import one_planner
from models.tables.pace import Pace
from models.tables.types import from_micros, to_micros

STRETCH = timedelta(days=1)
"""The longest by which one facility lives ahead of another: what a crash leaves behind is no more than that apart."""
MOST_TRIES = 100
"""How often in a row departures give way to people who became due in the meantime."""

Reached = Callable[[datetime], None]
"""Told how far departures have got, before the letters leave."""


@dataclass(slots=True)
class Lived:
    """What a stretch of time brought."""

    written: Written = field(default_factory=Written)
    departed: Departed = field(default_factory=Departed)
    delivered: Delivered = field(default_factory=Delivered)

    def add(self, other: Lived) -> None:
        """Sums up."""
        self.written.add(other.written)
        self.departed = self.departed.and_(other.departed)
        self.delivered.add(other.delivered)


@dataclass(slots=True)
class House:
    """The parts that live together. Without a sender letters are planned, and wait granted."""

    engine: Engine
    book: Book
    terms: Terms
    sender: Sender | None
    pace: Pace = field(default_factory=Pace)
    departing: Pace = field(default_factory=Pace)

    def live_until(self, start: datetime, until: datetime, reached: Reached) -> Lived:
        """Lives from meeting to meeting, facility by facility: see letters/meetings.py. Both instants are UTC.

        The outcome is that of living minute by minute, whatever the stretches, the batches and who calls it how often.
        """
        lived = Lived()
        # What a process that died has left behind.
        take_back(self.engine, None)
        if self.sender is not None:
            self.sender.settle_expired(None, lived.delivered)
        while True:
            end = min(until, start + STRETCH)
            self._stretch(start, end, reached, lived)
            if end == until:
                return lived
            start = max(end, self._quiet_until(until))

    def live_now(self, now: datetime) -> Lived:
        """Does what is due now: one slot, that of the running minute."""
        lived, read_at = Lived(), self._wall()
        self._recover(now, lived)
        lived.written.add(self.react_now(now))
        self._depart(now, read_at, lived)
        return lived

    def react_now(self, now: datetime) -> Written:
        """Lets everybody live up to now, and shares out their tasks; no letter leaves. Cheap when nobody is due."""
        return self._react(now, lambda: react(self.engine, self.book, now, now=now, pace=self.pace))

    def react_arrived(self, now: datetime) -> Written:
        """The same for those alone about whom something has come in."""
        return self._react(now, lambda: react_arrived(self.engine, self.book, now, now=now, pace=self.pace))

    def walk(self, people: Sequence[int], now: datetime) -> Written:
        """The same for some people alone."""
        return self._react(now, lambda: react_to(self.engine, self.book, people, now, now=now))

    def _react(self, now: datetime, live: Callable[[], Written]) -> Written:
        self._look_up()
        written = live()
        share_out(self.engine, now, now, self.book.calendar)
        self._say_chances()
        return written

    def deliver_now(self, now: datetime) -> Lived:
        """Departures of the running minute alone."""
        lived, read_at = Lived(), self._wall()
        self._recover(now, lived)
        self._look_up()
        self._depart(now, read_at, lived, alone=True)
        return lived

    def next_due(self) -> datetime | None:
        """When something is due next: a person or a letter."""
        with begin_read(self.engine) as conn:
            found = (next_instant(conn, self.book.paused), next_departure(conn))
        return min((at for at in found if at is not None), default=None)

    def _wall(self) -> datetime | None:
        """The wall clock beside the engine's, for what takes long."""
        return None if self.sender is None else self.sender.wall()

    def _recover(self, now: datetime, lived: Lived) -> None:
        if self.sender is not None:
            self.sender.recover(now, lived.delivered)

    def _look_up(self) -> None:
        """Versions published and switches thrown meanwhile count from here on."""
        with begin_read(self.engine) as conn:
            self.book.read(conn)

    def _stretch(self, start: datetime, end: datetime, reached: Reached, lived: Lived) -> None:
        with begin_read(self.engine) as conn:
            self.book.read(conn)
            reach = Reach(to_micros(end), to_micros(next_slot(start)), live_apart(conn))
        while True:
            lived.written.add(react_apart(self.engine, self.book, reach, now=start, pace=self.pace))
            with begin_read(self.engine) as conn:
                meetings = next_meetings(conn, reach)
            if not meetings:
                break
            # Told before, not after: whoever goes on after a crash must not be earlier than the letters that have left.
            reached(from_micros(meetings[-1][1]))
            self._meet(meetings, lived)
        share_out(self.engine, start, end, self.book.calendar)
        self._say_chances()

    def _say_chances(self) -> None:
        if self.book.chances is not None:
            self.book.chances.flush(self.engine)

    def _meet(self, meetings: Sequence[tuple[str, int]], lived: Lived) -> None:
        departed = depart_apart(self.engine, meetings, self.terms, self._fresh_for, self.departing)
        lived.departed = lived.departed.and_(departed)
        if departed.granted and self.sender is not None:
            delivered = self.sender.drain(None)
            lived.delivered.add(delivered)
            if delivered.total < departed.granted:
                # A switch thrown meanwhile has kept letters back: they are asked again.
                take_back(self.engine, None, SLOT)

    def _quiet_until(self, until: datetime) -> datetime:
        """Nothing happens before that: whole months may be skipped."""
        due = self.next_due()
        return until if due is None or due > until else due

    def _depart(self, now: datetime, read_at: datetime | None, lived: Lived, *, alone: bool = False) -> None:
        slot = now.replace(second=0, microsecond=0)

        def walked(conn: Connection) -> bool:
            return alone or not due_people(conn, slot, self.book.paused, 1)

        departed, tries = Departed(), 0
        with one_planner(self.engine) as mine:
            # Whoever comes while another plans sends what that one has granted so far.
            while mine and tries < MOST_TRIES:
                planned = self.plan(slot, walked)
                departed = departed.and_(planned.departed)
                if planned.over:
                    break
                tries = 0 if any(planned.departed) else tries + 1
                lived.written.add(self.react_now(now))
        lived.departed = lived.departed.and_(departed)
        if self.sender is not None:
            lived.delivered.add(self.sender.drain(now, read_at))
        if departed.granted or departed.stopped:
            lived.written.add(self.react_now(now))

    def plan(self, slot: datetime, walked: Walked) -> Planned:
        """Asks every letter of the slot; see `depart`. The caller is the one planner."""
        owner = None if self.sender is None else self.sender.owner
        return depart(self.engine, slot, self.terms, self._fresh_for, walked, self.departing, owner)

    def _fresh_for(self, version_id: int, step: str) -> Span | None:
        known = self.book.programs[self.book.hash_of(version_id)].steps.get(step)
        return getattr(known, "fresh_for", None)
