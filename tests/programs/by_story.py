"""A program lived through in memory, as a story. Start with `in_memory`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hagukumi.journeys.core.effects import WriteLetter
from hagukumi.journeys.core.turn import Rules
from hagukumi.letters.departure import Situation
from hagukumi.simulate.places import Place
from hagukumi.simulate.story import Story
from tests.programs.harness import GROUND, SEED, Event, Lived, Program, about_of, shown, terms


def in_memory(program: Program) -> Lived:
    """Lives through the program as a story."""
    story, ids = begin(program)
    for event in program.events:
        story.until(event.at)
        happen(story, ids, event)
    story.until(program.until)
    return told(story, ids)


def begin(program: Program) -> tuple[Story, dict[str, int]]:
    """A story with everybody in it, and who is who."""
    ours = terms()
    order = tuple(sorted(program.scenarios, key=lambda one: (one.priority, one.name)))
    open_ = tuple(one for one in order if one.subject == "person")
    rules = Rules(ours.calendar, SEED, {one.hash: one for one in order}, open_, program.scoring())
    story = Story(rules, ours, program.start, posted_after=None)
    for event in program.events:
        if event.what == "starts":
            number = int(event.who[1:])
            story.places[number] = Place(number, {"listed": True, "in_deal": False})
    return story, {name: _join(story, known) for name, known in program.people.items()}


def _join(story: Story, known: Mapping[str, Any]) -> int:
    facts = {"account": None, **known}
    number = facts.pop("account")
    situation = Situation(grounds=(GROUND,) if facts.pop("ground", True) else (), surname=facts.pop("surname", True))
    facts["tags"] = frozenset(facts.get("tags", ()))
    return story.person(facts, account=number, situation=situation)


def happen(story: Story, ids: Mapping[str, int], event: Event) -> None:
    """What an event does to a story."""
    if event.what in ("pause", "resume"):
        _switch_in_story(story, event)
        return
    if event.what == "starts":
        play = next(one for one in story.rules.programs.values() if one.name == event.about)
        story.now = event.at
        story.start(int(event.who[1:]), play)
        return
    who = ids[event.who]
    cast = story.people[who]
    match event.what:
        case "becomes":
            name, _, value = event.about.partition(" ")
            cast.attributes[name] = True if value == "true" else value
            cast.look_at = event.at
        case "refuses":
            cast.situation = cast.situation._replace(refusals=cast.situation.refusals | {"refused"})
            story.act(who, "refused", event.at)
        case "posted":
            story.post(who, event.about, event.at)
        case "closes":
            story.close_task(who)
        case _:
            story.act(who, event.what, event.at, **about_of(event, lambda step: _latest(story, who, step)))


def _latest(story: Story, who: int, step: str) -> str | None:
    written = [
        happened.effect.key
        for person_id, happened in story.effects
        if person_id == who and isinstance(happened.effect, WriteLetter) and happened.effect.step == step
    ]
    return written[-1] if written else None


def _switch_in_story(story: Story, event: Event) -> None:
    on = event.what == "pause"
    paused = story.rules.paused | {event.about} if on else story.rules.paused - {event.about}
    story.rules = replace(story.rules, paused=paused)
    for key, (waiting, next_try) in story.waiting.items():
        if not on and waiting.last is not None:
            story.waiting[key] = (waiting, event.at if event.at < next_try else next_try)
    for cast in story.people.values():
        scope = next((one for one in sorted(paused)), None)
        cast.situation = cast.situation._replace(paused=scope)
        if not on:
            cast.look_at = event.at


def told(story: Story, ids: Mapping[str, int]) -> Lived:
    """What a story brought."""
    names = {number: name for name, number in ids.items()} | {number: f"@{number}" for number in story.places}
    letters = [(shown(s.at), names[s.person], s.step, s.content, s.state) for s in story.sent]
    tasks = [(shown(one.at), names[one.person], one.step or "jump") for one in story.asked]
    ends = [(shown(at), names[who], scenario, " ".join(why)) for who, scenario, at, why in story.ended]
    goals = [(shown(at), names[who], scenario) for who, scenario, at in story.goals]
    ways: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for who, scenario, passed in story.path:
        ways.setdefault((names[who], scenario), []).append((passed.step, passed.why.code))
    people = {
        names[cast.id]: (cast.attributes["stage"], tuple(sorted(cast.attributes["tags"])))
        for cast in story.people.values()
    }
    return Lived(sorted(letters), sorted(tasks), sorted(ends), sorted(goals), ways, people)
