"""Builds of this program with a fence taken out: the kill test has to find fault with each. Start with `WITHOUT`."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("abm", "flows", "hagukumi", "models", "scenarios", "templates", "tests")


class Change(NamedTuple):
    """A piece of a file, found once, and what stands there instead."""

    file: str
    piece: str
    instead: str


# The claim's transaction is undone instead of committed: `sending` stands nowhere when the call is made.
_COMMIT = Change(
    "hagukumi/letters/claims.py",
    "            claim = self._counted(conn) if rows else 0\n",
    "            claim = self._counted(conn) if rows else 0\n"
    "            conn.exec_driver_sql('ROLLBACK'); conn.exec_driver_sql('BEGIN IMMEDIATE')\n",
)
_LOOK = Change("hagukumi/letters/watch.py", 'fate[0] != "sending"', 'fate[0] not in ("sending", "granted")')
_LOGBOOK = Change("hagukumi/wiring.py", 'self.identity.nature == "real" and not self.alone', "False")

WITHOUT: Mapping[str, Sequence[Change]] = {
    # Whoever looks once more before the call finds no `sending`: nothing leaves at all.
    "the commit before the call": [_COMMIT],
    # Nobody looks and nobody remembers: what was called before a death is called again.
    "the commit, the last look and the logbook": [_COMMIT, _LOOK, _LOGBOOK],
}


def build(folder: Path, changes: Sequence[Change]) -> Path:
    """A copy of the program with these changes. Raises AssertionError when a piece is not found just once."""
    for part in PARTS:
        left_out = shutil.ignore_patterns("__pycache__", "golden", "*.png")
        shutil.copytree(ROOT / part, folder / part, ignore=left_out)
    for change in changes:
        path = folder / change.file
        text = path.read_text("utf-8")
        assert text.count(change.piece) == 1, f"{change.file}: {change.piece!r}"
        path.write_text(text.replace(change.piece, change.instead), "utf-8")
    return folder


def deaths_of(build: Path, every: int = 1) -> dict[str, Any]:
    """What `python -m tests.storm.boundaries` says of that build, up to the first breach."""
    command = [sys.executable, "-m", "tests.storm.boundaries", "--every", str(every), "--patience", "8", "--first"]
    environment = {**os.environ, "PYTHONPATH": str(build)}
    ran = subprocess.run(command, cwd=build, env=environment, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return said
