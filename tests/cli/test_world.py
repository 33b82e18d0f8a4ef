"""world build: what it says, what it refuses, and a virtual workspace that takes the lists in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hagukumi.starter import make_workspace
from hagukumi.world.truth import read_truth
from tests.cli.lines import Line

SMALL = ("--people", "120", "--accounts", "40")


def test_it_says_in_both_languages_what_it_made(line: Line, tmp_path: Path) -> None:
    ja = line("world", "build", *SMALL, "--out", str(tmp_path / "m"), "--background-days", "20")
    en = line("world", "build", *SMALL, "--out", str(tmp_path / "m"), "--background-days", "20", "--lang", "en")
    assert ja.code == en.code == 0
    assert "施設 40、一覧の行 120" in ja.out and "共用アドレス" in ja.out and "なし" in ja.out
    assert "40 facilities, 120 rows of people" in en.out and "shared mailboxes" in en.out
    assert (tmp_path / "m" / "background.csv").exists() and len(read_truth(tmp_path / "m").people) == 120


def test_json_has_stable_keys(line: Line, tmp_path: Path) -> None:
    said = json.loads(line("world", "build", *SMALL, "--out", str(tmp_path / "m"), "--json").out)
    assert set(said) == {
        "folder", "seed", "start", "people", "facilities", "humans", "files", "personas", "gateways", "traps",
        "rejects", "imports", "intent", "signals",
    }  # fmt: skip
    assert said["start"] == "2026-04-27" and said["files"]["people.csv"] == 120 and said["imports"] == {}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("--people", "10", "--accounts", "40"), "world-people"),
        (("--people", "0"), "world-people"),
        (("--accounts", "1"), "world-accounts"),
        (("--accounts", "-5"), "world-accounts"),
        (("--seed", " "), "world-seed"),
        (("--background-days", "-1"), "world-days"),
        (("--intent-weeks", "-1"), "world-weeks"),
        (("--start", "27.4.2026"), "world-start"),
        (("--start", "1850-01-01"), "world-start"),
    ],
)
def test_rubbish_is_refused_with_a_sentence(line: Line, tmp_path: Path, given: tuple[str, ...], code: str) -> None:
    said = line("world", "build", *given, "--out", str(tmp_path / "m"), "--json")
    assert said.code == 1
    assert code in said.out + said.err
    assert not (tmp_path / "m").exists()


def test_a_list_of_ones_own_is_not_written_over(line: Line, tmp_path: Path) -> None:
    mine = tmp_path / "people.csv"
    mine.write_text("my own list", "utf-8")
    said = line("world", "build", *SMALL, "--out", str(tmp_path), "--lang", "en")
    assert said.code == 1 and "people.csv" in said.err and mine.read_text("utf-8") == "my own list"
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]


def test_a_market_without_errors_says_so(line: Line, tmp_path: Path) -> None:
    said = line("world", "build", "--people", "5", "--accounts", "3", "--out", str(tmp_path / "m"), "--lang", "en")
    assert said.code == 0 and said.out.rstrip().endswith("Rows an import must reject: none")


def test_a_virtual_workspace_takes_the_lists_in(at_work: Line) -> None:
    said = json.loads(at_work("world", "build", *SMALL, "--import", "--background-days", "10", "--json").out)
    assert said["imports"]["people.csv"]["rejected"] == said["rejects"].get("people.csv", 0)
    assert said["imports"]["accounts.csv"]["created"] == 40
    assert said["imports"]["background.csv"]["rejected"] == 0
    late = at_work("world", "build", *SMALL, "--import", "--start", "2089-01-01", "--json")
    assert late.code == 1 and "world-start-later" in late.out + late.err


def test_lists_of_intent_that_have_come_count(at_work: Line) -> None:
    said = at_work("world", "build", *SMALL, "--import", "--intent-weeks", "2", "--json")
    told = json.loads(said.out)
    assert told["intent"] > 40 and told["signals"] > 50
    again = at_work("world", "build", *SMALL, "--import", "--json")
    assert json.loads(again.out)["intent"] == 0 and not list((Path(told["folder"]) / "intent").glob("*.csv"))


def test_a_real_workspace_does_not(line: Line, tmp_path: Path) -> None:
    make_workspace(tmp_path / "real", "real")
    said = line("world", "build", *SMALL, "--import", "-w", str(tmp_path / "real"), "--json")
    assert said.code == 1 and "world-real" in said.out + said.err
    assert not (tmp_path / "real" / "var" / "world").exists()


def test_mappings_of_the_market_come_with_virtual_workspaces_alone(tmp_path: Path) -> None:
    found = {}
    for nature in ("real", "virtual"):
        make_workspace(tmp_path / nature, nature)
        found[nature] = {file.name for file in (tmp_path / nature / "scenarios" / "mappings").glob("world-*")}
    assert found["real"] == set() and len(found["virtual"]) == 3
