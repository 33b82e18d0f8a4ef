"""Makes a new workspace from the examples that ship with the program. Start with `make_workspace`."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

from hagukumi.words.refusal import NotDone
from hagukumi.workspace import CHECKOUT, IDENTITY, SETTINGS, Nature, Workspace, identity_text, open_folder

LEFT_OUT = ("olist-*", "xeducation*", "world-*", "__pycache__", ".*")
"""What belongs to the example data and not to a customer. A virtual workspace, made for trying, gets it as well."""


def make_workspace(folder: Path, nature: Nature) -> Workspace:
    """Fills `folder` (new or empty) with scenarios, templates, rules, mappings and a hagukumi.yaml.

    A real one has blanks where the customer's own words belong; a virtual one is the example company, ready to run.

    Raises NotDone when it holds anything, or cannot be written. Nothing half-made is ever seen there.
    """
    folder = folder.absolute()
    _may_be_filled(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            _fill(draft, nature)
            draft.chmod(0o755)
            os.rename(draft, folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    except OSError as trouble:
        raise NotDone(
            "init-unwritable",
            f"{folder} に書き込めません({trouble.strerror})。場所と権限をご確認ください。何も作っていません。",
            f"Cannot write {folder} ({trouble.strerror}). Check the place and its permissions; nothing was made.",
        ) from None
    return open_folder(folder)


def _may_be_filled(folder: Path) -> None:
    if not folder.exists():
        return
    if (folder / SETTINGS).exists():
        raise NotDone(
            "init-workspace",
            f"{folder} はすでにワークスペースです。何も変えていません。",
            f"{folder} is a workspace already; nothing was changed.",
        )
    if not folder.is_dir() or any(folder.iterdir()):
        raise NotDone(
            "init-not-empty",
            f"{folder} は空ではありません。新しいフォルダ名をご指定ください。何も変えていません。",
            f"{folder} is not empty. Name a new folder; nothing was changed.",
        )


def _fill(draft: Path, nature: Nature) -> None:
    left_out = shutil.ignore_patterns(*(LEFT_OUT if nature == "real" else LEFT_OUT[3:]))
    for name in ("scenarios", "templates"):
        shutil.copytree(CHECKOUT / name, draft / name, ignore=left_out)
    (draft / "scenarios" / "mappings").mkdir(exist_ok=True)
    (draft / "var").mkdir()
    source = Path(__file__).parent if nature == "real" else CHECKOUT
    for name in (SETTINGS, "staff.yaml"):
        text = (source / name).read_text("utf-8")
        # Only the checkout's own clock begins on a day of its own; a new workspace begins now.
        (draft / name).write_text(re.sub(r"(?m)^starts_on:.*\n", "", text), "utf-8")
    shutil.copyfile(CHECKOUT / "webinars.yaml", draft / "webinars.yaml")
    (draft / ".gitignore").write_text("var/\n", "utf-8")
    (draft / IDENTITY).write_text(identity_text(str(uuid4()), nature), "utf-8")
