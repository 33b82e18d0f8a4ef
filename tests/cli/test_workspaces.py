"""Making a workspace, knowing whose database it is, and the doctor's findings."""

import json
from pathlib import Path

import pytest

from hagukumi.starter import make_workspace
from hagukumi.workspace import open_folder
from tests.cli.lines import Line, fill


def test_a_new_workspace_is_real_and_says_what_comes_next(line: Line, tmp_path: Path) -> None:
    said = line("init", "ours")
    assert said.code == 0
    assert "hagukumi doctor" in said.out
    made = open_folder(tmp_path / "ours")
    assert made.nature == "real"
    assert (made.scenarios / "interest.yaml").is_file() and (made.templates / "interest").is_dir()
    assert not list((made.scenarios / "mappings").glob("olist*"))


def test_two_workspaces_have_two_identities(line: Line) -> None:
    first, second = line("init", "one", "--json").json, line("init", "two", "--virtual", "--json").json
    assert first["id"] != second["id"]
    assert (first["nature"], second["nature"]) == ("real", "virtual")


def test_a_folder_with_anything_in_it_is_left_alone(line: Line, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    said = line("init", "full")
    assert said.code == 1 and "空ではありません" in said.err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


def test_a_workspace_is_not_made_twice(line: Line) -> None:
    line("init", "ours")
    assert "already" in line("init", "ours", "--lang", "en").err


def test_an_empty_folder_may_be_filled(line: Line, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert line("init", "empty").code == 0


def test_blanks_are_named_until_they_are_filled(line: Line, tmp_path: Path) -> None:
    line("init", "ours")
    inside = ("-w", "ours")
    checked = {problem["code"] for problem in line(*inside, "check", "--json").json}
    assert "settings.blank" in checked
    findings = {finding["check"]: finding for finding in line(*inside, "doctor", "--json").json}
    assert findings["sender"]["level"] == findings["optouts"]["level"] == "fail"
    assert line(*inside, "doctor").code == 1
    tick = line(*inside, "tick")
    assert tick.code == 1 and "sender.company" in tick.err


def test_a_real_workspace_in_order_passes_the_doctor(line: Line, tmp_path: Path) -> None:
    line("init", "ours")
    fill(tmp_path / "ours")
    line("-w", "ours", "import", "optouts", "--sign-none")
    line("-w", "ours", "publish", "interest")
    said = line("-w", "ours", "doctor", "--json")
    levels = {finding["check"]: finding["level"] for finding in said.json}
    assert said.code == 0
    assert levels["sender"] == levels["optouts"] == levels["published"] == levels["staff"] == "ok"
    assert levels["links"] == "warn"


def test_the_doctor_says_where_colleagues_are_written(line: Line) -> None:
    line("init", "ours")
    finding = {each["check"]: each for each in line("-w", "ours", "doctor", "--json").json}["staff"]
    assert finding["level"] == "warn" and "staff.yaml" in json.dumps(finding)


def test_a_database_serves_one_workspace_only(
    at_work: Line, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", database_url)
    assert at_work("tasks").code == 0
    other = make_workspace(tmp_path / "other", "virtual")
    said = line("-w", str(other.folder), "tasks")
    assert said.code == 1 and "別のワークスペース" in said.err
    assert "another workspace" in line("-w", str(other.folder), "tasks", "--lang", "en").err


def test_the_nature_of_a_workspace_never_changes(at_work: Line) -> None:
    assert at_work("tasks").code == 0 and at_work.folder is not None
    identity = at_work.folder / "workspace.id"
    identity.write_text(identity.read_text("utf-8").replace("virtual", "real"), "utf-8")
    assert "born virtual" in at_work("tasks", "--lang", "en").err


@pytest.mark.parametrize("text", ["", "nature: real\n", "nature: odd\nid: 1\n", "\x00\xff"])
def test_a_broken_identity_is_a_sentence(at_work: Line, text: str) -> None:
    assert at_work.folder is not None
    (at_work.folder / "workspace.id").write_bytes(text.encode("latin-1"))
    said = at_work("tasks")
    assert said.code == 1 and "workspace.id" in said.err


def test_broken_settings_point_to_check(at_work: Line) -> None:
    assert at_work.folder is not None
    (at_work.folder / "hagukumi.yaml").write_text("name: [", "utf-8")
    assert "hagukumi check" in at_work("tick").err
    assert at_work("check").code == 1
    assert at_work("doctor").code == 1


def test_a_file_that_is_no_database_is_said_so(at_work: Line) -> None:
    assert at_work.folder is not None
    (at_work.folder / "var" / "hagukumi.db").write_bytes(b"no database at all, but long enough to be looked at" * 40)
    said = at_work("tasks")
    assert said.code == 1 and "データベースのファイルではありません" in said.err


def test_a_virtual_clock_starts_where_the_settings_say(at_work: Line) -> None:
    assert at_work("tick", "--json").json["now"] == "2026-04-01T09:00:00+09:00"
