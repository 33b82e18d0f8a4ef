"""People live through scenarios on a real database: letters leave, tasks appear, switches hold."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from hagukumi.steering import pause_scope, remove_person, resume_scope
from hagukumi.ticking import rehearse_tick, tick
from hagukumi.words.refusal import NotDone
from models.tables.pace import Pace
from models.tables.schema import activity, journey, letter, letter_body, pending, score_jump, task, walk
from tests.shell.conftest import START, Workshop

TWO_LETTERS = """
scenario: story
title: 見本
purpose: 見本
owner: 佐藤
who: {stage: lead}
steps:
  - send: story/first
    id: one
  - wait_for: {clicked: one}
    at_most: 5営業日
    then:
      - call: follow-up
        id: ring
        due: 1営業日
    else:
      - send: story/second
        id: two
  - wait: 2営業日
  - end: おわり
"""


def test_a_silent_reader_gets_the_second_letter_five_business_days_later(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    report = workshop.live(days=20).report()
    assert workshop.letters(hanako) == ["one", "two"]
    with workshop.engine.connect() as conn:
        sent = list(conn.scalars(select(letter.c.sent_at).order_by(letter.c.sent_at)))
    assert sent == [START, datetime(2026, 4, 8, 0, 0, tzinfo=UTC)]
    assert workshop.steps() == [("ended", "4")]
    assert (report["enrolled"], report["letters"], report["accepted"], report["left"]) == (1, 2, 2, 1)


def test_a_click_settles_for_a_minute_and_then_makes_a_task(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    owner = workshop.staff("is-one", "is")
    workshop.live(hours=1)
    workshop.act(hanako, "clicked", letter_key=f"story/one/1/p{hanako}/{hanako}", source_id="c1")
    workshop.live(seconds=30)
    assert workshop.tasks() == []
    workshop.live(minutes=5)
    assert workshop.tasks() == [("IS", "open", 1)]
    with workshop.engine.connect() as conn:
        assert conn.scalar(select(task.c.owner_staff_id)) == owner


def test_a_scanner_that_clicks_every_link_is_kept_and_does_not_count(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    workshop.live(hours=1)
    key = f"story/one/1/p{hanako}/{hanako}"
    workshop.act(hanako, "clicked", letter_key=key, detail={"agent": "Barracuda Sentinel (EE)"}, source_id="c1")
    workshop.live(days=1)
    assert workshop.tasks() == []
    with workshop.engine.connect() as conn:
        assert list(conn.scalars(select(activity.c.machine).where(activity.c.kind == "clicked"))) == ["known_agent"]


def test_a_reply_ends_the_journey_and_withdraws_what_waits(workshop: Workshop) -> None:
    workshop.publish(
        TWO_LETTERS.replace("send: story/first\n    id: one", "wait: 1日\n  - send: story/first\n    id: one")
    )
    hanako = workshop.person()
    workshop.live(days=2)
    workshop.act(hanako, "replied", source_id="r1")
    workshop.live(days=20)
    assert workshop.letters(hanako) == ["one"]
    assert workshop.steps()[0][0] == "ended"


def test_the_same_life_twice_adds_nothing(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    workshop.person()
    workshop.live(days=20)
    with workshop.engine.connect() as conn:
        before = [conn.scalar(select(func.count()).select_from(table)) for table in (letter, walk, journey, activity)]
    report = workshop.live(days=20).report()
    with workshop.engine.connect() as conn:
        after = [conn.scalar(select(func.count()).select_from(table)) for table in (letter, walk, journey, activity)]
    assert before == after
    assert report["walked"] == report["letters"] == report["enrolled"] == 0


def test_a_rehearsal_says_what_would_happen_and_changes_nothing(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    workshop.person()
    rehearsed = rehearse_tick(workshop.wired, START + timedelta(days=20)).report()
    with workshop.engine.connect() as conn:
        untouched = [conn.scalar(select(func.count()).select_from(table)) for table in (letter, walk, letter_body)]
    assert untouched == [0, 0, 0]
    assert workshop.wired.now == START
    real = workshop.live(days=20).report()
    assert {**rehearsed, "seconds": 0} == {**real, "seconds": 0}


def test_a_pause_holds_the_next_letter_and_resuming_lets_it_go(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    assert pause_scope(workshop.wired, "story", "佐藤")
    workshop.live(days=30)
    assert workshop.letters(hanako) == []
    assert resume_scope(workshop.wired, "story")
    workshop.live(days=1)
    assert workshop.letters(hanako) == ["one"]


def test_a_letter_already_written_waits_out_a_pause_without_growing_stale(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako = workshop.person()
    workshop.live(hours=-0.0)
    assert pause_scope(workshop.wired, "ALL", "佐藤")
    workshop.live(days=40)
    assert resume_scope(workshop.wired, "ALL")
    workshop.live(days=1)
    assert "one" in workshop.letters(hanako)


def test_a_removed_person_gets_no_further_letter(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    hanako, taro = workshop.person(), workshop.person()
    workshop.live(days=1)
    assert remove_person(workshop.wired, hanako, "story").journeys == 1
    workshop.live(days=30)
    assert workshop.letters(hanako) == ["one"]
    assert workshop.letters(taro) == ["one", "two"]


def test_a_scope_that_is_no_scenario_is_refused(workshop: Workshop) -> None:
    with pytest.raises(NotDone, match="nothing is not published"):
        pause_scope(workshop.wired, "nothing", "佐藤")


def test_a_virtual_clock_never_goes_back(workshop: Workshop) -> None:
    workshop.live(days=2)
    with pytest.raises(NotDone):
        tick(workshop.wired, START)


def test_a_jump_makes_one_task_with_its_reason_and_holds_nurture_letters_for_three_business_days(
    workshop: Workshop,
) -> None:
    workshop.publish(TWO_LETTERS.replace("at_most: 5営業日", "at_most: 1営業日"))
    hanako = workshop.person()
    workshop.live(hours=2)
    for number in range(3):
        workshop.act(hanako, "submitted", content="contact", source_id=f"s{number}")
    workshop.live(days=1)
    assert workshop.tasks() == [("IS", "open", 1)]
    with workshop.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(score_jump)) == 1
    workshop.live(days=2)
    assert workshop.letters(hanako) == ["one"]
    workshop.live(days=10)
    assert workshop.letters(hanako) == ["one", "two"]
    with workshop.engine.connect() as conn:
        second = conn.scalar(select(letter.c.sent_at).where(letter.c.step == "two"))
    # Written on Thursday 2 April, held three business days (3, 6, 7 April).
    assert second == datetime(2026, 4, 7, 0, 0, tzinfo=UTC)


def test_a_call_that_reached_somebody_closes_the_task_and_frees_the_letter(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS.replace("at_most: 5営業日", "at_most: 1営業日"))
    hanako = workshop.person()
    workshop.live(hours=2)
    for number in range(3):
        workshop.act(hanako, "submitted", content="contact", source_id=f"s{number}")
    workshop.live(days=1, hours=1)
    workshop.act(hanako, "called", outcome="不在", source_id="call-1")
    workshop.live(minutes=1)
    assert workshop.tasks() == [("IS", "open", 1)]
    assert workshop.letters(hanako) == ["one"]
    workshop.act(hanako, "called", outcome="会話", source_id="call-2")
    workshop.live(minutes=2)
    assert workshop.tasks() == [("IS", "done", 1)]
    assert workshop.letters(hanako) == ["one", "two"]


def test_a_stretch_shorter_than_a_minute_enrols_people_all_the_same(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS)
    workshop.live(seconds=20)
    workshop.person()
    assert workshop.live(seconds=10).report()["enrolled"] == 1


def test_a_task_goes_to_somebody_who_is_there(workshop: Workshop) -> None:
    away = {"absent_from": START - timedelta(days=1), "absent_to": START + timedelta(days=30)}
    workshop.staff("away", "is", **away)
    workshop.staff("mondays", "is", working_days=[1])
    present = workshop.staff("present", "is")
    workshop.publish(TWO_LETTERS.replace("steps:\n", "steps:\n  - call: ask\n    id: ring-first\n"))
    workshop.person()
    workshop.person()
    workshop.live(hours=1)
    with workshop.engine.connect() as conn:
        assert set(conn.scalars(select(task.c.owner_staff_id))) == {present}


def test_nobody_is_left_over_behind_people_who_stand_in_the_queue_several_times(workshop: Workshop) -> None:
    workshop.publish(TWO_LETTERS.replace("steps:\n", "steps:\n  - wait: 1日\n"))
    people = [workshop.person() for _ in range(150)]
    workshop.live(minutes=1)
    with workshop.engine.begin() as conn:
        again = [{"at": workshop.wired.now, "person_id": who} for who in people for _ in range(3)]
        conn.execute(insert(pending), again)
    workshop.wired.house().pace = Pace(100)
    workshop.live(seconds=1)
    with workshop.engine.connect() as conn:
        assert conn.scalar(select(func.count()).where(pending.c.at <= workshop.wired.now)) == 0
