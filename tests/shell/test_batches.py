"""People who are due as lists, walked by whoever takes them; scores worked out anew."""

import threading
from datetime import timedelta

from sqlalchemy import func, select

from hagukumi.mornings import rescore, stale_scores
from hagukumi.ticking import due_batches, react_arrived, react_now, tick, walk_people
from hagukumi.wiring import wire
from hagukumi.workspace import open_folder
from models.tables.pace import Pace
from models.tables.schema import journey, letter, score
from tests.shell.conftest import START, Workshop
from tests.shell.test_live import TWO_LETTERS


def counted(workshop: Workshop) -> tuple[int, int]:
    """Journeys and letters."""
    with workshop.engine.connect() as conn:
        journeys, letters = (conn.scalar(select(func.count()).select_from(one)) or 0 for one in (journey, letter))
        return journeys, letters


def test_people_are_due_in_batches_and_walk_where_they_are_asked_to(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    people = [workshop.person() for _ in range(5)]
    assert due_batches(workshop.wired, "story", 2) == [people[:2], people[2:4], people[4:]]
    written = walk_people(workshop.wired, people[:2])
    assert (written.enrolled, written.letters) == (2, 2)
    assert due_batches(workshop.wired, "story", 100) == [people[2:]]
    assert walk_people(workshop.wired, people[:2]).people == 0
    assert counted(workshop) == (2, 2)


def test_only_the_queue_and_the_journeys_of_the_scenario_are_due_in_it(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    workshop.person()
    workshop.live(days=1)
    workshop.publish(TWO_LETTERS.replace("scenario: story", "scenario: other"))
    workshop.live(hours=1)
    with workshop.engine.begin() as conn:
        conn.execute(journey.update().where(journey.c.scenario == "story").values(due=START))
    assert due_batches(workshop.wired, "other", 10) == []
    assert due_batches(workshop.wired, "story", 10) == due_batches(workshop.wired, None, 10) == [[1]]


def test_two_who_walk_the_same_people_at_once_do_no_harm(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    people = [workshop.person() for _ in range(40)]
    both = [threading.Thread(target=walk_people, args=(workshop.wired, people)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert counted(workshop) == (40, 40)


def test_what_came_in_is_acted_upon_at_once_and_its_task_has_an_owner(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    owner = workshop.staff("is-one", "is")
    hanako = workshop.person()
    workshop.live(hours=1)
    for number in range(3):
        workshop.act(hanako, "submitted", content="contact", source_id=f"s{number}")
    assert react_now(workshop.wired).tasks == 1
    assert react_now(workshop.wired).people == 0
    from models.tables.schema import task

    with workshop.engine.connect() as conn:
        assert conn.scalar(select(task.c.owner_staff_id)) == owner


def test_who_wrote_to_us_does_not_stand_behind_those_whom_only_time_wakes(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    sleepers = [workshop.person() for _ in range(3)]
    workshop.live(hours=1)
    hanako = workshop.person()
    with workshop.engine.begin() as conn:
        conn.execute(journey.update().where(journey.c.person_id.in_(sleepers)).values(due=START))
    written = react_arrived(workshop.wired)
    assert (written.enrolled, written.letters) == (1, 1)
    assert due_batches(workshop.wired, None, 10) == [sleepers]
    assert hanako not in sleepers
    assert react_now(workshop.wired).people == 3


def test_a_line_that_nobody_counts_any_more_wakes_nobody_for_ever(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    workshop.live(hours=1)
    settings = workshop.wired.workspace.folder / "hagukumi.yaml"
    settings.write_text(settings.read_text("utf-8") + "\nparts: [tasks]\n", "utf-8")
    off = wire(open_folder(workshop.wired.workspace.folder))
    workshop.person()
    with workshop.engine.begin() as conn:
        conn.execute(score.update().where(score.c.person_id == hanako).values(next_line_at=START))
    workshop.act(hanako, "downloaded", content="overtime-case", source_id="d1")
    written = react_arrived(off)
    assert (written.enrolled, written.letters) == (1, 1)
    assert due_batches(off, None, 10) == []
    with workshop.engine.connect() as conn:
        assert conn.scalar(select(func.count()).where(score.c.next_line_at.is_not(None))) == 0
    assert tick(off, None).report()["accepted"] == 1
    off.engine.dispose()


def test_of_many_that_come_in_at_once_each_takes_the_first_step(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    people = [workshop.person() for _ in range(30)]
    workshop.wired.house().pace = Pace(largest=4)
    written = react_arrived(workshop.wired)
    assert (written.enrolled, written.letters) == (len(people), len(people))
    assert react_arrived(workshop.wired).people == 0


def test_scores_fade_when_they_are_worked_out_anew_and_nobody_walks(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    workshop.live(hours=1)
    workshop.act(hanako, "downloaded", content="overtime-case", source_id="d1")
    workshop.live(minutes=5)
    assert stale_scores(workshop.wired, 10) == []
    before = counted(workshop)
    with workshop.engine.connect() as conn:
        points = conn.scalar(select(score.c.points))
    tick(workshop.wired, workshop.wired.now + timedelta(days=20), mornings=False)
    assert stale_scores(workshop.wired, 10) == [[hanako]]
    after = counted(workshop)
    assert rescore(workshop.wired, [hanako]) == 1
    with workshop.engine.connect() as conn:
        row = conn.execute(select(score.c.points, score.c.at)).one()
    assert points is not None and 0 < row.points < points and row.at == START + timedelta(days=20, hours=1, minutes=5)
    assert stale_scores(workshop.wired, 10) == [] and counted(workshop) == after != before
