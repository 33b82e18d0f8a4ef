"""The example company in small, lived once for all tests of this folder."""

import shutil
from pathlib import Path

import pytest

from hagukumi.demo.run import Played, play
from hagukumi.workspace import CHECKOUT, Workspace, open_folder

PEOPLE, ACCOUNTS, DAYS = 500, 100, 15


def copy_of(workspace: Path, folder: Path) -> Workspace:
    """The same workspace elsewhere, without its var/."""
    folder.mkdir()
    for name in ("hagukumi.yaml", "workspace.id", "staff.yaml", "webinars.yaml"):
        shutil.copy(workspace / name, folder / name)
    for name in ("scenarios", "templates"):
        shutil.copytree(workspace / name, folder / name)
    return open_folder(folder)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """What became of a small company in fifteen business days."""
    here = copy_of(CHECKOUT, tmp_path_factory.mktemp("demo") / "here")
    return play(here, days=DAYS, people=PEOPLE, accounts=ACCOUNTS)
