"""A drop folder: .eml files that somebody or some program puts there. Start with `take_folder`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LARGEST = 30_000_000
"""Bytes of a mail; larger ones are moved to failed/."""
MOST = 500
"""Files taken in one go."""
WRITTEN_SECONDS = 1.0
"""A file younger than this may still be being written."""
DONE, FAILED = "done", "failed"
_UNFINISHED = (".tmp", ".part", ".swp", "~")


def take_folder(folder: Path, put: Callable[[bytes], object], *, most: int = MOST) -> int:
    """Puts each finished file into the inbox, then moves it to done/ (or failed/). Returns how many were put.

    Cut off in between, a file is put once more; the same mail counts once. Raises OSError when a file cannot be moved;
    the others were taken all the same, and none is put when nothing can be moved at all.
    """
    if not folder.is_dir():
        return 0
    taken, trouble = 0, None
    for path in _finished(folder, most):
        for place in (DONE, FAILED):
            (folder / place).mkdir(mode=0o700, exist_ok=True)
        raw = _read(path)
        if raw is not None:
            put(raw)
            taken += 1
        try:
            _move(path, folder / (FAILED if raw is None else DONE))
        except OSError as found:
            trouble = found
    if trouble is not None:
        raise trouble
    return taken


def _finished(folder: Path, most: int) -> Iterator[Path]:
    """Files that nobody is writing any more, the oldest first."""
    young = time.time() - WRITTEN_SECONDS
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(_UNFINISHED):
                continue
            try:
                if entry.is_file(follow_symlinks=False) and (at := entry.stat().st_mtime) <= young:
                    found.append((at, entry.name))
            except OSError:
                continue
    for _, name in sorted(found)[:most]:
        yield folder / name


def _read(path: Path) -> bytes | None:
    try:
        if not 0 < path.stat().st_size <= LARGEST:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _move(path: Path, to: Path) -> None:
    """Nothing there is ever overwritten."""
    for number in range(10_000):
        place = to / (path.name if number == 0 else f"{path.stem}.{number}{path.suffix}")
        if not place.exists():
            os.rename(path, place)
            return
