"""What a play waits for: a delivery, members who are held, the end of a freeze, a call's result."""

from datetime import date, datetime

import pytest
from sqlalchemy import delete, insert, select, update

from hagukumi.letters.fate import Move, advance
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_write
from models.tables.schema import account, activity, letter, refusal, target
from tests.plays.conftest import Playhouse

CALL_AFTER = """
  - send: story/first
    id: summary
    to: decision_maker
  - wait_for: {delivered: summary}
    at_most: 2営業日
    then:
      - wait: 1営業日
      - call: first
        id: call
        to: decision_maker
    else:
      - task: 届いたか確認
        id: not-there
        desk: marketing
"""
TWO = """
  - send: story/second
    id: checklist
    to: [decision_maker, influencer]
  - task: 次へ
    id: next
"""


def test_the_call_comes_one_business_day_after_the_delivery_and_not_before(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(CALL_AFTER)
    house.start()
    house.live(hours=23.9)
    assert [at.isoformat() for at in house.sent_at("summary")] == ["2026-04-01T09:00:00+09:00"]
    assert house.asked() == []
    house.live(hours=0.2)
    assert house.asked() == [("IS", "call", head)]


def test_who_is_held_is_waited_for_and_all_leave_on_the_same_day(house: Playhouse) -> None:
    head, other = house.member("decision_maker"), house.member("influencer")
    house.give(CALL_AFTER, name="before")
    house.start("before")
    house.live(hours=2)
    house.stop("before")
    house.give(TWO)
    house.start()
    house.live(hours=21)
    # The decision-maker had a letter at nine; until nine tomorrow nobody gets one.
    assert [state for step, _, state in house.sent() if step == "checklist"] == ["held", "held"]
    house.live(hours=2)
    assert [at.isoformat() for at in house.sent_at("checklist")] == ["2026-04-02T09:00:00+09:00"] * 2
    assert house.asked()[-1] == ("MA", "next", None)
    assert {who for step, who, state in house.sent() if step == "checklist" and state == "accepted"} == {head, other}


def test_frozen_nothing_happens_and_the_days_stand_still(house: Playhouse) -> None:
    house.member("decision_maker")
    house.give("""
  - send: story/first
    id: summary
    day: 2
    to: decision_maker
  - task: 三日目
    id: third
    day: 3
""")
    house.start()
    house.live(hours=3)
    house.freeze(datetime.fromisoformat("2026-04-06T09:00:00+09:00"))
    house.days(4)
    assert (house.sent(), house.asked()) == ([], [])
    house.days(2)
    # Frozen on the first day for three business days: the second day is the Tuesday.
    assert [at.date() for at in house.sent_at("summary")] == [date(2026, 4, 7)]
    house.days(1)
    assert house.asked() == [("MA", "third", None)]


WAITS = """
  - wait_for: {visited: {at_least: 1}}
    at_most: 2営業日
    else:
      - task: 期限
        id: late
  - wait: 1営業日
  - task: 翌日
    id: after
"""


def test_frozen_a_wait_and_its_deadline_stand_still(house: Playhouse) -> None:
    house.member("decision_maker")
    house.give(WAITS)
    house.live(hours=10)
    house.start()
    house.live(minutes=5)
    house.freeze(datetime.fromisoformat("2026-04-06T09:00:00+09:00"))
    house.days(6)
    # It would have been over on Friday; the days for which the play stood still come on top.
    assert house.asked() == []
    house.days(4)
    assert house.asked() == [("MA", "late", None), ("MA", "after", None)]


def test_a_letter_that_waits_is_held_while_its_play_is_frozen(house: Playhouse) -> None:
    house.member("decision_maker")
    house.give(CALL_AFTER)
    house.live(hours=10)
    house.start()
    house.live(minutes=5)
    assert [state for _, _, state in house.sent()] == ["held"]
    house.freeze(datetime.fromisoformat("2026-04-06T09:00:00+09:00"))
    house.days(3)
    assert [state for _, _, state in house.sent()] == ["held"]
    house.days(3)
    assert [at.isoformat() for at in house.sent_at("summary")] == ["2026-04-06T09:00:00+09:00"]


def test_a_deal_ends_a_frozen_play_as_well(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(CALL_AFTER)
    house.live(hours=10)
    house.start()
    house.live(minutes=5)
    house.freeze(datetime.fromisoformat("2026-04-06T09:00:00+09:00"))
    house.does(head, "met", outcome="面談")
    house.live(hours=1)
    assert house.play()[2] == ["play_stopped", "because_met", str(head)]
    assert [state for _, _, state in house.sent()] == ["withdrawn"]


def test_a_facility_that_has_to_leave_the_list_is_left_alone(house: Playhouse) -> None:
    house.member("decision_maker")
    house.give(TWO)
    house.live(hours=10)
    house.start()
    house.live(minutes=5)
    from hagukumi.journeys.shell.plays import wake_accounts

    with begin_write(house.engine) as conn:
        conn.execute(update(target).values(gap="competitor", gap_since=house.wired.now))
        wake_accounts(conn, (house.place,), house.wired.now)
    house.live(hours=1)
    assert house.play()[2] == ["play_stopped", "because_gap", ""]
    assert [state for _, _, state in house.sent()] == ["withdrawn"]
    assert house.asked() == [("FS", "stop", None)]


def test_who_refuses_every_way_does_not_count_for_what_a_play_needs(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(TWO, head="needs: {決裁者: 1}\n")
    with begin_write(house.engine) as conn:
        for channel in ("mail", "phone", "post", "visit"):
            said = {"channel": channel, "person_id": head, "cause": "refused", "at": house.wired.now}
            conn.execute(insert(refusal).values(**said))
    with pytest.raises(NotDone) as no:
        house.start()
    assert (no.value.code, "連絡できるのは0名" in no.value.say("ja")) == ("play-not-ready", True)
    with begin_write(house.engine) as conn:
        conn.execute(delete(refusal).where(refusal.c.channel == "visit"))
    house.start()


def test_two_records_of_one_person_are_one_for_what_a_play_needs(house: Playhouse) -> None:
    house.give(TWO, head="needs: {influencer: 2}\n")
    for _ in range(2):
        house.member("influencer", "井上", given_name="晃", title="総務課長")
    with pytest.raises(NotDone) as no:
        house.start()
    assert "影響者が2名必要ですが、分かっていて連絡できるのは1名です" in no.value.say("ja")
    house.member("influencer", "井上", given_name="彰", title="総務課長")
    house.start()


def test_a_play_starts_on_the_list_only_once_and_for_whom_it_is_made(house: Playhouse) -> None:
    house.member("decision_maker")
    house.give(TWO, head="needs: {決裁者: 1, influencer: 2}\n")
    with pytest.raises(NotDone) as no:
        house.start()
    assert no.value.code == "play-not-ready"
    assert "影響者が2名必要ですが、分かっていて連絡できるのは0名です" in no.value.say("ja")
    house.member("influencer")
    house.member("influencer")
    house.start()
    with pytest.raises(NotDone) as no:
        house.start()
    assert no.value.code == "play-running"
    house.stop()
    with pytest.raises(NotDone) as no:
        house.start()
    assert no.value.code == "play-once"
    with begin_write(house.engine) as conn:
        conn.execute(update(account).values(industry="介護施設"))
    house.give(TWO, name="other")
    for code in ("play-not-for", "play-would-stop", "play-not-listed"):
        with pytest.raises(NotDone) as no:
            house.start("other")
        assert no.value.code == code
        with begin_write(house.engine) as conn:
            conn.execute(update(account).values(industry="病院"))
            conn.execute(update(target).values(gap="customer"))
        if code == "play-would-stop":
            with begin_write(house.engine) as conn:
                conn.execute(update(target).values(left_at=house.wired.now))
    with pytest.raises(NotDone) as no:
        house.start("nowhere")
    assert no.value.code == "play-unknown"


def test_where_a_provider_tells_of_deliveries_its_word_counts_and_counts_once(house: Playhouse) -> None:
    head = house.member("decision_maker")
    house.give(CALL_AFTER)
    house.start()
    house.live(minutes=1)
    now = house.wired.now
    with begin_write(house.engine) as conn:
        # As if the provider had taken it, and said nothing yet.
        conn.execute(delete(activity).where(activity.c.kind == "delivered"))
        conn.execute(update(letter).values(outlet="sendgrid"))
        key = conn.scalars(select(letter.c.key)).one()
        advance(conn, [Move(key, "accepted", now)])
        assert conn.scalars(select(activity.c.kind).where(activity.c.kind == "delivered")).all() == []
        for _ in range(2):
            advance(conn, [Move(key, "delivered", now)])
        assert conn.scalars(select(activity.c.person_id).where(activity.c.kind == "delivered")).all() == [head]
