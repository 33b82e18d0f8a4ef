"""Where the model of a table is kept, and how a model's file is opened again or refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hagukumi.cli.frame import Call
from hagukumi.words.learning import refusal
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from models.scoring.store import Stored
    from models.scoring.tabular import Learned

SUFFIX = ".skops"


def store(call: Call, learned: Learned, table: Path, out: Path | None) -> Path:
    """Stores the model and says where: --out, else var/models/tables of the workspace, else models/ beside us."""
    from hashlib import sha256

    from models.scoring.store import packed, write

    content = packed(learned.trained.model, learned.card)
    name = f"{table.stem}-{sha256(content).hexdigest()[:8]}{SUFFIX}"
    place = out or _folder(call) / name
    try:
        write(place, content)
    except OSError:
        raise refusal("model-not-stored", str(place)) from None
    return place


def _folder(call: Call) -> Path:
    try:
        return call.workspace.var / "models" / "tables"
    except NotDone:
        if call.folder is not None:
            raise
        return Path("models")


def loaded(path: Path, digest: str | None = None) -> Stored:
    """The model of a file. Raises NotDone with a sentence when it is refused."""
    from models.scoring.store import Refused, load

    try:
        stored = load(path, digest)
        # A name that we gave holds the beginning of the file's hash.
        given = re.search(r"-([0-9a-f]{8})$", path.stem)
        if digest is None and given is not None and not stored.digest.startswith(given[1]):
            raise Refused("model-changed", path.name)
        return stored
    except Refused as refused:
        details = list(refused.details)
        if refused.code == "model-foreign" and len(details) > 1 and details[1]:
            details[1] = f" ({details[1]})"
        raise refusal(refused.code, *details) from None
