"""What is known about a subject: attributes, activities, letters, points. Every question names its moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol


class Activity(NamedTuple):
    """Something the person did or that happened to them.

    `occurred_at` is when it happened, `counts_at` when a journey may see it (known, and settled if it was a click).
    person: who, where an account is asked about; else it is whom the facts are about.
    """

    id: int
    kind: str
    occurred_at: datetime
    counts_at: datetime
    content: str | None = None
    letter: str | None = None
    outcome: str | None = None
    person: int | None = None


CLICKS_SETTLE = timedelta(seconds=60)
"""A click counts only then: scanners of mail gateways give themselves away within that time."""


def counts_at(kind: str, known_at: datetime) -> datetime:
    """When a journey may see an activity: when it is known; a click when it has settled."""
    return known_at + CLICKS_SETTLE if kind == "clicked" else known_at


class LetterFact(NamedTuple):
    """How a letter of this visit stands: its state, and since when."""

    state: str
    at: datetime


class Change(NamedTuple):
    """An attribute that changed at `at`; before that it was `old`."""

    at: datetime
    attribute: str
    old: Any


REFUSES = "refuses"
"""The attribute that holds the channels a person or their whole facility refuses; missing where there are none."""


class Member(NamedTuple):
    """Somebody of an account: what is known of them, and whether a letter can be addressed to them."""

    person: int
    attributes: Mapping[str, Any]
    mail: bool = True
    phone: bool = True

    @property
    def role(self) -> str | None:
        """Their role in the decision."""
        role: str | None = self.attributes.get("role")
        return role


POSTED = "posted"
"""State of a letter by post that has left the house."""
SETTLED_WELL = frozenset({"accepted", "delivered", "bounced"})
"""States after which a letter has left the house."""
SETTLED_ILL = frozenset({"stopped", "rejected", "dropped", "withdrawn"})
"""States after which a letter will never leave."""


def no_points(at: datetime) -> float:
    """The score of somebody about whom no rule says anything."""
    return 0.0


def no_change(at: datetime, line: float) -> datetime | None:
    """No line is ever crossed by time alone."""
    return None


class Standing(Protocol):
    """One person before the rules of the score."""

    def points(self, now: datetime) -> float:
        """The score at `now`."""

    def next_line(self, now: datetime, line: float) -> datetime | None:
        """When time alone carries it over `line`."""

    def next_crossing(self, now: datetime, until: datetime | None = None) -> datetime | None:
        """When time alone carries it over any line of the rules; None as well when that is later than `until`."""


class Views(Protocol):
    """Other views of one person's score: the points of a theme, and the grade."""

    def theme_points(self, theme: str, now: datetime) -> float:
        """The points for content of this theme alone, in 0.1 steps."""

    def next_theme_line(self, theme: str, now: datetime, line: float) -> datetime | None:
        """When time alone carries them over `line`."""

    def grade(self, now: datetime) -> str | None:
        """Fit "A" to "D" and behaviour "1" to "4", such as "A1"; None without rules for it."""

    def next_grade(self, now: datetime) -> datetime | None:
        """When time alone may change the grade."""


class NoViews:
    """The views of somebody about whom no rule says anything."""

    def theme_points(self, theme: str, now: datetime) -> float:
        """None at all."""
        return 0.0

    def next_theme_line(self, theme: str, now: datetime, line: float) -> datetime | None:
        """Never."""
        return None

    def grade(self, now: datetime) -> str | None:
        """None."""
        return None

    def next_grade(self, now: datetime) -> datetime | None:
        """Never."""
        return None


@dataclass(slots=True)
class Facts:
    """One subject as the gatherer read it.

    activities: ascending by (counts_at, id), machines already left out.
    letters: effect key -> state; only letters of live journeys of this subject, those by post among them.
    changes: attribute changes of the stretch being lived through, ascending.
    points: score at an instant, 0.1 steps; next_line: when time alone carries the score over a line.
    views: the score's other views, worked out when a condition asks for them.
    people: of an account, who belongs to it, ascending.
    """

    attributes: Mapping[str, Any]
    activities: Sequence[Activity] = ()
    letters: Mapping[str, LetterFact] = field(default_factory=dict)
    changes: Sequence[Change] = ()
    points: Callable[[datetime], float] = no_points
    next_line: Callable[[datetime, float], datetime | None] = no_change
    views: Callable[[], Views] = NoViews
    people: Sequence[Member] = ()

    def attribute(self, name: str, now: datetime) -> Any:
        """The attribute as it stood at `now`; None when it is missing."""
        for change in self.changes:
            if change.at > now and change.attribute == name:
                return change.old
        return self.attributes.get(name)

    def seen(self, kind: str, now: datetime) -> Iterator[Activity]:
        """Activities of a kind that count at `now`, oldest first."""
        for activity in self.activities:
            if activity.counts_at > now:
                return
            if activity.kind == kind:
                yield activity

    def of(self, member: Member) -> Facts:
        """What is known about one of the account's people alone."""
        own = [activity for activity in self.activities if activity.person == member.person]
        return Facts({**self.attributes, **member.attributes}, own, self.letters)

    def letter(self, key: str, now: datetime) -> LetterFact | None:
        """The letter's state as far as it was known at `now`; None when it still waits (queued, held, sending)."""
        fact = self.letters.get(key)
        return fact if fact is not None and fact.at <= now else None
