"""Never more calls than the account's rate allows, whatever the threads do."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from hagukumi.channels.sendgrid.bucket import Bucket


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += seconds


@given(
    rate=st.integers(1, 500),
    burst=st.integers(1, 50),
    steps=st.lists(st.tuples(st.floats(0, 3), st.integers(1, 40)), min_size=1, max_size=30),
)
def test_within_any_time_there_are_at_most_rate_times_t_and_burst_calls(
    rate: int, burst: int, steps: list[tuple[float, int]]
) -> None:
    clock = Clock()
    bucket = Bucket(rate, burst, clock)
    used: list[float] = []
    for pause, calls in steps:
        clock.go(pause)
        used += [clock.now + bucket.reserve() for _ in range(calls)]
    assert used == sorted(used)
    for first in range(len(used)):
        for last in range(first, len(used)):
            assert last - first + 1 <= rate * (used[last] - used[first]) + burst + 1e-6


@given(rate=st.integers(1, 500), burst=st.integers(1, 50), calls=st.integers(1, 200))
def test_nobody_waits_longer_than_the_rate_demands(rate: int, burst: int, calls: int) -> None:
    bucket = Bucket(rate, burst, Clock())
    waits = [bucket.reserve() for _ in range(calls)]
    assert all(wait < 1e-6 for wait in waits[:burst])
    assert waits[-1] <= max(0, calls - burst) / rate + 1e-6


def test_a_hold_gives_nothing_until_it_is_over_and_then_no_burst() -> None:
    clock = Clock()
    bucket = Bucket(10, 5, clock)
    bucket.hold(2)
    bucket.hold(1)
    assert bucket.held() == 2
    assert [round(bucket.reserve(), 3) for _ in range(3)] == [2.0, 2.1, 2.2]
    clock.go(2)
    assert bucket.held() == 0


def test_many_threads_share_one_rate() -> None:
    clock = Clock()
    waits: list[float] = []
    bucket = Bucket(100, 1, clock, waits.append)

    def work() -> None:
        for _ in range(50):
            bucket.take()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(round(wait * 100) for wait in waits) == list(range(1, 400))
