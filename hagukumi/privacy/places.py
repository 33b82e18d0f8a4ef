"""Files of a workspace that hold people's words: the outbox folder, mails that were dropped in, rejected rows.

Start with `clear` and `still_named`. Whatever else somebody put under var/ is only found, never touched.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from hagukumi.channels.folder.outlet import ENDING, name_of
from hagukumi.channels.inbound.folder import DONE, FAILED
from hagukumi.letters.message import KEY_HEADER
from hagukumi.privacy.mails import named_in
from hagukumi.privacy.traces import Traces

REJECTS = "rejects"
_DATABASES = (".db", ".db-wal", ".db-shm")
_HEAD = 1 << 14
_TEST = f"{KEY_HEADER}: test/".encode()
PARTS = ("new", "cur", "tmp")
_PIECE = 1 << 22
_OVERLAP = 1 << 12


class Places(NamedTuple):
    """Where a workspace keeps files."""

    var: Path
    outbox: Path
    inbound: Path


class Cleared(NamedTuple):
    """How many files went or were rewritten."""

    letters: int = 0
    mails: int = 0
    rejects: int = 0


def clear(places: Places, keys: Collection[str], traces: Traces) -> Cleared:
    """Deletes the person's letters and mails, and takes the rows that name them out of rejected lists."""
    return Cleared(
        _letters(places.outbox, {name_of(key) for key in keys}, traces),
        sum(_dropped(folder, traces) for folder in (places.inbound / DONE, places.inbound / FAILED)),
        sum(_rows(file, traces) for file in _files(places.var / REJECTS)),
    )


def _letters(outbox: Path, names: set[str], traces: Traces) -> int:
    """Their letters, whatever a mail program has added to the names; and tests and copies that show their words."""
    return unlink_letters(outbox, names, lambda file: _is_test(file) and named_in(_read(file), traces))


def unlink_letters(outbox: Path, names: set[str], also: Callable[[Path], bool] = lambda file: False) -> int:
    """Deletes the letters of these names, in whatever part of the Maildir, and those that `also` picks."""
    gone = 0
    for part in PARTS:
        for file in _files(outbox / part):
            if file.name.partition(ENDING)[0] + ENDING in names or also(file):
                file.unlink(missing_ok=True)
                gone += 1
    return gone


def _is_test(file: Path) -> bool:
    """Whether it is a test that went to a colleague: its key names nobody whose words it shows."""
    try:
        with file.open("rb") as data:
            head = data.read(_HEAD)
    except OSError:
        return False
    return _TEST in head


def _dropped(folder: Path, traces: Traces) -> int:
    """Mails that were read from files: what they said lies in the database, where it has been dealt with."""
    gone = 0
    for file in _files(folder):
        if _holds(file, traces) or named_in(_read(file), traces):
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def _rows(file: Path, traces: Traces) -> int:
    """A list of rejected rows without those that quote the person."""
    if file.suffix not in (".csv", ".part"):
        return 0
    rows = list(csv.reader(io.StringIO(_read(file).decode("utf-8-sig", "replace"), newline="")))
    kept = [row for row in rows if not any(traces.mentions(cell) or _is_name(cell, traces) for cell in row)]
    if len(kept) == len(rows):
        return 0
    if len(kept) <= 1:
        file.unlink(missing_ok=True)
        return 1
    draft = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    with draft.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(kept)
    os.replace(draft, file)
    return 1


def _is_name(cell: str, traces: Traces) -> bool:
    return cell.removeprefix("'") in traces.own


def still_named(places: Places, traces: Traces) -> list[Path]:
    """Files under var/, databases and the outbox apart, that hold one of the person's words all the same."""
    others = (file for file in _all(places.var) if places.outbox not in file.parents)
    return [file for file in others if not file.name.endswith(_DATABASES) and _holds(file, traces)]


def database_names(file: Path, traces: Traces) -> bool:
    """Whether a SQLite file, or the files beside it, hold one of the words in any page, used or free."""

    def plainly(data: bytes) -> bool:
        return any(each in data for each in traces.plain)

    return any(_holds(file.with_name(f"{file.name}{end}"), traces, plainly) for end in ("", "-wal"))


def _holds(file: Path, traces: Traces, holds: Callable[[bytes], bool] | None = None) -> bool:
    """Read in pieces that overlap, so that memory stays flat for files of any size."""
    holds = holds or traces.in_bytes
    try:
        with file.open("rb") as data:
            before = b""
            while piece := data.read(_PIECE):
                if holds(before + piece):
                    return True
                before = piece[-_OVERLAP:]
    except OSError:
        return False
    return False


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(each for each in folder.iterdir() if each.is_file() and not each.is_symlink())


def _all(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(root) / name
            if path.is_file() and not path.is_symlink():
                yield path
