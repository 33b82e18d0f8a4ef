"""What callers record, and what follows from it, on both databases."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hagukumi.desk.recording import done
from hagukumi.files import read_files
from hagukumi.wiring import office
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_write
from models.tables.schema import activity, call_note, consent, handover_sheet, letter, meeting, person, refusal, task
from tests.desk.conftest import Desk


def counts(desk: Desk) -> list[int]:
    """Rows of everything a call may touch."""
    tables = (task, activity, call_note, letter, meeting, handover_sheet, refusal)
    with desk.shop.engine.connect() as conn:
        return [int(conn.scalar(select(func.count()).select_from(one)) or 0) for one in tables]


def test_nobody_answers_and_the_task_comes_again_at_the_other_half_of_the_next_day(desk: Desk) -> None:
    number = desk.asked(desk.shop.person())
    found = desk.says(number, "不在")
    # Thursday 14:00 in Tokyo, for the dial was on Wednesday morning.
    assert found.again_at == datetime(2026, 4, 2, 5, tzinfo=UTC)
    assert desk.task(number, "state", "tries", "result") == ("open", 1, None)
    touched, reached = desk.task(number, "touched_at", "reached_at")
    assert touched is not None and reached is None


def test_the_hospital_is_closed_on_thursday_afternoon_so_friday_it_is(desk: Desk) -> None:
    place = desk.facility(closed={"half_days": ["thu_pm"]})
    number = desk.asked(desk.shop.person(account_id=place), place=place)
    assert desk.says(number, "1").again_at == datetime(2026, 4, 3, 5, tzinfo=UTC)


def test_who_is_back_at_four_is_called_at_four(desk: Desk) -> None:
    number = desk.asked(desk.shop.person())
    assert desk.says(number, "担当不在", {"戻り時刻": "16:00"}).again_at == datetime(2026, 4, 1, 7, tzinfo=UTC)


def test_five_dials_then_the_scenarios_go_on_and_a_letter_went_after_the_third(desk: Desk) -> None:
    who = desk.shop.person()
    number = desk.asked(who)
    said = []
    for _ in range(5):
        found = desk.says(number, "不在")
        said.append((found.closed, found.next))
        desk.shop.live(days=1)
    assert said == [
        (False, ("redial",)), (False, ("redial",)), (False, ("redial", "letter")), (False, ("redial",)),
        (True, ("nurture",)),
    ]  # fmt: skip
    assert desk.rows(letter, "content", "klass", "state", person_id=who) == [
        ("follow-up/missed-you", "personal", "accepted")
    ]
    assert desk.task(number, "state", "result", "tries") == ("done", "不在", 5)


def test_ten_business_days_are_enough_even_when_few_dials_were_made(desk: Desk) -> None:
    number = desk.asked(desk.shop.person())
    desk.shop.live(days=15)
    assert desk.says(number, "不在").next == ("nurture",)


def test_a_meeting_is_won_with_its_sheet_and_a_task_for_field_sales(desk: Desk) -> None:
    who = desk.shop.person()
    number = desk.asked(who)
    found = desk.says(number, "アポ獲得", {"決裁者同席": "依頼中", "日時": "2026-04-10 13:00", "課題": "残業が多い"})
    assert desk.rows(meeting, "attendance", "state", "meets_at", person_id=who) == [
        ("asked", "set", datetime(2026, 4, 10, 4, tzinfo=UTC))
    ]
    assert desk.rows(handover_sheet, "state", "issue", "need", "due") == [
        ("open", "残業が多い", True, desk.now + timedelta(days=1))
    ]
    assert found.next == ("stage_mql", "meeting", "handover")
    assert desk.rows(task, "desk", "kind", "state", person_id=who) == [
        ("IS", "call", "done"), ("FS", "handover", "open"),
    ]  # fmt: skip
    assert desk.rows(person, "stage", id=who) == ["mql"]


def test_material_goes_to_the_address_they_named_and_they_are_called_again(desk: Desk) -> None:
    who = desk.shop.person()
    number = desk.asked(who)
    found = desk.says(number, "資料送付希望", {"宛先": "Jimu@aoba.example", "再架電日": "4/8"})
    desk.shop.live(hours=1)
    assert found.again_at == datetime(2026, 4, 8, 1, tzinfo=UTC)
    assert desk.rows(person, "email_norm", id=who) == ["jimu@aoba.example"]
    assert desk.rows(letter, "content", "state") == [("follow-up/after-talk", "accepted")]
    assert found.task_made is not None
    assert desk.task(found.task_made, "state", "cause") == ("open", "again/資料送付希望")


def test_asking_for_material_is_a_ground_where_there_was_none(desk: Desk) -> None:
    who = desk.shop.person()
    with desk.shop.engine.begin() as conn:
        conn.execute(consent.delete())
    desk.says(desk.asked(who), "s", {"to": "p1@aoba.example"}, by="suzuki")
    assert desk.rows(consent, "ground", "got_by", "source") == [("consent", "鈴木 美穂", "desk")]


def test_too_early_sleeps_until_a_month_before_and_holds_no_letter(desk: Desk) -> None:
    found = desk.says(desk.asked(desk.shop.person()), "時期尚早", {"年月": "2026-10", "予算期": "来期"})
    assert found.task_made is not None and found.again_at == datetime(2026, 9, 1, 1, tzinfo=UTC)
    assert desk.task(found.task_made, "sleeps_until") == found.again_at
    assert desk.rows(call_note, "fields") == [{"month": "2026-10", "budget_period": "来期"}]


def test_a_sleeping_call_is_woken_by_what_they_do_meanwhile(desk: Desk) -> None:
    who = desk.shop.person()
    later = desk.says(desk.asked(who), "時期尚早", {"年月": "2026-10"}).task_made
    again = desk.asked(who, "ask/2")
    assert again == later
    assert desk.task(again, "sleeps_until") is None and desk.task(again, "due") < desk.now + timedelta(days=3)


def test_a_competitor_is_remembered_with_the_month_they_renew(desk: Desk) -> None:
    found = desk.says(desk.asked(desk.shop.person()), "k", {"製品": "看護くん", "更新月": "2027-04"})
    assert found.again_at == datetime(2026, 12, 2, 1, tzinfo=UTC)
    assert desk.rows(activity, "outcome", kind="called") == ["競合導入済"]


def test_who_wants_no_calls_is_not_called_from_that_moment(desk: Desk) -> None:
    who = desk.shop.person()
    desk.says(desk.asked(who), "電話お断り")
    assert desk.rows(refusal, "channel", "person_id", "source") == [("phone", who, "desk")]


def test_no_lead_of_ours_leaves_its_scenarios(desk: Desk) -> None:
    desk.shop.publish(STORY)
    who = desk.shop.person()
    desk.shop.live(minutes=5)
    desk.says(desk.asked(who), "NG", {"理由": "学生"})
    desk.shop.live(minutes=1)
    assert desk.rows(person, "stage", "ng_reason", id=who) == [("ng", "student")]
    assert [state for state, _ in desk.shop.steps()] == ["ended"]


def test_who_has_left_leaves_a_task_to_find_who_came_after(desk: Desk) -> None:
    who = desk.shop.person()
    found = desk.says(desk.asked(who), "退職・異動", {"後任": "佐々木様"})
    assert desk.rows(person, "left_company", id=who) == [True]
    assert found.task_made is not None
    reasons = desk.task(found.task_made, "reasons")
    assert [one["code"] for one in reasons] == ["left_company"]


def test_a_person_we_were_sent_to_is_somebody_new_with_a_call(desk: Desk) -> None:
    place = desk.facility()
    who = desk.shop.person(account_id=place)
    told = {"紹介先": "佐々木 健", "紹介先の電話": "03-1111-2222"}
    found = desk.says(desk.asked(who, place=place), "担当者違い", told)
    new = desk.rows(person, "family_name", "given_name", "account_id", "phone_direct")[-1]
    assert new == ("佐々木", "健", place, "03-1111-2222")
    assert found.task_made is not None and desk.task(found.task_made, "person_id") != who


def test_a_wrong_person_without_a_name_is_a_task_to_find_the_right_one(desk: Desk) -> None:
    who = desk.shop.person()
    found = desk.says(desk.asked(who), "t")
    assert found.task_made is not None
    assert desk.task(found.task_made, "person_id", "cause") == (who, "find_person")


def test_a_wrong_number_is_marketings_to_find(desk: Desk) -> None:
    found = desk.says(desk.asked(desk.shop.person()), "番号違い")
    assert found.task_made is not None and desk.task(found.task_made, "desk", "kind") == ("MA", "task")


def test_the_journey_that_asked_hears_of_it(desk: Desk) -> None:
    desk.shop.publish(STORY)
    desk.shop.person()
    desk.shop.live(minutes=5)
    desk.says(desk.rows(task, "id")[0], "会話")
    desk.shop.live(minutes=1)
    assert desk.rows(person, "tags") == [["talked"]]


def test_outcomes_and_moves_are_known_from_the_moment_they_were_told(desk: Desk) -> None:
    who = desk.shop.person()
    desk.says(desk.asked(who), "アポ獲得", {"決裁者同席": "なし"})
    at = desk.now
    told = desk.rows(activity, "kind", "outcome", "known_at", "detail", person_id=who)
    assert [row[:3] for row in told] == [
        ("called", "アポ獲得", at), ("changed", None, at), ("handed_over", "handed", at),
    ]  # fmt: skip
    assert told[1][3] == {"attribute": "stage", "old": "lead", "new": "mql"}


@pytest.mark.parametrize(
    ("outcome", "fields", "code"),
    [
        ("不在です", {}, "outcome-unknown"),
        ("アポ獲得", {}, "outcome-field-missing"),
        ("アポ獲得", {"決裁者同席": "たぶん"}, "outcome-field-unreadable"),
        ("不在", {"製品": "X"}, "outcome-field-unknown"),
        ("資料送付希望", {"宛先": "どこか"}, "outcome-field-unreadable"),
        ("会話", {"再架電日": "2026-03-31"}, "outcome-field-past"),
        ("時期尚早", {"年月": "2026-13"}, "outcome-field-unreadable"),
        ("NG", {}, "outcome-field-missing"),
    ],
)
def test_what_cannot_be_meant_is_said_in_words_and_stores_nothing(
    desk: Desk, outcome: str, fields: dict[str, str], code: str
) -> None:
    number = desk.asked(desk.shop.person())
    before = counts(desk)
    with pytest.raises(NotDone) as told:
        desk.says(number, outcome, fields)
    assert told.value.code == code and told.value.say("ja") != told.value.say("en")
    assert counts(desk) == before and desk.task(number, "state", "touched_at") == ("open", None)


def test_an_address_that_is_somebody_elses_stores_nothing(desk: Desk) -> None:
    desk.shop.person(email="other@aoba.example")
    number = desk.asked(desk.shop.person())
    before = counts(desk)
    with pytest.raises(NotDone, match="somebody else"):
        desk.says(number, "資料送付希望", {"宛先": "other@aoba.example"})
    assert counts(desk) == before


def test_a_closed_task_takes_no_second_result(desk: Desk) -> None:
    number = desk.asked(desk.shop.person())
    desk.says(number, "会話")
    before = counts(desk)
    with pytest.raises(NotDone) as told:
        desk.says(number, "不在")
    assert told.value.code == "task-closed" and counts(desk) == before


def test_two_callers_at_once_make_one_result(desk: Desk) -> None:
    number = desk.asked(desk.shop.person())
    desk.shop.live(minutes=1)
    at_desk = office(desk.shop.wired)

    def records(_: int) -> str:
        try:
            with begin_write(desk.shop.engine) as conn:
                done(conn, at_desk, number, "アポ獲得", {"決裁者同席": "確定"})
        except NotDone as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(records, range(4))) == ["done", *["task-closed"] * 3]
    assert desk.rows(meeting, "attendance") == ["promised"] and len(desk.rows(handover_sheet, "id")) == 1


def test_a_letter_without_texts_is_said_and_the_rest_is_done(desk: Desk) -> None:
    shutil.rmtree(desk.shop.wired.workspace.folder / "templates" / "follow-up")
    desk.shop.wired.files = read_files(desk.shop.wired.workspace)
    found = desk.says(desk.asked(desk.shop.person()), "資料送付希望")
    assert found.next == ("again", "no_letter") and desk.rows(letter, "key") == []


STORY = """
scenario: story
title: 見本
purpose: 見本
owner: 佐藤
who: {stage: lead}
steps:
  - call: first-call
    id: ask
  - wait_for: {call_result: any}
    at_most: 20営業日
    then:
      - tag: talked
        id: yes
  - wait: 20営業日
"""
