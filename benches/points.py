"""Points of many people: in memory, and read from and written to SQLite; beside them what no rule asked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np

from benches.clock import Watch
from benches.stock import DUE, ENTERED, book, filled
from hagukumi.files import read_files
from hagukumi.journeys.shell.rescore import rescore
from hagukumi.journeys.shell.scoring import PointScoring
from hagukumi.workspace import CHECKOUT, open_folder
from models.scoring.many import Columns, Events
from models.scoring.points import Scorer
from models.tables.bulk import insert_many
from models.tables.engine import begin_read, begin_write, open_engine
from models.tables.schema import activity
from models.tables.types import to_micros

EACH = 20
"""Events a person."""
VISITED, CLICKED = ("visited", "overtime-summary", None), ("clicked", "overtime-case", None)
DOWNLOADED = ("downloaded", "claims-summary", None)
DONE: tuple[tuple[str, str | None, str | None], ...] = (
    *[VISITED] * 9, ("visited", "pricing", None), *[CLICKED] * 4, *[DOWNLOADED] * 2,
    ("downloaded", "roi-simulation", None), ("registered", "webinar", None), ("attended", "webinar", None),
    ("submitted", "contact", None), ("called", None, "会話"),
)  # fmt: skip
REFUSED = ("called", None, "電話お断り")
"""One event of every 300: so many of the example's people ever decline."""
BACK = timedelta(days=180)
NAMES = ("person_id", "kind", "occurred_at", "known_at", "content", "outcome")
FLOOR = {
    "read": "SELECT person_id, kind, content, outcome, occurred_at, known_at FROM activity"
    " WHERE person_id IN (SELECT value FROM json_each(?)) AND machine IS NULL",
    "write": "INSERT INTO score (person_id, points, at, next_line_at, fit, behaviour) VALUES (?, ?, ?, ?, 'A', 1)"
    " ON CONFLICT (person_id) DO UPDATE SET points = excluded.points, at = excluded.at",
    "theme": "INSERT INTO score_theme (person_id, theme, points) VALUES (?, ?, ?)",
}


def scorer() -> Scorer:
    """The rules of the checkout."""
    found = read_files(open_folder(CHECKOUT)).scorer
    assert found is not None
    return found


def prepare(url: str, people: int) -> None:
    """A database with that many people of 20 events each; nobody has a score yet."""
    engine = filled(url, people, standing=False)
    with begin_write(engine) as conn:
        conn.exec_driver_sql("DELETE FROM pending")
        insert_many(conn, activity, NAMES, _rows(people), raw=True)
    engine.dispose()


def stored(url: str, people: int, **_: Any) -> dict[str, Any]:
    """Everybody is scored from the tables, and the scores, grades, themes and next crossings are stored."""
    engine, known = open_engine(url), book("branch")
    known.scoring = PointScoring(scorer(), {})
    with begin_read(engine) as conn:
        known.read(conn)
    everybody = list(range(1, people + 1))
    rescore(engine, known, everybody[:100], DUE)
    with Watch() as watch:
        done = rescore(engine, known, everybody, DUE + timedelta(seconds=1))
    return watch.figures(done)


def stored_floor(file: str, people: int, **_: Any) -> dict[str, Any]:
    """The same rows read and written by bare SQL in batches of a thousand; nothing is worked out."""
    conn, at = sqlite3.connect(file, isolation_level=None), to_micros(DUE)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -32768"):
        conn.execute(f"PRAGMA {pragma}")
    with Watch() as watch:
        for first in range(1, people + 1, 1_000):
            some = range(first, min(first + 1_000, people + 1))
            conn.execute(FLOOR["read"], (json.dumps(list(some)),)).fetchall()
            conn.execute("BEGIN IMMEDIATE")
            conn.executemany(FLOOR["write"], [(who, 300, at, at) for who in some])
            conn.execute("DELETE FROM score_theme WHERE person_id BETWEEN ? AND ?", (some[0], some[-1]))
            conn.executemany(FLOOR["theme"], [(who, theme, 100) for who in some for theme in ("a", "b", "c")])
            conn.execute("COMMIT")
    return watch.figures(people)


def in_memory(people: int, whole: bool = False, **_: Any) -> dict[str, Any]:
    """The points of everybody; `whole`: with grades, themes and the next crossing as well."""
    columns = Columns(scorer())
    events, at = _events(columns, people), to_micros(DUE)
    who, when, fit = np.arange(people), np.full(people, at), np.full(people, 150)
    columns.total(columns.behaviour(events, who[:100], when[:100]), fit[:100])
    with Watch() as watch:
        if whole:
            columns.scored(events, when, fit)
        else:
            columns.total(columns.behaviour(events, who, when), fit)
    return watch.figures(people)


def memory_floor(people: int, **_: Any) -> dict[str, Any]:
    """Bare numpy over the same arrays: what fades is multiplied and added up; no rounding, no caps."""
    columns = Columns(scorer())
    events, at = _events(columns, people), to_micros(DUE)
    owner = np.repeat(np.arange(people), EACH)
    with Watch() as watch:
        half, value = columns.half[events.rule], columns.value[events.rule]
        np.bincount(owner, value * np.exp2(-((at - events.occurred) / 1e6) / half), people)
    return watch.figures(people)


def _did(people: int) -> Iterator[tuple[int, tuple[str, str | None, str | None], int]]:
    dice, end, back = Random(20), to_micros(ENTERED), int(BACK.total_seconds())
    for who in range(1, people + 1):
        for _ in range(EACH):
            did = REFUSED if dice.randrange(300) == 0 else DONE[dice.randrange(len(DONE))]
            yield who, did, end - dice.randrange(back) * 1_000_000


def _rows(people: int) -> Iterator[tuple[Any, ...]]:
    for who, (kind, content, outcome), at in _did(people):
        yield who, kind, at, at, content, outcome


def _events(columns: Columns, people: int) -> Events:
    rows = [(who, *did, at, at) for who, did, at in _did(people)]
    return columns.read_events(list(range(1, people + 1)), rows, 60_000_000)
