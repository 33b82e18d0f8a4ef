"""Opening databases, and who may write when."""

import gc
from pathlib import Path
from threading import Timer
from weakref import ref

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DBAPIError

from models.tables.engine import begin_read, begin_write, listen, open_engine, remember
from models.tables.errors import DatabaseError
from models.tables.migrations import upgrade
from models.tables.schema import task_cause
from models.tables.types import from_micros

CAUSE = {"effect_key": "interest/roi-call/1/person/1", "task_id": 1, "at": from_micros(0)}


def test_sqlite_is_set_up_for_many_readers_and_one_writer(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with engine.connect() as conn:
        answers = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert answers == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_listener_hears_what_was_committed_and_holds_no_engine_that_nobody_uses(sqlite_url: str) -> None:
    gone = _used_and_left(sqlite_url)
    gc.collect()
    assert gone() is None


def _used_and_left(url: str) -> ref[Engine]:
    engine, heard = open_engine(url), list[object]()
    listen(engine, lambda rows: heard.append((engine.dialect.name, *rows)))
    with begin_write(engine) as conn:
        remember(conn, {"person": 1})
        assert heard == []
    assert heard == [("sqlite", {"person": 1})]
    engine.dispose()
    return ref(engine)


def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path}/var/deep/hagukumi.db").dispose()
    assert (tmp_path / "var/deep/hagukumi.db").exists()


def test_a_file_that_cannot_be_opened_for_a_moment_is_tried_again(tmp_path: Path) -> None:
    place = tmp_path / "hagukumi.db"
    place.mkdir()
    Timer(0.1, place.rmdir).start()
    open_engine(f"sqlite:///{place}").dispose()
    assert place.is_file()


def test_a_second_writer_waits_outside_on_sqlite(sqlite_url: str) -> None:
    engine, other = open_engine(sqlite_url), open_engine(sqlite_url)
    upgrade(engine)
    with begin_write(engine) as conn:
        conn.execute(insert(task_cause), CAUSE)
        with pytest.raises(DatabaseError) as trouble, begin_write(other, wait_ms=20):
            pass
        with begin_read(other) as reader:
            assert reader.execute(select(task_cause)).all() == []
    assert trouble.value.code == "database-busy"
    with begin_write(other, wait_ms=20) as conn:
        assert len(conn.execute(select(task_cause)).all()) == 1
        assert conn.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000
    engine.dispose()
    other.dispose()


def test_nothing_of_a_failed_transaction_stays(engine: Engine) -> None:
    with pytest.raises(KeyError), begin_write(engine) as conn:
        conn.execute(insert(task_cause), CAUSE)
        raise KeyError("in the middle")
    with begin_read(engine) as conn:
        assert conn.execute(select(task_cause)).all() == []


def test_a_reader_sees_one_state_while_others_write(engine: Engine) -> None:
    with begin_read(engine) as reader:
        assert reader.execute(select(task_cause)).all() == []
        with begin_write(engine) as conn:
            conn.execute(insert(task_cause), CAUSE)
        assert reader.execute(select(task_cause)).all() == []
    with begin_read(engine) as reader:
        assert len(reader.execute(select(task_cause)).all()) == 1


def test_a_reader_cannot_write(engine: Engine) -> None:
    with pytest.raises(DBAPIError), begin_read(engine) as conn:
        conn.execute(insert(task_cause), CAUSE)
    with begin_write(engine) as conn:
        conn.execute(insert(task_cause), CAUSE)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "database-address"),
        ("var/hagukumi.db", "database-address"),
        ("mysql://root@db/x", "database-address"),
        ("postgresql://nobody:geheim@/x?host=/nowhere", "database-unreachable"),
        ("sqlite:////proc/nowhere/x.db", "database-unreachable"),
    ],
)
def test_an_address_that_cannot_be_opened_is_explained_without_its_password(url: str, code: str) -> None:
    with pytest.raises(DatabaseError) as trouble:
        open_engine(url)
    assert trouble.value.code == code
    assert "geheim" not in trouble.value.en + trouble.value.ja
    assert trouble.value.__suppress_context__ or trouble.value.__context__ is None


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "list.db"
    file.write_bytes(b"name,email\n" * 200)
    with pytest.raises(DatabaseError) as trouble:
        open_engine(f"sqlite:///{file}")
    assert trouble.value.code == "database-not-one"
    assert str(file) in trouble.value.en
