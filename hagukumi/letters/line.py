"""Calls under way: one after another where they are put in, or so many at once in threads. Start with `Line`.

Threads are daemons of our own, not an executor's: a process that is told to end does not wait for a slow provider.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
A = TypeVar("A")


class Line(Protocol[T, A]):
    """Things are put in, their answers taken out in any order."""

    under_way: int

    def put(self, things: Sequence[T]) -> None:
        """One call for these things together."""
        ...

    def take(self, most: int, seconds: float) -> list[A]:
        """Waits for an answer, then for up to `most` as long as each next one comes within `seconds`.

        At once with nothing when none is awaited.
        """
        ...

    def drop(self) -> list[T]:
        """Takes back what has not been begun."""
        ...

    def close(self) -> None:
        """No more calls."""
        ...


class OneByOne(Generic[T, A]):
    """Each call is made as it is put in."""

    def __init__(self, call: Callable[[Sequence[T]], Sequence[A]]) -> None:
        self.call = call
        self.under_way = 0
        self._done: list[A] = []

    def put(self, things: Sequence[T]) -> None:
        """Calls."""
        self._done += self.call(things)

    def take(self, most: int, seconds: float) -> list[A]:
        """All there are."""
        done, self._done = self._done, []
        return done

    def drop(self) -> list[T]:
        """Nothing waits."""
        return []

    def close(self) -> None:
        """Nothing is open."""


class AtOnce(Generic[T, A]):
    """Up to `number` calls in threads, which are begun as they are needed. `call` must raise nothing."""

    def __init__(self, call: Callable[[Sequence[T]], Sequence[A]], number: int) -> None:
        self.call = call
        self.number = number
        self.under_way = 0
        self._threads = 0
        self._todo: SimpleQueue[Sequence[T] | None] = SimpleQueue()
        self._done: SimpleQueue[Sequence[A]] = SimpleQueue()

    def put(self, things: Sequence[T]) -> None:
        """Waits in line for the next free thread."""
        self.under_way += len(things)
        self._todo.put(things)
        if self._threads < min(self.number, self.under_way):
            self._threads += 1
            Thread(target=self._work, name=f"call-{self._threads}", daemon=True).start()

    def take(self, most: int, seconds: float) -> list[A]:
        """Answers as they have come."""
        found: list[A] = []
        while self.under_way and len(found) < most:
            try:
                answers = self._done.get(timeout=seconds if found else None)
            except Empty:
                break
            found += answers
            self.under_way -= len(answers)
        return found

    def drop(self) -> list[T]:
        """What no thread has begun."""
        found: list[T] = []
        while True:
            try:
                things = self._todo.get_nowait()
            except Empty:
                self.under_way -= len(found)
                return found
            found += things or ()

    def close(self) -> None:
        """Threads end with the call they are at."""
        self.drop()
        for _ in range(self._threads):
            self._todo.put(None)

    def _work(self) -> None:
        while True:
            things = self._todo.get()
            if things is None:
                return
            self._done.put(self.call(things))
