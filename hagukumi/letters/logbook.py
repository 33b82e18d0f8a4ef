"""The logbook: every letter about to be handed over, noted beside the database before the call. Start with `Logbook`.

A database that comes back from a backup, or lost its last commits with the power, takes letters for unsent that have
left. Who claims a letter looks here first: what is noted is never handed over again. One SQLite file a machine, kept
apart from the database's backups; keys and instants only, no personal text.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from models.tables.errors import unreachable
from models.tables.types import to_micros

T = TypeVar("T")
FILE = "logbook.db"
KEPT = timedelta(days=400)
"""Longer than any mailbox must not see the same content again, and than any backup worth restoring is old."""
_SECONDS = 10.0


class Logbook:
    """Keys of letters that were, or are about to be, handed over. All methods may be called from any thread.

    Every change is on the disk when the method returns. All raise DatabaseError when the file cannot be used: then
    nothing may be handed over.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None

    def known(self, keys: Sequence[str]) -> set[str]:
        """Which of these letters are noted."""
        with self._lock:
            return self._run(lambda conn: {key for key in keys if conn.execute(_KNOWN, (key,)).fetchone()})

    def note(self, keys: Collection[str], at: datetime) -> None:
        """Notes letters that have been claimed, before anybody calls out; `at` by the wall clock."""
        self._change("INSERT OR REPLACE INTO handed (key, at) VALUES (?, ?)", [(key, to_micros(at)) for key in keys])

    def strike(self, keys: Collection[str]) -> None:
        """Takes out letters that surely were not taken, so that they may be claimed again."""
        self._change("DELETE FROM handed WHERE key = ?", [(key,) for key in keys])

    def forget(self, now: datetime) -> None:
        """Takes out what is older than KEPT."""
        self._change("DELETE FROM handed WHERE at < ?", [(to_micros(now - KEPT),)])

    def close(self) -> None:
        """Gives the file back."""
        with self._lock:
            self._close()

    def _change(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        def change(conn: sqlite3.Connection) -> None:
            conn.execute("BEGIN IMMEDIATE")
            conn.executemany(statement, rows)
            conn.execute("COMMIT")

        if rows:
            with self._lock:
                self._run(change)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return work(self._connection())
        except sqlite3.Error:
            if self._opened is not None and self._opened.in_transaction:
                self._opened.execute("ROLLBACK")
            self._close()
            raise unreachable(str(self._file)) from None

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._opened = sqlite3.connect(self._file, _SECONDS, isolation_level=None, check_same_thread=False)
            self._opened.execute("PRAGMA journal_mode = WAL")
            # A power cut must not take back what was noted before a call.
            self._opened.execute("PRAGMA synchronous = FULL")
            self._opened.execute("CREATE TABLE IF NOT EXISTS handed (key TEXT PRIMARY KEY, at INTEGER) WITHOUT ROWID")
        return self._opened

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


_KNOWN = "SELECT 1 FROM handed WHERE key = ?"
