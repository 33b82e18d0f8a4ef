"""A served workspace with everything under its own var/, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hagukumi.workspace import DATABASE_VARIABLE, Workspace
from tests.privacy.planted import FIELDS
from tests.web.site import Site, open_workspace, served


def make(folder: Path) -> Workspace:
    """A virtual workspace with a field of its own and a colleague."""
    made = open_workspace(folder, starts_on="starts_on: 2026-04-24")
    settings = made.settings_file.read_text("utf-8").replace("fields:\n", FIELDS)
    made.settings_file.write_text(settings, "utf-8")
    suzuki = "{key: suzuki, name: 鈴木 美穂, role: is, email: s@ours.example}"
    (folder / "staff.yaml").write_text(f"staff:\n  - {suzuki}\n", "utf-8")
    return made


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HAGUKUMI_WORKSPACE", DATABASE_VARIABLE, "LC_ALL", "LC_MESSAGES", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """On SQLite the database lies in var/, where the files are searched."""
    workspace = make(tmp_path / "w")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_template"), workspace.var / "hagukumi.db")
    else:
        monkeypatch.setenv(DATABASE_VARIABLE, request.getfixturevalue("tables_on_postgres"))
    with served(workspace) as found:
        yield found


@pytest.fixture
def small_site(tmp_path: Path, _sqlite_template: Path) -> Iterator[Site]:
    """The same on SQLite alone."""
    workspace = make(tmp_path / "w")
    shutil.copy(_sqlite_template, workspace.var / "hagukumi.db")
    with served(workspace) as found:
        yield found
