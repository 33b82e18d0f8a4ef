"""Importing a list of people, by the measurement that stands beside the importer (bench_import.py)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benches.bench_import import measure


def people(people: int, **_: Any) -> dict[str, Any]:
    """Rows a second from a CP932 file into the tables, first time; `bare` is the floor in the same process."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(people, Path(folder))
    done = {"done": people, "wall": people / found["rows_per_second"], "cpu": people / found["rows_per_cpu_second"]}
    holds = {"p50": found["lock_ms_median"], "p95": found["lock_ms_p95"]}
    return done | {"bare": found["bare_rows_per_second"], "again": found["unchanged_rows_per_second"], "holds": holds}
