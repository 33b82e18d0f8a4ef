"""Checks along the ways people take: what is reached, what comes before, letters twice or too close. Pure; one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.language.meaning.reading import Reading, condition_of, parts
from hagukumi.journeys.language.tree import letters_of, repeats_of_sends, walk
from hagukumi.journeys.steps.base import Kind, Steps
from hagukumi.journeys.steps.conditions import Did
from hagukumi.journeys.steps.end import End
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.test import Test
from hagukumi.journeys.steps.wait import Wait
from hagukumi.journeys.steps.wait_for import WaitFor

_MOST_WAYS = 64
"""Different histories kept at one step; the closest letters are kept when there are more."""
_MOST_ROUNDS = 4


class Age(NamedTuple):
    """The shortest time that can have passed, in business days and hours."""

    days: int = 0
    hours: int = 0

    def plus(self, span: Span) -> Age:
        """So much later."""
        match span.unit:
            case SpanUnit.BUSINESS_DAYS:
                return Age(self.days + span.amount, self.hours)
            case SpanUnit.DAYS:
                return Age(self.days, self.hours + 24 * span.amount)
            case SpanUnit.HOURS:
                return Age(self.days, self.hours + span.amount)
            case SpanUnit.MINUTES:
                return Age(self.days, self.hours + span.amount // 60)

    @property
    def total(self) -> int:
        """In hours; five business days always hold a weekend."""
        return 24 * (self.days + self.days // 5 * 2) + self.hours


Way = tuple[Age, ...]
"""Ages of the last letters on a way, oldest first; the very first is the age of the visit itself."""


class State(NamedTuple):
    """What may have happened on the ways to a step."""

    sent: frozenset[str]
    before: frozenset[str]
    ways: frozenset[Way]

    def later(self, span: Span) -> State:
        """After a wait."""
        return self._replace(ways=frozenset(tuple(age.plus(span) for age in way) for way in self.ways))

    def on_day(self, day: int) -> State:
        """On that business day of a play, 1 = its start; later where it is past."""
        return self._replace(ways=frozenset(_on_day(way, day) for way in self.ways))


def _on_day(way: Way, day: int) -> Way:
    ahead = day - 1 - way[0].days
    return way if ahead <= 0 else tuple(age.plus(Span(ahead, SpanUnit.BUSINESS_DAYS)) for age in way)


def _joined(states: list[State | None]) -> State | None:
    live = [state for state in states if state is not None]
    if not live:
        return None
    ways = frozenset().union(*(state.ways for state in live))
    if len(ways) > _MOST_WAYS:
        ways = frozenset(sorted(ways, key=lambda way: (sum(age.total for age in way[1:]), way))[:_MOST_WAYS])
    sent = frozenset().union(*(state.sent for state in live))
    return State(sent, frozenset().union(*(state.before for state in live)), ways)


def check_flow(reading: Reading) -> None:
    """Follows every way from the first step."""
    start = State(frozenset(), frozenset(), frozenset({(Age(),)}))
    steps, sends = reading.scenario.steps, repeats_of_sends(reading.scenario.steps)
    told: set[tuple[str, int]] = set()
    # In a play each role gets its own letters: what is too close is too close for one of them.
    for role in sorted({role for step, _ in walk(steps) for role in step.to}):
        _Flow(reading, sends, role, told).through(steps, start)
    if reading.scenario.for_ == "person":
        _Flow(reading, sends).through(steps, start)


@dataclass(slots=True)
class _Flow:
    reading: Reading
    sends: Mapping[str, str | None]
    role: str | None = None
    told: set[tuple[str, int]] = field(default_factory=set)
    late: bool = False

    def through(self, steps: Steps, state: State | None) -> State | None:
        """The state after the steps, or None when every way has ended."""
        for step in steps:
            if state is None:
                self._tell("flow.unreachable", step)
                return None
            state = self._step(step, state)
        return state

    def _tell(self, code: str, step: Kind, key: str = "", /, **args: object) -> None:
        if (code, id(step)) not in self.told:
            self.told.add((code, id(step)))
            path = self.reading.path(step, key or step.word)
            if key:
                self.reading.tell(code, path, **args)
            else:
                self.reading.tell_key(code, path, **args)

    def _step(self, step: Kind, state: State) -> State | None:
        asked = condition_of(step)
        if asked is not None and not isinstance(step, Repeat):
            self._known_before(asked, state)
        self._in_time(step, state)
        if step.day is not None:
            state = state.on_day(step.day)
        match step:
            case Send() | Invite():
                return self._send(step, state)
            case Wait():
                return state.later(step.wait)
            case If():
                return _joined([self.through(step.then, state), self.through(step.else_, state)])
            case WaitFor():
                late = state.later(step.at_most)
                return _joined([self.through(step.then, state), self.through(step.else_, late)])
            case Test():
                arms = [self.through(arm.steps, state) for arm in step.arms.values()]
                return _joined([*arms, state] if step.test.hold_out.points or not arms else arms)
            case Repeat():
                return self._repeat(step, state)
            case End():
                return None
            case _:
                return state

    def _send(self, step: Send | Invite, state: State) -> State | None:
        letters = letters_of(step)
        failed = self.through(step.or_else, state)
        if self.role is not None and self.role not in step.to:
            return _joined([state._replace(before=state.before | {step.id}), failed])
        in_repeat = len(letters) > 1
        for name in dict.fromkeys(letters):
            if name in state.sent and not in_repeat:
                self._tell("letter.twice", step, "send" if isinstance(step, Send) else "letter", name=name)
        cap = self.reading.workspace.cap
        within = Age().plus(cap.within).total
        if any(len(way) > cap.letters and way[-cap.letters].total < within for way in state.ways):
            self._tell("flow.letters_close", step, name=step.id, most=cap.letters, hours=within)
        ways = frozenset((way[0], *[*way[1:], Age()][-cap.letters :]) for way in state.ways)
        gone = State(state.sent | frozenset(letters), state.before | {step.id}, ways)
        return _joined([gone, failed])

    def _repeat(self, step: Repeat, state: State) -> State | None:
        inside = frozenset(each.id for each, _ in walk(step.steps) if isinstance(each, Send | Invite))
        if step.repeat.until is not None:
            self._known_before(step.repeat.until, state._replace(before=state.before | inside))
        outs: list[State | None] = [state] if step.repeat.until is not None else []
        for name in (each for send, _ in walk(step.steps) if isinstance(send, Send) for each in send.send):
            if name in state.sent:
                send = next(s for s, _ in walk(step.steps) if isinstance(s, Send) and name in s.send)
                self._tell("letter.twice", send, "send", name=name)
        current: State | None = state._replace(before=state.before | inside)
        for _ in range(max(1, min(step.repeat.times, _MOST_ROUNDS))):
            if current is None:
                break
            current = self.through(step.steps, current)
            outs.append(current)
        return _joined(outs if step.repeat.until is not None else [current])

    def _known_before(self, condition: Condition, state: State) -> None:
        for part in parts(condition):
            if isinstance(part, Did) and part.letter in self.sends and part.letter not in state.before:
                path = self.reading.path(part)
                if ("ref.not_before", id(part)) not in self.told:
                    self.told.add(("ref.not_before", id(part)))
                    self.reading.tell("ref.not_before", path, name=part.letter)

    def _in_time(self, step: Kind, state: State) -> None:
        goal = self.reading.scenario.goal
        if goal is None or goal.within is None or not state.ways:
            return
        life = Age().plus(goal.within).total
        wait = step.wait if isinstance(step, Wait) else step.at_most if isinstance(step, WaitFor) else None
        if wait is not None and Age().plus(wait).total > life:
            self._tell("flow.beyond_goal", step, step.word if isinstance(step, Wait) else "at_most")
        elif min(way[0].total for way in state.ways) > life and not self.late and not isinstance(step, End):
            self.late = True
            self._tell("flow.after_goal", step)
