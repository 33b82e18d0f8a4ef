"""A scenario as written to a Program as run: flat steps that know their successors, and the hash of its meaning.

Start at `compile_scenario`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, NamedTuple

from hagukumi.journeys.core.program import Condition, Needs, Place, PlayStops, Program, Step
from hagukumi.journeys.core.verdict import StepId
from hagukumi.journeys.language.binder import Marks
from hagukumi.journeys.language.canonical import canonical
from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.meaning import check
from hagukumi.journeys.language.problems import Problem, in_order
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.tree import branches_of, id_of, letters_of, repeats_of_posts, repeats_of_sends, walk
from hagukumi.journeys.language.vocabulary import NOTHING_KNOWN, Vocabulary
from hagukumi.journeys.steps.base import Kind, Steps
from hagukumi.journeys.steps.conditions import All, Did, Not
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.journeys.steps.end import Finish
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.on_day import OnDay
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.wait_for import WaitFor

FINISH = "$end"
REST = ".rest"
DAY = ".day"


class Compiled(NamedTuple):
    """The program, unless there are errors, and every problem of the file: of syntax and of meaning."""

    program: Program | None
    problems: tuple[Problem, ...]


def compile_scenario(
    loaded: Loaded[Scenario],
    *,
    stop_defaults: Condition | None = None,
    play_stops: PlayStops | None = None,
    workspace: Vocabulary = NOTHING_KNOWN,
) -> Compiled:
    """Checks the meaning of a loaded scenario and compiles it.

    `stop_defaults`, in plays `play_stops`: what `stop_when: defaults` means.
    """
    problems = in_order([*loaded.problems, *check(loaded, workspace)])
    if loaded.value is None or any(each.is_error for each in problems):
        return Compiled(None, problems)
    return Compiled(program_of(loaded.value, loaded.marks, stop_defaults, workspace, play_stops), problems)


def program_of(
    scenario: Scenario,
    marks: Marks,
    stop_defaults: Condition | None,
    workspace: Vocabulary,
    play_stops: PlayStops | None = None,
) -> Program:
    """The program of a scenario that has no errors."""
    layout = _Layout(scenario.scenario, marks, repeats_of_sends(scenario.steps) | repeats_of_posts(scenario.steps))
    start = layout.lay(scenario.steps, "", FINISH, None)
    layout.steps[FINISH] = Finish(place=Place(FINISH, FINISH, {}, 0, scenario.scenario))
    play = scenario.for_ == "account"
    stop = None if play else _stop(scenario, stop_defaults, layout)
    stops = _stops(scenario, play_stops, layout) if play else None
    goal = scenario.goal
    if goal is not None:
        goal = replace(goal, condition=layout.resolved(goal.condition))
    asked = [scenario.who, stop, *layout.asked, *((*stops.account, *stops.person) if stops is not None else ())]
    needs = Needs()
    for condition in asked:
        if condition is not None:
            needs = needs.and_(condition.needs())
    if any(isinstance(step, Tag) for step, _ in walk(scenario.steps)):
        # A tag joins those that are there: they have to be read before they are written.
        needs = needs.and_(Needs(attributes=frozenset({"tags"})))
    for step, _ in walk(scenario.steps):
        needs = needs.and_(step.asks())
    contents = frozenset(name for step, _ in walk(scenario.steps) for name in letters_of(step))
    return Program(
        name=scenario.scenario,
        hash=_hash(scenario, stops if play else stop, contents, workspace),
        title=scenario.title,
        purpose=scenario.purpose,
        owner=scenario.owner,
        subject=scenario.for_,
        who=scenario.who,
        enter=scenario.enter,
        stop=stop,
        goal=goal,
        priority=scenario.priority,
        steps=layout.steps,
        start=start,
        needs=needs,
        contents=contents,
        moved={str(old): new for old, new in scenario.moved.items()},
        stops=stops,
        wanted={str(role): number for role, number in scenario.needs.items()},
    )


def _stop(scenario: Scenario, defaults: Condition | None, layout: _Layout) -> Condition | None:
    rule = scenario.stop_when
    parts = [defaults] if rule.defaults and defaults is not None else []
    if rule.own is not None:
        parts.append(layout.resolved(rule.own))
    return None if not parts else parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _stops(scenario: Scenario, defaults: PlayStops | None, layout: _Layout) -> PlayStops:
    """What ends a play, or takes somebody out; acts of people count from its start."""
    rule = scenario.stop_when
    known = defaults if rule.defaults and defaults is not None else PlayStops()
    own = () if rule.own is None else (layout.resolved(rule.own),)
    account, person = (tuple(map(_since_start, some)) for some in ((*known.account, *own), known.person))
    return PlayStops(account, person)


def _since_start(condition: Condition) -> Condition:
    match condition:
        case Did(within=None, letter=None):
            return replace(condition, since_entry=True)
        case All():
            return All(tuple(map(_since_start, condition.conditions)))
        case AnyOf():
            return AnyOf(tuple(map(_since_start, condition.conditions)))
        case Not():
            return Not(_since_start(condition.condition))
        case _:
            return condition


@dataclass(slots=True)
class _Layout:
    scenario: str
    marks: Marks
    sends: Mapping[str, str | None]
    steps: dict[StepId, Step] = dataclasses.field(default_factory=dict)
    asked: list[Condition] = dataclasses.field(default_factory=list)

    def lay(self, steps: Steps, path: str, following: StepId, repeat: str | None) -> StepId:
        """Puts down a list of steps and gives the id of its first; an empty list is what follows."""
        ids = [id_of(step, f"{path}{n}") for n, step in enumerate(steps, 1)]
        doors = [id_ if step.day is None else id_ + DAY for id_, step in zip(ids, steps, strict=True)]
        for n, step in enumerate(steps):
            after = doors[n + 1] if n + 1 < len(ids) else following
            self._put(step, ids[n], f"{path}{n + 1}", after, repeat)
        return doors[0] if doors else following

    def _put(self, step: Kind, id_: StepId, path: str, following: StepId, repeat: str | None) -> None:
        line = self.marks.of(step).line
        place = Place(id_, following, {}, line, self.scenario, repeat)
        self.steps[id_] = step  # type: ignore[assignment]  # the base of the kinds does not decide, each kind does
        inner, after = (id_, id_) if isinstance(step, Repeat) else (repeat, following)
        ways = {name: self.lay(branch, f"{path}.{name}.", after, inner) for name, branch in branches_of(step)}
        made: Any = step
        match step:
            case If():
                made = replace(step, if_=self.resolved(step.if_))
            case WaitFor():
                made = replace(step, wait_for=self.resolved(step.wait_for))
            case Repeat() if step.repeat.until is not None:
                made = replace(step, repeat=replace(step.repeat, until=self.resolved(step.repeat.until)))
        if step.who is not None:
            made = replace(made, who=self.resolved(step.who))
        if step.prefer is not None:
            made = replace(made, prefer=self.resolved(step.prefer))
        rest: Any = step.resting()
        if rest is not None:
            self.steps[id_ + REST] = replace(rest, place=place._replace(id=id_ + REST, branches=ways))
            ways = {**ways, "rest": id_ + REST}
            # Where all have registered there is nothing to rest for.
            ways |= {"past": place.next} if isinstance(step, Invite) else {}
            place = place._replace(next=id_ + REST)
        self.steps[id_] = replace(made, place=place._replace(branches=ways))
        if step.day is not None:
            day = place._replace(id=id_ + DAY, next=id_, branches={})
            self.steps[id_ + DAY] = OnDay(day=step.day, place=day)

    def resolved(self, condition: Condition) -> Condition:
        """The condition with its letters named as Journey.letter_key wants them."""
        made = with_letters(condition, self.sends)
        self.asked.append(made)
        return made


def with_letters(condition: Condition, sends: Mapping[str, str | None]) -> Condition:
    """Letters that are sent inside a repeat are named repeat:send."""
    match condition:
        case Did(letter=str(letter)) if sends.get(letter):
            return replace(condition, letter=f"{sends[letter]}:{letter}")
        case All():
            return All(tuple(with_letters(each, sends) for each in condition.conditions))
        case AnyOf():
            return AnyOf(tuple(with_letters(each, sends) for each in condition.conditions))
        case Not():
            return Not(with_letters(condition.condition, sends))
        case _:
            return condition


def _hash(
    scenario: Scenario, stop: Condition | PlayStops | None, contents: frozenset[str], workspace: Vocabulary
) -> str:
    """32 hex digits over the parsed meaning: comments, layout, titles and examples leave it as it is.

    Fields at their defaults are left out, so that a new field of the language does not change old hashes.
    """
    letters = workspace.letters or {}
    pinned = {name: letters[name].hash for name in sorted(contents) if name in letters and letters[name].hash}
    meaning = [canonical(scenario), canonical(stop), pinned]
    return blake2b(json.dumps(meaning, ensure_ascii=False, sort_keys=True).encode(), digest_size=16).hexdigest()
