"""Checks of single steps: tests, repeats, branches. Pure."""

from __future__ import annotations

from hagukumi.journeys.language.canonical import canonical
from hagukumi.journeys.language.meaning.reading import Reading
from hagukumi.journeys.language.tree import walk
from hagukumi.journeys.steps.base import Steps
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.post import Post
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.test import WHOLE, Test
from hagukumi.journeys.steps.visit import Visit
from hagukumi.journeys.steps.wait import Wait

MOST_ROUNDS = 52
LETTER_MEASURES = ("opened", "clicked", "replied")


def check_tests(reading: Reading) -> None:
    """Shares add to 100 %, arms differ, and what is measured can happen."""
    for step, _ in walk(reading.scenario.steps):
        if isinstance(step, Test) and reading.sound(step):
            _check_test(reading, step)


def _check_test(reading: Reading, step: Test) -> None:
    arms = step.arms
    total = sum(arm.share.points for arm in arms.values()) + step.test.hold_out.points
    if total != WHOLE:
        reading.tell_key("test.shares", reading.path(step, "arms"), sum=f"{total / 100:g}%")
    if len(arms) < 2 and not (arms and step.test.hold_out.points):
        reading.tell_key("test.one_arm", reading.path(step, "arms"))
    seen: dict[str, str] = {}
    for name, arm in arms.items():
        if not arm.share.points:
            reading.tell("test.empty_share", reading.path(arm, "share"), arm=name)
        form = repr(canonical(tuple(_without_ids(arm.steps))))
        if form in seen:
            reading.tell_key("test.same_arms", reading.path(step, "arms", name), first=seen[form], second=name)
        seen.setdefault(form, name)
    sends = any(isinstance(inner, Send) for arm in arms.values() for inner, _ in walk(arm.steps))
    if step.test.measure in LETTER_MEASURES and not sends:
        reading.tell_step("test.nothing_to_measure", step, measure=step.test.measure)


def _without_ids(steps: Steps) -> list[object]:
    found: list[object] = []
    for each, _ in walk(steps):
        form = canonical(each)
        for said in form.values():
            said.pop("id", None)
        found.append((type(each).__name__, repr(form)))
    return found


def check_repeats(reading: Reading) -> None:
    """Repeats are bounded, not nested, rest each round and have other content each round."""
    for step, repeat in walk(reading.scenario.steps):
        match step:
            case Repeat():
                _check_repeat(reading, step, repeat)
            case Send() if repeat is None and len(step.send) > 1:
                reading.tell("send.list_outside_repeat", reading.path(step, "send"), name=step.id)
            case Send() if not step.send and reading.sound(step, "send"):
                reading.tell("value.empty", reading.path(step, "send"), key="send")
            case _:
                pass


def _check_repeat(reading: Reading, step: Repeat, outer: str | None) -> None:
    times = step.repeat.times
    if outer is not None:
        reading.tell_step("repeat.nested", step, name=step.repeat.id, outer=outer)
        return
    if not 1 <= times <= MOST_ROUNDS:
        where = reading.path(step, "repeat", "times")
        reading.tell("value.range", where, key="times", text=times, low=1, high=MOST_ROUNDS)
        return
    if reading.sound(step, "steps") and _may_pass_without_rest(step.steps):
        reading.tell_step("repeat.restless", step, name=step.repeat.id)
    for inner, _ in walk(step.steps, step.repeat.id):
        if isinstance(inner, Send) and reading.sound(inner, "send") and reading.sound(step, "repeat"):
            different = len(set(inner.send))
            if different < times:
                where = reading.path(inner, "send")
                reading.tell("repeat.contents", where, name=inner.id, times=times, given=different)


def _may_pass_without_rest(steps: Steps) -> bool:
    """Whether some way through the steps goes on at once. A way that ends does not.

    A wait_for is no rest: what it waits for may have happened in an earlier round.
    """
    for step in steps:
        match step:
            case Wait() | Send() | Invite() | Post() | Visit():
                return False
            case If():
                if not _may_pass_without_rest(step.then) and not _may_pass_without_rest(step.else_):
                    return False
            case Test():
                arms = [_may_pass_without_rest(arm.steps) for arm in step.arms.values()]
                if arms and not any(arms) and not step.test.hold_out.points:
                    return False
            case _ if step.word == "end":
                return False
            case _:
                pass
    return True


def check_branches(reading: Reading) -> None:
    """An `if` goes somewhere, and not to the same place both ways."""
    for step, _ in walk(reading.scenario.steps):
        if not isinstance(step, If) or not reading.sound(step):
            continue
        if not step.then and not step.else_:
            if reading.loaded.broken:
                continue
            reading.tell_step("flow.empty_branches", step)
        elif _without_ids(step.then) == _without_ids(step.else_):
            reading.tell_step("flow.same_branches", step)
