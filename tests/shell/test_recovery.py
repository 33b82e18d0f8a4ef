"""A database from a backup knows less than has left the house; the logbook knows it all."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, update

from hagukumi.channels.imports.refusals import Refusal, store_refusals
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.shell.switches import pause, resume
from hagukumi.letters.channels import pause as rest
from hagukumi.letters.channels import paused as paused_channels
from hagukumi.letters.logbook import Logbook, Noted
from hagukumi.letters.recovery import KEPT, Recovered, noted, recover
from hagukumi.starter import make_workspace
from hagukumi.web.desk import Desk
from hagukumi.wiring import wire
from hagukumi.workspace import open_folder
from models.tables.bulk import upsert_many
from models.tables.engine import begin_read, begin_write, open_engine, remember
from models.tables.errors import DatabaseError
from models.tables.migrations import upgrade
from models.tables.schema import content, letter, refusal
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
    assert recover(workshop.engine, book, START) == (0, 0, 0), "both know the same"


def test_a_letter_the_backup_does_not_know_is_unknown_and_counts(workshop: Workshop, book: Logbook) -> None:
    sent(workshop, book)
    with begin_write(workshop.engine) as conn:
        row = conn.execute(select(letter.c.key, *(letter.c[name] for name in KEPT)).limit(1)).one()
        book.note(book.told.claims + 1, [noted(row)], START)
        conn.execute(delete(letter).where(letter.c.key == row.key))
    assert recover(workshop.engine, book, START + timedelta(days=1)) == (1, 0, 0)
    assert states(workshop) == {"accepted": 2, "unknown": 1}
    with workshop.engine.connect() as conn:
        again = conn.execute(select(letter).where(letter.c.key == row.key)).one()
    assert (again.granted_at, again.address_hash, again.content) == (row.granted_at, row.address_hash, row.content)
    assert recover(workshop.engine, book, START + timedelta(days=1)) == (0, 0, 0), "once"


def test_a_letter_the_backup_takes_for_waiting_is_not_sent_again(workshop: Workshop, book: Logbook) -> None:
    sent(workshop, book)
    with begin_write(workshop.engine) as conn:
        key = conn.scalars(select(letter.c.key).limit(1)).one()
        row = conn.execute(select(letter.c.key, *(letter.c[name] for name in KEPT)).where(letter.c.key == key)).one()
        book.note(book.told.claims + 1, [noted(row)], START)
        conn.execute(update(letter).where(letter.c.key == key).values(state="queued", next_try=START))
    assert recover(workshop.engine, book, START) == (1, 0, 0)
    assert states(workshop) == {"accepted": 2, "unknown": 1}
    workshop.live(days=2)
    assert len([one for one in book.since(0) if one.key == key]) == 1


def test_a_letter_that_the_backup_had_granted_is_asked_again(workshop: Workshop, book: Logbook) -> None:
    sent(workshop, book)
    with begin_write(workshop.engine) as conn:
        first, other = conn.execute(select(letter.c.key, *(letter.c[name] for name in KEPT)).limit(2)).all()
        held = {"state": "granted", "sent_at": None, "leased_by": "another", "lease_until": START + timedelta(days=9)}
        conn.execute(update(letter).where(letter.c.key == first.key).values(**held))
        book.note(book.told.claims + 1, [noted(other)], START)
        conn.execute(delete(letter).where(letter.c.key == other.key))
    assert recover(workshop.engine, book, START) == (1, 0, 0)
    assert states(workshop) == {"accepted": 1, "unknown": 1, "queued": 1}, "what left since may have used up its cap"


def test_refusals_that_came_after_the_backup_stand_again(workshop: Workshop, book: Logbook) -> None:
    sent(workshop, book)
    with begin_write(workshop.engine) as conn:
        said = {"channel": "mail", "address_hash": "a" * 64, "person_id": 1, "cause": "unsubscribed", "at": START}
        conn.execute(insert(refusal).values(**said))
    assert recover(workshop.engine, book, START) == (0, 0, 0)
    assert len(book.refused()) == 1
    with begin_write(workshop.engine) as conn:
        conn.execute(delete(refusal))
        conn.exec_driver_sql("UPDATE logbook SET notes = 0, refusals = 0")
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
    assert recover(engine, book, START) == (1, 0, 0)
    engine.dispose()


class Restored:
    """A real workspace in SQLite whose database can be put back; its logbook lies beside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        make_workspace(folder, "real")
        self.open()

    def open(self) -> None:
        self.wired = wire(open_folder(self.folder))
        assert self.wired.logbook is not None

    def copy(self, name: str) -> None:
        self.wired.engine.dispose()
        shutil.copyfile(self.folder / "var" / "hagukumi.db", self.folder / name)

    def put_back(self, name: str) -> None:
        self.wired.engine.dispose()
        for ending in ("", "-wal", "-shm"):
            (self.folder / "var" / f"hagukumi.db{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.folder / name, self.folder / "var" / "hagukumi.db")
        self.open()

    def refuse(self, mailbox: str) -> None:
        with begin_write(self.wired.engine) as conn:
            store_refusals(conn, [Refusal("mail", mailbox, None, None, "refused", START, "link")])

    def recover(self) -> Recovered:
        assert self.wired.logbook is not None
        return recover(self.wired.engine, self.wired.logbook, START)

    def refused(self) -> set[str | None]:
        with begin_read(self.wired.engine) as conn:
            return set(conn.scalars(select(refusal.c.address_hash)))


@pytest.fixture
def house(tmp_path: Path) -> Restored:
    return Restored(tmp_path / "house")


def test_a_refusal_is_noted_before_anybody_ticks(house: Restored) -> None:
    house.copy("backup")
    house.refuse("a" * 64)
    house.put_back("backup")
    assert house.recover() == (0, 1, 0) and house.refused() == {"a" * 64}
    assert house.recover() == (0, 0, 0), "once"


def test_the_web_process_notes_refusals_as_well(house: Restored) -> None:
    house.copy("backup")
    desk = Desk(open_folder(house.folder))
    with begin_write(desk.engine) as conn:
        store_refusals(conn, [Refusal("mail", "w" * 64, None, None, "unsubscribed", START, "link")])
    desk.close()
    house.put_back("backup")
    assert house.recover() == (0, 1, 0) and house.refused() == {"w" * 64}


def test_one_restore_after_another_forgets_no_refusal_although_rows_get_the_same_numbers(house: Restored) -> None:
    house.copy("empty")
    house.refuse("a" * 64)
    house.recover()
    house.refuse("b" * 64)
    house.recover()
    house.put_back("empty")
    house.refuse("c" * 64)
    house.recover()
    assert house.refused() == {"a" * 64, "b" * 64, "c" * 64}
    house.copy("second")
    house.put_back("empty")
    house.recover()
    assert house.refused() == {"a" * 64, "b" * 64, "c" * 64}
    house.refuse("d" * 64)
    house.put_back("second")
    house.recover()
    assert house.refused() == {letter * 64 for letter in "abcd"}


def test_what_was_stopped_after_the_backup_is_stopped_again_and_what_was_freed_is_free(house: Restored) -> None:
    house.copy("backup")
    with begin_write(house.wired.engine) as conn:
        pause(conn, "ALL", now=START, by="sato")
        rest(conn, "folder/aoba.example", Why("complaints", ("3",)), START)
        rest(conn, "folder", Why("channel_asked", ("429",)), START, until=START + timedelta(hours=1))
        upsert_many(conn, content, ("name",), [("story/one",)])
    with begin_write(house.wired.engine) as conn:
        conn.execute(update(content).where(content.c.name == "story/one").values(withdrawn_at=START))
        remember(conn)
    house.put_back("backup")
    assert house.recover() == (0, 0, 3), "a rest with an end is over by itself"
    with begin_write(house.wired.engine) as conn:
        assert paused_channels(conn) == {"folder/aoba.example": Why("complaints", ("3",))}
        assert conn.scalar(select(content.c.withdrawn_at)) == START
        assert resume(conn, "ALL", now=START)
    house.put_back("backup")
    assert house.recover() == (0, 0, 2), "who resumed it meant it"


def test_a_logbook_that_is_in_the_way_keeps_no_refusal_out(house: Restored, caplog: pytest.LogCaptureFixture) -> None:
    book = house.folder / "var" / "logbook.db"
    assert house.wired.logbook is not None
    house.wired.logbook.close()
    book.write_bytes(b"no database" * 100)
    house.refuse("a" * 64)
    assert house.refused() == {"a" * 64} and "could not be noted" in caplog.text
    with pytest.raises(DatabaseError):
        house.recover()
