"""Calls that a list tells of (a CTI's) lead on like those that are entered at the desk, and once; on both databases."""

import shutil
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.workspace import CHECKOUT
from models.tables.schema import activity, handover_sheet, letter, person, refusal, task
from tests.desk.conftest import Desk

NAMES = "メールアドレス,日時,結果\n"
TOKYO = timedelta(hours=9)


def brings(desk: Desk, *calls: tuple[int, datetime, str]) -> None:
    """A list of calls comes in: whom, when (UTC), and what came of it."""
    folder = desk.shop.wired.workspace.folder
    (folder / "scenarios" / "mappings").mkdir(exist_ok=True)
    shutil.copy(CHECKOUT / "scenarios" / "mappings" / "calls.yaml", folder / "scenarios" / "mappings" / "calls.yaml")
    rows = [f"p{who}@aoba.example,{at + TOKYO:%Y-%m-%d %H:%M},{outcome}\n" for who, at, outcome in calls]
    (folder / "calls.csv").write_text(NAMES + "".join(rows), "utf-8")
    assert run(app, ["import", "activities", str(folder / "calls.csv"), "--map", "calls", "-w", str(folder)]) == 0


def state(desk: Desk, number: int) -> Any:
    return desk.task(number, "state", "result", "tries", "due", "sleeps_until")


def called(desk: Desk, outcome: str, times: int = 1, *, by_list: bool) -> tuple[int, Any, list[Any]]:
    """Somebody is dialled so often, a minute apart; the person, how the task stands, what else was made."""
    who = desk.shop.person()
    number = desk.asked(who, f"ask/{who}")
    told = []
    for _ in range(times):
        desk.shop.live(minutes=1)
        told.append((who, desk.now, outcome))
        if not by_list:
            desk.says(number, outcome)
    if by_list:
        brings(desk, *told)
    desk.shop.live(minutes=2)
    made = desk.rows(task, "desk", "kind", "state", "cause", person_id=who)
    more = [desk.rows(letter, "content", person_id=who), desk.rows(person, "stage", "left_company", id=who), made]
    return who, state(desk, number), more


@pytest.mark.parametrize(
    ("outcome", "times"),
    [("不在", 1), ("不在", 3), ("不在", 5), ("資料送付希望", 1), ("退職・異動", 1), ("課題なし", 1)],
)
def test_a_call_of_a_list_leads_on_like_one_at_the_desk(desk: Desk, outcome: str, times: int) -> None:
    _, typed, more = called(desk, outcome, times, by_list=False)
    _, listed, same = called(desk, outcome, times, by_list=True)
    assert listed[:3] == typed[:3] and same == more
    assert (listed[4] is None) == (typed[4] is None)


def test_a_meeting_of_a_list_has_its_sheet(desk: Desk) -> None:
    who, stands, _ = called(desk, "アポ獲得", by_list=True)
    assert stands[:2] == ("done", "アポ獲得")
    assert desk.rows(handover_sheet, "person_id", "state") == [(who, "open")]
    assert desk.rows(person, "stage", id=who) == ["mql"]


def test_a_call_that_the_desk_recorded_as_well_counts_once(desk: Desk) -> None:
    who = desk.shop.person()
    number = desk.asked(who)
    for _ in range(2):
        desk.shop.live(hours=2)
        desk.says(number, "不在")
        # A CTI's clock is its own, and its list comes in the evening.
        brings(desk, (who, desk.now - timedelta(minutes=1), "不在"))
        desk.shop.live(minutes=5)
    assert state(desk, number)[:3] == ("open", None, 2)
    assert desk.rows(letter, "content", person_id=who) == []


def test_the_same_list_twice_dials_once(desk: Desk) -> None:
    who = desk.shop.person()
    number = desk.asked(who)
    desk.shop.live(hours=2)
    at = desk.now
    for _ in range(2):
        brings(desk, (who, at, "不在"))
        desk.shop.live(minutes=1)
    assert state(desk, number)[:3] == ("open", None, 1)
    assert desk.task(number, "due") == datetime(2026, 4, 2, 5, tzinfo=UTC)
    assert desk.rows(activity, "detail", kind="called") == [{"task": number}]


def test_what_came_late_is_dialled_from_now_on_and_tries_do_not_depend_on_the_order_of_rows(desk: Desk) -> None:
    who = desk.shop.person()
    number = desk.asked(who)
    first, second = desk.now + timedelta(hours=1), desk.now + timedelta(hours=2)
    desk.shop.live(days=3)
    brings(desk, (who, second, "不在"), (who, first, "留守電"))
    desk.shop.live(minutes=1)
    assert desk.task(number, "tries") == 2 and desk.task(number, "due") > desk.now


def test_calls_of_before_the_task_and_without_one_are_history(desk: Desk) -> None:
    who, other = desk.shop.person(), desk.shop.person()
    before = desk.now
    desk.shop.live(hours=1)
    number = desk.asked(who)
    brings(desk, (who, before, "会話"), (other, before, "資料送付希望"))
    desk.shop.live(minutes=1)
    assert desk.rows(letter, "key") == [] and len(desk.rows(task, "id")) == 1
    assert state(desk, number)[2] == 0


def test_who_wants_no_calls_is_not_called_even_if_no_task_was_open(desk: Desk) -> None:
    who = desk.shop.person()
    desk.shop.live(hours=1)
    brings(desk, (who, desk.now, "電話お断り"))
    assert desk.rows(refusal, "channel", "person_id") == [("phone", who)]
