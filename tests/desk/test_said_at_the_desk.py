"""What stands on the desk's pages and what its commands take, in the words of those who sit there."""

import pytest

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.pipeline.desk import SENT_BACK_WORDS
from hagukumi.words.demo import REACTIONS
from hagukumi.words.happened import KINDS
from hagukumi.words.names import SENT_BACK
from models.tables.schema import call_note, handover_sheet, person, task
from tests.desk.conftest import Desk
from tests.desk.test_sheet import asks, shown

OF_OUR_OWN = {"arrived", "received", "delivered", "posted", "post_returned", "visit_result"}
"""Kinds that no table of reactions has."""


def test_a_referral_names_who_sent_us_and_the_row_keeps_the_id(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    who = desk.shop.person("高橋", title="院長", language="ja")
    found = desk.says(desk.asked(who), "担当者違い", {"紹介先": "佐々木 健"})
    assert found.task_made is not None
    assert "▶" in (text := shown(desk, capfd, found.task_made, "ja")) and "高橋先生からのご紹介です" in text
    assert "Referred by Dr. 高橋" in shown(desk, capfd, found.task_made, "en")
    assert asks(desk, capfd, "tasks", "show", str(found.task_made))["why_now"] == "高橋先生からのご紹介です"
    assert [one["args"] for one in desk.task(found.task_made, "reasons")] == [[str(who)]]
    new = desk.task(found.task_made, "person_id")
    assert "高橋先生からのご紹介です" in str(asks(desk, capfd, "why", str(new)))


def test_whose_name_is_not_known_any_more_is_a_number(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    who = desk.shop.person("高橋")
    found = desk.says(desk.asked(who), "担当者違い", {"紹介先": "佐々木 健"})
    with desk.shop.engine.begin() as conn:
        conn.execute(person.update().where(person.c.id == who).values(family_name=None))
    assert f"#{who} の方からのご紹介です" in shown(desk, capfd, found.task_made or 0, "ja")


@pytest.mark.parametrize("second", ["決裁者同席=確定", "attendance=promised"])
def test_the_same_field_twice_is_refused(desk: Desk, capfd: pytest.CaptureFixture[str], second: str) -> None:
    number = str(desk.asked(desk.shop.person()))
    told = asks(desk, capfd, "tasks", "done", number, "-o", "アポ獲得", "-s", "決裁者同席=なし", "-s", second)
    assert told["error"]["code"] == "field-twice"
    assert desk.rows(task, "state") == ["open"] and desk.rows(call_note, "id") == []


def test_field_sales_sends_back_in_its_own_words(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    sheet = desk.says(desk.asked(desk.shop.person()), "アポ獲得", {"決裁者同席": "なし"}).handover
    told = asks(desk, capfd, "handover", "send-back", str(sheet), "--reason", "情報不足")
    assert told["reason"] == "information_missing"
    assert desk.rows(handover_sheet, "sent_back") == ["information_missing"]
    assert {code: SENT_BACK_WORDS[words.ja] for code, words in SENT_BACK.items()} == {code: code for code in SENT_BACK}


def test_the_list_of_sheets_shows_those_that_wait_and_all_on_demand(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = (
        desk.says(desk.asked(desk.shop.person(), f"ask/{number}"), "アポ獲得", {"決裁者同席": "なし"}).handover
        for number in range(2)
    )
    asks(desk, capfd, "handover", "accept", str(first))
    assert [one["id"] for one in asks(desk, capfd, "handover")] == [second]
    assert {one["id"] for one in asks(desk, capfd, "handover", "--state", "all")} == {first, second}
    assert [one["id"] for one in asks(desk, capfd, "handover", "--state", "accepted")] == [first]


def test_a_task_that_is_over_does_not_ask_for_a_result(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    number = desk.asked(desk.shop.person())
    assert "tasks done" in shown(desk, capfd, number, "ja")
    found = desk.says(number, "アポ獲得", {"決裁者同席": "なし"})
    assert found.handover is not None
    assert "tasks done" not in shown(desk, capfd, number, "ja") and "off-target" in shown(desk, capfd, number, "ja")
    of_fs = desk.rows(task, "id", desk="FS")[0]
    assert "tasks done" not in (text := shown(desk, capfd, of_fs, "ja")) and "hagukumi handover" in text


def test_the_demo_is_where_it_is_said_to_be(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["demo"]) == 2
    said = capfd.readouterr().err
    assert "make demo" in said and "remove" not in said


def test_whatever_people_did_has_a_name_in_the_demos_table() -> None:
    assert set(KINDS) - OF_OUR_OWN <= set(REACTIONS)
