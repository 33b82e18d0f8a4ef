"""Whether something may be written where --out says: never over the table itself, nor over a file of another kind."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from zipfile import BadZipFile, ZipFile

from hagukumi.words.learning import refusal

Kind = Literal["model", "chances", "card"]
_BEGINS = {"chances": (b"row,chance",), "card": (b"<!doctype html", "# モデルカード".encode(), b"# Model card")}


def check_out(out: Path | None, kind: Kind, source: Path | None = None) -> None:
    """source: the table that was read. Raises NotDone: out-is-source, out-other-kind."""
    if out is None or not out.exists():
        return
    if source is not None and source.exists() and out.samefile(source):
        raise refusal("out-is-source", str(out))
    if not out.is_file() or not _is(out, kind):
        raise refusal("out-other-kind", str(out))


def _is(path: Path, kind: Kind) -> bool:
    """Whether a file is one that we wrote there before; an empty one may be written to as well."""
    if not path.stat().st_size:
        return True
    if kind == "model":
        from models.scoring.store import ABOUT, PIPELINE

        try:
            with ZipFile(path) as parts:
                return {ABOUT, PIPELINE} <= set(parts.namelist())
        except (BadZipFile, OSError):
            return False
    with path.open("rb") as file:
        return file.read(64).startswith(_BEGINS[kind])
