"""The first sentence of a call names only what that person did, whatever the cause; in both languages."""

import shutil
from collections.abc import Mapping
from typing import Any

import pytest

from hagukumi.desk.handover import send_back
from hagukumi.files import read_files
from hagukumi.journeys.core.verdict import Why
from hagukumi.pipeline.talks import CAUSES, CauseKind, opening_for, opening_of
from hagukumi.workspace import CHECKOUT, open_folder
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_write
from models.tables.schema import activity, handover_sheet
from tests.desk.conftest import Desk
from tests.desk.test_handover import acts
from tests.desk.test_sheet import asks, shown

CALLS: frozenset[CauseKind] = frozenset({"find_person", "call_back", "material", "date_come", "renewal"})
SAYS: Mapping[str, Mapping[str, frozenset[CauseKind]]] = {
    "ja": {
        "ダウンロード": frozenset({"downloaded"}), "メールでお送りした": frozenset({"clicked"}),
        "ご覧": frozenset({"visited"}), "お申し込み": frozenset({"registered"}), "ご参加": frozenset({"attended"}),
        "フォーム": frozenset({"form"}), "ご返信": frozenset({"reply"}), "紹介": frozenset({"referral"}),
        "別の方": frozenset({"find_person"}), "ご異動": frozenset({"successor"}), "のお電話": CALLS,
        "ご希望の資料": frozenset({"material"}), "時期を改めて": frozenset({"date_come"}),
        "更新のこと": frozenset({"renewal"}), "お話しした": frozenset({"sent_back"}),
    },
    "en": {
        "downloading": frozenset({"downloaded"}), "we sent you by mail": frozenset({"clicked"}),
        "had a look": frozenset({"visited"}), "registering": frozenset({"registered"}),
        "attending": frozenset({"attended"}), "writing to us": frozenset({"form"}), "your reply": frozenset({"reply"}),
        "referred": frozenset({"referral"}), "in charge": frozenset({"find_person"}),
        "moved on": frozenset({"successor"}), "call on": CALLS - {"find_person"}, "asked for": frozenset({"material"}),
        "better time": frozenset({"date_come"}), "renewal": frozenset({"renewal"}),
        "we talked about": frozenset({"sent_back"}),
    },
}  # fmt: skip
"""What a sentence may claim -> the causes where it happened."""
VALUES = {
    "company": "会社", "caller": "鈴木", "name": "山田様", "facility": "病院", "content": "『題名』", "day": "on 4 May",
    "referrer": "高橋様", "product": "製品",
}  # fmt: skip


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("cause", CAUSES)
def test_an_opening_names_what_happened_and_nothing_else(cause: CauseKind, lang: str) -> None:
    rules = read_files(open_folder(CHECKOUT)).talks
    for talk in rules.talks:
        said = opening_of(opening_for(rules, cause), talk, lang, VALUES)
        assert "{" not in said and said.startswith(("会社の鈴木", "This is 鈴木 of 会社"))
        for word, where in SAYS[lang].items():
            assert (word in said) == (cause in where), (said, word)


def test_where_the_rules_know_no_opening_only_the_ask_is_said() -> None:
    rules = read_files(open_folder(CHECKOUT)).talks
    talk = rules.talks[-1]
    assert opening_of(None, talk, "ja", VALUES) == f"会社の鈴木と申します。{talk.ask.ja}"


@pytest.fixture
def speaking(desk: Desk) -> Desk:
    """The desk with the talk tracks and contents of the checkout."""
    for name in ("content.yaml", "talks.yaml", "roles.yaml"):
        rules = desk.shop.wired.workspace.scenarios / "rules" / name
        shutil.copy(CHECKOUT / "scenarios" / "rules" / name, rules)
    desk.shop.wired.files = read_files(desk.shop.wired.workspace)
    return desk


def done_by(desk: Desk, who: int, kind: str, content: str | None, machine: bool = False) -> int:
    """They did something; the id of the task that a jump made of it."""
    with begin_write(desk.shop.engine) as conn:
        (number,) = receive(conn, [Arrival(who, None, kind, desk.now, desk.now, content, source_id="act")]).ids
        if machine:
            conn.execute(activity.update().where(activity.c.id == number).values(machine="scanner"))
    return desk.asked(who, f"jump/{who}/{number}", Why("jump_rise", ("5", "38", "7", "反応", "acts")))


@pytest.mark.parametrize(
    ("kind", "content", "opened_by", "says"),
    [
        ("downloaded", "overtime-checklist", "downloaded", "』をダウンロードいただき"),
        ("downloaded", None, "downloaded", "資料をダウンロードいただき"),
        ("clicked", "overtime-checklist", "clicked", "メールでお送りした『"),
        ("visited", "overtime-checklist", "visited", "当社サイトの『"),
        ("registered", None, "registered", "セミナーにお申し込み"),
        ("attended", None, "attended", "セミナーにご参加"),
        ("submitted", None, "form", "フォームからご連絡"),
        ("replied", None, "reply", "メールにご返信"),
    ],
)
def test_what_they_did_opens_the_call(
    speaking: Desk, capfd: pytest.CaptureFixture[str], kind: str, content: str | None, opened_by: str, says: str
) -> None:
    number = done_by(speaking, speaking.shop.person(), kind, content)
    told = asks(speaking, capfd, "tasks", "show", str(number))
    assert told["opened_by"] == opened_by and says in told["opening"] and told["track"]


def test_what_a_machine_did_is_not_spoken_of(speaking: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    number = done_by(speaking, speaking.shop.person(), "clicked", "overtime-checklist", machine=True)
    assert asks(speaking, capfd, "tasks", "show", str(number))["opened_by"] == "scenario"


def opened(desk: Desk, capfd: pytest.CaptureFixture[str], number: int | None) -> Any:
    told = asks(desk, capfd, "tasks", "show", str(number))
    return told["opened_by"], told["opening"], told["letter"]


@pytest.mark.parametrize(
    ("outcome", "fields", "opened_by", "says"),
    [
        ("会話", {"再架電日": "4/20"}, "call_back", "4月1日のお電話の件で"),
        ("当方折り返し", {}, "call_back", "4月1日のお電話の件で"),
        ("資料送付希望", {}, "material", "ご希望の資料の件です"),
        ("時期尚早", {"年月": "2026-10"}, "date_come", "時期を改めて"),
        ("競合導入済", {"製品": "看護くん", "更新月": "2027-04"}, "renewal", "お使いの看護くんのこと"),
        ("担当者違い", {"紹介先": "佐々木 健"}, "referral", "山田様からご紹介いただき"),
        ("担当者違い", {}, "find_person", "山田様とは別の方"),
        ("退職・異動", {}, "successor", "山田様がご異動・ご退職と伺いました"),
    ],
)
def test_what_came_of_the_call_before_opens_the_next(
    speaking: Desk, capfd: pytest.CaptureFixture[str], outcome: str, fields: dict[str, str], opened_by: str, says: str
) -> None:
    again = speaking.says(speaking.asked(speaking.shop.person()), outcome, fields).task_made
    speaking.shop.live(days=1)
    kind, said, letter = opened(speaking, capfd, again)
    assert kind == opened_by and says in said
    assert (letter is None) == (opened_by in ("referral", "find_person", "successor"))
    assert says in "".join(shown(speaking, capfd, again or 0, "ja").split())


def test_who_saw_nothing_is_not_told_that_they_did(speaking: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    kind, said, _ = opened(speaking, capfd, speaking.asked(speaking.shop.person(), why=Why("asked_call", ("試算",))))
    assert kind == "scenario" and "ご覧" not in said and "資料" not in said


def test_what_field_sales_sent_back_is_asked_where_there_was_a_talk(
    speaking: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    speaking.says(speaking.asked(speaking.shop.person()), "アポ獲得", {"決裁者同席": "なし"})
    sheet = speaking.rows(handover_sheet, "id", "fs_task_id")[0]
    assert opened(speaking, capfd, sheet[1])[:2] == (None, None)
    again = acts(speaking, send_back, sheet[0], "情報不足", None)
    assert opened(speaking, capfd, again)[0] == "sent_back"
