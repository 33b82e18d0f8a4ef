"""A command line without a workspace, one in a new virtual workspace, and one in a workspace that has lived a week."""

import contextlib
import io
from pathlib import Path

import pytest

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.starter import make_workspace
from tests.cli.lines import WEEK, Line, fill


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the machine must not change what the commands say."""
    for name in ("HAGUKUMI_WORKSPACE", "HAGUKUMI_DATABASE_URL", "LC_ALL", "LC_MESSAGES", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Line(capsys, None)


@pytest.fixture
def at_work(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Line:
    """The command line in a virtual workspace that starts on 2026-04-01."""
    folder = tmp_path / "w"
    make_workspace(folder, "virtual")
    fill(folder)
    return Line(capsys, folder)


@pytest.fixture(scope="session")
def lived_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which somebody reacted so much that there is a task; for reading only."""
    folder = tmp_path_factory.mktemp("lived") / "w"
    make_workspace(folder, "virtual")
    fill(folder)
    for words in WEEK:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            code = run(app, ["-w", str(folder), *(word.replace("@", str(folder)) for word in words)])
        assert code == 0, out.getvalue()
    return folder


@pytest.fixture
def lived(capsys: pytest.CaptureFixture[str], lived_folder: Path) -> Line:
    """The command line in that workspace."""
    return Line(capsys, lived_folder)
