"""One batch of people scored by the models in play, as of the moments given. Start with `score_people`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, select

from hagukumi.learning.reading import Acts, read_history
from hagukumi.learning.shelf import InPlay, Shelf
from models.scoring.features import Builder
from models.scoring.moments import DAY, cut
from models.scoring.tables import Bools, Index, Table
from models.tables.bulk import update_many, upsert_many
from models.tables.collector import collector_resting
from models.tables.engine import begin_read
from models.tables.pace import Pace
from models.tables.schema import forecast, score, suspension

LEADS = frozenset({None, "lead", "mql"})
"""Stages of those who may still become SQLs; of others nothing is said."""
SAID = ("log_odds", "model", "chance_at", "suspension_id")
KEPT = ("person_id", "model", "at", "log_odds", "suspension_id")
MOST_AT_ONCE = 20_000
"""Rows written in one transaction, where nobody waits."""
MOST = 20_000
"""Thousandths: beyond that a log-odds says the same."""
_OPEN = select(suspension.c.id).where(suspension.c.ended_at.is_(None))


def score_people(
    engine: Engine, shelf: Shelf, builder: Builder, at: Mapping[int, int], *, weekly: bool = False,
    acts: Acts | None = None, pace: Pace | None = None,
) -> int:  # fmt: skip
    """Says the probability of these people (id -> microseconds), and keeps it; what is read came before the writing.

    The model in use writes scores, all models in play write forecasts. weekly: only a seventh of forecasts a day.
    acts: where everybody's have been read already.
    """
    people = sorted(at)
    moments = np.array([at[one] for one in people], np.int64)
    with collector_resting():
        with begin_read(engine) as conn:
            playing = shelf.in_play(conn)
            if not playing:
                return 0
            under = conn.scalar(_OPEN)
            table, leads = _table(conn, people, moments, builder, acts)
        said = {one.version: thousandths(one.stored.model.log_odds(table)) for one in playing}
        ids = np.asarray(people, np.int64)
        pace = pace or Pace(MOST_AT_ONCE)
        _keep_scores(engine, pace, playing, said, ids, moments, leads, under)
        due = leads if not weekly else leads & (ids % 7 == moments // DAY % 7)
        for one in playing:
            odds = said[one.version][due[leads]].tolist()
            rows = [
                (who, one.version, when, each, under)
                for who, when, each in zip(ids[due].tolist(), moments[due].tolist(), odds, strict=True)
            ]
            _in_paces(engine, pace, rows, _keep_forecasts)
    return len(people)


def _table(
    conn: Connection, people: list[int], moments: Index, builder: Builder, acts: Acts | None
) -> tuple[Table, Bools]:
    """The features of those who are leads at their moments, and who that is."""
    history = read_history(conn, people, int(moments.max()), int(moments.min()), builder, acts)
    known = cut(history, np.arange(len(people)), moments)
    leads = np.array([stage in LEADS for stage in known.attributes["stage"]], bool)
    return builder.table(known).take(np.flatnonzero(leads)), leads


def thousandths(log_odds: Any) -> Any:
    """As the tables keep it."""
    return np.clip(np.round(np.asarray(log_odds) * 1000), -MOST, MOST).astype(np.int64)


def _keep_scores(
    engine: Engine, pace: Pace, playing: list[InPlay], said: Mapping[str, Any], ids: Index, at: Index, leads: Bools,
    under: int | None,
) -> None:  # fmt: skip
    speaking = [one.version for one in playing if one.speaks]
    if not speaking:
        return
    version = speaking[0]
    chances = iter(said[version].tolist())
    rows = [
        (one, next(chances) if lead else None, version if lead else None, when, under)
        for one, lead, when in zip(ids.tolist(), leads.tolist(), at.tolist(), strict=True)
    ]
    _in_paces(engine, pace, rows, lambda conn, some: update_many(conn, score, ("person_id",), SAID, some, raw=True))


def _keep_forecasts(conn: Connection, rows: list[Any]) -> int:
    return upsert_many(conn, forecast, KEPT, rows, conflict=KEPT[:3], raw=True)


def _in_paces(engine: Engine, pace: Pace, rows: list[Any], keep: Any) -> None:
    while rows:
        with pace.begin(engine) as conn:
            some, rest = rows[: pace.size], rows[pace.size :]
            keep(conn, some)
            pace.done = len(some)
        rows = rest
