"""A workspace: the folder with everything a customer owns, and its identity. Imports no database.

Start with `find`; what hagukumi.yaml says stands in settings.py, new folders are made by starter.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, cast
from uuid import UUID

from hagukumi.settings import Settings
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.journeys.language.load import Loaded

SETTINGS = "hagukumi.yaml"
IDENTITY = "workspace.id"
FOLDER_VARIABLE = "HAGUKUMI_WORKSPACE"
DATABASE_VARIABLE = "HAGUKUMI_DATABASE_URL"
CHECKOUT = Path(__file__).resolve().parents[1]

Nature = Literal["real", "virtual"]


class Workspace(NamedTuple):
    """One folder. `id` and `nature` stand in its workspace.id and in its database, and have to agree."""

    folder: Path
    id: str
    nature: Nature

    @property
    def settings_file(self) -> Path:
        """hagukumi.yaml."""
        return self.folder / SETTINGS

    @property
    def scenarios(self) -> Path:
        """scenarios/, with rules/ and mappings/."""
        return self.folder / "scenarios"

    @property
    def templates(self) -> Path:
        """templates/."""
        return self.folder / "templates"

    @property
    def var(self) -> Path:
        """var/: the database, rejects, logs, the outbox and what checks remember; never committed."""
        return self.folder / "var"

    @property
    def database_url(self) -> str:
        """HAGUKUMI_DATABASE_URL, else var/hagukumi.db."""
        return os.environ.get(DATABASE_VARIABLE) or f"sqlite:///{self._file}"

    @property
    def has_database(self) -> bool:
        """Whether it has lived: a database is there, or one is named that has to be asked."""
        return bool(os.environ.get(DATABASE_VARIABLE)) or self._file.exists()

    @property
    def _file(self) -> Path:
        return self.var / "hagukumi.db"

    def load_settings(self) -> Loaded[Settings]:
        """hagukumi.yaml with the problems found in it."""
        from hagukumi.journeys.language.load import load

        return load(self.settings_file, Settings, name=SETTINGS)

    def read_settings(self) -> Settings:
        """hagukumi.yaml. Raises NotDone when it has errors: `hagukumi check` shows each with its place."""
        loaded = self.load_settings()
        if loaded.value is None:
            raise NotDone(
                "settings-broken",
                f"{SETTINGS} に誤りがあります。「hagukumi check {SETTINGS}」で場所と直し方をご確認ください。",
                f"{SETTINGS} has errors. Run `hagukumi check {SETTINGS}` to see where, and what to do.",
            )
        return loaded.value


def find(given: Path | None = None) -> Workspace:
    """The workspace in `given`, in HAGUKUMI_WORKSPACE, or in the nearest folder upwards with a hagukumi.yaml.

    Raises NotDone when there is none.
    """
    named = given or (Path(os.environ[FOLDER_VARIABLE]) if os.environ.get(FOLDER_VARIABLE) else None)
    if named is not None:
        folder = named.resolve()
        if not (folder / SETTINGS).is_file():
            raise _no_workspace(str(named))
        return open_folder(folder)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            return open_folder(folder)
    raise _no_workspace(str(here))


def open_folder(folder: Path) -> Workspace:
    """The workspace in this very folder. Raises NotDone when its identity is missing or unreadable."""
    try:
        text = (folder / IDENTITY).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotDone(
            "workspace-id-missing",
            f"{folder / IDENTITY} を読み取れません。"
            "控えから戻すか、「hagukumi init 新しいフォルダ」で作り直してください。",
            f"Cannot read {folder / IDENTITY}. Restore it from a backup, or make a workspace: `hagukumi init DIR`.",
        ) from None
    said = dict(re.findall(r"^(nature|id):\s*(\S+)\s*$", text, re.MULTILINE))
    if said.get("nature") not in ("real", "virtual") or not _is_uuid(said.get("id", "")):
        raise NotDone(
            "workspace-id-broken",
            f"{folder / IDENTITY} の nature(real か virtual)または id が正しくありません。控えから戻してください。",
            f"{folder / IDENTITY} lacks a good nature (real or virtual) or id. Restore it from a backup.",
        )
    return Workspace(folder, said["id"], cast(Nature, said["nature"]))


def identity_text(id_: str, nature: Nature) -> str:
    """What workspace.id says."""
    return (
        "# このフォルダとデータベースの組を示します。書き換えないでください。\n"
        "# Says which database this folder belongs to. Do not edit.\n"
        f"nature: {nature}\nid: {id_}\n"
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _no_workspace(where: str) -> NotDone:
    return NotDone(
        "workspace-missing",
        f"{where} にワークスペース({SETTINGS} のあるフォルダ)がありません。"
        "-w フォルダ で指定するか、「hagukumi init フォルダ」で作ってください。",
        f"There is no workspace (a folder with {SETTINGS}) in {where}. "
        "Name one with -w DIR, or make one: `hagukumi init DIR`.",
    )
