"""The sheet a caller reads before the phone rings twice, in both languages, on both databases."""

import json
import shutil
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.desk.marking import count_off_target, give, off_target
from hagukumi.files import read_files
from hagukumi.journeys.core.verdict import Why
from hagukumi.wiring import office
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import CHECKOUT
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_write
from models.tables.schema import staff, task
from tests.desk.conftest import Desk

SINCE = timedelta(days=2)


def asks(desk: Desk, capfd: pytest.CaptureFixture[str], *words: str) -> Any:
    """A command line in the workspace; what it answers as JSON."""
    capfd.readouterr()
    code = run(app, [*words, "--json", "-w", str(desk.shop.wired.workspace.folder)])
    out, err = capfd.readouterr()
    return json.loads(out) if code == 0 else json.loads(err)


def shown(desk: Desk, capfd: pytest.CaptureFixture[str], number: int, lang: str) -> str:
    """The sheet as it is printed."""
    capfd.readouterr()
    assert run(app, ["tasks", "show", str(number), "--lang", lang, "-w", str(desk.shop.wired.workspace.folder)]) == 0
    return capfd.readouterr().out


@pytest.fixture
def keen(desk: Desk) -> int:
    """Somebody who downloaded a piece about overtime at three on three days, and is to be called for it."""
    for name in ("content.yaml", "talks.yaml", "roles.yaml"):
        rules = desk.shop.wired.workspace.scenarios / "rules" / name
        shutil.copy(CHECKOUT / "scenarios" / "rules" / name, rules)
    desk.shop.wired.files = read_files(desk.shop.wired.workspace)
    place = desk.facility("青葉台病院", phone="03-1111-0000")
    told = {"given_name": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ", "title": "看護部長"}
    who = desk.shop.person(account_id=place, role="veto", phone_direct="03-1111-2222", **told)
    for day in range(3):
        desk.shop.live(hours=6 if day == 0 else 24)
        at = desk.now
        with begin_write(desk.shop.engine) as conn:
            receive(conn, [Arrival(who, place, "downloaded", at, at, "overtime-checklist", source_id=f"d{day}")])
    desk.shop.live(minutes=2)
    return who


def test_everything_a_caller_needs_stands_on_the_sheet(
    desk: Desk, keen: int, capfd: pytest.CaptureFixture[str]
) -> None:
    number = desk.rows(task, "id")[0] if desk.rows(task, "id") else desk.asked(keen, why=Why("asked_call", ("roi",)))
    desk.says(number, "担当不在")
    told = asks(desk, capfd, "tasks", "show", str(number))
    assert (told["facility"], told["name"], told["kana"]) == ("青葉台病院", "山田 花子", "ヤマダ ハナコ")
    assert told["phones"] == ["03-1111-2222", "03-1111-0000"] and not told["do_not_call"]
    assert told["theme"] == "overtime" and told["talk"] == "overtime-field" and len(told["track"]) == 3
    assert told["opening"].startswith("株式会社みほんの") and "{" not in told["opening"]
    assert told["letter"] == "follow-up/field"
    assert told["last_contact"]["outcome"] == "担当不在"
    assert told["best_hour"] == {"hour": 15, "of": "person", "events": 3, "total": 3}
    assert [one["content"] for one in told["seen"]] == ["overtime-checklist"]
    receipt = told["receipt"]
    assert round(sum(term["points"] for term in receipt["terms"]), 1) == receipt["points"] > 0
    assert all(term["at"] for term in receipt["terms"] if term["event"])
    assert told["record"] == {"cause": told["cause"], "of": 1, "talks": 0, "meetings": 0, "off_target": 0}
    for lang, words in (("ja", "はじめに"), ("en", "opening")):
        assert words in shown(desk, capfd, number, lang)


def test_as_we_discussed_only_after_a_talk(desk: Desk, keen: int, capfd: pytest.CaptureFixture[str]) -> None:
    number = desk.rows(task, "id")[0] if desk.rows(task, "id") else desk.asked(keen)
    again = desk.says(number, "当方折り返し").task_made
    told = asks(desk, capfd, "tasks", "show", str(again))
    assert told["letter"] == "follow-up/after-talk"


def test_who_wants_no_calls_is_shown_without_a_number(desk: Desk, keen: int, capfd: pytest.CaptureFixture[str]) -> None:
    number = desk.rows(task, "id")[0] if desk.rows(task, "id") else desk.asked(keen)
    desk.says(number, "電話お断り")
    assert asks(desk, capfd, "tasks", "show", str(number))["do_not_call"]
    text = shown(desk, capfd, number, "ja")
    assert "【電話お断り】" in text and "03-1111-2222" not in text


def test_beside_the_point_counts_against_the_cause_once(desk: Desk) -> None:
    numbers = [desk.asked(desk.shop.person(), f"ask/{number}") for number in range(5)]
    for number in numbers:
        desk.says(number, "会話")
    for number in (*numbers[:2], numbers[0]):
        with begin_write(desk.shop.engine) as conn:
            found = off_target(conn, office(desk.shop.wired), number)
    assert (found.cause, found.of, found.off_target, found.hint) == ("asked_call", 5, 2, True)
    with desk.shop.engine.connect() as conn:
        assert count_off_target(conn, "other").of == 0


def test_a_task_is_given_to_a_colleague_by_their_key(desk: Desk) -> None:
    number = desk.asked(desk.shop.person())
    with begin_write(desk.shop.engine) as conn:
        assert give(conn, office(desk.shop.wired), number, "sato") == "佐藤 美咲"
    owner = desk.task(number, "owner_staff_id")
    assert desk.rows(staff, "key", id=owner) == ["sato"]
    with pytest.raises(NotDone) as told, begin_write(desk.shop.engine) as conn:
        give(conn, office(desk.shop.wired), number, "nobody")
    assert told.value.code == "staff-unknown"


def test_the_list_shows_what_is_to_be_done_now_and_all_on_demand(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.says(desk.asked(desk.shop.person()), "時期尚早", {"年月": "2026-12"})
    assert asks(desk, capfd, "tasks") == []
    assert [one["cause"] for one in asks(desk, capfd, "tasks", "--all")] == ["again/時期尚早"]
    with begin_write(desk.shop.engine) as conn:
        conn.execute(update(task).values(sleeps_until=None))
    assert len(asks(desk, capfd, "tasks")) == 1


def test_the_command_line_records_a_meeting_and_hands_it_over(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    number = desk.asked(desk.shop.person())
    told = asks(desk, capfd, "tasks", "done", str(number), "-o", "a", "-s", "決裁者同席=確定", "-s", "課題=残業")
    assert told["next"] == ["stage_mql", "meeting", "handover"]
    sheet, meeting = str(told["handover"]), str(told["meeting"])
    assert asks(desk, capfd, "handover", "fill", sheet, "-s", "budget=仮", "-s", "authority=yes") == {
        "handover": told["handover"], "sql": True, "lacks": [],
    }  # fmt: skip
    assert asks(desk, capfd, "handover")[0]["issue"] == "残業"
    assert asks(desk, capfd, "handover", "accept", sheet, "--by", "yamamoto")["state"] == "accepted"
    assert asks(desk, capfd, "handover", "accept", sheet)["error"]["code"] == "handover-answered"
    assert asks(desk, capfd, "meeting", "held", meeting, "--attended")["sql"]
    assert [one["attendance"] for one in asks(desk, capfd, "meeting")] == ["attended"]
    assert asks(desk, capfd, "tasks", "show", "99")["error"]["code"] == "task-unknown"
