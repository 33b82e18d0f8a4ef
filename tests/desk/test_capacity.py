"""Tasks go to who is there and has room; the rest waits in order of priority. On both databases, in any steps."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.shell.owners import share_out
from hagukumi.journeys.shell.staff import store_staff
from hagukumi.pipeline.staff import Absence, Member
from models.tables.engine import begin_write
from models.tables.schema import person, staff, task

CALENDAR = BusinessCalendar()
DAY = date(2026, 4, 20)
"""A Monday."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return CALENDAR.instant(DAY + timedelta(days=day), time(hour, minute))


def works(engine: Engine, *members: Member) -> None:
    with begin_write(engine) as conn:
        store_staff(conn, members, CALENDAR)


def made(engine: Engine, *tasks: tuple[datetime, datetime | None]) -> None:
    """Tasks by when they were made and when they are due, each for somebody else."""
    with begin_write(engine) as conn:
        for number, (made_at, due) in enumerate(tasks):
            values = {"key": f"p{number}", "created_at": made_at, "changed_at": made_at}
            who = conn.execute(insert(person).values(**values).returning(person.c.id)).scalar_one()
            conn.execute(insert(task).values(person_id=who, desk="IS", kind="call", made_at=made_at, due=due))


def owners(engine: Engine) -> list[tuple[str | None, datetime | None]]:
    """Whose each task is and since when, in the order of their making."""
    with engine.connect() as conn:
        query = select(staff.c.key, task.c.given_at).select_from(
            task.outerjoin(staff, task.c.owner_staff_id == staff.c.id)
        )
        return [(row.key, row.given_at) for row in conn.execute(query.order_by(task.c.id))]


def test_whoever_has_room_gets_it_and_a_full_day_makes_it_wait(engine: Engine) -> None:
    works(
        engine,
        Member(key="suzuki", name="鈴木", role="is", capacity=2),
        Member(key="tanaka", name="田中", role="is", capacity=1),
    )
    made(engine, *((at(0, 10, minute), None) for minute in range(5)))
    assert share_out(engine, at(0, 9), at(0, 18), CALENDAR) == 3
    assert [key for key, _ in owners(engine)] == ["suzuki", "tanaka", "suzuki", None, None]


def test_who_waits_is_given_the_next_morning_by_what_is_due_first_and_nobody_is_lost(engine: Engine) -> None:
    works(engine, Member(key="suzuki", name="鈴木", role="is", capacity=1))
    dues = [None, at(4, 10), at(1, 10), None]
    made(engine, *((at(0, 10, number), due) for number, due in enumerate(dues)))
    for day in range(5):
        share_out(engine, at(day, 9), at(day, 18), CALENDAR)
    assert owners(engine) == [
        ("suzuki", at(0, 10)), ("suzuki", at(2, 0)), ("suzuki", at(1, 0)), ("suzuki", at(3, 0)),
    ]  # fmt: skip


def test_the_absent_get_nothing_unless_everybody_is_away(engine: Engine) -> None:
    works(
        engine,
        Member(key="suzuki", name="鈴木", role="is", absent=Absence(first=DAY, last=DAY)),
        Member(key="tanaka", name="田中", role="is", working_days=("mon",)),
    )
    made(engine, *((at(0, 10, minute), None) for minute in range(2)), (at(1, 10), None))
    share_out(engine, at(0, 9), at(1, 18), CALENDAR)
    assert [key for key, _ in owners(engine)] == ["tanaka", "tanaka", "suzuki"]


def test_a_task_of_the_evening_belongs_to_the_next_day(engine: Engine) -> None:
    works(engine, Member(key="suzuki", name="鈴木", role="is", capacity=1))
    made(engine, (at(0, 10), None), (at(0, 20), None), (at(1, 10), None))
    share_out(engine, at(0, 9), at(1, 18), CALENDAR)
    assert [key for key, _ in owners(engine)] == ["suzuki", "suzuki", None]


def test_what_belonged_to_somebody_who_left_us_is_given_to_a_colleague(engine: Engine) -> None:
    suzuki, tanaka = (Member(key=key, name=key, role="is") for key in ("suzuki", "tanaka"))
    works(engine, suzuki)
    made(engine, (at(0, 10), None))
    share_out(engine, at(0, 9), at(0, 18), CALENDAR)
    works(engine, tanaka)
    share_out(engine, at(0, 18), at(1, 18), CALENDAR)
    assert [key for key, _ in owners(engine)] == ["tanaka"]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    tasks=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 23), st.integers(0, 6)), min_size=1, max_size=12),
    steps=st.lists(st.integers(1, 60), min_size=1, max_size=8),
    capacity=st.integers(1, 3),
)
def test_it_does_not_matter_how_often_or_in_which_steps_tasks_are_shared_out(
    engine: Engine, tasks: list[tuple[int, int, int]], steps: list[int], capacity: int
) -> None:
    found = []
    for ways in ([24 * 10], steps):
        with begin_write(engine) as conn:
            for table in (task, person, staff):
                conn.execute(delete(table))
        works(
            engine,
            Member(key="suzuki", name="鈴木", role="is", capacity=capacity),
            Member(key="tanaka", name="田中", role="is", capacity=1, working_days=("mon", "tue", "wed")),
        )
        made(engine, *((at(day, hour), at(day + due, 10)) for day, hour, due in sorted(tasks)))
        since, end, number = datetime(2026, 4, 19, tzinfo=UTC), at(10, 0), 0
        while since < end:
            until = min(end, since + timedelta(hours=ways[number % len(ways)]))
            share_out(engine, since, until, CALENDAR)
            since, number = until, number + 1
        found.append(owners(engine))
    assert found[0] == found[1]
