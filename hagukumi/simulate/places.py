"""Accounts of a story in plays: they live instant by instant, their people first. Start with `together`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hagukumi.journeys.core.effects import CallOff, CallUnwanted, MakeTask, PostLetter, Withdraw, WriteLetter
from hagukumi.journeys.core.facts import Facts, Member
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.play import STOPPED
from hagukumi.journeys.core.subject import Happened, Subject
from hagukumi.journeys.core.turn import take_turn
from hagukumi.journeys.core.values import STAGES

if TYPE_CHECKING:
    from hagukumi.simulate.story import Cast, Story


@dataclass(slots=True)
class Place:
    """One account of the story, and the play it is in."""

    id: int
    attributes: dict[str, Any]
    journeys: dict[int, Journey] = field(default_factory=dict)


def together(story: Story, place: Place, until: datetime) -> bool:
    """An account in a play and its people go on to the earliest instant at which any is due; False: none is."""
    members = [cast for cast in story.people.values() if cast.account == place.id]
    instants = [at for cast in members for at in story.instants(cast)] + story.dues(place)
    at = min(instants, default=None)
    if at is None or at > until:
        return False
    for cast in members:
        while story.is_due(cast, at):
            story.turn(cast, at)
    _turn_of(story, place, members, at)
    return True


def _turn_of(story: Story, place: Place, members: list[Cast], at: datetime) -> None:
    acts = [one._replace(person=cast.id) for cast in members for one in cast.activities]
    people = [Member(cast.id, cast.attributes, not cast.attributes.get("without_mail")) for cast in members]
    letters = {key: fact for cast in members for key, fact in cast.letters.items()}
    stages = [STAGES.index(each) for cast in members if (each := cast.attributes.get("stage")) in STAGES]
    known = {"roles": frozenset(one.role for one in people), "stage": STAGES[max(stages, default=0)]}
    facts = Facts(
        place.attributes | known, sorted(acts, key=lambda one: (one.counts_at, one.id)), letters, people=people
    )
    subject = Subject(None, place.id, facts, list(place.journeys.values()), looks=(at,))
    turn = take_turn(subject, replace(story.rules, open=(), scoring=None), at)
    for step in turn.walks:
        story.path += [(place.id, step.journey.scenario, passed) for passed in step.path]
        place.journeys[step.journey.id] = step.journey
        if step.ended is not None:
            _over(story, place, step.journey, step.at, (step.ended.code, *step.ended.args))
    for reached in turn.goals:
        assert reached.goal_at is not None
        story.goals.append((place.id, reached.scenario, reached.goal_at))
        if reached.id in place.journeys:
            place.journeys[reached.id] = place.journeys[reached.id]._replace(goal_at=reached.goal_at)
    for failed in turn.failed:
        _over(story, place, failed.journey, failed.at, ("failed", failed.failure))
    for happened in turn.effects:
        story.effects.append((place.id, happened))
        _happen_at(story, place, happened, at)


def _over(story: Story, place: Place, journey: Journey, at: datetime, why: tuple[str, ...]) -> None:
    place.journeys.pop(journey.id, None)
    story.ended.append((place.id, journey.scenario, at, why))
    for cast in story.people.values():
        cast.posts = {key: one for key, one in cast.posts.items() if one != journey.id}
        if why[0] in STOPPED:
            story.take_back(cast, journey.id, at)
    for waiting, _ in [pair for pair in story.waiting.values() if pair[0].journey == journey.id]:
        story.settle(waiting, "withdrawn", at, ("journey_over",))


def _happen_at(story: Story, place: Place, happened: Happened, at: datetime) -> None:
    match happened.effect:
        case MakeTask(person=None) as task:
            story.put(place.id, task, happened.at)
        case MakeTask(person=int(person)) | WriteLetter(person=int(person)) | PostLetter(person=person):
            story.happen(story.people[person], happened, at)
        case CallOff():
            for cast in story.people.values():
                story.happen(cast, happened, at)
        case CallUnwanted(person) if happened.journey is not None:
            story.take_back(story.people[person], happened.journey.id, happened.at)
        case Withdraw(person):
            mine = [one for one, _ in story.waiting.values() if one.person == person]
            for waiting in mine:
                if happened.journey is not None and waiting.journey == happened.journey.id:
                    story.settle(waiting, "withdrawn", happened.at, ("play_without",))
            if happened.journey is not None:
                story.take_back(story.people[person], happened.journey.id, happened.at)
        case _:
            pass
