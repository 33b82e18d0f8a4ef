"""How much one transaction takes, so that SQLite's only lock is never held long. Start with `Pace.begin`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine

from models.tables.engine import begin_ahead, begin_write
from models.tables.turns import give_way

_T = TypeVar("_T")

LOCK_SECONDS = 0.011
"""A batch aims at holding the lock so long; 20 ms is promised to the others."""
SMALLEST, FIRST, LARGEST = 25, 100, 1_000

WITHOUT_LOCK = 500
"""On PostgreSQL nobody waits for a batch: there a trip to the server is what costs."""


class Pace:
    """The size of the next batch, from what the last ones took. Sizes change the order of work, never its outcome.

    seconds: how long a batch aims at holding SQLite's lock.
    """

    def __init__(self, largest: int = LARGEST, seconds: float = LOCK_SECONDS) -> None:
        self.largest = largest
        self.seconds = seconds
        self.size = min(FIRST, largest)
        self.done = 0
        self.fresh = True

    @contextmanager
    def begin(self, engine: Engine) -> Iterator[Connection]:
        """A writing transaction for one batch of at most `size`; inside it `done` is set to how many there were."""
        self.done = 0
        with begin_write(engine) as conn:
            began = time.perf_counter()
            yield conn
        self._went(engine, began)

    @contextmanager
    def begin_ahead(self, engine: Engine, think: Callable[[Connection], _T]) -> Iterator[tuple[Connection, _T, bool]]:
        """The same where the thinking comes before the lock: see `engine.begin_ahead`. SQLite only."""
        self.done = 0
        with begin_ahead(engine, think) as (conn, thought, holds):
            began = time.perf_counter()
            yield conn, thought, holds
        self._went(engine, began)

    def _went(self, engine: Engine, began: float) -> None:
        self.fresh = self.fresh and not self.done
        if engine.dialect.name != "sqlite":
            self.size = min(WITHOUT_LOCK, self.largest)
        elif self.done:
            self.held(time.perf_counter() - began)
            give_way(engine.url.database)

    def held(self, seconds: float) -> None:
        """Takes in how long the lock was held for `done` people or letters."""
        fitting = int(self.seconds / max(seconds / self.done, 1e-6))
        self.size = min(max((self.size + fitting) // 2, SMALLEST), self.size * 2, self.largest)
