"""A person (or account) in a scenario: the row as a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from hagukumi.journeys.core.values import Calendar, Span, SpanUnit

NOTHING: Mapping[str, str] = {}
NO_ROUNDS: Mapping[str, int] = {}
NOBODY: Mapping[str, tuple[int, ...]] = {}
NOBODY_OUT: frozenset[int] = frozenset()


class Journey(NamedTuple):
    """One visit of one subject to one scenario version. `arms` and `rounds` are what tests and repeats remember.

    person: None in a play, which an account is in. reached: whom each of its steps was for, by step[.round].
    still: business days for which a play stood still; its later days come by so much later. out: whom a play has left
    alone since, for they refused for instance. frozen: until when nothing but a stop happens in a play. idle: business
    days for which it stood still since it came to its step.
    """

    id: int
    scenario: str
    version: str
    subject: str
    person: int | None
    visit: int
    step: str
    since: datetime
    due: datetime | None
    entered_at: datetime
    arms: Mapping[str, str] = NOTHING
    rounds: Mapping[str, int] = NO_ROUNDS
    goal_at: datetime | None = None
    reached: Mapping[str, tuple[int, ...]] = NOBODY
    still: int = 0
    out: frozenset[int] = NOBODY_OUT
    frozen: datetime | None = None
    idle: int = 0

    def moved(self, step: str, since: datetime) -> Journey:
        """The journey on another step. Written out: it is built for every step of every walk."""
        return Journey(
            self.id, self.scenario, self.version, self.subject, self.person, self.visit, step, since, None,
            self.entered_at, self.arms, self.rounds, self.goal_at, self.reached, self.still,
            self.out, self.frozen,
        )  # fmt: skip

    def resting_until(self, due: datetime | None) -> Journey:
        """The journey, asked again at `due`."""
        return Journey(
            self.id, self.scenario, self.version, self.subject, self.person, self.visit, self.step, self.since, due,
            self.entered_at, self.arms, self.rounds, self.goal_at, self.reached, self.still,
            self.out, self.frozen, self.idle,
        )  # fmt: skip

    def ends(self, span: Span, calendar: Calendar) -> datetime:
        """When a span is over that began when the journey came to its step; days that stood still are not counted."""
        end = span.after(self.since, calendar)
        return Span(self.idle, SpanUnit.BUSINESS_DAYS).after(end, calendar) if self.idle else end

    def key(self, step: str, repeat: str | None = None, person: int | None = None) -> str:
        """The effect key of `step` in this visit; inside a repeat it carries the round as well.

        person: whom the effect is for; None: whom the journey is about.
        """
        visit = f"{self.visit}.{self.rounds.get(repeat, 0)}" if repeat else str(self.visit)
        whom = self.person if person is None else person
        return f"{self.scenario}/{step}/{visit}/{self.subject}/{whom or 0}"

    def place_of(self, step: str, repeat: str | None = None) -> str:
        """How `reached` calls a step: its id, inside a repeat with the round."""
        return f"{step}.{self.rounds.get(repeat, 0)}" if repeat else step

    def whom(self, step: str, repeat: str | None = None) -> tuple[int, ...]:
        """The people a step of this visit was for; those to whom a letter was written, of a `send`."""
        if self.person is not None:
            return (self.person,)
        return self.reached.get(self.place_of(step, repeat), ())

    def letter_keys(self, ref: str) -> tuple[str, ...]:
        """The effect keys of a send step named by `ref`: its id, or repeat:id when it stands inside a repeat.

        One in a person's scenario; in a play one for each person it was written to.
        """
        repeat, _, step = ref.rpartition(":")
        return tuple(self.key(step, repeat or None, person) for person in self.whom(step, repeat or None))
