"""One measurement in a process of its own: `python -m benches.one ROOM.CASE OPTIONS` prints one line of JSON."""

from __future__ import annotations

import importlib
import json
import resource
import sys


def main() -> None:
    """Runs the case and adds the peak of memory (MB) and how quick the machine was."""
    room, _, case = sys.argv[1].rpartition(".")
    from benches.clock import calibration

    quick = calibration()
    figures = getattr(importlib.import_module(f"benches.{room}"), case)(**json.loads(sys.argv[2])) or {}
    figures |= {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "calibration": quick}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
