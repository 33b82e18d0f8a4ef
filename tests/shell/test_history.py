"""History read back from the tables: the rules of today over it give the very jumps that were made."""

from datetime import timedelta
from random import Random

from sqlalchemy import insert, select, update

from hagukumi.journeys.core.facts import Change
from hagukumi.journeys.shell.history import first_known, pasts
from models.scoring.backtest import Period, Replayed, figures
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_write
from models.tables.schema import activity, person, score_jump, task
from tests.scoring.examples import days
from tests.shell.conftest import Workshop
from tests.shell.test_flood import guests

KINDS = ("visited", "downloaded", "submitted", "attended", "clicked")


def test_trying_the_rules_of_today_on_the_past_gives_the_jumps_that_were_made(workshop: Workshop) -> None:
    guests(workshop, 60)
    dice = Random(4)
    for day in range(12):
        now = workshop.wired.now
        did = [
            Arrival(dice.randrange(1, 61), None, dice.choice(KINDS), now, now, content="x", source_id=f"{day}-{n}")
            for n in range(25)
        ]
        with begin_write(workshop.engine) as conn:
            receive(conn, did)
        workshop.live(days=2)
    scorer = workshop.wired.files.scorer
    assert scorer is not None
    calendar = workshop.wired.calendar
    with workshop.engine.connect() as conn:
        known = pasts(conn, scorer.needs, workshop.wired.now, ("meeting", "sql", "opportunity"))
        made = {(row.person_id, row.activity_id) for row in conn.execute(select(score_jump))}
    calls = Replayed(scorer, known, calendar).calls()
    assert {(call.person, call.event) for call in calls} == made and made


def test_outcomes_changes_and_calls_are_known_when_they_became_known(workshop: Workshop) -> None:
    guests(workshop, 4)
    began = workshop.wired.now
    workshop.act(1, "submitted", content="contact", source_id="a")
    workshop.live(days=1)
    workshop.act(1, "called", outcome="アポ獲得", source_id="b")
    workshop.act(2, "called", outcome="不在", source_id="c")
    workshop.act(3, "deal", outcome="open", source_id="d")
    workshop.act(4, "changed", detail={"attribute": "role", "old": None, "new": "user"}, source_id="e")
    workshop.act(4, "changed", detail={"attribute": "stage", "old": "lead", "new": "sql"}, source_id="f")
    later = workshop.wired.now + timedelta(hours=1)
    with begin_write(workshop.engine) as conn:
        conn.execute(update(person).where(person.c.id == 4).values(role="user", stage="sql"))
        conn.execute(update(activity).where(activity.c.source_id == "f").values(known_at=later))
    scorer = workshop.wired.files.scorer
    assert scorer is not None
    with workshop.engine.connect() as conn:
        assert first_known(conn) == began
        now = {one.person: one for one in pasts(conn, scorer.needs, workshop.wired.now, ("meeting", "opportunity"))}
        then = {one.person: one for one in pasts(conn, scorer.needs, later, ("sql",))}
    assert (len(now[1].outcomes), len(now[2].calls), len(now[3].outcomes)) == (1, 1, 1)
    assert 4 not in now and then[4].outcomes == (later,)
    assert then[4].changes[0] == Change(workshop.wired.now, "role", None)
    period = Period(began, later, days(30), workshop.wired.calendar)
    assert figures([], list(then.values()), period).outcomes == 1


def test_what_was_marked_as_beside_the_point_is_known_when_a_jump_had_made_it(workshop: Workshop) -> None:
    guests(workshop, 2)
    for who in (1, 2):
        for number in range(2):
            workshop.act(who, "submitted", content="contact", source_id=f"{who}-{number}")
    workshop.live(days=1)
    now, later = workshop.wired.now, workshop.wired.now + timedelta(hours=1)
    c = task.c
    with begin_write(workshop.engine) as conn:
        assert len(conn.scalars(select(score_jump.c.task_id)).all()) == 2
        conn.execute(update(task).where(c.person_id == 1).values(off_target_at=now))
        conn.execute(update(task).where(c.person_id == 2).values(off_target_at=later))
        other = {"person_id": 2, "desk": "FS", "kind": "task", "made_at": now, "off_target_at": now}
        conn.execute(insert(task).values(**other))
    scorer = workshop.wired.files.scorer
    assert scorer is not None
    with workshop.engine.connect() as conn:
        known = pasts(conn, scorer.needs, now, ("meeting",))
    assert {one.person: one.off_target for one in known} == {1: (now,), 2: ()}
    period = Period(known[0].activities[0].counts_at, now, days(30), workshop.wired.calendar)
    found = figures(Replayed(scorer, known, workshop.wired.calendar).calls(), known, period)
    assert (found.tasks, found.off_target) == (2, 1)
