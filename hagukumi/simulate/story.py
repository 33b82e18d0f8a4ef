"""A story: a few people in memory live through scenarios by the same turns and the same plan as the real ones.

No database, no outlet: a letter that departs is accepted in its slot. Start with `Story`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from hagukumi.journeys.core.effects import CallOff, MakeTask, PostLetter, WriteLetter
from hagukumi.journeys.core.facts import POSTED, Activity, Facts, LetterFact, counts_at
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.subject import Happened, Subject, Turn, Visits
from hagukumi.journeys.core.turn import Rules, take_turn
from hagukumi.journeys.core.values import Span
from hagukumi.journeys.core.walk import Passed
from hagukumi.journeys.steps.base import NEXT_DAY
from hagukumi.journeys.steps.conditions import CALLED_OFF
from hagukumi.journeys.steps.outcomes import NOT_REACHED
from hagukumi.letters.departure import (
    ALONE,
    Decision,
    Depart,
    Grant,
    Ground,
    Held,
    Hold,
    OpenTask,
    SharedHistory,
    Sibling,
    Situation,
    Stop,
    Waiting,
)
from hagukumi.letters.planner import SLOT, next_slot, plan
from hagukumi.letters.rules import Terms
from hagukumi.simulate.places import Place, together

GROUND = Ground("consent", got_at=datetime(2000, 1, 1, tzinfo=UTC), source="story")


class Sent(NamedTuple):
    """A letter of the story that left, or never will: `at` is when that was settled."""

    person: int
    step: str
    content: str
    state: str
    at: datetime
    why: tuple[str, ...] = ()


class Asked(NamedTuple):
    """Something put on a desk."""

    person: int
    step: str
    kind: str
    desk: str
    at: datetime


@dataclass(slots=True)
class Cast:
    """One person of the story, as the tables would keep them."""

    id: int
    account: int | None
    attributes: dict[str, Any]
    situation: Situation
    activities: list[Activity] = field(default_factory=list)
    unseen: list[Activity] = field(default_factory=list)
    journeys: dict[int, Journey] = field(default_factory=dict)
    visits: dict[str, Visits] = field(default_factory=dict)
    letters: dict[str, LetterFact] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    makers: set[int | None] = field(default_factory=set)
    last_jump: datetime | None = None
    look_at: datetime | None = None
    returns: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """People, what they do, and what happens to them. All instants are UTC.

    posted_after: how long after it is asked for a letter by post is posted; None: when `post` says so.
    """

    rules: Rules
    terms: Terms
    now: datetime
    people: dict[int, Cast] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    waiting: dict[str, tuple[Waiting, datetime]] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    path: list[tuple[int, str, Passed]] = field(default_factory=list)
    ended: list[tuple[int, str, datetime, tuple[str, ...]]] = field(default_factory=list)
    effects: list[tuple[int, Happened]] = field(default_factory=list)
    goals: list[tuple[int, str, datetime]] = field(default_factory=list)
    numbers: int = 0
    posted_after: Span | None = NEXT_DAY

    def person(
        self, attributes: Mapping[str, Any], *, account: int | None = None, situation: Situation | None = None
    ) -> int:
        """Somebody new, looked at from now on. Returns the person's id."""
        identity = self._number()
        known = situation or Situation(grounds=(GROUND,))
        self.people[identity] = Cast(identity, account, {"stage": "lead", **attributes}, known, look_at=self.now)
        return identity

    def place(self, attributes: Mapping[str, Any]) -> int:
        """A new account. Returns its id, which no person has."""
        identity = self._number()
        self.places[identity] = Place(identity, {"listed": True, "in_deal": False, **attributes})
        return identity

    def start(self, place: int, program: Program) -> None:
        """A play begins there now."""
        one = Journey(
            self._number(), program.name, program.hash, f"a{place}", None, 1, program.start, self.now, self.now,
            self.now,
        )  # fmt: skip
        self.places[place].journeys[one.id] = one

    def act(
        self,
        person: int,
        kind: str,
        at: datetime,
        *,
        content: str | None = None,
        letter: str | None = None,
        outcome: str | None = None,
    ) -> None:
        """The person does something at `at`, known at once; clicks settle as always."""
        one = Activity(self._number(), kind, at, counts_at(kind, at), content, letter, outcome)
        cast = self.people[person]
        cast.unseen.append(one)
        cast.unseen.sort(key=lambda a: (a.counts_at, a.id))

    def put(self, who: int, task: MakeTask, at: datetime) -> None:
        """Something is put on a desk, about somebody or an account."""
        self.asked.append(Asked(who, task.step, task.kind, task.desk, at))

    def close_task(self, person: int) -> None:
        """Inside sales has dealt with the person's open task."""
        self.people[person].makers.clear()

    def key_of(self, person: int, step: str) -> str | None:
        """The key of the person's latest letter of a step, waiting or settled."""
        cast = self.people[person]
        own = [waiting.key for waiting, _ in self.waiting.values() if waiting.person == person and waiting.step == step]
        own += [key for key in cast.letters if key.split("/")[1] == step]
        return own[-1] if own else None

    def until(self, end: datetime) -> None:
        """Lives on to `end`."""
        slot = next_slot(self.now)
        while slot <= end:
            self._turns(slot)
            if self._depart(slot):
                self._turns(slot)
            due = self._next_due()
            if due is None:
                break
            slot = max(next_slot(due), slot + SLOT)
        self._turns(end)
        self.now = end

    def _number(self) -> int:
        self.numbers += 1
        return self.numbers

    def _next_due(self) -> datetime | None:
        instants = [next_try for _, next_try in self.waiting.values()]
        for cast in self.people.values():
            instants += self.instants(cast)
        for place in self.places.values():
            instants += self.dues(place)
        return min(instants, default=None)

    def _turns(self, until: datetime) -> None:
        for place in self.places.values():
            while place.journeys and together(self, place, until):
                pass
        for cast in self.people.values():
            while self.is_due(cast, until):
                self.turn(cast, until)

    def is_due(self, cast: Cast, until: datetime) -> bool:
        return any(at <= until for at in self.instants(cast))

    def instants(self, cast: Cast) -> list[datetime]:
        """When somebody is due."""
        instants = [*self.dues(cast), *cast.returns]
        instants += [cast.unseen[0].counts_at] if cast.unseen else []
        return instants + ([cast.look_at] if cast.look_at is not None else [])

    def dues(self, cast: Cast | Place) -> list[datetime]:
        paused = self.rules.paused
        walking = (j for j in cast.journeys.values() if j.scenario not in paused and "ALL" not in paused)
        return [journey.due for journey in walking if journey.due is not None]

    def turn(self, cast: Cast, until: datetime) -> None:
        events = [activity for activity in cast.unseen if activity.counts_at <= until]
        cast.unseen = cast.unseen[len(events) :]
        cast.activities = sorted([*cast.activities, *events], key=lambda a: (a.counts_at, a.id))
        attributes = {**cast.attributes, "scenarios": frozenset(j.scenario for j in cast.journeys.values())}
        facts = Facts(attributes, cast.activities, cast.letters)
        looks = sorted(at for at in (cast.look_at, *cast.returns) if at is not None and at <= until)
        own = list(cast.journeys.values())
        subject = Subject(
            cast.id, cast.account, facts, own, events, looks, visits=cast.visits, last_jump=cast.last_jump
        )
        turn = take_turn(subject, self.rules, until)
        cast.unseen = [*(one for one in events if one.counts_at > turn.lived), *cast.unseen]
        cast.activities = [one for one in cast.activities if one.counts_at <= turn.lived]
        if cast.look_at is not None and cast.look_at <= turn.lived:
            cast.look_at = None
        cast.returns = [at for at in cast.returns if at > turn.lived]
        self._take(cast, turn, until)

    def _take(self, cast: Cast, turn: Turn, now: datetime) -> None:
        for step in turn.walks:
            self.path += [(cast.id, step.journey.scenario, passed) for passed in step.path]
            cast.journeys[step.journey.id] = step.journey
            if step.ended is not None:
                self._end(cast, step.journey, step.at, (step.ended.code, *step.ended.args))
        for reached in turn.goals:
            assert reached.goal_at is not None
            self.goals.append((cast.id, reached.scenario, reached.goal_at))
            if reached.id in cast.journeys:
                cast.journeys[reached.id] = cast.journeys[reached.id]._replace(goal_at=reached.goal_at)
        for failed in turn.failed:
            self._end(cast, failed.journey, failed.at, ("failed", failed.failure))
        cast.attributes |= turn.attributes
        asked = frozenset[str]().union(*(program.who.needs().attributes for program in self.rules.open))
        cast.returns += [change.at for change in turn.changes if change.attribute in asked]
        if turn.jumps:
            cast.last_jump = turn.jumps[-1].at
        if any(call.outcome not in NOT_REACHED for call in turn.calls):
            self._talked(cast, now)
        for happened in turn.effects:
            self.effects.append((cast.id, happened))
            self.happen(cast, happened, now)
        for entered in turn.enrolled:
            journey = Journey(
                self._number(), entered.program.name, entered.program.hash, f"p{cast.id}", cast.id, entered.visit,
                entered.program.start, entered.at, entered.at, entered.at,
            )  # fmt: skip
            cast.journeys[journey.id] = journey
            cast.visits = {**cast.visits, entered.program.name: Visits(entered.visit, None)}

    def _talked(self, cast: Cast, now: datetime) -> None:
        """A call that reached somebody closes the task; letters held for it are asked again."""
        if cast.makers:
            cast.makers.clear()
            self._let_go(cast, now)

    def take_back(self, cast: Cast, journey: int, at: datetime) -> None:
        """A play does not want its calls any more: without another cause the task is withdrawn."""
        if journey in cast.makers:
            cast.makers.discard(journey)
            if not cast.makers:
                self._let_go(cast, at)
                self.act(cast.id, CALLED_OFF, at)

    def _let_go(self, cast: Cast, now: datetime) -> None:
        """Letters held for a call are asked again."""
        held = [waiting for waiting, _ in self.waiting.values() if waiting.person == cast.id and waiting.last]
        self.waiting.update({waiting.key: (waiting, next_slot(now)) for waiting in held})

    def _end(self, cast: Cast, journey: Journey, at: datetime, why: tuple[str, ...]) -> None:
        cast.journeys.pop(journey.id, None)
        cast.visits = {**cast.visits, journey.scenario: Visits(journey.visit, at)}
        self.ended.append((cast.id, journey.scenario, at, why))
        again = self.rules.programs[journey.version].enter.again_after
        if again is not None:
            cast.returns.append(again.after(at, self.rules.calendar))
        if any("scenarios" in program.who.needs().attributes for program in self.rules.open):
            cast.returns.append(at)
        cast.posts = {key: one for key, one in cast.posts.items() if one != journey.id}
        for waiting, _ in [pair for pair in self.waiting.values() if pair[0].journey == journey.id]:
            self.settle(waiting, "withdrawn", at, ("journey_over",))

    def happen(self, cast: Cast, happened: Happened, now: datetime) -> None:
        effect = happened.effect
        if isinstance(effect, MakeTask):
            self.put(cast.id, effect, happened.at)
            if effect.desk == "inside_sales":
                cast.makers.add(None if happened.journey is None else happened.journey.id)
        elif isinstance(effect, PostLetter):
            assert happened.journey is not None
            cast.posts = {**cast.posts, effect.key: happened.journey.id}
            if self.posted_after is not None:
                self._posted(cast, effect.key, self.posted_after.after(happened.at, self.rules.calendar))
        elif isinstance(effect, CallOff):
            cast.posts = {key: one for key, one in cast.posts.items() if key != effect.key}
        elif isinstance(effect, WriteLetter) and effect.key not in cast.letters and effect.key not in self.waiting:
            assert happened.journey is not None
            journey = happened.journey
            written = Waiting(
                key=effect.key, person=cast.id, account=cast.account, address=f"mailbox-{cast.id}",
                content=effect.content, written_at=max(now, happened.at), due=happened.at, scenario=journey.scenario,
                step=effect.step, visit=journey.visit, journey=journey.id, klass=effect.klass,
                priority=self.rules.programs[journey.version].priority, variant=effect.variant,
                fresh_for=effect.fresh_for,
            )  # fmt: skip
            # A play's letters leave together: what was settled for anybody of the account counts for all of them.
            alike = [one for one in self.people.values() if journey.person is None and one.account == cast.account]
            known = [fact for one in alike or [cast] for fact in one.letters.values()]
            settled = any(fact.at == happened.at for fact in known if fact.state != "withdrawn")
            slot = next_slot(happened.at)
            self.waiting[effect.key] = (written, slot + SLOT if settled and slot == happened.at else slot)

    def post(self, person: int, step: str, at: datetime) -> None:
        """The person's letters of a step that lie there printed are posted."""
        cast = self.people[person]
        for key in [key for key in cast.posts if key.split("/")[1] == step]:
            self._posted(cast, key, at)

    def _posted(self, cast: Cast, key: str, at: datetime) -> None:
        cast.posts = {other: one for other, one in cast.posts.items() if other != key}
        cast.letters = {**cast.letters, key: LetterFact(POSTED, at)}
        cast.returns.append(at)
        self.act(cast.id, "posted", at, letter=key, outcome=POSTED)

    def _depart(self, slot: datetime) -> bool:
        cases = [(w, self._situation(w)) for w, next_try in self.waiting.values() if next_try <= slot]
        if not cases:
            return False
        today = self.terms.calendar.day_of(slot)
        plays = [
            w for w, again in self.waiting.values() if w.klass == "play" and self.terms.calendar.day_of(again) <= today
        ]
        decisions = plan(slot, cases, SharedHistory(grants=tuple(self.grants), plays_due=plays), self.terms)
        return sum(self._decided(decision, slot) for decision in decisions) > 0

    def _situation(self, waiting: Waiting) -> Situation:
        cast = self.people[waiting.person]
        task = OpenTask(frozenset(cast.makers)) if cast.makers else None
        return cast.situation._replace(task=task, siblings=self._siblings(waiting))

    def _siblings(self, waiting: Waiting) -> Mapping[str, Sibling]:
        """The others of a play's step."""
        if waiting.group is None:
            return ALONE
        found = {one.key: Sibling(again=again) for one, again in self.waiting.values() if one.group == waiting.group}
        for cast in self.people.values():
            for key, fact in cast.letters.items():
                if fact.state == "accepted" and key.rpartition("/")[0] == waiting.group:
                    found[key] = Sibling(left=fact.at)
        return {key: one for key, one in found.items() if key != waiting.key}

    def _decided(self, decision: Decision, slot: datetime) -> bool:
        waiting, _ = self.waiting[decision.key]
        match decision.verdict:
            case Depart():
                self.grants.append(_grant(waiting, slot))
                self.settle(waiting, "accepted", slot, ())
                self._note_received(waiting, slot)
                return True
            case Stop(why):
                self.settle(waiting, "stopped", slot, (why.code, *why.args))
                return True
            case Hold(until, _, stands_still, for_task):
                held = waiting._replace(
                    stood_still=decision.stood_still,
                    task_hold=decision.task_hold,
                    last=Held(slot, stands_still, for_task),
                )
                self.waiting[decision.key] = (held, until)
                return False

    def settle(self, waiting: Waiting, state: str, at: datetime, why: tuple[str, ...]) -> None:
        self.waiting.pop(waiting.key, None)
        cast = self.people[waiting.person]
        cast.letters = {**cast.letters, waiting.key: LetterFact(state, at)}
        cast.look_at = at
        self.sent.append(Sent(waiting.person, waiting.step, waiting.content, state, at, why))

    def _note_received(self, waiting: Waiting, at: datetime) -> None:
        one = Activity(self._number(), "received", at, at, waiting.content, waiting.key)
        cast = self.people[waiting.person]
        heard = [one]
        if waiting.klass == "play":
            heard.append(one._replace(id=self._number(), kind="delivered"))
        cast.unseen = sorted([*cast.unseen, *heard], key=lambda a: (a.counts_at, a.id))


def _grant(waiting: Waiting, slot: datetime) -> Grant:
    return Grant(
        waiting.person, waiting.account, waiting.address, waiting.content, slot, waiting.scenario, waiting.step,
        waiting.visit, waiting.klass,
    )  # fmt: skip


def letters_of(story: Story, person: int, states: Iterable[str] = ("accepted",)) -> list[str]:
    """The steps whose letters a person got, in order."""
    wanted = frozenset(states)
    return [sent.step for sent in story.sent if sent.person == person and sent.state in wanted]
