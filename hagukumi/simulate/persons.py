"""People for a story: with attributes and a past that let them into a scenario. Pure. Start with `enter`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hagukumi.journeys.core.effects import MakeTask
from hagukumi.journeys.core.facts import Activity, Facts
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition, Program
from hagukumi.journeys.core.subject import Jumped
from hagukumi.journeys.core.values import GRADES, Calendar
from hagukumi.journeys.language.conditions import SCORES
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.tree import walk
from hagukumi.journeys.language.vocabulary import Letter
from hagukumi.journeys.steps.conditions import All, Did, Not
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.wait_for import WaitFor
from hagukumi.simulate.story import Story
from hagukumi.simulate.wishes import NOTHING, SOME_OUTCOME, Wish, wishes


class Fixed:
    """A score that never changes, whatever the person does; it is its own standing, and its own other views.

    Who is given no grade has the last one, as somebody about whom nothing is known.
    """

    kinds: frozenset[str] = frozenset()

    def __init__(self, value: float = 0.0) -> None:
        self.value = value
        self.themes: Mapping[str, float] = {}
        self.graded = GRADES[-1]

    def wished(self, wish: Wish) -> Fixed:
        """Itself, from now on as the wish says; what that leaves open stays."""
        self.value = self.value if wish.points is None else wish.points
        self.themes, self.graded = {**self.themes, **wish.themes}, wish.grade or self.graded
        return self

    def of(self, attributes: Mapping[str, Any], activities: Sequence[Activity]) -> Fixed:
        """The same for everybody."""
        return self

    def points(self, now: datetime) -> float:
        """Always the same."""
        return self.value

    def views(self, standing: object = None) -> Fixed:
        """Its own, of whatever standing."""
        return self

    def theme_points(self, theme: str, now: datetime) -> float:
        """Always the same."""
        return self.themes.get(theme, 0.0)

    def grade(self, now: datetime) -> str:
        """Always the same."""
        return self.graded

    def next_theme_line(self, theme: str, now: datetime, line: float) -> datetime | None:
        """Never."""
        return None

    def next_grade(self, now: datetime) -> datetime | None:
        """Never."""
        return None

    def next_line(self, now: datetime, line: float) -> datetime | None:
        """Never."""
        return None

    def next_crossing(self, now: datetime, until: datetime | None = None) -> datetime | None:
        """Never."""
        return None

    def jump(self, standing: object, event: Activity, last: datetime | None, calendar: Calendar) -> Jumped | None:
        """Never."""
        return None

    def by_hand(self, event: Activity, person: int) -> MakeTask | None:
        """Never."""
        return None

    def task(self, jumped: Jumped, person: int) -> MakeTask | None:
        """None: there is no jump to make one for."""
        return None


def enter(story: Story, program: Program, given: Wish = NOTHING) -> int:
    """Somebody with what is `given` (attributes, and a fixed score) and whatever else `who` asks for.

    Returns the person's id. Whether the person really comes in is seen when the story goes on.
    """
    fits = (whole for wish in wishes(program.who) if _fits(program, whole := _beside(wish, given), story))
    whole = next(fits, given)
    if isinstance(story.rules.scoring, Fixed):
        story.rules.scoring.wished(whole)
    person = story.person(whole.attributes)
    story.people[person].activities.extend(_past(whole.deeds, story.now))
    return person


def enter_play(story: Story, scenario: Scenario, program: Program, given: Mapping[str, Any]) -> int:
    """An account with what is `given` and whatever else `who` asks for, its people, and the play begun there.

    given: attributes of the account; roles: those of its people, without which there is everybody the play needs or
    is for; without_mail: roles that cannot be written to. Returns the account's id; its people have others.
    """
    own = {name: value for name, value in given.items() if name not in ("roles", "without_mail", *SCORES)}
    roles = given.get("roles") or _roles_of(scenario)
    wished: list[dict[str, Any]] = [{**wish.attributes, **own} for wish in wishes(program.who)]
    suiting = [each for each in wished if _suits(program, each, roles, story)]
    place = story.place(suiting[0] if suiting else own)
    for role in roles:
        story.person({"role": role, "without_mail": role in given.get("without_mail", ())}, account=place)
    if suiting:
        story.start(place, program)
    return place


def _roles_of(scenario: Scenario) -> tuple[str, ...]:
    """Everybody a play needs, and one of each further role it is for."""
    needed = [str(role) for role, number in scenario.needs.items() for _ in range(number)]
    asked = dict.fromkeys(str(role) for step, _ in walk(scenario.steps) for role in step.to)
    return (*needed, *(role for role in asked if role not in needed))


def _suits(program: Program, attributes: Mapping[str, Any], roles: Sequence[str], story: Story) -> bool:
    facts = Facts({"listed": True, "in_deal": False, "stage": "lead", **attributes, "roles": frozenset(roles)})
    nobody = Journey(0, program.name, program.hash, "", None, 0, "", story.now, None, story.now)
    return program.who.holds(nobody, facts, Moment(story.now, story.rules.calendar, story.rules.seed))


def _beside(wish: Wish, given: Wish) -> Wish:
    """Both; where they differ the given counts, whole sets included: who has other tags has those alone."""
    return replace(wish.and_(given), attributes={**wish.attributes, **given.attributes})


def _fits(program: Program, wish: Wish, story: Story) -> bool:
    score = Fixed().wished(wish)
    attributes = {"stage": "lead", **wish.attributes}
    facts = Facts(attributes, _past(wish.deeds, story.now), points=score.points, views=score.views)
    nobody = Journey(0, program.name, program.hash, "", 0, 0, "", story.now, None, story.now)
    return program.who.holds(nobody, facts, Moment(story.now, story.rules.calendar, story.rules.seed))


def _past(deeds: Sequence[Did], now: datetime) -> list[Activity]:
    """What was done before, two minutes apart up to now; ids below zero, as nobody else has them."""
    done = [deed for deed in deeds for _ in range(deed.at_least)]
    found = []
    for number, deed in enumerate(done):
        at = now - timedelta(minutes=2) * (len(done) - number)
        content, outcome = min(deed.content, default=None), outcome_of(deed)
        found.append(Activity(number - len(done), deed.kind, at, at, content, None, outcome))
    return found


def outcome_of(deed: Did) -> str | None:
    """A result that the deed may have; the plainest one of a conversation."""
    return SOME_OUTCOME if SOME_OUTCOME in deed.outcome else min(deed.outcome, default=None)


def letters_received(story: Story, person: int, step: str) -> list[tuple[str, str]]:
    """(key, content) of the letters of a send step that the person got, oldest first."""
    contents = [
        sent.content for sent in story.sent if (sent.person, sent.step, sent.state) == (person, step, "accepted")
    ]
    keys = [
        key
        for key, fact in story.people[person].letters.items()
        if fact.state == "accepted" and key.split("/")[1] == step
    ]
    return list(zip(keys, contents, strict=True))


def piece_of(letter: Letter | None, scenario: Scenario) -> str | None:
    """The content behind the link that somebody clicks: one the scenario asks about, else the first by name."""
    if letter is None or not letter.contents:
        return None
    asked = {piece for step in asked_in(scenario) for piece in _pieces(step)}
    return min(letter.contents & asked or letter.contents)


def asked_in(scenario: Scenario) -> Iterator[Condition]:
    """The conditions of all steps."""
    for step, _ in walk(scenario.steps):
        match step:
            case If():
                yield step.if_
            case WaitFor():
                yield step.wait_for
            case Repeat() if step.repeat.until is not None:
                yield step.repeat.until
            case _:
                pass


def _pieces(condition: Condition) -> Iterator[str]:
    match condition:
        case Did(content=pieces):
            yield from pieces
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _pieces(part)
        case Not(inner):
            yield from _pieces(inner)
        case _:
            pass
