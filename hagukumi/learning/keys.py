"""Keys that seal models: whoever made one takes it as their own, and nobody else's. Start with `key_in`."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

NAME = "key"


def key_in(folder: Path, *, make: bool = False) -> bytes | None:
    """The key of a folder; None where there is none, or it cannot be read. make: a new one where there is none yet."""
    path = folder / NAME
    try:
        return _read(path) or (_made(path) if make else None)
    except OSError:
        return None


def own_folder() -> Path | None:
    """Where the key of this computer's user lies, for tables that are learned from outside of a workspace."""
    given = os.environ.get("XDG_DATA_HOME")
    try:
        return (Path(given) if given else Path.home() / ".local" / "share") / "hagukumi"
    except RuntimeError:
        return None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes().strip() or None
    except FileNotFoundError:
        return None


def _made(path: Path) -> bytes | None:
    """Whole or not at all, and readable by its owner only; of two that are made at once the first one counts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode() + b"\n")
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return _read(path)
