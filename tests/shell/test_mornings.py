"""When the clock passes a morning scores are brought up to the present, by a tick as by the loop."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from hagukumi.loop import Hours
from hagukumi.mornings import between, greet, latest, stale_scores
from hagukumi.ticking import rehearse_tick, tick
from models.tables.schema import score, task
from tests.shell.conftest import Workshop


def scored_at(workshop: Workshop, who: int) -> datetime:
    with workshop.engine.connect() as conn:
        return conn.execute(select(score.c.at).where(score.c.person_id == who)).scalar_one()


def keen(workshop: Workshop) -> int:
    """Somebody who did something on Wednesday morning."""
    who = workshop.person()
    workshop.live(hours=1)
    workshop.act(who, "downloaded", content="overtime-case", source_id="d1")
    workshop.live(minutes=5)
    return who


def test_a_tick_over_two_days_brings_scores_up_to_the_second_morning(workshop: Workshop) -> None:
    who = keen(workshop)
    workshop.live(days=2)
    assert scored_at(workshop, who) == datetime(2026, 4, 2, 21, tzinfo=UTC)  # Friday, 6:00 in Tokyo
    with workshop.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(task)) == 0


def test_many_short_ticks_do_what_a_long_one_does(workshop: Workshop) -> None:
    who = keen(workshop)
    for _ in range(24):
        workshop.live(hours=2)
    assert scored_at(workshop, who) == datetime(2026, 4, 2, 21, tzinfo=UTC)


def test_a_round_that_is_done_stays_done_until_the_next_morning(workshop: Workshop) -> None:
    keen(workshop)
    workshop.live(days=1)
    workshop.live(hours=14)
    now = workshop.wired.now
    assert stale_scores(workshop.wired, 10, latest(workshop.wired.calendar, now)) == []
    assert greet(workshop.wired, latest(workshop.wired.calendar, now)) == (0, 0)


def test_a_rehearsal_leaves_scores_alone(workshop: Workshop) -> None:
    who = keen(workshop)
    before = scored_at(workshop, who)
    rehearse_tick(workshop.wired, workshop.wired.now + timedelta(days=2))
    assert scored_at(workshop, who) == before


def test_the_loop_sees_to_the_morning(workshop: Workshop) -> None:
    who = keen(workshop)
    tick(workshop.wired, workshop.wired.now + timedelta(days=2), mornings=False)
    before = scored_at(workshop, who)
    hours = Hours(workshop.wired.workspace)
    hours.once()
    assert before < scored_at(workshop, who) == workshop.wired.now
    hours.close()


def test_mornings_are_ours_and_none_is_left_out(workshop: Workshop) -> None:
    calendar = workshop.wired.calendar
    start, end = calendar.instant(date(2026, 4, 3), time(6)), calendar.instant(date(2026, 4, 6), time(5, 59))
    assert [calendar.local(at).day for at in between(calendar, start, end)] == [3, 4, 5]
    assert calendar.local(latest(calendar, end)).day == 5
