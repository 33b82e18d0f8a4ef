"""The walls around the pure parts hold: each planted breach is found by the tool that guards it."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent

BREACHES = {
    "hagukumi/journeys/core/verdict.py": "jpholiday",
    "hagukumi/journeys/core/effects.py": "random",
    "hagukumi/journeys/steps/__init__.py": "hagukumi.journeys.language",
    "hagukumi/journeys/language/__init__.py": "sqlalchemy",
    "hagukumi/calendar.py": "socket",
    "hagukumi/pipeline/__init__.py": "urllib3",
    "abm/__init__.py": "models.tables",
    "models/scoring/__init__.py": "hagukumi.letters",
    "models/tables/__init__.py": "hagukumi.web",
    "hagukumi/letters/__init__.py": "hagukumi.channels",
    "hagukumi/letters/guards.py": "sqlite3",
    "hagukumi/web/__init__.py": "flows",
}

PURE = [
    "abm/fit.py",
    "hagukumi/calendar.py",
    "hagukumi/journeys/core/walk.py",
    "hagukumi/journeys/language/compile.py",
    "hagukumi/journeys/steps/wait.py",
    "hagukumi/letters/guards.py",
    "hagukumi/letters/sender.py",
    "hagukumi/pipeline/stages.py",
    "models/scoring/points.py",
]
IMPURE = [
    "hagukumi/wiring.py",
    "models/tables/bulk.py",
    "flows/nurture.py",
    "tests/store/test_bulk.py",
]

CLOCKS_AND_DICE = '''"""Asks for what it should be given."""

import random
import time
import uuid
from datetime import UTC, datetime

print(datetime.now(UTC), time.time(), random.random(), uuid.uuid4())
'''


@pytest.fixture(scope="module")
def report_on_breaches(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What lint-imports says about a copy of the checkout in which every breach was planted."""
    copy = tmp_path_factory.mktemp("breached")
    for room in ("hagukumi", "models", "abm", "flows", "tools"):
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file, imported in BREACHES.items():
        with (copy / file).open("a", encoding="utf-8") as module:
            module.write(f"\nimport {imported}\n")
    environment = {**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "200"}
    command: list[str | Path] = [TOOLS / "lint-imports", "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("file", "imported"), BREACHES.items())
def test_an_import_that_points_upwards_or_outwards_is_found(report_on_breaches: str, file: str, imported: str) -> None:
    module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    assert f"{module} -> {imported} (l." in report_on_breaches


def test_every_room_has_its_place_among_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    rooms = {path.name for path in (ROOT / "hagukumi").iterdir() if (path / "__init__.py").exists()}
    modules = {path.stem for path in (ROOT / "hagukumi").glob("*.py")} - {"__init__"}
    unplaced = {
        f"hagukumi.{name}"
        for name in rooms | modules
        if not any(f"{n}.".startswith(f"hagukumi.{name}.") for n in named)
    }
    assert not unplaced, f"give them a place in the layers of pyproject.toml: {sorted(unplaced)}"


def banned(file: str) -> str:
    """What ruff bans in a module of this name that asks for clocks and dice."""
    command: list[str | Path] = [
        TOOLS / "ruff",
        "check",
        "--no-cache",
        "--select",
        "TID251",
        "--output-format",
        "concise",
        "--stdin-filename",
        file,
        "-",
    ]
    return subprocess.run(command, cwd=ROOT, input=CLOCKS_AND_DICE, capture_output=True, text=True).stdout


@pytest.mark.parametrize("file", PURE)
def test_a_pure_part_may_not_ask_for_the_time_or_roll_dice(file: str) -> None:
    said = banned(file)
    for name in ("random", "time", "datetime.datetime.now", "uuid.uuid4"):
        assert f"`{name}` is banned" in said


@pytest.mark.parametrize("file", IMPURE)
def test_other_parts_may(file: str) -> None:
    assert "All checks passed" in banned(file)
