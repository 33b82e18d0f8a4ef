"""The whole example company's market from one seed. Pure. Start with `build`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hagukumi.words.refusal import NotDone
from hagukumi.world import rates
from hagukumi.world.facilities import Facility, make_facilities, outsiders
from hagukumi.world.humans import make_humans
from hagukumi.world.rows import FAULTS, Row, make_rows
from hagukumi.world.truth import CallerTruth, Planted, Truth

PEOPLE, ACCOUNTS = 2_000, 400
START = date(2026, 4, 27)
"""Day 0 where a workspace names none."""
MOST_PEOPLE, MOST_ACCOUNTS = 1_000_000, 30_000
PEOPLE_FILE = "people.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The truth, and what lists are written from."""

    truth: Truth
    rows: list[Row]
    facilities: list[Facility]
    outsiders: list[Facility]


def build(seed: str, people: int = PEOPLE, accounts: int = ACCOUNTS, start: date = START) -> World:
    """A market of so many rows of people and so many facilities. The same four values are the same world anywhere.

    Raises NotDone when the numbers make no market.
    """
    _check(people, accounts)
    facilities, strangers = make_facilities(seed, accounts), outsiders(seed)
    rows = make_rows(seed, start, make_humans(seed, people, facilities, strangers), facilities)
    truth = Truth(
        seed=seed,
        start=start,
        people={row.truth.key: row.truth for row in rows},
        facilities={each.truth.key: each.truth for each in (*facilities, *strangers)},
        callers={
            key: CallerTruth(key=key, lazy=share < 0.5, share=share, made_up=made_up)
            for key, (share, made_up) in rates.CALLERS.items()
        },
        rejects=tuple(Planted(PEOPLE_FILE, 2 + row.number, FAULTS[row.kind]) for row in rows if not row.gets_in),
    )
    return World(truth=truth, rows=rows, facilities=facilities, outsiders=strangers)


def _check(people: int, accounts: int) -> None:
    if accounts < 2 or accounts > MOST_ACCOUNTS:
        raise NotDone(
            "world-accounts",
            f"施設の数は2から{MOST_ACCOUNTS:,}までで指定してください(--accounts {accounts:,})。",
            f"Give a number of facilities from 2 to {MOST_ACCOUNTS:,} (--accounts {accounts:,}).",
        )
    if people < accounts or people > MOST_PEOPLE:
        raise NotDone(
            "world-people",
            f"人数は施設の数({accounts:,})以上、{MOST_PEOPLE:,}以下で指定してください(--people {people:,})。",
            f"Give from {accounts:,} (one for each facility) to {MOST_PEOPLE:,} people (--people {people:,}).",
        )
