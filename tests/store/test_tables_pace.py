"""How large batches are, and how others get in between them."""

import threading
from pathlib import Path

import pytest

from models.tables.engine import begin_write, open_engine
from models.tables.errors import DatabaseError
from models.tables.pace import FIRST, LARGEST, LOCK_SECONDS, SMALLEST, Pace
from models.tables.turns import give_way, waiting


def after(size: int, seconds_each: float, batches: int = 1) -> int:
    pace = Pace()
    pace.size = size
    for _ in range(batches):
        pace.done = pace.size
        pace.held(pace.size * seconds_each)
    return pace.size


def test_batches_come_to_the_size_that_holds_the_lock_as_long_as_it_may() -> None:
    assert after(FIRST, LOCK_SECONDS / 300, batches=20) == pytest.approx(300, abs=2)


def test_one_quick_batch_does_not_more_than_double_the_next() -> None:
    assert after(FIRST, 1e-6) == 2 * FIRST


def test_no_batch_is_smaller_or_larger_than_allowed() -> None:
    assert after(FIRST, 1.0, batches=20) == SMALLEST
    assert after(FIRST, 1e-7, batches=20) == LARGEST
    assert Pace(7).size == 7


def test_a_batch_with_nobody_in_it_says_nothing_about_the_next(tmp_path: Path) -> None:
    pace = Pace()
    with pace.begin(open_engine(f"sqlite:///{tmp_path / 'a.db'}")):
        pass
    assert (pace.size, pace.fresh) == (FIRST, True)


def test_a_writer_that_waits_gets_in_when_the_lock_is_free(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    got_in = threading.Event()

    def small() -> None:
        with begin_write(engine):
            got_in.set()

    with begin_write(engine):
        other = threading.Thread(target=small)
        other.start()
        assert not got_in.is_set()
    other.join(10)
    assert got_in.is_set()


def test_who_waits_too_long_is_told_so(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with begin_write(engine), pytest.raises(DatabaseError), begin_write(engine, wait_ms=5):
        pass


def test_stepping_back_ends_even_when_others_wait_for_ever(tmp_path: Path) -> None:
    with waiting(str(tmp_path / "a.db")):
        give_way(str(tmp_path / "a.db"))


def test_a_database_in_memory_has_nobody_to_wait_for() -> None:
    with waiting(None), waiting(":memory:"):
        give_way(None)
        give_way(":memory:")
