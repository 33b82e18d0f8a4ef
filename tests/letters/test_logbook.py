"""The logbook: what was handed over is known whatever becomes of the database."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hagukumi.letters.logbook import KEPT, Logbook
from models.tables.errors import DatabaseError

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from hagukumi.letters.logbook import Logbook
Logbook(Path(sys.argv[1])).note(["a", "b"], datetime.now(UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_noted_is_known_until_it_is_struck_out(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "var" / "logbook.db")
    book.note(["a/1", "b/1"], AT)
    assert book.known(["a/1", "b/1", "c/1"]) == {"a/1", "b/1"}
    book.strike(["a/1"])
    assert book.known(["a/1", "b/1"]) == {"b/1"}


def test_a_letter_may_be_noted_twice(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "logbook.db")
    book.note(["a"], AT)
    book.note(["a"], AT + timedelta(days=1))
    book.strike(["a"])
    assert book.known(["a"]) == set()


def test_what_a_killed_process_noted_stands(tmp_path: Path) -> None:
    file = tmp_path / "logbook.db"
    died = subprocess.run([sys.executable, "-c", KILLED, str(file)], check=False)
    assert died.returncode == -9
    assert Logbook(file).known(["a", "b", "c"]) == {"a", "b"}


def test_two_books_over_one_file_and_many_threads_agree(tmp_path: Path) -> None:
    books = [Logbook(tmp_path / "logbook.db") for _ in range(2)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: books[n % 2].note([f"k/{n}"], AT), range(100)))
    keys = [f"k/{n}" for n in range(100)]
    assert books[0].known(keys) == books[1].known(keys) == set(keys)


def test_what_is_older_than_any_backup_is_forgotten(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "logbook.db")
    book.note(["old"], AT)
    book.note(["new"], AT + timedelta(days=2))
    book.forget(AT + KEPT + timedelta(days=1))
    assert book.known(["old", "new"]) == {"new"}


def test_a_book_that_cannot_be_written_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "logbook.db").write_bytes(b"no database" * 100)
    book = Logbook(tmp_path / "logbook.db")
    for attempt in (lambda: book.note(["a"], AT), lambda: book.known(["a"])):
        with pytest.raises(DatabaseError):
            attempt()
