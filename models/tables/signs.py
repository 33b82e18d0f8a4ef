"""Locks that are files: one process of this machine holds a sign, and whoever dies lets go of it. Windows has none.

Start with `held`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(sign: Path) -> Iterator[None]:
    """For the length of the block nobody else holds it; waits for whoever does. The file is made, and stays."""
    if sys.platform == "win32":
        yield
        return
    from fcntl import LOCK_EX, flock

    with sign.open("ab") as file:
        flock(file, LOCK_EX)
        yield


@contextmanager
def held_if_free(sign: Path) -> Iterator[bool]:
    """True, and for the length of the block nobody else gets it; False at once where somebody else has it."""
    if sys.platform == "win32":
        yield True
        return
    from fcntl import LOCK_EX, LOCK_NB, flock

    with sign.open("ab") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
