"""A scenario that hands somebody to field sales opens a sheet, as a meeting that was won does; on both databases."""

import pytest
from sqlalchemy import insert

from hagukumi.desk.handover import accept, fill, send_back
from models.tables.engine import begin_write
from models.tables.schema import activity, call_note, handover_sheet, person, task
from tests.desk.conftest import Desk
from tests.desk.test_handover import BANT, acts
from tests.desk.test_sheet import asks

STORY = """
scenario: story
title: 見本
purpose: 見本
owner: 佐藤
who: {stage: lead}
steps:
  - handover: field_sales
    id: hand
    due: 2営業日
  - wait: 20営業日
"""


def handed(desk: Desk) -> int:
    """Somebody whose competitor a caller knows is handed over by a scenario; the id of the sheet."""
    who = desk.shop.person()
    with begin_write(desk.shop.engine) as conn:
        note = {"person_id": who, "at": desk.now, "outcome": "競合導入済", "fields": {"product": "看護くん"}}
        conn.execute(insert(call_note).values(**note))
    desk.shop.publish(STORY)
    desk.shop.live(minutes=5)
    return int(desk.rows(handover_sheet, "id")[0])


def test_the_sheet_holds_what_is_known_and_the_task_by_which_it_is_answered(desk: Desk) -> None:
    sheet = handed(desk)
    answer, due = desk.rows(task, "id", "due", desk="FS")[0]
    assert desk.rows(handover_sheet, "id", "state", "present", "fs_task_id", "due", "need") == [
        (sheet, "open", "看護くん", answer, due, False)
    ]
    assert desk.rows(person, "stage") == ["mql"] and desk.rows(activity, "outcome", kind="handed_over") == ["handed"]
    desk.shop.live(days=3)
    assert len(desk.rows(handover_sheet, "id")) == 1


def test_field_sales_accepts_it_like_any(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    sheet = handed(desk)
    assert [one["id"] for one in asks(desk, capfd, "handover")] == [sheet]
    assert acts(desk, fill, sheet, BANT) == ("attendance",)
    acts(desk, accept, sheet, "yamamoto")
    assert desk.rows(task, "state", "result", desk="FS") == [("done", "accepted")]


def test_what_comes_back_of_it_is_no_talk_to_speak_of(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    again = acts(desk, send_back, handed(desk), "課題が不明確", None)
    told = asks(desk, capfd, "tasks", "show", str(again))
    assert (told["desk"], told["opened_by"]) == ("IS", "scenario")
