"""What models said, beside what happened since. Start with `compare`; drift.py asks `heard` as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, select, type_coerce

from hagukumi.learning.reading import stages_of
from hagukumi.learning.sample import WON
from models.scoring.moments import DAY, reached
from models.scoring.sampling import HORIZON_DAYS
from models.scoring.tables import Bools, Floats, Index
from models.tables.bulk import chunks
from models.tables.schema import forecast
from models.tables.types import Whole

LEAST = 10
"""Outcomes from which on figures of two models are compared."""


class Heard(NamedTuple):
    """What one model said of whom and when, and whether it came true within the days asked for."""

    people: Index
    at: Index
    said: Floats
    happened: Floats


class Side(NamedTuple):
    """One model's figures on the rows that both have judged; None where there are too few outcomes."""

    version: str
    auc: float | None
    ece: float | None
    top_decile: float | None


class Comparison(NamedTuple):
    """Both on the same rows. rows, outcomes: how many scores; people: of how many; days: within which they came true.

    Somebody is scored again and again, and each score is a row; drift.py counts everybody's last one alone.
    """

    rows: int
    people: int
    outcomes: int
    days: int
    sides: tuple[Side, ...]


def heard(conn: Connection, version: str, since: datetime, until: datetime, days: int, *, once: bool = False) -> Heard:
    """Forecasts from since to until, by what had become of them `days` later. once: the latest of each person.

    What was said while scores were suspended is left out.
    """
    c = forecast.c
    rows = conn.execute(
        select(c.person_id, type_coerce(c.at, Whole()), c.log_odds)
        .where(c.model == version, c.at >= since, c.at <= until, c.suspension_id.is_(None))
        .order_by(c.at, c.person_id)
    ).all()
    if once:
        rows = list({row[0]: row for row in rows}.values())
    people, at, odds = (np.array([row[column] for row in rows], np.int64) for column in range(3))
    became = became_sql(conn, sorted(set(people.tolist())))
    when = np.array([became[one] for one in people.tolist()], np.int64)
    happened = (when > at) & (when <= at + days * DAY)
    return Heard(people, at, 1 / (1 + np.exp(-odds / 1000)), happened.astype(np.float64))


def became_sql(conn: Connection, people: Sequence[int]) -> dict[int, int]:
    """When each of them became an SQL, in microseconds; moments.FOR_EVER: not yet."""
    found: dict[int, int] = {}
    for some in chunks(people):
        found.update(zip(some, reached(stages_of(conn, some), "stage", WON).tolist(), strict=True))
    return found


def compare(conn: Connection, versions: Sequence[str], now: datetime, days: int = HORIZON_DAYS) -> Comparison:
    """All forecasts that are old enough, where every one of these models has said something."""
    begin = now - timedelta(days=10_000)
    told = [heard(conn, version, begin, now - timedelta(days=days), days) for version in versions]
    common = set.intersection(*({*zip(each.people.tolist(), each.at.tolist(), strict=True)} for each in told))
    rows = [_picked(each, common) for each in told]
    sides = [
        _side(version, each.said[mine], each.happened[mine])
        for version, each, mine in zip(versions, told, rows, strict=True)
    ]
    people, outcomes = len({who for who, _ in common}), int(told[0].happened[rows[0]].sum())
    return Comparison(len(common), people, outcomes, days, tuple(sides))


def _picked(each: Heard, common: set[Any]) -> Bools:
    pairs = zip(each.people.tolist(), each.at.tolist(), strict=True)
    return np.array([pair in common for pair in pairs], bool)


def _side(version: str, said: Floats, happened: Floats) -> Side:
    from models.scoring.figures import auc, ece, top

    if min(happened.sum(), len(happened) - happened.sum()) < LEAST:
        return Side(version, None, None, None)
    return Side(version, auc(happened, said), ece(happened, said), top(happened, said, 0.1))
