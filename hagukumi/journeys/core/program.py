"""A compiled scenario: flat steps by id, and everything the engine has to know to run it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import NOTHING
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.values import Span, Words
from hagukumi.journeys.core.verdict import StepId, Verdict

NO_BRANCHES: Mapping[str, StepId] = MappingProxyType({})


class Place(NamedTuple):
    """Where a step stands: its id, its successors, the line it was written on, the repeat around it."""

    id: StepId
    next: StepId
    branches: Mapping[str, StepId] = NO_BRANCHES
    line: int = 0
    scenario: str = ""
    repeat: str | None = None


NOWHERE = Place("", "")


class Needs(NamedTuple):
    """Which facts a condition or a scenario asks for, so that nothing else is gathered.

    `back`: the longest window looked into; None when a question has no window ("ever").
    """

    attributes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    ever: bool = False
    back: tuple[Span, ...] = ()
    letters: bool = False
    points: bool = False
    posts: bool = False

    def and_(self, other: Needs) -> Needs:
        """Both together."""
        return Needs(
            self.attributes | other.attributes,
            self.kinds | other.kinds,
            self.ever or other.ever,
            tuple(dict.fromkeys(self.back + other.back)),
            self.letters or other.letters,
            self.points or other.points,
            self.posts or other.posts,
        )


@runtime_checkable
class Condition(Protocol):
    """A question about a subject at a moment. One implementation each, in steps/conditions.py."""

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether it holds at `moment.now`."""

    def changes_at(self, journey: Journey, facts: Facts, moment: Moment) -> datetime | None:
        """The next instant at which time alone may change the answer (too early is harmless)."""

    def needs(self) -> Needs:
        """The facts it reads."""

    def letter_steps(self) -> tuple[StepId, ...]:
        """Send steps of this visit that it asks about."""


class Step(Protocol):
    """A step of any kind (steps/): asked one question, it answers one of three."""

    @property
    def place(self) -> Place:
        """Where it stands."""

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Go, Stay or End. Pure: the same arguments give the same verdict."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What the scenario is for; reaching it is counted and ends nothing."""

    condition: Condition
    within: Span | None = None


@dataclass(frozen=True, slots=True)
class Reentry:
    """Who may come in again: never, or when `again_after` has passed since the last visit ended."""

    again_after: Span | None = None


@dataclass(frozen=True, slots=True)
class PlayStops:
    """What changes everybody's steps in a play: any of `account` ends it, any of `person` takes that person out."""

    account: tuple[Condition, ...] = ()
    person: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """A scenario version, immutable. `hash` is that of its meaning and of the templates it is pinned to.

    stops, wanted: of a play, what changes everybody's steps, and how many of which role must be known at its start.
    """

    name: str
    hash: str
    title: Words
    purpose: str
    owner: str
    subject: Literal["person", "account"]
    who: Condition
    enter: Reentry
    stop: Condition | None
    goal: Goal | None
    priority: int
    steps: Mapping[StepId, Step]
    start: StepId
    needs: Needs
    contents: frozenset[str]
    moved: Mapping[StepId, StepId]
    stops: PlayStops | None = None
    wanted: Mapping[str, int] = NOTHING
