"""A play at a facility, from its start to its end."""

from datetime import date

import pytest

from hagukumi.journeys.shell.desk import record_call
from models.tables.engine import begin_write
from tests.plays.conftest import Playhouse

STEPS = """
  - send: story/first
    id: summary
    day: 2
    to: decision_maker
    or_else:
      - task: 一枚ものを郵送する
        id: by-post
        to: decision_maker
        or_else:
          - end: 決裁者が分からない
  - send: story/second
    id: checklist
    day: 3
    to: influencer
  - call: first
    id: call
    day: 4
    to: [influencer]
  - task: 振り返り
    id: look-back
    day: 5
    desk: field_sales
"""


def test_letters_calls_and_tasks_come_on_their_business_days(house: Playhouse) -> None:
    head, first, second = house.member("decision_maker"), house.member("influencer"), house.member("influencer")
    house.member("user")
    house.give(STEPS)
    house.start()
    house.days(1.5)
    assert house.sent() == [("summary", head, "accepted")]
    assert [at.date() for at in house.sent_at("summary")] == [date(2026, 4, 2)]
    house.days(1)
    assert house.sent() == [("summary", head, "accepted"), ("checklist", first, "accepted"),
                            ("checklist", second, "accepted")]  # fmt: skip
    assert house.asked() == []
    house.days(3)
    # Friday was the third day: the fourth is Monday.
    assert house.asked() == [("IS", "call", first)]
    house.days(1)
    assert house.asked() == [("IS", "call", first), ("FS", "look-back", None)]
    assert house.play() == ("ended", "$end", ["came_to_the_end"])


def test_who_cannot_be_written_to_gets_a_letter_by_post(house: Playhouse) -> None:
    head = house.member("decision_maker", email_norm=None)
    house.give(STEPS)
    house.start()
    house.days(1.5)
    assert (house.sent(), house.asked()) == ([], [("MA", "by-post", head)])


def test_where_a_letter_is_refused_the_other_way_is_taken(house: Playhouse) -> None:
    head = house.member("decision_maker", name="")
    house.give(STEPS)
    house.start()
    house.days(1.5)
    assert house.sent() == [("summary", head, "stopped")]
    assert house.asked() == [("MA", "by-post", head)]


def test_a_reply_of_one_ends_the_play_for_all_and_field_sales_hears_of_it_today(house: Playhouse) -> None:
    head, other = house.member("decision_maker"), house.member("influencer")
    house.give(STEPS)
    house.start()
    house.days(1.5)
    house.does(head, "replied")
    house.days(0.01)
    assert house.play()[2] == ["play_stopped", "because_replied", str(head)]
    assert house.asked() == [("FS", "stop", head)]
    house.days(5)
    assert [step for step, who, _ in house.sent() if who == other] == []


def test_a_refusal_of_one_takes_that_one_out_and_goes_on_for_the_others(house: Playhouse) -> None:
    house.member("decision_maker")
    first, second = house.member("influencer"), house.member("influencer")
    house.give(STEPS)
    house.start()
    house.days(1.5)
    house.does(first, "refused", outcome="mail")
    house.days(5)
    assert [(step, who) for step, who, _ in house.sent() if step == "checklist"] == [("checklist", second)]
    assert house.asked()[0] == ("IS", "call", second)
    assert "play_goes_on_without" in house.walked()


@pytest.mark.parametrize(("deed", "outcome"), [("refused", "mail"), ("left", None)])
def test_a_decision_maker_is_not_lost_without_field_sales_hearing_of_it_today(
    house: Playhouse, deed: str, outcome: str | None
) -> None:
    head, other = house.member("decision_maker"), house.member("influencer")
    house.give(STEPS)
    house.start()
    house.days(1.2)
    house.does(head, deed, outcome=outcome)
    house.days(0.01)
    assert house.play()[2] is None, "it goes on for the others"
    assert house.asked() == [("FS", "stop", head)]
    assert house.due_of("FS") == house.wired.calendar.closing(house.wired.now)
    house.days(5)
    assert [step for step, who, _ in house.sent() if who == other] == ["checklist"]
    assert [each for each in house.asked() if each[1] == "stop"] == [("FS", "stop", head)], "once"


def test_what_comes_in_is_heard_by_the_account_at_once(house: Playhouse) -> None:
    head, other = house.member("decision_maker"), house.member("influencer")
    house.give("""
  - send: story/first
    id: first
    to: [decision_maker, influencer]
""")
    house.live(hours=10)
    house.start()
    house.live(minutes=5)
    assert sorted(house.sent()) == [("first", head, "held"), ("first", other, "held")]
    house.does(head, "replied")
    house.wired.house().react_arrived(house.wired.now)
    assert house.play()[2] == ["play_stopped", "because_replied", str(head)]
    assert sorted(house.sent()) == [("first", head, "withdrawn"), ("first", other, "withdrawn")]
    assert house.asked() == [("FS", "stop", head)]


def test_an_appointment_won_by_a_caller_ends_the_play_before_the_next_tick(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give("""
  - call: first
    id: call
    to: decision_maker
  - wait_for: {call_result: any}
    at_most: 5営業日
""")
    house.start()
    house.live(hours=2)
    number = house.open_task("IS")
    with begin_write(house.engine) as conn:
        assert record_call(conn, number, "アポ獲得", house.wired.now, settles=True)
    house.wired.house().walk([head], house.wired.now)
    assert house.play()[2] == ["play_stopped", "because_called", str(head)]


def test_the_task_of_a_stop_is_due_on_the_same_day(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(STEPS)
    house.start()
    house.live(hours=3)
    house.does(head, "replied")
    house.live(minutes=5)
    assert house.due_of("FS").isoformat() == "2026-04-01T18:00:00+09:00"


PREFERS = """
  - call: 到着の確認
    id: ring
    day: 1
    to: [decision_maker, influencer]
    who: {not: {title: 院長}}
    prefer: {title: [事務長, 事務部長]}
"""


def test_a_call_goes_first_to_whom_it_prefers_and_else_in_the_order_of_roles(house: Playhouse) -> None:
    house.member("decision_maker", title="院長")
    chair = house.member("decision_maker", title="理事長")
    head = house.member("influencer", title="事務長")
    other = house.facility("kaede", "楓病院")
    house.member("influencer", title="医事課長", at=other)
    decider = house.member("decision_maker", title="理事長", at=other)
    house.give(PREFERS)
    house.start()
    house.start(place=other)
    house.days(1)
    assert house.asked() == [("IS", "ring", head), ("IS", "ring", decider)]
    assert chair < head
