"""Turns of one person in few words, and two scenarios that wait for a click and then tag."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hagukumi.journeys.core.facts import Activity
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.program import Program, Step
from hagukumi.journeys.core.subject import Subject, Turn
from hagukumi.journeys.core.turn import Rules, take_turn
from hagukumi.journeys.steps.base import StepName, TagName
from hagukumi.journeys.steps.conditions import Not
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.wait_for import WaitFor
from tests.journeys.scenes import CALENDAR, CLICKED, EVERYBODY, days, journey, jst, known, place, program

NEVER = Not(EVERYBODY)
FAR = "2026-12-01 10:00"


def waiting(condition: Any = CLICKED, at_most: int = 5, then: str = "mark") -> list[Step]:
    """Waits for something and then tags."""
    branches = {"then": then, "else": "finish"}
    return [
        WaitFor(wait_for=condition, at_most=days(at_most), place=place("w", "finish")._replace(branches=branches)),
        Tag(tag=TagName("関心"), id=StepName("mark"), place=place("mark", "finish")),
    ]


def rules(*programs: Program, open_: Sequence[Program] = (), **more: Any) -> Rules:
    by_version = {one.hash: one for one in (*programs, *open_)}
    return Rules(CALENDAR, "workspace", by_version, tuple(open_), **more)


def turn(
    by: Rules,
    *journeys: Journey,
    events: Sequence[Activity] = (),
    past: Sequence[Activity] = (),
    until: str = FAR,
    attributes: dict[str, Any] | None = None,
    **more: Any,
) -> Turn:
    """Person 1 of account 5 lives through these events; nothing else is new."""
    facts = known(*past, *events, **(attributes or {}))
    return take_turn(Subject(1, 5, facts, list(journeys), events, **more), by, jst(until))


def told(lived: Turn) -> list[tuple[datetime, str, str]]:
    """What was passed, and when: (at, step, reason)."""
    return [(passed.at, passed.step, passed.why.code) for walk in lived.walks for passed in walk.path]


def resting(step: str = "w", **more: Any) -> Journey:
    return journey(step, **{"due": jst("2026-06-06 10:00"), **more})


INTEREST = program(*waiting())
INDUSTRY = program(*waiting(), name="industry")
