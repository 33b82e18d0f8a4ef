"""Whether the webinars of a play fit the day on which it would start. Pure. Start with `misfits`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.steps.conditions import Did
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.on_day import OnDay, opening_of
from hagukumi.journeys.steps.wait_for import WaitFor
from hagukumi.pipeline.webinars import Webinar


def misfits(program: Program, webinars: Mapping[str, Webinar], at: datetime, calendar: BusinessCalendar) -> list[Why]:
    """What speaks against a start at `at` (UTC): a webinar over before its invitation, or on another of the days."""
    starting = Journey(0, program.name, program.hash, "", None, 1, program.start, at, None, at)
    opens = {
        step.place.next: opening_of(step.day, starting, calendar)
        for step in program.steps.values()
        if isinstance(step, OnDay)
    }
    over: dict[str, None] = {}
    elsewhere: dict[tuple[str, str], None] = {}
    for id_, step in program.steps.items():
        opening = opens.get(id_, at)
        if isinstance(step, Invite) and step.invite in webinars:
            if webinars[step.invite].begins(calendar) <= opening:
                over[step.invite] = None
        elif isinstance(step, WaitFor) and id_ in opens:
            for name in sorted(_awaited(step) & webinars.keys()):
                if calendar.day_of(webinars[name].begins(calendar)) != calendar.day_of(opening):
                    elsewhere[name, f"{calendar.day_of(opening):%Y-%m-%d}"] = None
    begins = {name: f"{calendar.local(webinars[name].begins(calendar)):%Y-%m-%d %H:%M}" for name in webinars}
    return [
        *(Why("play_webinar_over", (name, begins[name])) for name in over),
        *(Why("play_webinar_day", (name, begins[name], day)) for name, day in elsewhere if name not in over),
    ]


def _awaited(step: WaitFor) -> frozenset[str]:
    asked = step.wait_for
    return asked.content if isinstance(asked, Did) and asked.kind == "attended" else frozenset()
