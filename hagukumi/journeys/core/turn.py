"""One person's turn: timers and events merged in time order. Pure: a Subject in, a Turn out.

At each instant: the event counts, the score is judged, goals are counted, the woken journeys walk, and whoever now
fits a scenario enters it. A turn stops after an instant whose outcome has to be in the tables before life goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from hagukumi.journeys.core.effects import Effect, MakeTask, SetStage, SetTag, WriteLetter
from hagukumi.journeys.core.facts import Activity, Change, Standing, Views
from hagukumi.journeys.core.fields import NOTHING
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.subject import Changed, Enrolled, Failed, Happened, Jumped, Points, Step, Subject, Turn
from hagukumi.journeys.core.values import STAGES, Calendar
from hagukumi.journeys.core.walk import walk

OUR_DOING = frozenset({"received", "delivered", "posted", "post_returned"})
"""Activities that wake journeys and tell the score nothing, unless its rules count them."""

MOST_INSTANTS = 10_000
"""Instants one turn may take; more is a scenario that wakes itself for ever."""

TOUCHES = frozenset({"clicked", "downloaded", "visited", "submitted", "registered", "attended", "replied", "met"})
"""What people do by themselves; the latest is their last touch. Openings are left out: machines open too."""


class Scoring(Protocol):
    """What a turn asks of models.scoring."""

    kinds: frozenset[str]

    def of(self, attributes: Mapping[str, Any], activities: Sequence[Activity]) -> Standing:
        """The standing of somebody with these attributes and activities."""

    def views(self, standing: Standing) -> Views:
        """The other views of a standing: themes and grade."""

    def jump(self, standing: Standing, event: Activity, last: datetime | None, calendar: Calendar) -> Jumped | None:
        """The jump that `event` makes, or None. `last` is when the person's last jump was."""

    def task(self, jumped: Jumped, person: int) -> MakeTask | None:
        """The task a jump puts on inside sales' desk; None while scores are suspended."""

    def by_hand(self, event: Activity, person: int) -> MakeTask | None:
        """The task an event makes by hand rules while scores are suspended."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What all turns share. `programs` by version hash; `open` the scenarios that take people in.

    webinars: when each begins (UTC).
    """

    calendar: Calendar
    seed: str
    programs: Mapping[str, Program]
    open: tuple[Program, ...]
    scoring: Scoring | None = None
    paused: frozenset[str] = frozenset()
    webinars: Mapping[str, datetime] = NOTHING


def take_turn(subject: Subject, rules: Rules, until: datetime) -> Turn:
    """Lives through what of `subject` is due by `until`, or to the instant after which the tables have to know first.

    Such instants are those at which a letter is written, a scenario entered or left, an attribute changed, or a call
    made: `Turn.lived` says how far it went. Who is due again before `until` takes another turn.
    """
    return _Turning(subject, rules, until).run(until)


class _Turning:
    """The state of one turn while it runs."""

    def __init__(self, subject: Subject, rules: Rules, until: datetime) -> None:
        self.subject = subject
        self.rules = rules
        self.facts = subject.facts
        self.live = {journey.id: journey for journey in subject.journeys}
        self.turn = Turn(subject.person, subject.account, until)
        self.crossing = subject.crossing
        self.judged_at: datetime | None = None
        self._known: Standing | None = None
        self._stand()
        self._known = subject.standing

    def run(self, until: datetime) -> Turn:
        """Instant after instant until nothing is due, or something has to be written first."""
        events, looks = self.subject.events, self.subject.looks
        seen = looked = 0
        for _ in range(MOST_INSTANTS):
            at = self._next_timer()
            if seen < len(events) and (at is None or events[seen].counts_at <= at):
                at = events[seen].counts_at
            if looked < len(looks) and (at is None or looks[looked] <= at):
                at = looks[looked]
            if self.crossing is not None and (at is None or self.crossing <= at):
                at = self.crossing
            if at is None or at > until:
                break
            woken = False
            while seen < len(events) and events[seen].counts_at <= at:
                self._happen(events[seen], at)
                seen, woken = seen + 1, True
            if (looked < len(looks) and looks[looked] <= at) or (self.crossing is not None and self.crossing <= at):
                self.judged_at, woken = at, True
                while looked < len(looks) and looks[looked] <= at:
                    looked += 1
            if woken:
                self._wake_all(at)
                self._enrol(at)
            else:
                self._walk([j for j in self.live.values() if j.due is not None and j.due <= at], at)
            if self.judged_at == at:
                self._note_points(at)
            if self._must_be_written():
                self.turn.lived, self.turn.cut = at, True
                break
        return self.turn

    def _next_timer(self) -> datetime | None:
        return min(
            (j.due for j in self.live.values() if j.due is not None and not self._paused(j.scenario)), default=None
        )

    def _must_be_written(self) -> bool:
        """Whether what comes next depends on rows that this instant has changed: an outbox, a desk, a visit."""
        turn = self.turn
        return bool(
            turn.enrolled
            or turn.changes
            or turn.calls
            or any(step.ended is not None for step in turn.walks)
            or any(isinstance(happened.effect, WriteLetter) for happened in turn.effects)
        )

    def _stand(self) -> None:
        """Puts the score's answers into the facts; anew when an attribute has changed."""
        self._known = None
        scoring = self.rules.scoring
        if scoring is not None:
            self.facts.points = lambda now: self.standing.points(now)
            self.facts.next_line = lambda now, line: self.standing.next_line(now, line)
            self.facts.views = lambda: scoring.views(self.standing)

    @property
    def standing(self) -> Standing:
        """The person before the score's rules, worked out when first asked: most timers never do."""
        if self._known is None:
            assert self.rules.scoring is not None
            self._known = self.rules.scoring.of(self.facts.attributes, self.facts.activities)
        return self._known

    def _happen(self, event: Activity, at: datetime) -> None:
        if event.kind in TOUCHES:
            self.turn.touch = event
        if event.kind == "called":
            self.turn.calls.append(event)
        scoring, person = self.rules.scoring, self.subject.person
        if scoring is None or person is None:
            return
        asked = scoring.by_hand(event, person)
        if asked is not None:
            self.turn.effects.append(Happened(at, asked, None, event.id))
        if event.kind not in scoring.kinds and event.kind in OUR_DOING:
            return
        self.judged_at = at
        if event.kind not in scoring.kinds:
            return
        last = self.subject.last_jump
        if event.id in self.subject.quiet and self._known is self.subject.standing and not self.turn.jumps:
            return
        jumped = scoring.jump(self.standing, event, last, self.rules.calendar)
        if jumped is not None:
            self.subject.last_jump = at
            self.turn.jumps.append(jumped)
            task = scoring.task(jumped, person)
            if task is not None:
                self.turn.effects.append(Happened(at, task, None, event.id))

    def _note_points(self, at: datetime) -> None:
        self.crossing = None
        if self.rules.scoring is not None:
            # When it crosses a line after that is worked out for all people of a batch together.
            self.crossing = self.standing.next_crossing(at, self.turn.lived)
            self.turn.points = Points(at, self.standing)

    def _wake_all(self, at: datetime) -> None:
        self._count_goals(at)
        self._walk(list(self.live.values()), at)

    def _count_goals(self, at: datetime) -> None:
        for journey in list(self.live.values()):
            goal = self.rules.programs[journey.version].goal if journey.version in self.rules.programs else None
            if goal is None or journey.goal_at is not None:
                continue
            if goal.within is not None and at > goal.within.after(journey.entered_at, self.rules.calendar):
                continue
            if goal.condition.holds(journey, self.facts, Moment(at, self.rules.calendar, self.rules.seed)):
                reached = journey._replace(goal_at=at)
                self.live[journey.id] = reached
                self.turn.goals.append(reached)

    def _walk(self, journeys: list[Journey], at: datetime) -> None:
        changed = False
        for journey in journeys:
            # It stays where it is, and its goal is still counted.
            if self._paused(journey.scenario):
                continue
            changed |= self._walk_one(journey, at)
        if changed:
            self._wake_all(at)

    def _walk_one(self, journey: Journey, at: datetime) -> bool:
        rules = self.rules
        try:
            program = rules.programs[journey.version]
            walked = walk(program, journey, self.facts, at, rules.calendar, rules.seed, rules.webinars)
        except Exception as trouble:  # one person's failure must not stop the others; it is stored and shown
            self.turn.failed.append(Failed(journey, at, type(trouble).__name__))
            del self.live[journey.id]
            return False
        after = walked.journey
        if walked.path or after.due != journey.due:
            self.turn.walks.append(Step(after, max(at, journey.since), walked.path, walked.resting, walked.ended))
        if walked.ended is not None:
            del self.live[journey.id]
        else:
            self.live[journey.id] = after
        changed = False
        for when, effect in walked.effects:
            self.turn.effects.append(Happened(when, effect, after))
            changed |= self._apply(effect, when)
        return changed

    def _apply(self, effect: Effect, at: datetime) -> bool:
        """Whether the effect changed an attribute that other journeys may be looking at."""
        match effect:
            case SetTag(tag, on):
                old = self.facts.attributes.get("tags") or frozenset()
                return self._set("tags", old | {tag} if on else old - {tag}, at)
            case SetStage(stage):
                old = self.facts.attributes.get("stage") or "lead"
                forward = old in STAGES and STAGES.index(stage) > STAGES.index(old)
                return forward and self._set("stage", stage, at)
            case _:
                return False

    def _set(self, attribute: str, value: Any, at: datetime) -> bool:
        old = self.facts.attributes.get(attribute)
        if old == value:
            return False
        self.facts.attributes = {**self.facts.attributes, attribute: value}
        self.facts.changes = (*self.facts.changes, Change(at, attribute, old))
        self.turn.attributes[attribute] = value
        self.turn.changes.append(Changed(at, attribute, old, value))
        self._stand()
        return True

    def _enrol(self, at: datetime) -> None:
        for program in self.rules.open:
            if self._paused(program.name):
                continue
            past = self.subject.visits.get(program.name)
            if past is not None and not self._may_return(program, past.ended_at, at):
                continue
            nobody = Journey(0, program.name, program.hash, "", self.subject.person, 0, "", at, None, at)
            if program.who.holds(nobody, self.facts, Moment(at, self.rules.calendar, self.rules.seed)):
                self.turn.enrolled.append(Enrolled(program, 1 if past is None else past.last + 1, at))

    def _paused(self, scenario: str) -> bool:
        return scenario in self.rules.paused or "ALL" in self.rules.paused

    def _may_return(self, program: Program, ended_at: datetime | None, at: datetime) -> bool:
        again = program.enter.again_after
        return ended_at is not None and again is not None and at >= again.after(ended_at, self.rules.calendar)
