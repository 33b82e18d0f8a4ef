"""The engine: steps persisted, steps in memory, enrolment, an idle tick. Each function is one measurement."""

from __future__ import annotations

import gc
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from benches.clock import Watch
from benches.stock import DUE, ENTERED, book, filled, program, since, sleeping
from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.subject import Subject
from hagukumi.journeys.core.turn import Rules, take_turn
from hagukumi.journeys.language.load import load
from hagukumi.journeys.shell import react as reacting
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.live import House
from hagukumi.journeys.shell.react import BATCH, react, react_once
from hagukumi.letters.rules import Defaults, terms_of
from models.tables.engine import begin_read, open_engine
from models.tables.pace import Pace

ROOT = Path(__file__).resolve().parent.parent


def steps(url: str, kind: str, **_: Any) -> dict[str, Any]:
    """All due journeys of a prepared database walk once. Steps: those left; letters: steps with an effect."""
    engine, known = _opened(url, kind)
    pace = _Noted()
    with Watch() as watch:
        report = react(engine, known, DUE, now=DUE, pace=pace)
    done = report.letters if kind == "letter" else report.steps
    return watch.figures(done) | {"journeys": report.walked, "holds": pace.summary()}


def enrolment(url: str, **_: Any) -> dict[str, Any]:
    """Everybody who waits to be looked at enters the scenario; their first walks come after and are not counted."""
    engine, known = _opened(url, "branch")
    pace, entered = _Noted(), 0
    with Watch() as watch:
        while True:
            with pace.begin(engine) as conn:
                done = react_once(conn, known, DUE - timedelta(days=1), now=DUE, batch=pace.size)
                pace.done = done.people if done else 0
            if done is None or not done.enrolled:
                break
            entered += done.enrolled
    return watch.figures(entered) | {"holds": pace.summary()}


def idle(url: str, **_: Any) -> dict[str, Any]:
    """Nobody is due: what a whole tick costs (people, departures, the next due instant), cold and warm."""
    engine, known = open_engine(url), book("branch")
    rules = load(ROOT / "scenarios/rules/defaults.yaml", Defaults).value
    assert rules is not None
    house = House(engine, known, terms_of(rules, BusinessCalendar()), None)
    looks = []
    with Watch() as watch:
        for _again in range(5):
            began = time.perf_counter()
            lived = house.live_now(DUE)
            house.next_due()
            looks.append((time.perf_counter() - began) * 1000)
            assert lived.written.walked == 0
    return watch.figures(5) | {"first_ms": looks[0], "again_ms": sorted(looks)[2]}


def in_memory(people: int, **_: Any) -> dict[str, Any]:
    """The same turns of the pure core without a database, in batches and with the collector resting, as there."""
    scenario, calendar = program("branch"), BusinessCalendar()
    rules = Rules(calendar, "seed", {"h1": scenario}, ())
    left, wall, cpu = 0, 0.0, 0.0
    for first in range(1, people + 1, BATCH):
        standing = [_subject(number, calendar) for number in range(first, min(first + BATCH, people + 1))]
        gc.disable()
        with Watch() as watch:
            for subject in standing:
                for step in take_turn(subject, rules, DUE).walks:
                    left += len(step.path)
        gc.enable()
        wall, cpu = wall + watch.wall, cpu + watch.cpu
    return {"done": left, "wall": wall, "cpu": cpu}


def prepare(url: str, people: int, *, standing: bool) -> None:
    """Fills a database for the measurements above."""
    filled(url, people, standing=standing).dispose()


def prepare_sleeping(url: str, people: int) -> None:
    """Fills a database with journeys that sleep for long."""
    sleeping(url, people).dispose()


def _opened(url: str, kind: str) -> tuple[Engine, Book]:
    engine, known = open_engine(url), book(kind)
    with begin_read(engine) as conn:
        known.read(conn)
    # A process makes its statements once, at first sight: `idle` shows what that costs, cold beside warm.
    react(engine, known, ENTERED - timedelta(days=1), now=ENTERED)
    return engine, known


def _subject(number: int, calendar: BusinessCalendar) -> Subject:
    came = since(number)
    due = calendar.add_business_days(came, 3)
    one = Journey(number, "bench", "h1", f"p{number}", number, 1, "first", came, due, came)
    return Subject(number, None, Facts({"stage": "lead"}), [one])


class _Noted(Pace):
    """A pace that remembers how long each batch held the lock, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.holds: list[float] = []

    def held(self, seconds: float) -> None:
        self.holds.append(seconds)
        super().held(seconds)

    def summary(self) -> dict[str, float]:
        """Milliseconds: the middle, the 99th of 100, the longest."""
        if not self.holds:
            return {}
        found = sorted(self.holds)
        place = min(len(found) - 1, int(len(found) * 0.99))
        return {"p50": found[len(found) // 2] * 1e3, "p99": found[place] * 1e3, "most": found[-1] * 1e3}


def shares(url: str, kind: str, **_: Any) -> dict[str, Any]:
    """Where the time of `steps` goes: microseconds a journey in each part of a batch."""
    engine, known = _opened(url, kind)
    spent: dict[str, float] = {}
    parts = ("due_people", "queued", "gather", "take_turn", "write")
    whole = {name: getattr(reacting, name) for name in parts}
    for name in parts:
        setattr(reacting, name, _timed(name, whole[name], spent))
    try:
        with Watch() as watch:
            report = react(engine, known, DUE, now=DUE)
    finally:
        for name in parts:
            setattr(reacting, name, whole[name])
    spent["begin and commit"] = watch.wall - sum(spent.values())
    return watch.figures(report.walked) | {name: seconds / report.walked * 1e6 for name, seconds in spent.items()}


def _timed(name: str, function: Any, spent: dict[str, float]) -> Any:
    spent[name] = 0.0

    def called(*args: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **named)
        finally:
            spent[name] += time.perf_counter() - began

    return called
