"""What is going to happen, in the order of time; at the same time, in the order in which it was put in. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Agenda(Generic[_T]):
    """Things with their instants."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, _T]] = []
        self._numbers = count()

    def put(self, at: datetime, what: _T) -> None:
        """Notes something for an instant."""
        heapq.heappush(self._heap, (at, next(self._numbers), what))

    def due(self, until: datetime) -> Iterator[_T]:
        """Takes out what is noted up to then, `until` included; what is put in meanwhile as well."""
        while self._heap and self._heap[0][0] <= until:
            yield heapq.heappop(self._heap)[2]
