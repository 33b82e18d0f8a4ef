"""Runs measurements, each in a fresh process, several times. Start with `Runs.measure`."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Figure:
    """One measurement: its runs as they came. Rates are things done a second."""

    runs: tuple[dict[str, Any], ...]

    @property
    def rates(self) -> list[float]:
        """By wall clock, ascending."""
        return sorted(run["done"] / max(run["wall"], 1e-9) for run in self.runs)

    @property
    def rate(self) -> float:
        """The median by wall clock."""
        return statistics.median(self.rates)

    @property
    def cpu_rate(self) -> float:
        """The median by CPU seconds of the process."""
        return statistics.median(run["done"] / max(run["cpu"], 1e-9) for run in self.runs)

    @property
    def best_cpu_rate(self) -> float:
        """The best run by CPU seconds: the one that others disturbed least."""
        return max(run["done"] / max(run["cpu"], 1e-9) for run in self.runs)

    @property
    def memory(self) -> float:
        """The largest peak, in MB."""
        return max(run["memory"] for run in self.runs)

    def median(self, *names: str) -> float:
        """The median of a value, found by its names from the outside in."""
        found = []
        for run in self.runs:
            value: Any = run
            for name in names:
                value = value[name]
            found.append(float(value))
        return statistics.median(found)


@dataclass
class Runs:
    """All measurements of one `make bench`, in a scratch folder."""

    folder: Path
    repeat: int
    tell: Callable[[str], None]
    calibrations: list[float] = field(default_factory=list)

    def stock(self, name: str, case: str, **options: Any) -> Path:
        """A database made once; measurements work on copies of it."""
        file = self.folder / f"{name}.db"
        if not file.exists():
            run_alone(case, {"url": f"sqlite:///{file}", **options})
        return file

    def measure(self, label: str, case: str, stock: Path | None = None, **options: Any) -> Figure:
        """Runs a case `repeat` times. `stock`: a database of which each run gets its own copy as `file` and `url`."""
        runs = []
        for _ in range(self.repeat):
            mine = self.folder / "run.db"
            given = dict(options)
            if stock is not None:
                shutil.copyfile(stock, mine)
                given |= {"file": str(mine), "url": f"sqlite:///{mine}"}
            runs.append(run_alone(case, given))
            self.calibrations.append(runs[-1]["calibration"])
            for ending in ("", "-wal", "-shm"):
                Path(f"{mine}{ending}").unlink(missing_ok=True)
        figure = Figure(tuple(runs))
        self.tell(f"{label}: {figure.rate:,.0f}/s  CPU {figure.cpu_rate:,.0f}/s  {figure.memory:,.0f} MB")
        return figure


def run_alone(case: str, options: dict[str, Any]) -> dict[str, Any]:
    """The figures of one run. Raises RuntimeError with what the process said when it failed."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "benches.one", case, json.dumps(options)]
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{case}: {done.stderr.strip()[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures
