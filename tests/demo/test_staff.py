"""staff.yaml in the table, and what a desk records, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.shell.desk import dials, record_call
from hagukumi.journeys.shell.staff import differs, store_staff
from hagukumi.pipeline.staff import Absence, Member
from models.tables.engine import begin_read, begin_write
from models.tables.schema import activity, pending, person, staff, task

NOW = datetime(2026, 4, 24, 1, tzinfo=UTC)
CALENDAR = BusinessCalendar()
SUZUKI = Member(key="suzuki", name="鈴木 美穂", role="is")
TANAKA = Member(key="tanaka", name="田中 陸", role="is", working_days=("wed", "mon"))


@pytest.fixture
def call(engine: Engine) -> int:
    """The id of an open call."""
    with begin_write(engine) as conn:
        who = conn.execute(
            insert(person).values(key="p", created_at=NOW, changed_at=NOW).returning(person.c.id)
        ).scalar_one()
        made = insert(task).values(person_id=who, desk="IS", kind="call", made_at=NOW).returning(task.c.id)
        return int(conn.execute(made).scalar_one())


def test_the_file_becomes_the_table_and_again_changes_nothing(engine: Engine) -> None:
    with begin_write(engine) as conn:
        assert differs(conn, [SUZUKI, TANAKA], CALENDAR)
        assert store_staff(conn, [SUZUKI, TANAKA], CALENDAR) == 2
        assert not differs(conn, [SUZUKI, TANAKA], CALENDAR)
        assert store_staff(conn, [SUZUKI, TANAKA], CALENDAR) == 0
        days = {row.key: row.working_days for row in conn.execute(select(staff.c.key, staff.c.working_days))}
    assert days == {"suzuki": [1, 2, 3, 4, 5], "tanaka": [1, 3]}


def test_who_left_the_file_stays_known_and_gets_nothing_more(engine: Engine) -> None:
    with begin_write(engine) as conn:
        store_staff(conn, [SUZUKI, TANAKA], CALENDAR)
        assert differs(conn, [SUZUKI], CALENDAR)
        store_staff(conn, [SUZUKI], CALENDAR)
        active = {row.key: row.active for row in conn.execute(select(staff.c.key, staff.c.active))}
    assert active == {"suzuki": True, "tanaka": False}


def test_days_away_are_whole_days_here(engine: Engine) -> None:
    away = Member(
        key="suzuki", name="鈴木 美穂", role="is", absent=Absence(first=date(2026, 5, 7), last=date(2026, 5, 8))
    )
    with begin_write(engine) as conn:
        store_staff(conn, [away], CALENDAR)
        row = conn.execute(select(staff.c.absent_from, staff.c.absent_to)).one()
    assert tuple(row) == (datetime(2026, 5, 6, 15, tzinfo=UTC), datetime(2026, 5, 8, 15, tzinfo=UTC))


def test_an_unanswered_call_leaves_the_task_open(engine: Engine, call: int) -> None:
    with begin_write(engine) as conn:
        assert record_call(conn, call, "不在", NOW + timedelta(hours=1), settles=False)
        who, state = conn.execute(select(task.c.person_id, task.c.state)).one()
        assert (state, dials(conn, who, NOW)) == ("open", 1)


def test_a_result_closes_the_task_once_and_enters_the_queue(engine: Engine, call: int) -> None:
    with begin_write(engine) as conn:
        assert record_call(conn, call, "会話", NOW, settles=True)
        assert not record_call(conn, call, "課題なし", NOW, settles=True)
    with begin_read(engine) as conn:
        assert tuple(conn.execute(select(task.c.state, task.c.result, task.c.result_at)).one()) == ("done", "会話", NOW)
        assert conn.scalars(select(activity.c.outcome)).all() == ["会話"]
        assert conn.scalars(select(pending.c.at)).all() == [NOW]
