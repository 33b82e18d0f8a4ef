"""The floor: the same rows read and written by bare SQL through sqlite3 itself, nothing decided, nothing checked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from benches.clock import Watch
from benches.stock import DUE
from models.tables.types import to_micros

BATCH = 500
PATH = '[["first","waited"],["ask","condition_held"],["again","~waiting"]]'
DAY = 86_400_000_000
CASES = {
    "due": "SELECT id, person_id FROM journey WHERE state = 'live' AND due IS NOT NULL AND due <= ?"
    " ORDER BY due, id LIMIT ?",
    "journeys": "SELECT id, scenario, version_id, subject_id, person_id, visit, step, since, due, entered_at, memory,"
    " goal_at FROM journey WHERE person_id IN (SELECT value FROM json_each(?)) AND state = 'live'",
    "people": "SELECT id, account_id, stage FROM person WHERE id IN (SELECT value FROM json_each(?))",
    "move": "UPDATE journey SET step = 'again', since = ?2, due = ?3, memory = NULL, goal_at = NULL WHERE id = ?1",
    "walk": "INSERT INTO walk (journey_id, person_id, at, path) VALUES (?, ?, ?, ?)",
    "letter": "INSERT INTO letter (key, journey_id, scenario, version_id, step, visit, person_id, content, klass,"
    " priority, due, state, next_try, written_at, fresh_until, stood_still, voice, task_hold)"
    " VALUES (?, ?, 'bench', 1, 'case', 1, ?, 'bench/case', 'nurture', 5, ?, 'queued', ?, ?, ?, 0, 'bench', 0)",
    "looked": "SELECT id, person_id, at FROM pending WHERE at <= ? ORDER BY at, id LIMIT ?",
    "done": "DELETE FROM pending WHERE id IN (SELECT value FROM json_each(?))",
    "enter": "INSERT INTO journey (scenario, version_id, subject_kind, subject_id, person_id, visit, step, since, due,"
    " state, entered_at, entered_why) VALUES ('bench', 1, 'person', ?1, ?1, 1, 'first', ?2, ?2, 'live', ?2,"
    " '[\"entered\"]')",
}


def steps(file: str, kind: str, **_: Any) -> dict[str, Any]:
    """Reads due journeys and their people, moves them, adds their walks (and letters)."""
    conn, at = _opened(file), to_micros(DUE)
    done = 0
    with Watch() as watch:
        while True:
            conn.execute("BEGIN IMMEDIATE")
            due = conn.execute(CASES["due"], (at, BATCH)).fetchall()
            if due:
                _move(conn, due, at, kind)
            conn.execute("COMMIT")
            if not due:
                break
            done += len(due) * (2 if kind == "branch" else 1)
    return watch.figures(done)


def enrolment(file: str, **_: Any) -> dict[str, Any]:
    """Reads the queue and its people, takes them off, adds their journeys."""
    conn, at = _opened(file), to_micros(DUE)
    done = 0
    with Watch() as watch:
        while True:
            conn.execute("BEGIN IMMEDIATE")
            queue = conn.execute(CASES["looked"], (at, BATCH)).fetchall()
            if queue:
                conn.execute(CASES["people"], (json.dumps([who for _, who, _ in queue]),)).fetchall()
                conn.execute(CASES["done"], (json.dumps([row for row, _, _ in queue]),))
                conn.executemany(CASES["enter"], [(who, came) for _, who, came in queue])
            conn.execute("COMMIT")
            if not queue:
                break
            done += len(queue)
    return watch.figures(done)


def _opened(file: str) -> sqlite3.Connection:
    conn = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -32768"):
        conn.execute(f"PRAGMA {pragma}")
    return conn


def _move(conn: sqlite3.Connection, due: Sequence[tuple[int, int]], at: int, kind: str) -> None:
    people = json.dumps([who for _, who in due])
    conn.execute(CASES["journeys"], (people,)).fetchall()
    conn.execute(CASES["people"], (people,)).fetchall()
    conn.executemany(CASES["move"], [(one, at, None if kind == "letter" else at + DAY) for one, _ in due])
    conn.executemany(CASES["walk"], [(one, who, at, PATH) for one, who in due])
    if kind == "letter":
        rows = [(f"bench/case/1/p{who}/{who}", one, who, at, at, at, at + 7 * DAY) for one, who in due]
        conn.executemany(CASES["letter"], rows)
