"""Two processes on PostgreSQL: nothing is planned while somebody's walk is under way."""

import threading
import time

from sqlalchemy import Engine, insert, select, text

from hagukumi.letters.departures import depart
from models.tables.engine import begin_write, open_engine
from models.tables.locks import WALKING, walk_beside
from models.tables.schema import letter, workspace
from tests.programs.harness import local, terms

NOW = local("2026-04-01 10:00")


def test_departures_wait_for_a_walk_that_is_under_way(tables_on_postgres: str) -> None:
    engine = open_engine(tables_on_postgres)
    with begin_write(engine) as conn:
        row = {"id": "x", "nature": "virtual", "created_at": NOW, "seed": "s", "secret": "00"}
        conn.execute(insert(workspace).values(**row))
        conn.execute(
            text("INSERT INTO person (id, key, family_name, created_at, changed_at) VALUES (1, 'a', 'b', 1, 1)")
        )
    answers = []

    def plan() -> None:
        answers.append(depart(engine, NOW, terms(), lambda version, step: None, lambda conn: True))

    with begin_write(engine) as walking:
        walk_beside(walking)
        planner = threading.Thread(target=plan)
        planner.start()
        _until_somebody_waits(engine)
        values = {"person_id": 1, "content": "story/first", "due": NOW, "written_at": NOW, "next_try": NOW}
        walking.execute(insert(letter).values(key="a", scenario="story", step="one", visit=1, **values))
    planner.join()
    (answer,) = answers
    assert answer.over and sum(answer.departed) == 1, "the letter of that walk is asked in the very slot"
    engine.dispose()


def test_departures_give_way_to_somebody_who_is_due(tables_url: str) -> None:
    engine = open_engine(tables_url)
    with begin_write(engine) as conn:
        row = {"id": "x", "nature": "virtual", "created_at": NOW, "seed": "s", "secret": "00"}
        conn.execute(insert(workspace).values(**row))
        key = {"key": "a", "person_id": 1, "content": "story/first", "due": NOW, "written_at": NOW, "next_try": NOW}
        conn.execute(insert(letter).values(**key))
    planned = depart(engine, NOW, terms(), lambda version, step: None, lambda conn: False)
    assert planned == ((0, 0, 0), False)
    with engine.connect() as conn:
        assert conn.scalar(select(letter.c.state)) == "queued"
    engine.dispose()


def _until_somebody_waits(engine: Engine) -> None:
    end = time.monotonic() + 20
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = :lock"
    while time.monotonic() < end:
        with engine.connect() as conn:
            if conn.scalar(text(locks), {"lock": WALKING & 0xFFFFFFFF}):
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
