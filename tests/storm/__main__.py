"""`python -m tests.storm`: the kill test at length; writes docs/reliability.md and its Japanese twin.

100,000 letters by real HTTP in the default size. Needs PostgreSQL for its second half (tests.postgres).
"""

import argparse
import logging
import os
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from tests.postgres import VARIABLE
from tests.storm import page
from tests.storm.boundaries import deaths
from tests.storm.builds import WITHOUT, build, deaths_of
from tests.storm.company import Size, business_days
from tests.storm.judge import judge
from tests.storm.life import Storm, Weather

LETTERS = 14
"""Of each scenario: as many as the caps let through in the days of a long storm, and more."""


def main() -> int:
    """Lives the storm and writes the pages; 1 when a promise was broken or a process ended by itself."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--people", type=int, default=27_500)
    parser.add_argument("--days", type=int, default=10, help="business days")
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--faults", default="all=0.03")
    parser.add_argument("--chance", type=float, default=0.0004, help="of dying at a boundary")
    parser.add_argument("--every", type=int, default=1, help="of the boundaries that are died at one by one")
    parser.add_argument("--no-page", action="store_true", help="write nothing")
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    size = Size(asked.people, max(asked.people // 4, 1), at_once=16, letters=LETTERS)
    weather = Weather(
        faults=asked.faults,
        chance=asked.chance,
        senders=asked.senders,
        web_deaths=3,
        days=business_days(asked.days),
        most_seconds=3_600.0,
    )
    with tempfile.TemporaryDirectory(prefix="hagukumi-storm-") as folder:
        found = {"SQLite": deaths(_made(folder, "sqlite"), asked.every)}
        _tell(f"boundaries, SQLite: {found['SQLite']['deaths']} kills, breaches {found['SQLite']['breaches']}")
        if postgres := os.environ.get(VARIABLE):
            found["PostgreSQL"] = deaths(_made(folder, "postgres"), asked.every, server_url=postgres)
            _tell(f"boundaries, PostgreSQL: {found['PostgreSQL']['deaths']} kills")
        builds = {}
        for number, name in enumerate(WITHOUT):
            builds[name] = deaths_of(build(_made(folder, f"build-{number}"), WITHOUT[name]), 3)["breaches"]
            _tell(f"without {name}: {builds[name]}")
        storm = Storm(_made(folder, "storm"), size, weather, tell=_tell)
        life = storm.live()
        verdict = judge(life)
    states = Counter(life.states.values())
    run = page.Run(
        datetime.now(UTC).date(), size.people, size.accounts, weather, storm.told, len(life.log), states, verdict,
        found, builds,
    )  # fmt: skip
    if not asked.no_page:
        page.write(run)
    _tell(page.page(run, "en"))
    broken = storm.told.crashes + verdict.breaches + sum(sum(each["breaches"].values()) for each in found.values())
    unnoticed = [name for name, breaches in builds.items() if not breaches]
    if broken or unnoticed:
        _tell(f"{verdict} {unnoticed}"[:10_000])
    return 1 if broken or unnoticed else 0


def _made(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
