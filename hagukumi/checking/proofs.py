"""Which letters were proof-read before and found without fault. Start with `Proofs`.

A letter is known by one digest over its files, its layout and the whole program, so nothing is ever declared out of
date: what has changed is simply not known. Kept below var/; what cannot be read or written is as if it were not there.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path

import jinja2

import hagukumi
from hagukumi.letters.templates import Library, files_below
from hagukumi.workspace import Workspace

FILE = Path("cache", "proofs")
"""Below var/: digests of sound letters, one a line."""
MOST = 5_000
"""Digests that are kept; beyond, those of letters that this run did not meet are forgotten."""


class Proofs:
    """The sound letters of a workspace. Without a var/ every letter is read."""

    def __init__(self, workspace: Workspace) -> None:
        self._var = workspace.var
        self._known = _read(self._var / FILE)
        self._met: set[str] = set()

    def knows(self, digest: str) -> bool:
        """Whether the letter was found without fault before."""
        self._met |= {digest} & self._known
        return digest in self._known

    def note(self, digest: str) -> None:
        """The letter has no fault, not even a hint."""
        self._met.add(digest)

    def keep(self) -> None:
        """Stores what is new."""
        if self._met <= self._known or not self._var.is_dir():
            return
        found = self._known | self._met
        file = self._var / FILE
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            file.parent.mkdir(exist_ok=True)
            draft.write_text("\n".join(sorted(self._met if len(found) > MOST else found)), "ascii")
            draft.replace(file)
        except OSError:
            return  # The next check takes longer, nothing else.


def _read(file: Path) -> frozenset[str]:
    try:
        return frozenset(file.read_text("ascii").split("\n"))
    except (OSError, ValueError):
        return frozenset()


def digest_of(library: Library, name: str) -> str:
    """What the proofs of a letter depend on: all it is made of, and all that reads it."""
    made = blake2b(_program(), digest_size=16)
    made.update("\0".join((name, library.pin(name).hash, *sorted(library.known))).encode())
    return made.hexdigest()


@cache
def _program() -> bytes:
    """A digest over the program's own text, the names and versions of what is installed beside it, and Python."""
    made = blake2b(sys.version.encode(), digest_size=16)
    ours, beside = Path(str(hagukumi.__file__)).parent, Path(str(jinja2.__file__)).parents[1]
    for file in files_below(ours):
        if file.endswith(".py"):
            made.update(b"\0" + file.encode() + b"\0" + (ours / file).read_bytes())
    made.update("\0".join(sorted(each for each in os.listdir(beside) if each.endswith(".dist-info"))).encode())
    return made.digest()
