"""The rows that teach: moments of the workspace's people with what became of them. Start with `read_sample`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Engine, select, type_coerce

from hagukumi.learning.reading import read_history
from models.scoring.features import Builder
from models.scoring.moments import cut, reached
from models.scoring.sampling import HORIZON_DAYS, moments_of
from models.scoring.tables import Floats, Index, Table, stacked
from models.tables.bulk import among, chunks
from models.tables.engine import begin_read
from models.tables.schema import person, score_jump
from models.tables.types import Whole

WON = frozenset({"sql", "opportunity", "won"})
LOST = frozenset({"ng"})
PART = 2_000
"""People read at a time."""
MOST_PEOPLE = 40_000
"""More are drawn from, evenly: the moments of so many fill what a fit may see."""
_PEOPLE = select(person.c.id, type_coerce(person.c.created_at, Whole())).where(person.c.merged_into.is_(None))
_JUMPS = select(score_jump.c.person_id, type_coerce(score_jump.c.at, Whole())).where(
    among(score_jump.c.person_id, "people")
)


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows in order of time. people: the id of each row's person; at: microseconds; outcomes: 1 became an SQL in time.

    ids, reached: every person looked at, and when each became an SQL.
    """

    table: Table
    outcomes: Floats
    people: Index
    at: Index
    became: Index

    @property
    def succeeded(self) -> int:
        """How many people became SQLs within the horizon of one of their moments."""
        return len(np.unique(self.people[self.outcomes > 0]))


def read_sample(engine: Engine, builder: Builder, now: int, horizon: int = HORIZON_DAYS * 86_400_000_000) -> Sample:
    """now: microseconds; moments whose outcome it does not know yet are left out."""
    with begin_read(engine) as conn:
        known = sorted(row._tuple() for row in conn.execute(_PEOPLE))
    every = -(-len(known) // MOST_PEOPLE) or 1
    drawn = [row for row in known if (row[0] * 2_654_435_761 >> 16) % every == 0]
    parts = []
    for some in chunks(drawn, PART):
        with begin_read(engine) as conn:
            parts.append(_part(conn, builder, some, now, horizon))
    full = [part for part in parts if part.table.rows]
    if not full:
        return parts[0] if parts else Sample(Table({}, 0), np.empty(0), *(np.empty(0, np.int64) for _ in range(3)))
    at = np.concatenate([part.at for part in full])
    order = np.argsort(at, kind="stable")
    return Sample(
        stacked([part.table for part in full]).take(order),
        np.concatenate([part.outcomes for part in full])[order],
        np.concatenate([part.people for part in full])[order],
        at[order],
        np.concatenate([part.became for part in full])[order],
    )


def _part(conn: Connection, builder: Builder, some: Sequence[tuple[int, int]], now: int, horizon: int) -> Sample:
    ids = [one for one, _ in some]
    history = read_history(conn, ids, now, 0, builder)
    place = {one: number for number, one in enumerate(ids)}
    jumps: dict[int, list[int]] = {}
    for who, at in conn.execute(_JUMPS, {"people": ids}):
        jumps.setdefault(place[who], []).append(at)
    became = reached(history, "stage", WON)
    since = np.array([at for _, at in some], np.int64)
    moments = moments_of(ids, since, became, reached(history, "stage", LOST), jumps, now, horizon)
    table = builder.table(cut(history, moments.person, moments.at))
    return Sample(table, moments.outcome, np.asarray(ids, np.int64)[moments.person], moments.at, became[moments.person])
