"""`make torture`: the proofs at length. One company after another is lived in every way, on both databases.

`--storm` instead: senders die while letters leave (tests/storm), and docs/reliability.md is written anew.
Flags go into TORTURE_FLAGS: --people 2000 --days 86 --seeds 3 --ways 'two processes' --world. Differences are printed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.postgres import VARIABLE
from tests.proofs.company import Company, Small, differences
from tests.proofs.market import Market
from tests.proofs.ways import PLAIN, WAYS, lived

_numbers = count(1)


def main() -> int:
    """0 when all ways agree."""
    if "--storm" in sys.argv[1:]:
        from tests.storm.__main__ import main as storm

        sys.argv.remove("--storm")
        return storm()
    asked = _asked()
    failed = 0
    for number in range(asked.seeds):
        company: Company
        if asked.world:
            company = Market(asked.people, max(1, asked.people // 5), asked.days, f"torture-{number}")
        else:
            company = Small(asked.people, max(1, asked.people // 5), asked.days, f"torture-{number}")
        failed += _one(company, asked.ways)
    print("all the same" if not failed else f"{failed} ways differ", flush=True)
    return 1 if failed else 0


def _one(company: Company, only: str) -> int:
    """How many ways bring something else than the plain one on SQLite."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="hagukumi-torture-") as folder:
        began = time.perf_counter()
        told = lived(PLAIN, Path(folder) / "plain", None, company)
        sizes = {part: len(rows) for part, rows in told.items()}
        print(f"{company}: {sizes}, {time.perf_counter() - began:.0f} s", flush=True)
        for place in ("sqlite", "postgresql"):
            for way in WAYS:
                if only not in way.name or (place == "postgresql" and VARIABLE not in os.environ):
                    continue
                began = time.perf_counter()
                mine = Path(folder) / f"{next(_numbers)}"
                with _database(place) as url:
                    found = differences(told, lived(way, mine, url, company))
                verdict = "the same" if not found else "DIFFERENT"
                print(f"  {place}, {way.name}: {verdict}, {time.perf_counter() - began:.0f} s", flush=True)
                failed += bool(found)
                for line in found:
                    print(f"    {line}")
    return failed


@contextmanager
def _database(place: str) -> Iterator[str | None]:
    if place == "sqlite":
        yield None
        return
    server = make_url(os.environ[VARIABLE])
    name = f"torture_{os.getpid()}_{next(_numbers)}"
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as conn:
        conn.execute(f'CREATE DATABASE "{name}"'.encode())
        yield server.set(database=name).render_as_string(hide_password=False)
        conn.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=86, help="calendar days; with --world business days")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--ways", default="", help="only ways whose name holds this")
    parser.add_argument("--world", action="store_true", help="the market of the demo")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
