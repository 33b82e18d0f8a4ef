"""`make machines`: the example company is lived on seeds that tuned nothing, and marks are compared with the truth.

Writes docs/machines.md and docs/machines.ja.md between their marks. Start with `main`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from hagukumi.demo.confusion import KindOf, Row, count
from hagukumi.demo.run import Played, play
from hagukumi.workspace import CHECKOUT, Workspace, open_folder
from hagukumi.world.addresses import behind_egress
from hagukumi.world.truth import read_truth
from models.tables.engine import begin_read, open_engine
from models.tables.schema import activity

JUDGED = tuple(range(101, 111))
"""Seeds that nobody looked at while the rule was made; 1 to 5 were."""
PEOPLE, ACCOUNTS, DAYS = 2_000, 400, 60
_PARTS = ("scenarios", "templates", "hagukumi.yaml", "staff.yaml", "workspace.id")


def lived(seed: str, folder: Path, people: int = PEOPLE, accounts: int = ACCOUNTS, days: int = DAYS) -> dict[str, Row]:
    """One company lived in `folder`, and what became of its clicks."""
    workspace = _copied(folder)
    counted: set[int] = set()
    c = activity.c

    def told(part: str, share: float) -> None:
        if part != "live":
            return
        engine = open_engine(workspace.database_url)
        with begin_read(engine) as conn:
            query = select(c.id, c.known_at).where(c.kind == "clicked", c.machine.is_(None))
            rows = conn.execute(query).all()
            from hagukumi.database import identity

            now = identity(conn).now
        engine.dispose()
        counted.update(row.id for row in rows if row.known_at + timedelta(seconds=60) <= now)

    played = play(workspace, told, days=days, people=people, accounts=accounts, seed=seed)
    with begin_read(played.wired.engine) as conn:
        found = count(conn, played.by, _kinds(played, seed), counted)
    played.wired.engine.dispose()
    return found


def _kinds(played: Played, seed: str) -> KindOf:
    truth = read_truth(played.wired.workspace.var / "world")

    def kind_of(key: str) -> str:
        who = truth.people.get(key.removesuffix("-2"))
        if who is None:
            return "normal"
        return "fast" if who.fast else "egress" if behind_egress(seed, who.facility) else "normal"

    return kind_of


def _copied(folder: Path) -> Workspace:
    for name in _PARTS:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)
    return open_folder(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.machines", description=__doc__)
    parser.add_argument("--seeds", default=",".join(map(str, JUDGED)))
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--days", type=int, default=DAYS)
    asked = parser.parse_args(arguments)
    total: dict[str, Row] = {}
    for seed in asked.seeds.split(","):
        with tempfile.TemporaryDirectory() as folder:
            found = lived(seed, Path(folder) / "w", asked.people, asked.accounts, asked.days)
        for name, row in found.items():
            total.setdefault(name, Row()).add(row)
        print(seed, {name: (row.seen, row.marked) for name, row in found.items()}, flush=True)
    for name, row in total.items():
        low, high = row.interval
        print(
            f"{name:12} {row.seen:6} {row.marked:6} {row.share:6.3f} [{low:.3f} {high:.3f}]", row.late, dict(row.causes)
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
