"""A token bucket: so many calls a second, whatever the number of threads. Start with `Bucket.take`.

It counts for one process: where several send, each gets its share of the account's rate.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Bucket:
    """At most `rate` × t + `burst` calls begin within any t seconds. clock: monotonic seconds."""

    def __init__(
        self,
        rate: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._step = 1 / rate
        self._slack = (burst - 1) / rate
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._due = float("-inf")
        self._until = float("-inf")

    def take(self) -> None:
        """Takes a token, waiting for it if need be."""
        wait = self.reserve()
        if wait > 0:
            self._sleep(wait)

    def reserve(self) -> float:
        """Takes a token; returns the seconds until it may be used."""
        with self._lock:
            now = self._clock()
            due = max(self._due, self._until, now - self._slack)
            self._due = due + self._step
            return max(0.0, due - now)

    def hold(self, seconds: float) -> None:
        """Gives no token for so long: the account was told to wait. A longer hold stands."""
        with self._lock:
            self._until = max(self._until, self._clock() + seconds)

    def held(self) -> float:
        """Seconds until a hold is over; 0 without one."""
        with self._lock:
            return max(0.0, self._until - self._clock())
