"""The logbook: every letter about to be handed over, noted beside the database before the call. Start with `Logbook`.

A database that comes back from a backup, or lost its last commits with the power, takes letters for unsent that have
left, and knows no refusal and no stop that came later. Claims and notes are counted on both sides: who finds more here
than there first brings the database up to date (recovery.py). One SQLite file a machine, kept apart from the database's
backups; ids and hashes, no personal text.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from models.tables.errors import unreachable
from models.tables.types import to_json, to_micros

T = TypeVar("T")
FILE = "logbook.db"
KEPT = timedelta(days=400)
"""Longer than any mailbox must not see the same content again, and than any backup worth restoring is old."""
_SECONDS = 10.0
_TABLES = """
CREATE TABLE IF NOT EXISTS handed (key TEXT PRIMARY KEY, claim INTEGER, at INTEGER, row TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS handed_claim ON handed (claim);
CREATE TABLE IF NOT EXISTS refused (row TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stopped (row TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS book (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT, claims INTEGER, notes INTEGER);
"""


class Noted(NamedTuple):
    """A letter that was, or was about to be, handed over. row: columns of the outbox that limits and fences need."""

    key: str
    row: Mapping[str, Any]


class Told(NamedTuple):
    """How far the book is: its last claim, and how often refusals and stops were noted. Neither ever falls."""

    claims: int = 0
    notes: int = 0


class Logbook:
    """The letters this machine has handed over. All methods may be called from any thread.

    Every change is on the disk when the method returns. All raise DatabaseError when the file cannot be used: then
    nothing may be handed over.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None

    @property
    def id(self) -> str:
        """Whose claims these are: drawn when the file was made."""
        return self._ask(lambda conn: str(conn.execute("SELECT id FROM book").fetchone()[0]))

    @property
    def told(self) -> Told:
        """The last claim, and the number of the last note."""
        return self._ask(lambda conn: Told(*conn.execute("SELECT claims, notes FROM book").fetchone()))

    def since(self, claim: int) -> list[Noted]:
        """Letters of later claims."""
        query = "SELECT key, row FROM handed WHERE claim > ? ORDER BY claim, key"
        return self._ask(lambda conn: [Noted(key, json.loads(row)) for key, row in conn.execute(query, (claim,))])

    def note(self, claim: int, letters: Collection[Noted], at: datetime) -> None:
        """Notes a claim that stands in the database, before anybody calls out; `at` by the wall clock."""
        rows = [(one.key, claim, to_micros(at), to_json(one.row)) for one in letters]

        def change(conn: sqlite3.Connection) -> None:
            conn.executemany("INSERT OR REPLACE INTO handed VALUES (?, ?, ?, ?)", rows)
            conn.execute("UPDATE book SET claims = max(claims, ?)", (claim,))

        self._change(change)

    def refused(self) -> list[Mapping[str, Any]]:
        """All refusals ever noted."""
        return self._ask(lambda conn: [json.loads(row) for (row,) in conn.execute("SELECT row FROM refused")])

    def stopped(self) -> list[Mapping[str, Any]]:
        """What stood when it was noted last: pauses, withdrawn content, channels that rest."""
        return self._ask(lambda conn: [json.loads(row) for (row,) in conn.execute("SELECT row FROM stopped")])

    def stop(
        self, refusals: Collection[Mapping[str, Any]], stopped: Callable[[], Collection[Mapping[str, Any]]]
    ) -> int:
        """Notes further refusals, and all that is stopped now; the number of this note, or of the last if all is known.

        stopped: asked while no other process notes anything, so that no older answer comes over a newer one.
        """
        rows = [(to_json(one),) for one in refusals]

        def change(conn: sqlite3.Connection) -> int:
            conn.execute("BEGIN IMMEDIATE")
            try:
                stands = {to_json(one) for one in stopped()}
                before = {row for (row,) in conn.execute("SELECT row FROM stopped")}
                new = conn.executemany("INSERT OR IGNORE INTO refused VALUES (?)", rows).rowcount if rows else 0
                conn.executemany("DELETE FROM stopped WHERE row = ?", [(row,) for row in before - stands])
                conn.executemany("INSERT INTO stopped VALUES (?)", [(row,) for row in stands - before])
                if new > 0 or stands != before:
                    conn.execute("UPDATE book SET notes = notes + 1")
                note = int(conn.execute("SELECT notes FROM book").fetchone()[0])
            except BaseException:
                conn.execute("ROLLBACK")
                raise
            conn.execute("COMMIT")
            return note

        return self._ask(change)

    def turn(self) -> int:
        """Counts a note without anything new: a database that was brought up to date is newer than any backup."""

        def change(conn: sqlite3.Connection) -> int:
            return int(conn.execute("UPDATE book SET notes = notes + 1 RETURNING notes").fetchone()[0])

        return self._ask(change)

    def strike(self, keys: Sequence[str]) -> None:
        """Takes out letters that surely were not taken, so that they may be claimed again."""
        if keys:
            self._change(lambda conn: conn.executemany("DELETE FROM handed WHERE key = ?", [(key,) for key in keys]))

    def forget(self, now: datetime) -> None:
        """Takes out what is older than KEPT."""
        self._change(lambda conn: conn.execute("DELETE FROM handed WHERE at < ?", (to_micros(now - KEPT),)))

    def close(self) -> None:
        """Gives the file back."""
        with self._lock:
            self._close()

    def _change(self, work: Callable[[sqlite3.Connection], object]) -> None:
        def change(conn: sqlite3.Connection) -> None:
            conn.execute("BEGIN IMMEDIATE")
            work(conn)
            conn.execute("COMMIT")

        self._ask(change)

    def _ask(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            try:
                return work(self._connection())
            except sqlite3.Error:
                self._close()
                raise unreachable(str(self._file)) from None

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._opened = sqlite3.connect(self._file, _SECONDS, isolation_level=None, check_same_thread=False)
            self._opened.execute("PRAGMA journal_mode = WAL")
            # A power cut must not take back what was noted before a call.
            self._opened.execute("PRAGMA synchronous = FULL")
            self._opened.executescript(_TABLES)
            self._opened.execute("INSERT OR IGNORE INTO book VALUES (1, lower(hex(randomblob(16))), 0, 0)")
        return self._opened

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
