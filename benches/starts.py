"""How long a command takes from the shell: those that need no database, and those that do."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benches.whole import _workspace
from hagukumi.checking.proofs import FILE

FIRST = "check, first"
"""A check of everything when nothing is remembered of earlier ones."""
WITHOUT = ("--help", "check scenarios/interest.yaml", "check", FIRST, "read scenarios/interest.yaml")
WITH = ("tasks", "letters", "doctor")


def command(line: str, **_: Any) -> dict[str, Any]:
    """The command's quickest and middle start in a small workspace, five times; the children's CPU seconds beside."""
    with tempfile.TemporaryDirectory() as folder:
        wired = _workspace(Path(folder))
        wired.engine.dispose()
        run = [str(Path(sys.executable).parent / "hagukumi"), *line.partition(", ")[0].split()]
        remembered = wired.workspace.var / FILE
        subprocess.run(run, cwd=wired.workspace.folder, capture_output=True, check=False)
        walls, before = [], os.times()
        for _again in range(5):
            if line == FIRST:
                remembered.unlink()
            began = time.perf_counter()
            done = subprocess.run(run, cwd=wired.workspace.folder, capture_output=True, text=True, check=False)
            walls.append(time.perf_counter() - began)
            assert "Traceback" not in done.stderr, done.stderr
        after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return {"done": 5, "wall": sorted(walls)[2] * 5, "cpu": spent, "quickest": min(walls)}
