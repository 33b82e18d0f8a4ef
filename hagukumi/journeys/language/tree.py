"""Ways through the steps of a scenario as it is written. Pure; used by the compiler and by checks of meaning."""

from __future__ import annotations

from collections.abc import Iterator

from hagukumi.journeys.core.verdict import StepId
from hagukumi.journeys.steps.base import Kind, Steps
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.post import Post
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.test import Test
from hagukumi.journeys.steps.wait_for import WaitFor


def walk(steps: Steps, repeat: str | None = None) -> Iterator[tuple[Kind, str | None]]:
    """Every step written, in the order of the file, with the repeat it stands in."""
    for step in steps:
        yield step, repeat
        inner = step.repeat.id if isinstance(step, Repeat) else repeat
        for _, branch in branches_of(step):
            yield from walk(branch, inner)


def branches_of(step: Kind) -> list[tuple[str, Steps]]:
    """The branches written in a step, by the names that Place.branches gives them."""
    match step:
        case If() | WaitFor():
            return [("then", step.then), ("else", step.else_)]
        case Test():
            return [(f"arms.{name}", arm.steps) for name, arm in step.arms.items()]
        case Repeat():
            return [("steps", step.steps)]
        case _:
            # Of what could not be done, whatever the kind.
            return [("or_else", step.or_else)] if hasattr(step, "or_else") else []


def repeats_of_sends(steps: Steps) -> dict[str, str | None]:
    """Id of each step that sends letters by mail -> the repeat around it."""
    return {step.id: repeat for step, repeat in walk(steps) if isinstance(step, Send | Invite)}


def repeats_of_posts(steps: Steps) -> dict[str, str | None]:
    """Id of each step that sends letters by post -> the repeat around it."""
    return {step.id: repeat for step, repeat in walk(steps) if isinstance(step, Post)}


def letters_of(step: Kind) -> tuple[str, ...]:
    """The letters (templates/) that a step is about, those by post among them."""
    match step:
        case Send():
            return tuple(map(str, step.send))
        case Invite():
            return (str(step.letter),)
        case Post():
            return (str(step.post),)
        case _:
            return ()


def id_of(step: Kind, path: str) -> StepId:
    """The written id, or the path (5.then.1) of a step without one."""
    match step:
        case Test():
            return step.test.id
        case Repeat():
            return step.repeat.id
        case _:
            return getattr(step, "id", "") or path
