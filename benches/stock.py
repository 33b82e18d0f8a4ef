"""What the measurements run on: programs built by hand, and databases full of people and due journeys.

Start with `filled`. Everybody is fictitious; moments differ from person to person, so that no cache flatters us.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.program import Place, Program, Reentry, Step
from hagukumi.journeys.core.values import Span, SpanUnit, StageRange, Words
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.steps.conditions import OneOf, Stage
from hagukumi.journeys.steps.end import Finish
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.send import Rest, Send
from hagukumi.journeys.steps.wait import Wait
from models.tables.bulk import insert_many
from models.tables.engine import begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.schema import journey, pending, person, scenario_version, workspace
from models.tables.types import to_micros

SCENARIO = "bench"
ENTERED = datetime(2026, 4, 6, 1, 0, tzinfo=UTC)
"""Monday 10:00 in Japan; the n-th person comes n milliseconds later."""
DUE = datetime(2026, 4, 10, 1, 0, tzinfo=UTC)
"""By then every first wait of three business days is over."""

PEOPLE = (
    "id", "key", "email", "email_norm", "family_name", "given_name", "language", "stage", "created_at", "changed_at",
)  # fmt: skip
JOURNEYS = (
    "id", "scenario", "version_id", "subject_kind", "subject_id", "person_id", "visit", "step", "since", "due", "state",
    "entered_at", "entered_why",
)  # fmt: skip
THREE_DAYS = Span(3, SpanUnit.BUSINESS_DAYS)
ONE_DAY = Span(1, SpanUnit.DAYS)


def _place(id_: str, next_: str, **branches: str) -> Place:
    return Place(id_, next_, branches, 1, SCENARIO)


def program(kind: str) -> Program:
    """`wait`: wait, wait. `branch`: wait, if, wait. `letter`: wait, send and its rest. All end after that."""
    who = Stage(StageRange("lead", "lead"))
    ways: dict[str, list[Step]] = {
        "wait": [],
        "branch": [
            If(place=_place("ask", "again", then="again", **{"else": "$end"}), if_=OneOf("stage", frozenset({"lead"})))
        ],
        "letter": [
            Send(place=_place("case", "again", rest="case.rest"), send=("bench/case",), id="case"),  # type: ignore[arg-type]
            Rest(place=_place("case.rest", "again", or_else="$end"), of="case"),  # type: ignore[arg-type]
        ],
    }
    middle = ways[kind]
    first = middle[0].place.id if middle else "again"
    every: list[Step] = [
        Wait(place=_place("first", first), wait=THREE_DAYS),
        *middle,
        Wait(place=_place("again", "$end"), wait=ONE_DAY),
        Finish(place=_place("$end", "")),
    ]
    steps = {step.place.id: step for step in every}
    return Program(
        SCENARIO, "h1", Words("測定", "bench"), "", "", "person", who, Reentry(), None, None, 5, steps, "first",
        who.needs(), frozenset({"bench/case"}), {},
    )  # fmt: skip


def book(kind: str) -> Book:
    """The book of one program, as the engine reads it."""
    return Book(BusinessCalendar(), "seed", lambda source: program(kind), Span(5, SpanUnit.BUSINESS_DAYS))


def since(number: int) -> datetime:
    """When the n-th person came."""
    return ENTERED + timedelta(milliseconds=number)


def filled(url: str, people: int, *, standing: bool) -> Engine:
    """A migrated database with that many people, standing on a wait that is over by DUE or waiting to be looked at."""
    engine = open_engine(url)
    upgrade(engine)
    with begin_write(engine) as conn:
        version = {"scenario": SCENARIO, "hash": "h1", "source": "", "templates": {}, "published_at": ENTERED}
        conn.execute(insert(scenario_version).values(live=True, **version))
        conn.execute(insert(workspace).values(id="bench", nature="virtual", created_at=ENTERED, seed="s", secret="s"))
        insert_many(conn, person, PEOPLE, _people(people), raw=True)
        if standing:
            insert_many(conn, journey, JOURNEYS, _journeys(people), raw=True)
        else:
            looked = ((to_micros(since(number)), number) for number in range(1, people + 1))
            insert_many(conn, pending, ("at", "person_id"), looked, raw=True)
    return engine


def sleeping(url: str, number: int) -> Engine:
    """A database whose journeys are all due long after DUE."""
    engine = filled(url, 1_000, standing=False)
    with begin_write(engine) as conn:
        conn.exec_driver_sql("DELETE FROM pending")
        insert_many(conn, journey, JOURNEYS, _journeys(number, timedelta(days=300)), raw=True)
    return engine


def _people(number: int) -> Iterator[tuple[Any, ...]]:
    at = to_micros(ENTERED)
    for n in range(1, number + 1):
        mail = f"reader-{n}@aobadai.example"
        yield n, f"k{n}", mail, mail, "青葉", "花子", "ja", "lead", at, at


def _journeys(number: int, later: timedelta = timedelta()) -> Iterator[tuple[Any, ...]]:
    calendar = BusinessCalendar()
    for n in range(1, number + 1):
        came = since(n)
        at, due = to_micros(came), to_micros(THREE_DAYS.after(came, calendar) + later)
        yield n, SCENARIO, 1, "person", n, n, 1, "first", at, due, "live", at, '["entered"]'


def sqlite_url(file: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{file}"
