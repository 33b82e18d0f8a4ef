"""Every question a scenario can ask, once. Conditions are values: they read facts, and know no YAML and no table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from hagukumi.journeys.core.facts import Activity, Facts
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition, Needs
from hagukumi.journeys.core.values import Bounds, Span, StageRange

NONE = Needs()


class _Attribute:
    """A question about one attribute: time alone never changes its answer, and no letter is part of it."""

    __slots__ = ()
    attribute: str

    def changes_at(self, journey: Journey, facts: Facts, moment: Moment) -> datetime | None:
        """Never by time alone."""
        return None

    def needs(self) -> Needs:
        """The attribute."""
        return Needs(attributes=frozenset({self.attribute}))

    def letter_steps(self) -> tuple[str, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class OneOf(_Attribute):
    """An attribute equals one of some values; a missing attribute equals none."""

    attribute: str
    values: frozenset[str | bool]

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether it is one of them."""
        return facts.attribute(self.attribute, moment.now) in self.values


@dataclass(frozen=True, slots=True)
class Number(_Attribute):
    """A number attribute lies within bounds; a missing one does not."""

    attribute: str
    bounds: Bounds

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether it lies inside."""
        number = facts.attribute(self.attribute, moment.now)
        return number is not None and self.bounds.hold(number)


@dataclass(frozen=True, slots=True)
class Stage(_Attribute):
    """The person's stage lies in a range of the funnel."""

    stages: StageRange
    attribute: str = field(default="stage", init=False, repr=False)

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether it does."""
        return self.stages.hold(facts.attribute("stage", moment.now) or "lead")


@dataclass(frozen=True, slots=True)
class Holds(_Attribute):
    """A set attribute (tags, live scenarios) holds one of some names."""

    attribute: str
    names: frozenset[str]

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether it does."""
        return not self.names.isdisjoint(facts.attribute(self.attribute, moment.now) or ())


CALLED, CALLED_OFF = "called", "task_withdrawn"
"""A call, and a call that left the desk before anybody dialled."""


@dataclass(frozen=True, slots=True)
class Did:
    """The person did something: how often, within which time, with which content, letter or outcome.

    letter: a send step of this visit. since_entry: only what came after this visit began.
    """

    kind: str
    content: frozenset[str] = frozenset()
    letter: str | None = None
    outcome: frozenset[str] = frozenset()
    at_least: int = 1
    within: Span | None = None
    since_entry: bool = False

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether it happened often enough."""
        if not facts.activities:
            return False
        matching = self._matching(journey, facts, moment)
        return all(next(matching, None) is not None for _ in range(self.at_least))

    def changes_at(self, journey: Journey, facts: Facts, moment: Moment) -> datetime | None:
        """When the oldest matching activity leaves the window."""
        if self.within is None:
            return None
        oldest = min((a.occurred_at for a in self._matching(journey, facts, moment)), default=None)
        if oldest is None:
            return None
        leaves = self.within.after(oldest, moment.calendar)
        return leaves if leaves > moment.now else None

    def needs(self) -> Needs:
        """Activities of the kind, as far back as the window; of calls also that they were called off."""
        back = () if self.within is None else (self.within,)
        ever = self.within is None and self.letter is None and not self.since_entry
        kinds = frozenset({CALLED, CALLED_OFF}) if self.kind == CALLED else frozenset({self.kind})
        return Needs(kinds=kinds, ever=ever, back=back, letters=self.letter is not None)

    def letter_steps(self) -> tuple[str, ...]:
        """The send step it asks about."""
        return () if self.letter is None else (self.letter,)

    def _matching(self, journey: Journey, facts: Facts, moment: Moment) -> Iterator[Activity]:
        keys = None if self.letter is None else journey.letter_keys(self.letter)
        start = None if self.within is None else self.within.before(moment.now, moment.calendar)
        for activity in facts.seen(self.kind, moment.now):
            if (
                (keys is None or activity.letter in keys)
                and (not self.content or activity.content in self.content)
                and (not self.outcome or activity.outcome in self.outcome)
                and (start is None or activity.occurred_at > start)
                and (not self.since_entry or activity.counts_at >= journey.entered_at)
            ):
                yield activity


class _OfScore:
    """A question about the score or one of its views: it needs the points, and no letter is part of it."""

    __slots__ = ()

    def needs(self) -> Needs:
        """The points."""
        return Needs(points=True)

    def letter_steps(self) -> tuple[str, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class Score(_OfScore):
    """The person's points lie within bounds."""

    bounds: Bounds

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether they do, at this moment."""
        return self.bounds.hold(facts.points(moment.now))

    def changes_at(self, journey: Journey, facts: Facts, moment: Moment) -> datetime | None:
        """When decay carries the points over one of the bounds."""
        crossings = (facts.next_line(moment.now, line) for line in _lines(self.bounds))
        return min((at for at in crossings if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class ThemeScore(_OfScore):
    """The person's points for content of one theme lie within bounds."""

    theme: str
    bounds: Bounds

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether they do, at this moment."""
        return self.bounds.hold(facts.views().theme_points(self.theme, moment.now))

    def changes_at(self, journey: Journey, facts: Facts, moment: Moment) -> datetime | None:
        """When decay carries the theme's points over one of the bounds."""
        views = facts.views()
        crossings = (views.next_theme_line(self.theme, moment.now, line) for line in _lines(self.bounds))
        return min((at for at in crossings if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Grade(_OfScore):
    """The person's grade is one of some; without rules for grades nobody has one."""

    grades: frozenset[str]

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether it is, at this moment."""
        return facts.views().grade(moment.now) in self.grades

    def changes_at(self, journey: Journey, facts: Facts, moment: Moment) -> datetime | None:
        """When decay carries the behaviour over one of its lines."""
        return facts.views().next_grade(moment.now)


def _lines(bounds: Bounds) -> list[float]:
    return [float(line) for line in (bounds.low, bounds.high) if line is not None]


class _Several:
    """What questions made of questions share."""

    __slots__ = ()
    conditions: tuple[Condition, ...]

    def changes_at(self, journey: Journey, facts: Facts, moment: Moment) -> datetime | None:
        """The earliest change of any."""
        changes = (condition.changes_at(journey, facts, moment) for condition in self.conditions)
        return min((at for at in changes if at is not None), default=None)

    def needs(self) -> Needs:
        """What all need together."""
        needs = NONE
        for condition in self.conditions:
            needs = needs.and_(condition.needs())
        return needs


@dataclass(frozen=True, slots=True)
class All(_Several):
    """Every condition holds; an empty list holds for everybody."""

    conditions: tuple[Condition, ...]

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether all hold."""
        return all(condition.holds(journey, facts, moment) for condition in self.conditions)

    def letter_steps(self) -> tuple[str, ...]:
        """Those of all."""
        return tuple(step for condition in self.conditions for step in condition.letter_steps())


@dataclass(frozen=True, slots=True)
class Any(_Several):
    """At least one condition holds; an empty list holds for nobody."""

    conditions: tuple[Condition, ...]

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether one holds."""
        return any(condition.holds(journey, facts, moment) for condition in self.conditions)

    def letter_steps(self) -> tuple[str, ...]:
        """None unless every alternative is about a letter: the others can still happen."""
        steps = [condition.letter_steps() for condition in self.conditions]
        return tuple(step for each in steps for step in each) if all(steps) else ()


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition

    def holds(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether it does not."""
        return not self.condition.holds(journey, facts, moment)

    def changes_at(self, journey: Journey, facts: Facts, moment: Moment) -> datetime | None:
        """When the inner one changes."""
        return self.condition.changes_at(journey, facts, moment)

    def needs(self) -> Needs:
        """What the inner one needs."""
        return self.condition.needs()

    def letter_steps(self) -> tuple[str, ...]:
        """Those of the inner one."""
        return self.condition.letter_steps()


def asks_for_calls(condition: Condition) -> bool:
    """Whether calls, and nothing else, can make it hold."""
    if isinstance(condition, Did):
        return condition.kind == CALLED
    if isinstance(condition, All | Any):
        return bool(condition.conditions) and all(asks_for_calls(one) for one in condition.conditions)
    return False
