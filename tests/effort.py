"""How much work something is, whatever else runs: its thread's processor time in yardsticks. Start with `work`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Work:
    """What was measured. yardsticks: how many times the work of the yardstick it was; about ten a second."""

    yardsticks = 0.0


@contextmanager
def work() -> Iterator[Work]:
    """Measures what is done inside; the yardstick is laid before and after, in this process."""
    told = Work()
    before = _yardstick()
    began = time.thread_time()
    yield told
    spent = time.thread_time() - began
    # The slower of the two: a processor that was shared makes both slow, and what lies between them too.
    told.yardsticks = spent / max(before, _yardstick())


def _yardstick() -> float:
    """Seconds of processor time of some work of the kind that reading files is."""
    began = time.thread_time()
    found: dict[str, list[str]] = {}
    for number in range(60_000):
        word = f"key{number % 997}: value {number}"
        name, _, rest = word.partition(": ")
        found.setdefault(name, []).append(rest.strip().upper())
    assert len(found) == 997
    return time.thread_time() - began
