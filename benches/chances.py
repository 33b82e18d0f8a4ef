"""The probability of everybody: read from SQLite, features, prediction, written back; and its floors.

`prepare` makes a market of made people and trains a model on its first ones; `everybody` scores all of them.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine

from benches.clock import Watch
from hagukumi.files import read_files
from hagukumi.learning.live import LARGE, Chances
from hagukumi.learning.reading import read_history
from hagukumi.learning.shelf import Shelf
from hagukumi.learning.training import train_workspace
from hagukumi.workspace import CHECKOUT, open_folder
from models.scoring.features import Builder
from models.scoring.moments import cut
from models.scoring.points import compile_points
from models.tables.bulk import insert_many
from models.tables.engine import begin_read, begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.schema import account, activity, person, score
from models.tables.types import to_json, to_micros

START = datetime(2025, 1, 6, tzinfo=UTC)
DAYS, ACTS = 420, 5
NOW = START + timedelta(days=DAYS)
TEACHING, FACILITIES, PART = 20_000, 30_000, 50_000
KINDS = ("visited", "received", "downloaded", "clicked", "submitted")
DAY = 86_400_000_000


def prepare(folder: str, people: int) -> dict[str, Any]:
    """A database `people.db` and its models in `folder`."""
    url = f"sqlite:///{folder}/people.db"
    Path(folder).mkdir(parents=True, exist_ok=True)
    engine = open_engine(url)
    upgrade(engine)
    dice = np.random.default_rng(1)
    with begin_write(engine) as conn:
        names = ("id", "key", "name", "name_norm", "kind", "beds", "created_at", "changed_at")
        at = to_micros(START)
        kinds = ("hospital", "clinic", "care_home")
        rows = [(n, f"a{n}", "x", "x", kinds[n % 3], 20 + n % 400, at, at) for n in range(1, FACILITIES + 1)]
        insert_many(conn, account, names, rows, raw=True)
    _people(engine, dice, 1, min(TEACHING, people) + 1)
    train_workspace(engine, builder(), Shelf(Path(folder)), NOW)
    for first in range(TEACHING + 1, people + 1, PART):
        _people(engine, dice, first, min(first + PART, people + 1))
    engine.dispose()
    return {}


def builder() -> Builder:
    """Features by the checkout's own rules."""
    files = read_files(open_folder(CHECKOUT))
    assert files.points is not None
    themes = {name: piece.theme for name, piece in files.pieces.items() if piece.theme is not None}
    return Builder(compile_points(files.points), themes, 9 * DAY // 24)


def _people(engine: Engine, dice: Any, first: int, end: int) -> None:
    """Who reads a lot becomes an SQL more often; five acts each on average."""
    number, start = end - first, to_micros(START)
    warm = dice.gamma(1.0, 1.0, number)
    acts = dice.poisson(ACTS * warm)
    became = dice.random(number) < np.minimum(0.03 * warm**2, 0.6)
    when = start + (dice.random(number) * DAYS * DAY).astype(np.int64)
    who = np.repeat(np.arange(number), acts)
    at = np.where(
        dice.random(len(who)) < 0.6, when[who] - (dice.random(len(who)) * 40 * DAY).astype(np.int64),
        start + (dice.random(len(who)) * DAYS * DAY).astype(np.int64),
    ).clip(start)  # fmt: skip
    kind = dice.integers(0, len(KINDS), len(who))
    order = np.argsort(at, kind="stable")
    rows = [
        (first + one, 1 + (first + one) % FACILITIES, KINDS[k], t, t, "pricing" if k == 0 else None)
        for one, t, k in zip(who[order].tolist(), at[order].tolist(), kind[order].tolist(), strict=True)
    ]
    stages = to_json({"attribute": "stage", "old": "lead"})
    with begin_write(engine) as conn:
        insert_many(
            conn, person, ("id", "key", "account_id", "role", "stage", "created_at", "changed_at"),
            [(first + n, f"k{first + n}", 1 + (first + n) % FACILITIES, ("user", "decision_maker", None)[n % 3],
              "sql" if became[n] else "lead", start, start) for n in range(number)], raw=True,
        )  # fmt: skip
        names = ("person_id", "account_id", "kind", "occurred_at", "known_at", "content")
        insert_many(conn, activity, names, rows, raw=True)
        changed = [(first + n, "changed", int(when[n]), int(when[n]), stages) for n in np.flatnonzero(became).tolist()]
        insert_many(conn, activity, ("person_id", "kind", "occurred_at", "known_at", "detail"), changed, raw=True)
        insert_many(
            conn, score, ("person_id", "points", "at"), [(first + n, 0, start) for n in range(number)], raw=True
        )


def everybody(folder: str, people: int) -> dict[str, Any]:
    """All of it, end to end."""
    engine = open_engine(f"sqlite:///{folder}/people.db")
    chances = Chances(Shelf(Path(folder)), builder)
    with Watch() as watch:
        done = chances.everybody(engine, range(1, people + 1), NOW)
    return watch.figures(done)


def floor_predict(folder: str, people: int) -> dict[str, Any]:
    """The prediction alone: a table of features that lies in memory, as often as it takes."""
    engine = open_engine(f"sqlite:///{folder}/people.db")
    shelf, made, at = Shelf(Path(folder)), builder(), to_micros(NOW)
    ids = list(range(1, min(people, 2 * LARGE) + 1))
    with begin_read(engine) as conn:
        (model,) = shelf.in_play(conn)
        history = read_history(conn, ids, at, at, made)
    table = made.table(cut(history, np.arange(len(ids)), np.full(len(ids), at)))
    rounds = -(-people // table.rows)
    model.stored.model.log_odds(table)
    with Watch() as watch:
        for _ in range(rounds):
            model.stored.model.log_odds(table)
    return watch.figures(rounds * table.rows)


def floor_read(folder: str, people: int) -> dict[str, Any]:
    """The same rows read and written by bare SQL: acts and people in, a number a person out."""
    conn = sqlite3.connect(f"{folder}/people.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -32768"):
        conn.execute(f"PRAGMA {pragma}")
    acts = (
        "SELECT person_id, kind, occurred_at, known_at, content, outcome, letter_key, machine, machine_at FROM activity"
        " WHERE person_id BETWEEN ? AND ? AND machine IS NULL"
    )
    who = (
        "SELECT p.id, p.stage, p.role, p.source, a.kind, a.industry, a.beds, a.headcount, a.owner_type FROM person p"
        " LEFT JOIN account a ON p.account_id = a.id WHERE p.id BETWEEN ? AND ?"
    )
    with Watch() as watch:
        for first in range(1, people + 1, LARGE):
            part = (first, min(first + LARGE - 1, people))
            conn.execute(acts, part).fetchall()
            conn.execute(who, part).fetchall()
            conn.execute("BEGIN IMMEDIATE")
            conn.executemany(
                "UPDATE score SET log_odds = ?, model = ?, chance_at = ?, suspension_id = NULL WHERE person_id = ?",
                [(-4000, "floor", to_micros(NOW), one) for one in range(part[0], part[1] + 1)],
            )
            conn.execute("COMMIT")
    return watch.figures(people)
