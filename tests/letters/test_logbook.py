"""The logbook: what was handed over is known whatever becomes of the database."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hagukumi.letters.logbook import KEPT, Logbook, Noted
from models.tables.errors import DatabaseError

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from hagukumi.letters.logbook import Logbook, Noted
Logbook(Path(sys.argv[1])).note(1, [Noted("a", {}), Noted("b", {})], datetime.now(UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""


def noted(*keys: str) -> list[Noted]:
    return [Noted(key, {"person_id": 1}) for key in keys]


def keys(book: Logbook, since: int = 0) -> list[str]:
    return [one.key for one in book.since(since)]


def test_what_was_noted_is_known_until_it_is_struck_out(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "var" / "logbook.db")
    assert book.told == (0, 0)
    book.note(1, noted("a/1", "b/1"), AT)
    book.note(2, noted("c/1"), AT)
    assert (book.told.claims, keys(book), keys(book, 1)) == (2, ["a/1", "b/1", "c/1"], ["c/1"])
    book.strike(["c/1", "a/1"])
    assert (book.told.claims, keys(book)) == (2, ["b/1"]), "claims are counted whatever became of them"


def test_claims_that_are_noted_in_another_order_count_up(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "logbook.db")
    book.note(6, noted("b"), AT)
    book.note(5, noted("a"), AT)
    assert (book.told.claims, keys(book)) == (6, ["a", "b"])


def test_refusals_are_kept_once_and_stops_as_they_stand_now(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "logbook.db")
    pause = {"what": "stop_switch", "scope": "ALL"}
    assert book.stop([{"channel": "mail", "address_hash": "x"}, {"channel": "fax", "person_id": 2}], list) == 1
    assert book.stop([{"channel": "mail", "address_hash": "x"}], list) == 1, "nothing new"
    assert book.stop([], lambda: [pause]) == 2 and book.stopped() == [pause]
    assert book.stop([], list) == 3 and book.stopped() == []
    assert book.turn() == 4 and book.told == (0, 4)
    assert sorted(one["channel"] for one in book.refused()) == ["fax", "mail"]


def test_what_a_killed_process_noted_stands(tmp_path: Path) -> None:
    file = tmp_path / "logbook.db"
    died = subprocess.run([sys.executable, "-c", KILLED, str(file)], check=False)
    assert died.returncode == -9
    assert keys(Logbook(file)) == ["a", "b"]


def test_two_books_over_one_file_and_many_threads_agree(tmp_path: Path) -> None:
    books = [Logbook(tmp_path / "logbook.db") for _ in range(2)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: books[n % 2].note(n, noted(f"k/{n:03}"), AT), range(100)))
    assert keys(books[0], -1) == keys(books[1], -1) == [f"k/{n:03}" for n in range(100)]
    assert books[0].id == books[1].id


def test_what_is_older_than_any_backup_is_forgotten(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "logbook.db")
    book.note(1, noted("old"), AT)
    book.note(2, noted("new"), AT + timedelta(days=2))
    book.forget(AT + KEPT + timedelta(days=1))
    assert keys(book) == ["new"]


def test_a_book_that_cannot_be_used_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "logbook.db").write_bytes(b"no database" * 100)
    book = Logbook(tmp_path / "logbook.db")
    for attempt in (lambda: book.note(1, noted("a"), AT), lambda: book.told):
        with pytest.raises(DatabaseError):
            attempt()
