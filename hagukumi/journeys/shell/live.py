"""Time passes: journeys, departures and the outlet in their order.

Start with `House.live_until` (a virtual clock) or `House.live_now` (a real one).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from hagukumi.journeys.core.values import Span
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.react import next_instant, react
from hagukumi.journeys.shell.write import Written
from hagukumi.letters.departures import Departed, depart, next_departure
from hagukumi.letters.planner import SLOT, next_slot
from hagukumi.letters.rules import Terms
from hagukumi.letters.sender import Delivered, Sender
from models.tables.engine import begin_read
from models.tables.pace import Pace

Reached = Callable[[datetime], None]
"""Told of every slot as it begins."""


@dataclass(slots=True)
class Lived:
    """What a stretch of time brought."""

    written: Written = field(default_factory=Written)
    departed: Departed = field(default_factory=Departed)
    delivered: Delivered = field(default_factory=Delivered)


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
        """Lives from slot to slot, jumping over the minutes in which nothing is due. Both instants are UTC."""
        lived = Lived()
        # A stretch without a slot still hears of what has been published: the queue is emptied either way.
        self._look_up()
        slot = next_slot(start)
        while slot <= until:
            # Told before, not after: whoever goes on after a crash must not be earlier than the letters that have left.
            reached(slot)
            self._slot(slot, lived)
            due = self.next_due()
            if due is None:
                break
            slot = max(next_slot(due), slot + SLOT)
        lived.written.add(react(self.engine, self.book, until, now=until, pace=self.pace))
        return lived

    def live_now(self, now: datetime) -> Lived:
        """Does what is due now: one slot, that of the running minute."""
        lived = Lived()
        self._look_up()
        lived.written.add(react(self.engine, self.book, now, now=now, pace=self.pace))
        self._depart(now.replace(second=0, microsecond=0), now, lived)
        return lived

    def deliver_now(self, now: datetime) -> Lived:
        """Departures of the running minute alone."""
        lived = Lived()
        self._look_up()
        self._depart(now.replace(second=0, microsecond=0), now, lived)
        return lived

    def next_due(self) -> datetime | None:
        """When something is due next: a person or a letter."""
        with begin_read(self.engine) as conn:
            found = (next_instant(conn, self.book.paused), next_departure(conn))
        return min((at for at in found if at is not None), default=None)

    def _look_up(self) -> None:
        """Versions published and switches thrown meanwhile count from the next slot on."""
        with begin_read(self.engine) as conn:
            self.book.read(conn)

    def _slot(self, slot: datetime, lived: Lived) -> None:
        self._look_up()
        lived.written.add(react(self.engine, self.book, slot, now=slot, pace=self.pace))
        self._depart(slot, slot, lived)

    def _depart(self, slot: datetime, now: datetime, lived: Lived) -> None:
        departed = depart(self.engine, slot, self.terms, self._fresh_for, self.departing)
        lived.departed = lived.departed.and_(departed)
        if self.sender is not None:
            lived.delivered.add(self.sender.drain(now))
        if departed.granted or departed.stopped:
            lived.written.add(react(self.engine, self.book, now, now=now, pace=self.pace))

    def _fresh_for(self, version_id: int, step: str) -> Span | None:
        known = self.book.programs[self.book.hash_of(version_id)].steps.get(step)
        return getattr(known, "fresh_for", None)
