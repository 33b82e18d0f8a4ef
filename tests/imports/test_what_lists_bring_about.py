"""From a list to the letters it holds back, by the command line on both databases: closed days, and what is refused."""

from pathlib import Path

import pytest

from hagukumi.starter import make_workspace
from tests.cli.lines import Line, fill
from tests.unapproved import without_approval

MAPPING = """kind: people
columns:
  姓: family_name
  アドレス: email
  役職: title
  施設: account.name
  休診日: account.closed
  電話不要: refuses.phone
  メール不要: refuses.mail
constants:
  consent.ground: card
  consent.got_at: 2026-03-02
  consent.got_by: 佐藤
  consent.got_where: 展示会
  account.kind: company
  language: ja
"""
HEAD = "姓,アドレス,役職,施設,休診日,電話不要,メール不要\n"


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, tables_url: str, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A virtual workspace on Wednesday 1 April 2026 with an open scenario."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_url)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.setenv("COLUMNS", "160")
    folder = tmp_path / "w"
    make_workspace(folder, "virtual")
    fill(folder)
    without_approval(folder)
    (folder / "scenarios" / "mappings" / "own.yaml").write_text(MAPPING, "utf-8")
    called = Line(capsys, folder)
    assert called("publish", "interest").code == 0
    return called


def take(line: Line, *rows: str) -> dict[str, int]:
    """Imports a list with these rows; what became of them."""
    assert line.folder is not None
    (line.folder / "own.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), "utf-8")
    said = line("import", "people", str(line.folder / "own.csv"), "--map", "own", "--json")
    assert said.code == 0, said.out + said.err
    return {name: said.json[name] for name in ("created", "updated", "unchanged", "rejected")}


def test_a_letter_waits_for_the_day_on_which_the_facility_is_open_and_says_until_when(line: Line) -> None:
    take(
        line,
        "髙橋,takahashi@aoba.example,事務長,青葉台記念病院,水曜,,",
        "鈴木,suzuki@kaede.example,院長,楓台クリニック,木曜午後,,",
    )
    assert line("tick", "--until", "2026-04-01 12:00").code == 0
    (held,) = line("letters", "held", "--json").json
    assert (held["email"], held["code"]) == ("takahashi@aoba.example", "hold_recipient")
    assert held["until"].startswith("2026-04-02T09:00")
    assert "4月2日(木) 09:00" in line("letters", "held").out
    assert "Thu 2 Apr 09:00" in line("--lang", "en", "letters", "held").out
    assert [one["email"] for one in line("letters", "sent", "--json").json] == ["suzuki@kaede.example"]

    assert line("tick", "--until", "2026-04-02 09:30").code == 0
    assert line("letters", "held", "--json").json == []
    assert len(line("letters", "sent", "--json").json) == 2


def test_a_facility_that_is_closed_for_two_days_gets_its_letter_on_the_third(line: Line) -> None:
    take(line, "髙橋,takahashi@aoba.example,事務長,青葉台記念病院,水曜、木曜,,")
    assert line("tick", "--until", "2026-04-01 12:00").code == 0
    (held,) = line("letters", "held", "--json").json
    assert held["until"].startswith("2026-04-03T09:00")


def test_who_wants_no_calls_stays_in_the_scenario_and_is_shown_to_callers(line: Line) -> None:
    who = "髙橋,takahashi@aoba.example,事務長,青葉台記念病院"
    assert take(line, f"{who},,,") == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 0}
    assert line("tick", "--until", "2026-04-01 12:00").code == 0
    assert take(line, f"{who},,はい,") == {"created": 0, "updated": 1, "unchanged": 0, "rejected": 0}
    assert take(line, f"{who},,はい,") == {"created": 0, "updated": 0, "unchanged": 1, "rejected": 0}
    assert line("tick", "--until", "2026-04-20").code == 0
    assert len(line("letters", "sent", "--json").json) > 1
    story = line("why", "takahashi@aoba.example").out
    assert "電話" in story and "お断り" in story


def test_who_wants_no_mail_leaves_the_scenario(line: Line) -> None:
    who = "髙橋,takahashi@aoba.example,事務長,青葉台記念病院"
    take(line, f"{who},,,")
    assert line("tick", "--until", "2026-04-01 12:00").code == 0
    assert take(line, f"{who},,,はい")["updated"] == 1
    assert line("tick", "--until", "2026-04-20").code == 0
    assert len(line("letters", "sent", "--json").json) == 1
    assert "お断り" in line("why", "takahashi@aoba.example").out


@pytest.mark.parametrize(("channel", "letters"), [("phone", 2), ("visit", 2), ("mail", 1)])
def test_a_list_of_refusals_ends_scenarios_where_it_is_mail_that_is_refused(
    line: Line, channel: str, letters: int
) -> None:
    take(line, "髙橋,takahashi@aoba.example,事務長,青葉台記念病院,,,")
    assert line("tick", "--until", "2026-04-01 12:00").code == 0
    assert line.folder is not None
    own = f"kind: optouts\ncolumns: {{m: email}}\nconstants: {{channel: {channel}, cause: refused}}\n"
    (line.folder / "scenarios" / "mappings" / "stops.yaml").write_text(own, "utf-8")
    (line.folder / "stops.csv").write_text("m\ntakahashi@aoba.example\n", "utf-8")
    said = line("import", "optouts", str(line.folder / "stops.csv"), "--map", "stops")
    assert said.code == 0, said.out + said.err
    assert line("tick", "--until", "2026-04-20").code == 0
    assert min(len(line("letters", "sent", "--json").json), 2) == letters
