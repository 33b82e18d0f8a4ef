"""A person (or account) in a scenario: the row as a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

NOTHING: Mapping[str, str] = {}
NO_ROUNDS: Mapping[str, int] = {}


class Journey(NamedTuple):
    """One visit of one subject to one scenario version. `arms` and `rounds` are what tests and repeats remember."""

    id: int
    scenario: str
    version: str
    subject: str
    person: int
    visit: int
    step: str
    since: datetime
    due: datetime | None
    entered_at: datetime
    arms: Mapping[str, str] = NOTHING
    rounds: Mapping[str, int] = NO_ROUNDS
    goal_at: datetime | None = None

    def moved(self, step: str, since: datetime) -> Journey:
        """The journey on another step. Written out: it is built for every step of every walk."""
        return Journey(
            self.id, self.scenario, self.version, self.subject, self.person, self.visit, step, since, None,
            self.entered_at, self.arms, self.rounds, self.goal_at,
        )  # fmt: skip

    def resting_until(self, due: datetime | None) -> Journey:
        """The journey, asked again at `due`."""
        return Journey(
            self.id, self.scenario, self.version, self.subject, self.person, self.visit, self.step, self.since, due,
            self.entered_at, self.arms, self.rounds, self.goal_at,
        )  # fmt: skip

    def key(self, step: str, repeat: str | None = None) -> str:
        """The effect key of `step` in this visit; inside a repeat it carries the round as well."""
        visit = f"{self.visit}.{self.rounds.get(repeat, 0)}" if repeat else str(self.visit)
        return f"{self.scenario}/{step}/{visit}/{self.subject}/{self.person}"

    def letter_key(self, ref: str) -> str:
        """The effect key of a send step named by `ref`: its id, or repeat:id when it stands inside a repeat."""
        repeat, _, step = ref.rpartition(":")
        return self.key(step, repeat or None)
