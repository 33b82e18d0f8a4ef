"""One measurement in a process of its own: `python -m benches.one ROOM.CASE OPTIONS` prints one line of JSON."""

from __future__ import annotations

import importlib
import json
import resource
import sys
from pathlib import Path


def main() -> None:
    """Runs the case and adds the peak of memory (MB) and how quick the machine was."""
    room, _, case = sys.argv[1].rpartition(".")
    from benches.clock import calibration

    quick = calibration()
    figures = getattr(importlib.import_module(f"benches.{room}"), case)(**json.loads(sys.argv[2])) or {}
    print(json.dumps(figures | {"memory": peak(), "calibration": quick}))


def peak() -> float:
    """The most memory this process ever held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # ru_maxrss would start from what the starting process held.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
