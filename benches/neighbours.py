"""A small writer beside the working engine: how long it waits for SQLite's only lock."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from benches.clock import Watch
from models.tables.engine import begin_write, open_engine

PAUSE = 0.01
"""Seconds between two small writes: a hook, a page, a call's outcome."""


def small_writer(url: str, **_: Any) -> dict[str, Any]:
    """Writes one row again and again while another process walks everybody; waits in milliseconds."""
    engine, waits = open_engine(url), []
    work = [sys.executable, "-m", "benches.one", "engine.steps", json.dumps({"url": url, "kind": "letter"})]
    with Watch() as watch, subprocess.Popen(work, stdout=subprocess.DEVNULL) as busy:
        while busy.poll() is None:
            began = time.perf_counter()
            with begin_write(engine) as conn:
                conn.exec_driver_sql("UPDATE person SET changed_at = changed_at + 1 WHERE id = 1")
            waits.append(time.perf_counter() - began)
            time.sleep(PAUSE)
    waits.sort()
    found = {"p50": waits[len(waits) // 2], "p99": waits[int(len(waits) * 0.99)], "most": waits[-1]}
    return watch.figures(len(waits)) | {"waits": {name: seconds * 1000 for name, seconds in found.items()}}
