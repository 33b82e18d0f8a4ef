"""How commands are called: help, wrong calls, languages, and what nobody foresaw."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from hagukumi.cli.frame import Call, command, run
from hagukumi.starter import make_workspace
from hagukumi.workspace import DATABASE_VARIABLE
from tests.cli.lines import Line

DOMAIN = "aoba.example"
COMMANDS = "init check read import publish tick deliver pause resume remove why tasks letters score doctor".split()


def test_help_names_every_command(line: Line) -> None:
    said = line("--help")
    assert said.code == 0
    assert all(f" {name} " in said.out for name in COMMANDS)


@pytest.mark.parametrize("arguments", [["--help"], ["check", "scenarios/interest.yaml"], ["read", "interest"]])
def test_what_needs_no_database_loads_and_makes_none(arguments: list[str], tmp_path: Path) -> None:
    make_workspace(tmp_path / "w", "virtual")
    program = (
        "import sys; from hagukumi.cli import app; from hagukumi.cli.frame import run; "
        f"run(app, {arguments!r}); "
        "sys.exit([m for m in ('sqlalchemy', 'psycopg', 'alembic', 'pandas', 'prefect') if m in sys.modules] or 0)"
    )
    given = {name: value for name, value in os.environ.items() if name != DATABASE_VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=given, cwd=tmp_path / "w"
    )
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.rglob("*.db"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["tasks", "--nonsense"],
        ["import"],
        ["import", "cats", "cats.csv", "--map", "cats"],
        ["import", "people", "people.csv"],
        ["letters", "lost"],
        ["remove", "somebody", "out-of", "interest"],
        ["tick", "--until", "tomorrow"],
        ["tasks", "--lang", "fr"],
        ["tasks", "--limit", "0"],
        ["check", "--format", "pdf"],
    ],
)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_wrong_call_is_2_and_one_sentence(at_work: Line, arguments: list[str], lang: str) -> None:
    said = at_work("--lang", lang, *arguments)
    assert (said.code, said.out) == (2, "")
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err


def test_a_misspelt_option_names_the_right_one(line: Line) -> None:
    assert "--lang" in line("tasks", "--lamg", "ja").err


def test_without_a_workspace_it_says_how_to_get_one(line: Line) -> None:
    japanese, english = line("tasks"), line("tasks", "--lang", "en")
    assert japanese.code == english.code == 1
    assert "hagukumi init" in japanese.err and "ワークスペース" in japanese.err
    assert "hagukumi init DIR" in english.err


def test_a_refusal_in_json_has_a_stable_code(line: Line) -> None:
    assert json.loads(line("tasks", "--json").err)["error"]["code"] == "workspace-missing"


def test_options_may_stand_before_or_after_the_command(at_work: Line) -> None:
    assert at_work("--json", "tasks").json == at_work("tasks", "--json").json == []


def test_what_nobody_foresaw_is_one_sentence_and_a_report(at_work: Line, capsys: pytest.CaptureFixture[str]) -> None:
    broken = typer.Typer()

    @broken.callback()
    def common(ctx: typer.Context) -> None:
        ctx.obj = (at_work.folder, "ja", False)

    def fall(call: Call) -> None:
        raise ZeroDivisionError(f"customer@{DOMAIN}")

    command(broken, "fall")(fall)
    assert run(broken, ["fall"]) == 1
    said = capsys.readouterr().err
    assert "予期しない問題" in said and "Traceback" not in said
    assert at_work.folder is not None
    (report,) = (at_work.folder / "var" / "log").iterdir()
    assert str(report) in said and "ZeroDivisionError" in report.read_text("utf-8")
    # A message may quote an address; the frames are enough to find the place.
    assert f"customer@{DOMAIN}" not in report.read_text("utf-8")


def test_a_reader_that_has_gone_is_no_trouble(at_work: Line) -> None:
    done = subprocess.run(
        f"{sys.executable} -m hagukumi -w {at_work.folder} read interest | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.stderr == ""
