"""`score backtest` and the facility's receipt as people and programs see them."""

import shutil
from pathlib import Path

import pytest

from tests.cli.lines import Line


@pytest.fixture
def changed(lived: Line, tmp_path_factory: pytest.TempPathFactory) -> tuple[Line, str]:
    """A workspace that has lived a week, and rules by which a form earns less and a jump needs more."""
    assert lived.folder is not None
    text = (lived.folder / "scenarios" / "rules" / "points.yaml").read_text("utf-8")
    path = tmp_path_factory.mktemp("rules") / "tried.yaml"
    path.write_text(text.replace("rise: 25", "rise: 400").replace("line: 60", "line: 9000"), "utf-8")
    return lived, str(path)


def test_it_tells_who_loses_a_task_with_both_receipts_and_changes_nothing(changed: tuple[Line, str]) -> None:
    line, path = changed
    before = line("tasks", "--json").json
    told = line("score", "backtest", "--points", path, "--since", "2026-04-01", "--json").json
    (lost,) = told["lost"]
    assert told["gained"] == [] and (told["old"]["tasks"], told["new"]["tasks"]) == (1, 0)
    for name in ("old", "new"):
        assert round(sum(term["points"] for term in lost[name]["terms"]), 1) == lost[name]["points"]
        assert any(term["event"] == lost["event"] for term in lost[name]["terms"])
    assert told["new"]["drought"][0]["days"] == told["business_days"] and told["tuned"] is None
    assert line("tasks", "--json").json == before


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ja", ("いまの決まり", "試す決まり", "日照り", "成果の記録がありません", "提案")),
        ("en", ("rules of today", "rules tried", "Drought", "No outcome is on record", "Proposal")),
    ],
)
def test_people_read_the_story_in_their_language(changed: tuple[Line, str], lang: str, words: tuple[str, ...]) -> None:
    line, path = changed
    said = line("score", "backtest", "--points", path, "--since", "2026-04-01", "--tune", "--lang", lang)
    assert said.code == 0
    for word in words:
        assert word in said.out


@pytest.fixture
def own(changed: tuple[Line, str], tmp_path: Path) -> tuple[Line, str]:
    """The same workspace as a copy that may be written to."""
    line, path = changed
    assert line.folder is not None
    return Line(line.capsys, Path(shutil.copytree(line.folder, tmp_path / "own"))), path


STAFF = """staff:
  - {key: suzuki, name: 鈴木 美穂, role: is, capacity: 6}
  - {key: tanaka, name: 田中 陸, role: is, capacity: 5, working_days: [mon, tue, sat]}
  - {key: kato, name: 加藤 渚, role: is, absent: {first: 2026-04-01, last: 2026-12-31}}
  - {key: sato, name: 佐藤 美咲, role: marketer, capacity: 40}
"""


def test_the_capacity_is_that_of_the_desk_unless_another_is_given(own: tuple[Line, str]) -> None:
    line, path = own
    assert line.folder is not None
    words = ("score", "backtest", "--points", path, "--since", "2026-04-01")
    staff = line.folder / "staff.yaml"
    staff.write_text(STAFF, "utf-8")
    told = line(*words, "--json").json
    assert (told["capacity"], told["capacity_from"], told["capacity_assumed_for"]) == (6 + 2 + 10, "staff", 1)
    assert "1営業日に18件です(staff.yaml のインサイドセールス3名、うち capacity のない1名は1日10件" in line(*words).out
    given = line(*words, "--capacity", "4", "--json").json
    assert (given["capacity"], given["capacity_from"]) == (4, "option")
    staff.write_text("staff:\n  - {key: sato, name: 佐藤 美咲, role: marketer}\n", "utf-8")
    assert line(*words, "--json").json["capacity_from"] == "assumed"
    assert "nobody of inside sales" in line(*words, "--lang", "en").out


def test_how_many_were_beside_the_point_stands_beside_the_precision(own: tuple[Line, str]) -> None:
    line, path = own
    words = ("score", "backtest", "--points", path, "--since", "2026-04-01")
    assert line(*words, "--json").json["old"]["off_target"] == 0
    (number,) = [one["id"] for one in line("tasks", "--all", "--json").json if one["desk"] == "IS"][:1]
    assert line("tasks", "off-target", str(number)).code == 0
    told = line(*words, "--json").json
    assert (told["old"]["off_target"], told["new"]["off_target"]) == (1, 0)
    assert "うち的外れとされたもの" in line(*words).out


def test_a_wrong_file_is_told_with_its_lines(lived: Line, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert lived.folder is not None
    text = (lived.folder / "scenarios" / "rules" / "points.yaml").read_text("utf-8")
    path = tmp_path_factory.mktemp("rules") / "wrong.yaml"
    path.write_text(text.replace("rise: 25", "rise: 0").replace("half_life: 21日", "half_live: 21日"), "utf-8")
    said = lived("score", "backtest", "--points", str(path), "--since", "2026-04-01")
    assert said.code == 1 and "half_live: 21日" in said.out and "^^^^" in said.out
    as_json = lived("score", "backtest", "--points", str(path), "--since", "2026-04-01", "--json")
    assert as_json.code == 1 and {each["severity"] for each in as_json.json} == {"error"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--points", "nowhere.yaml", "--since", "2026-04-01"), 1),
        (("--points", "@", "--since", "2030-01-01"), 1),
        (("--points", "@", "--since", "someday"), 2),
        (("--points", "@", "--since", "2026-04-01", "--within", "soon"), 2),
        (("--points", "@", "--since", "2026-04-01", "--outcome", "luck"), 2),
    ],
)
def test_what_cannot_be_tried_is_said_in_a_sentence(
    changed: tuple[Line, str], words: tuple[str, ...], code: int
) -> None:
    line, path = changed
    said = line("score", "backtest", *(path if word == "@" else word for word in words))
    assert said.code == code and said.err.strip()


def test_a_facilitys_receipt_adds_up_and_is_found_by_key_and_name(lived: Line) -> None:
    person = lived("why", "takahashi@aoba.example", "--json").json["person"]
    told = lived("score", "explain", "--account", person["facility"], "--json").json
    assert round(sum(term["points"] for term in told["terms"]), 1) == told["points"] > 0
    assert {term["person"] for term in told["terms"]} >= {person["id"]}
    assert lived("score", "explain", "--account", told["account"], "--json").json == told
    assert "合計" in lived("score", "explain", "--account", told["name"]).out
    stranger = lived("score", "explain", "--account", told["name"] + "分院")
    assert stranger.code == 1 and told["name"] in stranger.err
    assert lived("score", "explain").code == 2
