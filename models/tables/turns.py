"""Taking turns at SQLite's only lock: who waits says so, and whoever writes batch after batch lets them in.

SQLite itself knows no queue: a writer that lets go and grabs again keeps the others out for seconds. Windows has no
such locks; there waiting stays a matter of luck.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.001
"""How often a waiting writer tries again."""
MOST_SECONDS = 0.02
"""The longest a batch writer steps back at a time."""


@contextmanager
def waiting(database: str | None) -> Iterator[None]:
    """Says, for the length of the block, that somebody waits for this SQLite file. Memory has nobody to wait for."""
    if sys.platform == "win32" or not database or database == ":memory:":
        yield
        return
    from fcntl import LOCK_SH, flock

    with _sign(database).open("ab") as sign:
        flock(sign, LOCK_SH)
        yield


def give_way(database: str | None) -> None:
    """Steps back between two batches as long as somebody waits, at most MOST_SECONDS."""
    if sys.platform == "win32" or not database or database == ":memory:":
        return
    from fcntl import LOCK_EX, LOCK_NB, flock

    tries = int(MOST_SECONDS / POLL_SECONDS)
    with _sign(database).open("ab") as sign:
        for _ in range(tries):
            try:
                flock(sign, LOCK_EX | LOCK_NB)
                return
            except BlockingIOError:
                time.sleep(POLL_SECONDS)


def _sign(database: str) -> Path:
    return Path(f"{database}-waiting")
