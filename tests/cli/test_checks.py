"""check: problems in four forms, with exit codes that scripts can rely on."""

from pathlib import Path

import pytest

from tests.cli.lines import Line

KEYS = ["code", "severity", "file", "line", "column", "message", "help"]
BROKEN = "scenario: odd\ntitle: x\nsteps:\n  - sned: interest/case\n"


@pytest.fixture
def broken(at_work: Line) -> str:
    file = (at_work.folder or Path()) / "scenarios" / "odd.yaml"
    file.write_text(BROKEN, "utf-8")
    return str(file)


def test_problems_have_stable_keys_and_help(at_work: Line, broken: str) -> None:
    said = at_work("check", broken, "--json")
    assert said.code == 1
    assert all(list(problem) == KEYS and problem["help"] for problem in said.json)
    assert all(problem["file"] == "scenarios/odd.yaml" for problem in said.json)
    assert said.json == at_work("check", broken, "--format", "json").json


def test_the_text_shows_the_line(at_work: Line, broken: str) -> None:
    said = at_work("check", broken)
    assert "scenarios/odd.yaml:4:" in said.out and "sned" in said.out and "^" in said.out


def test_sarif_and_github_are_made_for_machines(at_work: Line, broken: str) -> None:
    assert at_work("check", broken, "--format", "sarif").json["version"] == "2.1.0"
    assert at_work("check", broken, "--format", "github").out.startswith("::error ")


def test_what_is_in_order_says_so(at_work: Line) -> None:
    mapping = (at_work.folder or Path()) / "scenarios" / "mappings" / "ours.yaml"
    said = at_work("check", str(mapping))
    assert said.code == 0 and "問題はありません" in said.out
    assert at_work("check", str(mapping), "--json").json == []


def test_the_shipped_example_has_no_errors(at_work: Line) -> None:
    assert [p for p in at_work("check", "--json").json if p["severity"] == "error"] == []


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe" * 50, b"[" * 5000, "項目:値".encode("cp932"), b"a: &a [*a]"])
def test_rubbish_gets_problems(at_work: Line, content: bytes) -> None:
    file = (at_work.folder or Path()) / "scenarios" / "odd.yaml"
    file.write_bytes(content)
    said = at_work("check", str(file), "--json")
    assert said.code == 1 and said.json


def test_a_missing_file_is_a_problem(at_work: Line) -> None:
    assert at_work("check", "nowhere.yaml", "--json").json[0]["code"] == "file.missing"


def test_a_scenario_is_read_aloud_with_dates(at_work: Line) -> None:
    said = at_work("read", "interest", "--json")
    assert said.code == 0
    assert said.json["steps"] and len(said.json["ways"]) == 2
    assert all(date["at"].endswith("+09:00") for way in said.json["ways"] for date in way["dates"])
    assert "月" in at_work("read", "interest").out
    assert at_work("read", "intrest").code == 1


def test_only_a_sound_scenario_is_read_aloud(at_work: Line, broken: str) -> None:
    assert at_work("read", "odd").code == 1
