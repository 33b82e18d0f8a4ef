"""The measured figures as a file beside the page, and the machine they were measured on."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent / "figures.json"


def read() -> dict[str, Any]:
    """All parts measured so far; empty when there are none."""
    found: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {}
    return found


def write(part: str, found: dict[str, Any]) -> None:
    """Puts one part in place of its former figures."""
    FILE.write_text(json.dumps({**read(), part: found}, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def machine(calibrations: Sequence[float]) -> dict[str, Any]:
    """Cores, versions, the day, and how steady the machine was: the spread of one fixed calculation."""
    middle = statistics.median(calibrations)
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "day": datetime.now(UTC).strftime("%Y-%m-%d"),
        "commit": _commit(),
        "load": os.getloadavg()[0],
        "slowest": max(calibrations) / middle,
        "quickest": min(calibrations) / middle,
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "?"
