"""The command line in an empty folder without a workspace, and a market in a workspace on each database."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

# Before any test loads scikit-learn: it sets how the threads of OpenMP wait.
import models.scoring.candidates  # noqa: F401 - for its effect
from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.wiring import Wired
from hagukumi.workspace import DATABASE_VARIABLE
from tests.cli.lines import Line, Said
from tests.learning.market import open_market


def call(wired: Wired, *words: str) -> Said:
    """Calls the command line in this workspace."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = run(app, ["-w", str(wired.workspace.folder), *words])
    return Said(code, out.getvalue(), err.getvalue())


@pytest.fixture
def market(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wired]:
    """A year of 600 people, on each database."""
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    wired = open_market(tmp_path / "w", 600)
    yield wired
    wired.engine.dispose()


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Nothing of the machine's environment changes what is said."""
    for name in ("HAGUKUMI_WORKSPACE", "HAGUKUMI_DATABASE_URL", "LC_ALL", "LC_MESSAGES", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path.with_name(f"{tmp_path.name}-home")))
    monkeypatch.chdir(tmp_path)
    return Line(capsys, None)
