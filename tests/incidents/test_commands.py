"""The first ten minutes at the keyboard: withdrawn, listed, drafted, approved by a colleague, sent."""

import shutil
from pathlib import Path

import pytest

from hagukumi.workspace import CHECKOUT
from tests.cli.conftest import lived_folder, plain_terminal
from tests.cli.lines import Line

__all__ = ["lived_folder", "plain_terminal"]


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], lived_folder: Path, tmp_path: Path) -> Line:
    """A week has been lived: the three people with a surname have got the first checklist."""
    shutil.copytree(lived_folder, tmp_path / "w")
    shutil.copy(CHECKOUT / "staff.yaml", tmp_path / "w" / "staff.yaml")
    return Line(capsys, tmp_path / "w")


NAME = "interest/first-checklist"


def test_from_the_wrong_mail_to_its_apology(line: Line, tmp_path: Path) -> None:
    sent = {one["key"] for one in line("letters", "sent", "--json").json if one["content"] == NAME}
    assert sent
    said = line("content", "withdraw", NAME, "--kind", "data", "--note", "別の施設名が入った", "--by", "sato")
    assert said.code == 0
    assert f"「{NAME}」を止めました" in said.out
    assert "髙橋 花子" in said.out and "青葉台記念病院" in said.out
    assert "□ 要配慮個人情報" in said.out and "速報: 4月10日(金)〜4月12日(日)" in said.out
    assert "hagukumi incident draft 1" in said.out

    for lang, gone in (("ja", "取り下げ中"), ("en", "withdrawn; none of it leaves")):
        (row,) = [each for each in line("content", "list", "--lang", lang).out.splitlines() if NAME in each]
        assert gone in row
        assert gone in line("content", "show", NAME, "--lang", lang).out
    assert [each["name"] for each in line("content", "list", "--json").json if each["withdrawn_at"]] == [NAME]

    shown = line("incident", "show", "1", "--json").json
    assert {one["key"] for one in shown["letters"]} == sent

    assert line("incident", "draft", "1").code == 2, "who drafts it has to be said"
    words = tmp_path / "words.yaml"
    drafted = line("incident", "draft", "1", "--by", "sato@hagukumi.example", "--save", str(words))
    assert drafted.code == 0 and "個人情報の誤送信についてのお詫びとお願い" in drafted.out
    words.write_text(words.read_text("utf-8").replace("深くお詫び申し上げます", "心よりお詫び申し上げます"), "utf-8")
    edited = line("incident", "draft", "1", "--by", "sato", "--from", str(words))
    assert edited.code == 0 and "心よりお詫び申し上げます" in edited.out

    nobody = line("incident", "approve", "1", "--by", "nobody")
    assert (nobody.code, "kobayashi" in nobody.err) == (1, True)
    assert line("incident", "approve", "1", "--by", "sato").code == 1
    assert line("incident", "approve", "1", "--by", "kobayashi", "--json").json["letters"] == len(sent)
    assert line("incident", "approve", "1", "--by", "kobayashi", "--json").json == {
        "incident": 1, "letters": 0, "again": True,
    }  # fmt: skip
    assert line("deliver", "--json").json["accepted"] == len(sent)

    listed = line("incident", "list")
    assert "ほかの方の情報が見えた" in listed.out and "お詫び承認済み" in listed.out
    assert line("incident", "close", "1").code == 1
    for report in ("quick", "full"):
        assert line("incident", "report", "1", report, "--by", "sato").code == 0
    assert line("incident", "close", "1").code == 0
    assert line("incident", "list", "--open").out.strip() == "誤ったメールの記録はありません。"
    assert NAME in line("content", "reinstate", NAME).out
    assert "取り下げ中" not in line("content", "list").out


def test_everything_is_said_in_english_too(line: Line) -> None:
    said = line("content", "withdraw", NAME, "--lang", "en", "--known-at", "2026-04-07 09:00", "--kind", "data")
    assert "is stopped" in said.out and "quick report: Thu 9 Apr to Sat 11 Apr" in said.out
    line("incident", "draft", "1", "--by", "sato")
    shown = line("incident", "show", "1", "--lang", "en").out
    assert "waits for approval" in shown and "somebody else's data seen" in shown
    assert not [each for each in shown.splitlines() if "記録した方" in each]


def test_what_is_overdue_is_said_everywhere(line: Line) -> None:
    line("content", "withdraw", NAME, "--known-at", "2026-03-02", "--kind", "data")
    assert "期限を過ぎています: 速報(3月6日(金)まで)・確報(3月31日(火)まで)" in line("incident", "list").out
    (found,) = [one for one in line("doctor", "--json").json if one["check"] == "incidents"]
    assert found["level"] == "fail" and "確報" in found["message"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("content", "withdraw", "interest/frist-checklist"), 1, NAME),
        (("content", "withdraw", NAME, "--kind", "typo"), 2, "recipient"),
        (("content", "withdraw", NAME, "--person", "nobody@x.example"), 1, "登録されていません"),
        (("content", "withdraw", NAME, "--letter", "no/such"), 1, "no/such"),
        (("incident", "show", "9"), 1, "9"),
        (("incident", "report", "9", "later"), 2, "quick"),
        (("incident", "draft", "9", "--by", "sato"), 1, "9"),
        (("content", "reinstate", NAME), 0, "取り下げられていません"),
    ],
)
def test_a_wrong_call_says_what_to_do_and_stores_nothing(
    line: Line, arguments: tuple[str, ...], code: int, words: str
) -> None:
    said = line(*arguments)
    assert said.code == code
    assert words in said.out + said.err
    assert line("incident", "list", "--json").json == []
