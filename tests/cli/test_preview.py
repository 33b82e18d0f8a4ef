"""A letter is looked at before it leaves: as somebody, as a picture, and as a copy for a colleague."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from hagukumi.letters.picture import find_browser
from models.tables.schema import letter
from tests.cli.lines import Line

TAKAHASHI = "takahashi@aoba.example"


def letters_of(line: Line) -> int:
    engine = create_engine(f"sqlite:///{line.folder}/var/hagukumi.db")
    with engine.connect() as conn:
        count = conn.scalar(select(func.count()).select_from(letter)) or 0
    engine.dispose()
    return count


def bring_in(line: Line) -> Line:
    staff = "staff:\n  - {key: suzuki, name: 鈴木 美穂, role: is, email: suzuki@hagukumi.example}\n"
    (line.folder or Path()).joinpath("staff.yaml").write_text(staff, "utf-8")
    assert line("import", "people", f"{line.folder}/people.csv", "--map", "ours").code == 0
    return line


def test_a_template_is_shown_for_the_first_example_of_its_sheet(at_work: Line) -> None:
    said = at_work("preview", "interest/case", "--json").json

    assert said["as"] is None and said["persona"] == "executive" and said["stopped"] is None
    assert "髙橋様" in said["text"] and said["links"] == ["case"]
    assert said["preheader"].startswith("看護記録の方法を見直した")


def test_a_letter_is_shown_as_this_person_would_get_it(at_work: Line) -> None:
    bring_in(at_work)
    ja = at_work("preview", "interest/case", "--as", TAKAHASHI)
    en = at_work(
        "preview", "interest/case", "--as", TAKAHASHI, "--lang-of-letter", "en", "--variant", "a", "--json"
    ).json

    assert ja.code == 0 and "青葉台記念病院\n髙橋様" in ja.out
    assert "https://hagukumi.example/refuse/test" in ja.out
    assert en["language"] == "en" and "髙橋 花子" in en["text"]


def test_what_would_stop_it_today_is_said(at_work: Line) -> None:
    bring_in(at_work)
    (at_work.folder or Path()).joinpath("out.csv").write_text(f"メールアドレス\n{TAKAHASHI}\n", "utf-8")
    assert at_work("import", "optouts", f"{at_work.folder}/out.csv", "--map", "optouts").code == 0

    stopped = at_work("preview", "interest/case", "--as", TAKAHASHI, "--json").json["stopped"]

    assert stopped["code"] == "stop_former_tool" and "見送り" in stopped["message"]


def test_a_missing_attribute_is_said_in_words(at_work: Line) -> None:
    bring_in(at_work)
    body = at_work.folder / "templates/interest/pause.ja.txt" if at_work.folder else Path()
    body.write_text("{{ person.department }}\n" + body.read_text("utf-8"), "utf-8")

    said = at_work("preview", "interest/pause", "--as", "suzuki@kaede.example")

    assert said.code == 1 and "person.department" in said.err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("interest/cas",), "interest/case"),
        (("interest/case", "--as", "takahasi@aoba.example"), TAKAHASHI),
        (("interest/case", "--variant", "z"), "interest/case.ja.z.subject"),
    ],
)
def test_a_wrong_name_is_told_with_the_right_one(at_work: Line, words: tuple[str, ...], part: str) -> None:
    said = bring_in(at_work)("preview", *words)
    assert said.code == 1 and part in said.err


@pytest.mark.skipif(find_browser() is None, reason="no Chromium here")
def test_a_picture_and_the_html_are_saved(at_work: Line, tmp_path: Path) -> None:
    png, page = tmp_path / "case.png", tmp_path / "case.html"

    said = at_work("preview", "interest/case", "--png", str(png), "--html", str(page))

    assert said.code == 0 and str(png) in said.out
    assert png.read_bytes().startswith(b"\x89PNG") and "<html" in page.read_text("utf-8")


def test_without_a_browser_there_is_a_sentence(at_work: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = at_work("preview", "interest/case", "--png", str(tmp_path / "case.png"))
    assert said.code == 1 and "Chromium" in said.err


def test_a_test_goes_to_a_colleague_and_counts_as_a_letter_to_nobody(at_work: Line) -> None:
    bring_in(at_work)

    said = at_work("test-send", "interest/case", "--to", "suzuki", "--as", TAKAHASHI, "--json").json

    (file,) = (at_work.folder or Path()).glob("var/outbox/new/*")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Subject"] == said["subject"] and said["subject"].startswith("[テスト] ")
    assert "@aoba.example" not in str(message["To"]) and message["List-Unsubscribe"] is None
    text = message.get_body(("plain",))
    assert text is not None and "/refuse/test" in text.get_content() and "髙橋様" in text.get_content()
    assert letters_of(at_work) == 0


def test_a_test_goes_to_colleagues_only(at_work: Line) -> None:
    bring_in(at_work)
    said = at_work("test-send", "interest/case", "--to", TAKAHASHI)
    assert said.code == 1 and "staff.yaml" in said.err and "suzuki" in said.err
    assert not list((at_work.folder or Path()).glob("var/outbox/new/*"))
