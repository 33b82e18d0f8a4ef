"""A made market in the tables: people whose true chance of becoming SQLs is known, with a year of what they did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from sqlalchemy import Engine, insert, update

from hagukumi.wiring import Wired, wire
from hagukumi.workspace import CHECKOUT, identity_text, open_folder
from models.tables.bulk import insert_many
from models.tables.engine import begin_write
from models.tables.schema import account, activity, person, score
from models.tables.schema import workspace as own
from models.tables.types import to_json, to_micros

START = datetime(2026, 4, 1, tzinfo=UTC)
DAYS = 400
NOW = START + timedelta(days=DAYS)
SETTINGS = """
name: 見本
starts_on: 2026-04-01
base_url: https://mihon.example
sender: {name: 見本 太郎, family_name: 見本, company: 株式会社みほん, phone: 03-0000-0000, email: a@mihon.example,
  postal_address: 東京都みほん町1-1, complaints: b@mihon.example}
"""
_ACTS = ("person_id", "account_id", "kind", "occurred_at", "known_at", "content", "outcome", "detail")


def make_folder(folder: Path, settings: str = SETTINGS) -> Path:
    """A virtual workspace with the checkout's rules and nothing else."""
    rules = folder / "scenarios" / "rules"
    rules.mkdir(parents=True)
    for name in ("defaults.yaml", "points.yaml", "content.yaml"):
        (rules / name).write_text((CHECKOUT / "scenarios" / "rules" / name).read_text("utf-8"), "utf-8")
    (folder / "templates").mkdir()
    (folder / "hagukumi.yaml").write_text(settings, "utf-8")
    (folder / "workspace.id").write_text(identity_text(str(uuid4()), "virtual"), "utf-8")
    return folder


def open_market(folder: Path, people: int, *, rate: float = 0.35, seed: int = 1) -> Wired:
    """The workspace with its market, its clock at NOW. rate: how many of the keen become SQLs."""
    wired = wire(open_folder(make_folder(folder)))
    fill(wired.engine, people, rate, seed)
    with begin_write(wired.engine) as conn:
        conn.execute(update(own).values(virtual_now=NOW))
    return wired


def pass_days(wired: Wired, days: int) -> None:
    """The workspace's clock goes on, and nothing happens."""
    with begin_write(wired.engine) as conn:
        conn.execute(update(own).values(virtual_now=wired.now + timedelta(days=days)))


def fill(engine: Engine, people: int, rate: float, seed: int) -> None:
    """Half of the people grow keen on some day: they read much for weeks, and `rate` of them become SQLs soon after.

    Hospitals do so more often; the others read a little, and never become anything.
    """
    dice = np.random.default_rng(seed)
    rows: list[tuple[Any, ...]] = []
    became: dict[int, int] = {}
    kinds = ("hospital", "clinic")
    for who in range(1, people + 1):
        keen = int(dice.integers(20, DAYS)) if who % 2 else None
        place = 1 + who % 2 if dice.random() < 0.8 else 2 - who % 2
        for day in sorted(dice.integers(0, DAYS, int(dice.poisson(3))).tolist()):
            rows.append(_act(who, place, "visited", day, dice, "pricing" if dice.random() < 0.1 else None))
        if keen is None:
            continue
        for day in sorted(dice.integers(keen, keen + 25, 8).tolist()):
            rows.append(_act(who, place, dice.choice(["visited", "downloaded"]), day, dice, "pricing"))
        end = keen + int(dice.integers(10, 40))
        if dice.random() < rate * (1.4 if place == 1 else 0.6) and end < DAYS:
            became[who] = end
            at = to_micros(START + timedelta(days=end))
            detail = to_json({"attribute": "stage", "old": "lead"})
            rows.append((who, place, "changed", at, at, None, None, detail))
    rows = [row for row in rows if row[4] < to_micros(NOW)]
    start = to_micros(START)
    with begin_write(engine) as conn:
        for number, kind in enumerate(kinds, 1):
            values = {"id": number, "key": f"a{number}", "name": kind, "name_norm": kind, "kind": kind}
            conn.execute(insert(account).values(**values, beds=100 * number, created_at=START, changed_at=START))
        names = ("id", "key", "account_id", "stage", "language", "created_at", "changed_at")
        insert_many(
            conn, person, names,
            [(w, f"k{w}", 1 + w % 2, "sql" if w in became else "lead", "ja", start, start)
             for w in range(1, people + 1)], raw=True,
        )  # fmt: skip
        insert_many(conn, activity, _ACTS, sorted(rows, key=lambda row: row[4]), raw=True)
        insert_many(conn, score, ("person_id", "points", "at"), [(w, 0, start) for w in range(1, people + 1)], raw=True)


def _act(who: int, place: int, kind: str, day: int, dice: np.random.Generator, content: str | None) -> tuple[Any, ...]:
    at = to_micros(START + timedelta(days=day, seconds=int(dice.integers(0, 86_400))))
    return (who, place, str(kind), at, at, content, None, None)
