"""Checks of what only plays may say, and of what they have to. Pure. Start at `check_keys_of_plays`."""

from __future__ import annotations

from collections.abc import Iterator

from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.language.conditions import OF_ACCOUNT, OF_PERSON
from hagukumi.journeys.language.meaning.reading import Reading, condition_of, parts
from hagukumi.journeys.language.problems import nearest
from hagukumi.journeys.language.tree import branches_of, walk
from hagukumi.journeys.steps.base import Kind, Steps
from hagukumi.journeys.steps.handover import Handover
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.task import Task

OF_PEOPLE = ("to", "who", "prefer")
KEYS = ("day", *OF_PEOPLE)
LAST_DAY = 250
"""Business days of about a year."""
BY_SALES = frozenset({"champion", "opponent"})
"""Roles that no rule gives: only sales knows them."""


def check_keys_of_plays(reading: Reading) -> None:
    """What belongs to a play stands in a play; a person's scenario has one person and no common days."""
    if reading.scenario.for_ == "account":
        return
    if reading.scenario.needs:
        reading.tell_key("step.key_of_plays", ("needs",), key="needs")
    for step, _ in walk(reading.scenario.steps):
        for key in KEYS:
            if getattr(step, key) not in (None, ()):
                reading.tell_key("step.key_of_plays", reading.path(step, key), key=key)
    for condition in reading.conditions():
        for part in parts(condition):
            for name in sorted(_asked(part) & OF_ACCOUNT):
                reading.tell_key("condition.of_account", reading.path(part), key=name)


def check_plays(reading: Reading) -> None:
    """Steps of a play say whom they are for, and on which day; what they ask is known of an account."""
    if reading.scenario.for_ != "account":
        return
    for step, _ in walk(reading.scenario.steps):
        _check_addressed(reading, step)
        if isinstance(step, Tag | Handover):
            reading.tell_step("play.kind_of_person", step, kind=step.word)
        if step.day is not None and not 1 <= step.day <= LAST_DAY:
            where = reading.path(step, "day")
            reading.tell("value.range", where, key="day", text=step.day, low=1, high=LAST_DAY)
    _check_days(reading, reading.scenario.steps, 1)
    for condition in _about_the_account(reading):
        for part in parts(condition):
            for name in sorted(_asked(part) & OF_PERSON):
                reading.tell_key("condition.of_person", reading.path(part), key=name)
    for condition in reading.conditions():
        for part in parts(condition):
            if part.needs().points and not part.needs().attributes:
                reading.tell_key("condition.of_person", reading.path(part), key="score")


def _check_addressed(reading: Reading, step: Kind) -> None:
    if not step.addressed:
        for key in OF_PEOPLE:
            if getattr(step, key) not in (None, ()):
                reading.tell_key("play.to_nobody", reading.path(step, key), kind=step.word, key=key)
        return
    if not step.to and not isinstance(step, Task) and reading.sound(step, "to"):
        reading.tell_step("play.to_missing", step, kind=step.word)
    if step.to and not set(step.to) & {*reading.scenario.needs} and not _falls_back(reading, step):
        reading.tell("play.nobody_in_role", reading.path(step, "to"), roles=", ".join(step.to), role=step.to[0])
    known = reading.workspace.roles
    for n, role in enumerate(step.to):
        path = reading.path(step, "to", n) if len(step.to) > 1 else reading.path(step, "to")
        if known is not None and role not in known | BY_SALES:
            near = nearest(role, sorted(known))
            reading.tell("play.role_unknown", path, role=role, known=", ".join(sorted(known | BY_SALES)), near=near)
            continue
        if known is not None and role not in known:
            reading.tell("play.role_by_sales", path, role=role)
        if isinstance(step, Send):
            _check_persona(reading, step, role, path)


def _falls_back(reading: Reading, step: Kind) -> bool:
    """Whether it is written what comes where nobody has the role; an empty list says that nothing has to."""
    return reading.path(step, "or_else") in reading.loaded.marks.keys


def _check_persona(reading: Reading, step: Send, role: str, path: tuple[str | int, ...]) -> None:
    """A letter with texts by persona has that of everybody it goes to."""
    persona = "executive" if role == "decision_maker" else "field"
    for name in step.send:
        letter = (reading.workspace.letters or {}).get(name)
        if letter is not None and letter.personas and persona not in letter.personas:
            reading.tell("play.persona_missing", path, name=name, role=role, persona=persona)


def _check_days(reading: Reading, steps: Steps, day: int) -> int:
    """Days only go forward; gives the earliest day on which what follows may come."""
    for step in steps:
        if step.day is not None:
            if step.day < day:
                reading.tell("play.day_back", reading.path(step, "day"), day=step.day, before=day)
            day = max(day, step.day)
        ends = [_check_days(reading, branch, day) for _, branch in branches_of(step)]
        day = max(day, min(ends, default=day))
    return day


def _about_the_account(reading: Reading) -> Iterator[Condition]:
    yield reading.scenario.who
    if reading.scenario.goal is not None:
        yield reading.scenario.goal.condition
    for step, _ in walk(reading.scenario.steps):
        asked = condition_of(step)
        if asked is not None:
            yield asked


def _asked(part: Condition) -> frozenset[str]:
    """The attributes a question is about, itself and no other."""
    needs = part.needs()
    return needs.attributes if len(needs.attributes) == 1 and not needs.kinds else frozenset()
