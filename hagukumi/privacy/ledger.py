"""var/erased: who was erased, by hash alone, kept beside the database for the day a backup is restored.

One line an address: `hash person at`. Standard library only; read at every start. Start with `Ledger`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from models.tables.signs import held

FILE = "erased"
_LINE = re.compile(r"([0-9a-f]{64}) (\d+|-) (\S+)")


class Line(NamedTuple):
    """One erased address: its hash, the row that was emptied, and when (UTC)."""

    hash: str
    person: int | None
    at: datetime


class Ledger:
    """The file of a workspace."""

    def __init__(self, var: Path) -> None:
        self.path = var / FILE

    def exists(self) -> bool:
        """Whether anybody was ever erased."""
        return self.path.exists()

    def lines(self) -> list[Line]:
        """All lines, each hash once with its latest erasure; a line cut off by a crash is none."""
        try:
            text = self.path.read_text("ascii", "replace")
        except FileNotFoundError:
            return []
        found: dict[str, Line] = {}
        for line in _parsed(text):
            if line.hash not in found or found[line.hash].at < line.at:
                found[line.hash] = line
        return list(found.values())

    def known(self) -> frozenset[str]:
        """The hashes in the file."""
        return frozenset(line.hash for line in self.lines())

    def add(self, lines: Iterable[Line]) -> None:
        """Appends, and returns when the disk has it. Only the owner may read the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{one.hash} {one.person or '-'} {one.at.isoformat()}\n" for one in lines)
        if not text:
            return
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            # After a line that was cut off a new one begins.
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                text = "\n" + text
            os.write(descriptor, text.encode("ascii"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _sync(self.path.parent)

    def missing(self, done: Collection[tuple[str, datetime]]) -> list[Line]:
        """Lines that the database does not know as done, or knows an earlier erasure of."""
        known = dict(done)
        return [one for one in self.lines() if one.hash not in known or known[one.hash] < one.at]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time erases again; the next one finds it done."""
        with held(self.path):
            yield


def _parsed(text: str) -> Iterator[Line]:
    for found in map(_LINE.fullmatch, text.split("\n")):
        if found is None:
            continue
        try:
            at = datetime.fromisoformat(found[3])
        except ValueError:
            continue
        if at.tzinfo is not None:
            yield Line(found[1], None if found[2] == "-" else int(found[2]), at)


def _sync(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
