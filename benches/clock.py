"""A stopwatch over wall and CPU time, and how quick this machine is at the moment."""

from __future__ import annotations

import gc
import time
from types import TracebackType
from typing import Any


class Watch:
    """Measures a `with` block."""

    def __enter__(self) -> Watch:
        gc.collect()
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wall = time.perf_counter() - self._wall
        self.cpu = time.process_time() - self._cpu

    def figures(self, done: int) -> dict[str, Any]:
        """What was done, in how many seconds of wall and of CPU."""
        return {"done": done, "wall": self.wall, "cpu": self.cpu}


def calibration() -> float:
    """CPU seconds of a fixed piece of arithmetic: how quick the machine is just now."""
    began = time.process_time()
    total = 0
    for number in range(500_000):
        total += number * number
    return time.process_time() - began
