"""`make bench-peers`: django-drip-campaigns beside ours in one run, and the ratio on docs/performance.md."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benches import figures, page
from benches.running import ROOT, run_alone

NAME = "django-drip-campaigns"
HERE = Path(__file__).resolve().parent
PLACE = ROOT / "var" / "peers" / NAME
PYTHON = PLACE / "bin" / "python"


def main() -> None:
    """Installs the peer where it is missing, measures both in turns, prints JSON and a table, writes the pages."""
    parser = argparse.ArgumentParser(prog="python -m benches.peers", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 once; nothing is written / 書き込みません")
    quick = parser.parse_args().quick
    _install()
    found: dict[str, Any] = {"name": NAME, "version": _pinned(NAME), "sizes": {}}
    for size in (1_000,) if quick else (1_000, 10_000):
        ours, theirs = [], []
        for _ in range(1 if quick else 3):
            theirs.append(_theirs(size))
            ours.append(run_alone("whole.letters", {"people": size}))
        found["platform"] = theirs[0]["platform"]
        found["sizes"][str(size)] = _compared(ours, theirs)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    print(page.peers(found, "en"))
    if not quick:
        figures.write("peers", found)
        page.write_both()


def _install() -> None:
    wanted = HERE / "requirements.txt"
    done = PLACE / "installed.txt"
    if done.exists() and done.read_text() == wanted.read_text():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PLACE)], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "-r", str(wanted)], check=True)
    done.write_text(wanted.read_text())


def _pinned(name: str) -> str:
    lines = (HERE / "requirements.txt").read_text().splitlines()
    return next(line.split("==")[1].split()[0] for line in lines if line.startswith(f"{name}=="))


def _theirs(people: int) -> dict[str, Any]:
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [str(PYTHON), "-m", "benches.peers.drip", str(people)]
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{NAME}: {done.stderr.strip()[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _compared(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> dict[str, float]:
    found = {
        "ours": _rate(ours, "wall"), "theirs": _rate(theirs, "wall"), "ours_cpu": _rate(ours, "cpu"),
        "theirs_cpu": _rate(theirs, "cpu"), "ours_idle_ms": statistics.median(one["idle_ms"] for one in ours),
        "theirs_idle_ms": statistics.median(one["idle_ms"] for one in theirs),
    }  # fmt: skip
    return found | {"ratio": found["ours"] / found["theirs"], "cpu_ratio": found["ours_cpu"] / found["theirs_cpu"]}


def _rate(runs: list[dict[str, Any]], clock: str) -> float:
    return statistics.median(run["done"] / run[clock] for run in runs)


if __name__ == "__main__":
    main()
