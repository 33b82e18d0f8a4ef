"""A database from a backup knows less than has left the house; the logbook knows it all."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, update

from hagukumi.letters.logbook import Logbook, Noted
from hagukumi.letters.recovery import KEPT, noted, recover
from models.tables.engine import begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.schema import letter, refusal
from tests.shell.conftest import START, Workshop
from tests.shell.test_live import TWO_LETTERS


@pytest.fixture
def book(tmp_path: Path) -> Logbook:
    return Logbook(tmp_path / "logbook.db")


def sent(workshop: Workshop, book: Logbook, people: int = 3) -> None:
    """Letters leave, noted as a real workspace notes them."""
    workshop.publish(TWO_LETTERS)
    for _ in range(people):
        workshop.person()
    house = workshop.wired.house()
    assert house.sender is not None
    house.sender.logbook = book
    workshop.live(hours=1)


def states(workshop: Workshop) -> dict[str, int]:
    with workshop.engine.connect() as conn:
        rows = conn.execute(select(letter.c.state, func.count()).group_by(letter.c.state))
        return dict(rows.tuples().all())


def test_every_letter_is_noted_before_it_is_handed_over(workshop: Workshop, book: Logbook) -> None:
    sent(workshop, book)
    assert len(book.since(0)) == 3
    assert recover(workshop.engine, book, START) == (0, 0), "both know the same"


def test_a_letter_the_backup_does_not_know_is_unknown_and_counts(workshop: Workshop, book: Logbook) -> None:
    sent(workshop, book)
    with begin_write(workshop.engine) as conn:
        row = conn.execute(select(letter.c.key, *(letter.c[name] for name in KEPT)).limit(1)).one()
        book.note(book.told.claims + 1, [noted(row)], START)
        conn.execute(delete(letter).where(letter.c.key == row.key))
    assert recover(workshop.engine, book, START + timedelta(days=1)) == (1, 0)
    assert states(workshop) == {"accepted": 2, "unknown": 1}
    with workshop.engine.connect() as conn:
        again = conn.execute(select(letter).where(letter.c.key == row.key)).one()
    assert (again.granted_at, again.address_hash, again.content) == (row.granted_at, row.address_hash, row.content)
    assert recover(workshop.engine, book, START + timedelta(days=1)) == (0, 0), "once"


def test_a_letter_the_backup_takes_for_waiting_is_not_sent_again(workshop: Workshop, book: Logbook) -> None:
    sent(workshop, book)
    with begin_write(workshop.engine) as conn:
        key = conn.scalars(select(letter.c.key).limit(1)).one()
        row = conn.execute(select(letter.c.key, *(letter.c[name] for name in KEPT)).where(letter.c.key == key)).one()
        book.note(book.told.claims + 1, [noted(row)], START)
        conn.execute(update(letter).where(letter.c.key == key).values(state="queued", next_try=START))
    assert recover(workshop.engine, book, START) == (1, 0)
    assert states(workshop) == {"accepted": 2, "unknown": 1}
    workshop.live(days=2)
    assert len([one for one in book.since(0) if one.key == key]) == 1


def test_refusals_that_came_after_the_backup_stand_again(workshop: Workshop, book: Logbook) -> None:
    sent(workshop, book)
    with begin_write(workshop.engine) as conn:
        said = {"channel": "mail", "address_hash": "a" * 64, "person_id": 1, "cause": "unsubscribed", "at": START}
        conn.execute(insert(refusal).values(**said))
    assert recover(workshop.engine, book, START) == (0, 0)
    assert len(book.refused()) == 1
    with begin_write(workshop.engine) as conn:
        conn.execute(delete(refusal))
        conn.exec_driver_sql("UPDATE logbook SET refusals = 0")
    assert recover(workshop.engine, book, START).refusals == 1
    with workshop.engine.connect() as conn:
        rows = conn.execute(select(refusal.c.address_hash, refusal.c.person_id, refusal.c.cause)).all()
    assert [tuple(row) for row in rows] == [("a" * 64, None, "unsubscribed")]


def test_a_restored_file_sends_nothing_twice(tmp_path: Path) -> None:
    """The logbook of one SQLite file, and the file put back as it was before anything had left."""
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    upgrade(engine)
    engine.dispose()
    shutil.copyfile(tmp_path / "a.db", tmp_path / "backup")
    book = Logbook(tmp_path / "logbook.db")
    row = dict.fromkeys(KEPT) | {"person_id": 7, "due": 1, "written_at": 1, "granted_at": 5, "klass": "nurture"}
    book.note(4, [Noted("s/a/1/p7/7", row | {"priority": 5})], START)
    shutil.copyfile(tmp_path / "backup", tmp_path / "a.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    assert recover(engine, book, START) == (1, 0)
    engine.dispose()
