"""Moments, journeys, activities and programs in few words, for the tests of the pure core."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.facts import Activity, Facts, LetterFact, counts_at
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Needs, Place, Program, Reentry, Step
from hagukumi.journeys.core.values import Span, SpanUnit, Words
from hagukumi.journeys.core.verdict import Go, Verdict
from hagukumi.journeys.steps.conditions import All, Did, Holds
from hagukumi.journeys.steps.end import Finish

JAPAN = ZoneInfo("Asia/Tokyo")
MONDAY = "2026-06-01 10:00"
GOLDEN_WEEK = {date(2026, 4, 29): "昭和の日", date(2026, 5, 4): "みどりの日", date(2026, 5, 5): "こどもの日"}
CALENDAR = BusinessCalendar(holidays=GOLDEN_WEEK)
EVERYBODY = All(())
TAGGED = Holds("tags", frozenset({"関心"}))
CLICKED = Did("clicked")
LETTER_KEY = "interest/first/1/p1/1"


def jst(text: str) -> datetime:
    """An instant from local Japanese time."""
    return datetime.fromisoformat(text).replace(tzinfo=JAPAN).astimezone(UTC)


def minutes(amount: int) -> Span:
    return Span(amount, SpanUnit.MINUTES)


def hours(amount: int) -> Span:
    return Span(amount, SpanUnit.HOURS)


def days(amount: int) -> Span:
    return Span(amount, SpanUnit.DAYS)


def business_days(amount: int) -> Span:
    return Span(amount, SpanUnit.BUSINESS_DAYS)


def moment(at: str = MONDAY, seed: str = "workspace") -> Moment:
    """A moment in Japan."""
    return Moment(jst(at), CALENDAR, seed)


def journey(step: str = "first", since: str = MONDAY, number: int = 1, **more: Any) -> Journey:
    """Person 1 in the first visit to the scenario `interest`, resting at `step` and due at once."""
    at = jst(since)
    given: dict[str, Any] = {
        "id": number,
        "scenario": "interest",
        "version": "interest",
        "subject": "p1",
        "person": 1,
        "visit": 1,
        "step": step,
        "since": at,
        "due": at,
        "entered_at": at,
    }
    return Journey(**(given | more))


def did(kind: str, at: str = MONDAY, number: int = 1, **more: Any) -> Activity:
    """Something that person 1 did; a click counts a minute later."""
    occurred = jst(at)
    return Activity(number, kind, occurred, more.pop("known", counts_at(kind, occurred)), **more)


def known(*activities: Activity, letter: tuple[str, str] | None = None, **attributes: Any) -> Facts:
    """Facts about person 1; `letter`: how the letter of the step `first` stands, and since when."""
    letters = {} if letter is None else {LETTER_KEY: LetterFact(letter[0], jst(letter[1]))}
    return Facts(attributes, activities, letters)


def place(step: str = "here", after: str = "next", *branches: str, repeat: str | None = None) -> Place:
    """A place whose branches lead to steps of their own names."""
    return Place(step, after, {branch: branch for branch in branches}, 1, "interest", repeat)


def went(verdict: Verdict) -> Go:
    """The verdict, which has to be to go on."""
    assert isinstance(verdict, Go), verdict
    return verdict


def program(*steps: Step, name: str = "interest", **more: Any) -> Program:
    """A scenario of these steps that everybody may enter once; `finish` stands under them. Its hash is its name."""
    table = {step.place.id: step for step in (*steps, Finish(place=place("finish", "")))}
    given: dict[str, Any] = {
        "name": name,
        "hash": name,
        "title": Words("関心度別", "By interest"),
        "purpose": "",
        "owner": "",
        "subject": "person",
        "who": EVERYBODY,
        "enter": Reentry(),
        "stop": None,
        "goal": None,
        "priority": 5,
        "steps": table,
        "start": next(iter(table)),
        "needs": Needs(),
        "contents": frozenset(),
        "moved": {},
    }
    return Program(**(given | more))
