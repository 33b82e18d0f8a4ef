"""What the gatherer hands in and what the writer gets back: a person for one turn, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from hagukumi.journeys.core.effects import Effect
from hagukumi.journeys.core.facts import Activity, Facts, Standing
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.core.walk import Passed


class Visits(NamedTuple):
    """A person's past in one scenario: the number of the last visit, and when it ended (None: it lives)."""

    last: int
    ended_at: datetime | None


@dataclass(slots=True)
class Subject:
    """One person as gathered for a turn, or (person None) an account in plays.

    events: new ones, which stand in `facts.activities` as well, ascending.
    looks: instants at which to look again, ascending. crossing: when time alone next carries the score over a line.
    standing: before the score's rules, where it is known already; quiet: events (ids) that make no jump by it.
    """

    person: int | None
    account: int | None
    facts: Facts
    journeys: list[Journey]
    events: Sequence[Activity] = ()
    looks: Sequence[datetime] = ()
    crossing: datetime | None = None
    visits: Mapping[str, Visits] = field(default_factory=dict)
    last_jump: datetime | None = None
    standing: Standing | None = None
    quiet: frozenset[int] = frozenset()


class Enrolled(NamedTuple):
    """A new visit to a scenario."""

    program: Program
    visit: int
    at: datetime


class Step(NamedTuple):
    """One walk of one journey: where it stood before, where it stands now, and why."""

    journey: Journey
    at: datetime
    path: tuple[Passed, ...]
    resting: Why | None
    ended: Why | None


class Failed(NamedTuple):
    """A journey whose step raised: set aside, with the step and the name of the failure."""

    journey: Journey
    at: datetime
    failure: str


class Happened(NamedTuple):
    """An effect, when, and the journey it came from (None: from the score)."""

    at: datetime
    effect: Effect
    journey: Journey | None
    event: int | None = None


class Jumped(NamedTuple):
    """A jump of the score: when, from how many points to how many, why in words, and the event that did it."""

    at: datetime
    before: float
    after: float
    why: Why
    event: int


class Points(NamedTuple):
    """At which instant of the turn the score was judged last, and how the person stood then."""

    at: datetime
    standing: Standing

    @property
    def points(self) -> float:
        """The score."""
        return self.standing.points(self.at)

    @property
    def next_line(self) -> datetime | None:
        """When time alone carries it over a line."""
        return self.standing.next_crossing(self.at)


class Changed(NamedTuple):
    """An attribute that a step changed."""

    at: datetime
    attribute: str
    old: Any
    new: Any


@dataclass(slots=True)
class Turn:
    """Everything one turn changes about one person (None: about an account in plays), as data for the writer.

    lived: up to when; what is due after it is left to the next turn. cut: it stopped there to be written first.
    """

    person: int | None
    account: int | None
    lived: datetime
    walks: list[Step] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    goals: list[Journey] = field(default_factory=list)
    effects: list[Happened] = field(default_factory=list)
    enrolled: list[Enrolled] = field(default_factory=list)
    jumps: list[Jumped] = field(default_factory=list)
    calls: list[Activity] = field(default_factory=list)
    touch: Activity | None = None
    points: Points | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    changes: list[Changed] = field(default_factory=list)
    cut: bool = False
