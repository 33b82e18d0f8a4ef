"""What changes everybody's steps in a play: somebody's act ends it for the account, or takes that person out.

Pure; start with `looked`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from hagukumi.journeys.core.effects import CallUnwanted, Effect, MakeTask, Withdraw
from hagukumi.journeys.core.facts import REFUSES, Facts, Member
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition, PlayStops
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Why

DECIDES = "decision_maker"
"""Whom a play does not lose without field sales hearing of it."""
STOP = "stop"
"""The step by which field sales' task after a stop is known."""

_WITHOUT = "without"
"""In keys: that somebody is out of it. The same person may stop it for the account later, and that is another task."""

STOPPED = frozenset({"play_stopped", "stopped_by_rule"})
"""Ends that are not the end of the way: what a play asked for on its way to its own end is still to be done."""


class Looked(NamedTuple):
    """The play after a look: why it is over (None: it goes on), for whom, without whom, and what that brings about."""

    journey: Journey
    facts: Facts
    over: Why | None
    gone: tuple[Why, ...]
    effects: tuple[Effect, ...]


def looked(stops: PlayStops, journey: Journey, facts: Facts, moment: Moment) -> Looked:
    """Whether the play is over, and who is not in it any more. `facts` comes back without those who are out."""
    for condition in stops.account:
        if condition.holds(journey, facts, moment):
            who = _whose(condition, journey, facts, moment)
            why = Why("play_stopped", (named(condition), str(who.person) if who else ""))
            return Looked(journey, facts, why, (), (_task(journey, STOP, why, who, moment),))
    out, gone = set(journey.out), []
    effects: list[Effect] = []
    for member in facts.people:
        if member.person in out:
            continue
        found = next((each for each in stops.person if each.holds(journey, facts.of(member), moment)), None)
        if found is not None:
            out.add(member.person)
            ng = "stage" in found.needs().attributes and member.attributes.get("stage") == "ng"
            cause = "because_ng" if ng else named(found)
            gone.append(Why("play_goes_on_without", (cause, str(member.person))))
            effects.append(Withdraw(member.person))
            # Who is NG, or was erased, is nobody to look after.
            if member.role == DECIDES and not ng:
                effects.append(_task(journey, _WITHOUT, gone[-1], member, moment))
        elif "phone" in (member.attributes.get(REFUSES) or ()) and _was_reached(journey, member):
            effects.append(CallUnwanted(member.person))
    if out:
        facts = replace(facts, people=[member for member in facts.people if member.person not in out])
        journey = journey._replace(out=frozenset(out)) if gone else journey
    return Looked(journey, facts, None, tuple(gone), tuple(effects))


def _was_reached(journey: Journey, member: Member) -> bool:
    """Whether any step has been for them."""
    return any(member.person in people for people in journey.reached.values())


def named(condition: Condition) -> str:
    """What a condition asks about, as a word for reasons: a kind of act, else an attribute."""
    needs = condition.needs()
    return "because_" + min(needs.kinds | needs.attributes, default="rule")


def _whose(condition: Condition, journey: Journey, facts: Facts, moment: Moment) -> Member | None:
    """The person it holds for; None where it is about the account."""
    needs = condition.needs()
    if not needs.kinds and all(needs.attributes.isdisjoint(member.attributes) for member in facts.people):
        return None
    return next((one for one in facts.people if condition.holds(journey, facts.of(one), moment)), None)


def _task(journey: Journey, about: str, why: Why, who: Member | None, moment: Moment) -> MakeTask:
    """Field sales hears of it the same day: by the end of our business hours."""
    calendar = moment.calendar
    opens = calendar.next_business_open(moment.now)
    left = calendar.closing(opens)
    minutes = 0 if left is None else round((left - moment.now).total_seconds() / 60)
    person = None if who is None else who.person
    key = journey.key(about, None, person)
    due = Span(minutes, SpanUnit.MINUTES)
    return MakeTask(key, STOP, "field_sales", "task", journey.scenario, due, None, why, person)
