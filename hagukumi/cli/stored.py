"""Where the model of a table is kept, and how a model's file is opened again or refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from hagukumi.cli.frame import Call
from hagukumi.words.learning import refusal
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.workspace import Workspace
    from models.scoring.store import Stored
    from models.scoring.tabular import Learned

TrustOption = Annotated[
    bool, typer.Option("--trust", help="よそで作られたモデルも使う / take a model that was not made here, too")
]


class Place(NamedTuple):
    """Where a model was stored. sealed: with a key of ours; else it is opened with --trust alone."""

    path: Path
    sealed: bool


def store(call: Call, learned: Learned, table: Path, out: Path | None) -> Place:
    """Stores the model and says where: --out, else var/models/tables of the workspace, else models/ beside us."""
    from hagukumi.learning.shelf import SUFFIX
    from models.scoring.store import mark_of, packed, write

    keys = _keys(call, make=True)
    content = packed(learned.trained.model, learned.card, keys)
    path = out or _folder(call) / f"{table.stem}-{_short(mark_of(content))}{SUFFIX}"
    try:
        write(path, content)
    except OSError:
        raise refusal("model-not-stored", str(path)) from None
    return Place(path, bool(keys))


def names_a_file(given: str) -> bool:
    """Whether somebody means a file, and not a version."""
    from hagukumi.learning.shelf import SUFFIX

    return given.endswith(SUFFIX) or Path(given).exists()


def _short(mark: str) -> str:
    """Its first eight digits, more where these could be taken for a date."""
    size = next((size for size in range(8, len(mark)) if not mark[:size].isdecimal()), len(mark))
    return mark[:size]


def _given(call: Call, path: Path) -> str | None:
    """The beginning of the mark in a name that we gave; None for a name that somebody else chose."""
    found = re.search(r"-([0-9a-f]{8,})$", path.stem)
    ours = path.parent.resolve() == _folder(call).resolve()
    return found[1] if ours and found is not None and not found[1].isdecimal() else None


def _workspace(call: Call) -> Workspace | None:
    """The one we are in or were told; None without one."""
    try:
        return call.workspace
    except NotDone:
        if call.folder is not None:
            raise
        return None


def _folder(call: Call) -> Path:
    workspace = _workspace(call)
    return Path("models") if workspace is None else workspace.var / "models" / "tables"


def _keys(call: Call, *, make: bool = False) -> list[bytes]:
    """Those that seal what is made here, and open it again: the workspace's, and this computer's user's."""
    from hagukumi.learning.keys import key_in, own_folder

    workspace = _workspace(call)
    folders = (None if workspace is None else workspace.var / "models", own_folder())
    return [key for folder in folders if folder is not None and (key := key_in(folder, make=make)) is not None]


def loaded(call: Call, path: Path, digest: str | None = None, trust: bool = False) -> Stored:
    """The model of a file. Raises NotDone with a sentence when it is refused.

    digest: where it is known it decides, else the model must have been made here. trust: take a foreign one too.
    """
    from models.scoring.store import Refused, load

    try:
        stored = load(path, digest, None if trust or digest is not None else _keys(call))
        if digest is None and not stored.mark.startswith(_given(call, path) or ""):
            raise Refused("model-changed", path.name)
        return stored
    except Refused as refused:
        details = list(refused.details)
        if refused.code == "model-foreign" and len(details) > 1 and details[1]:
            details[1] = f" ({details[1]})"
        raise refusal(refused.code, *details) from None
