"""How well the machine rule did, against the truth about who really opened and clicked. Start with `judge`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from hagukumi.world.happening import HUMAN
from models.tables.schema import activity


class Judged(NamedTuple):
    """Opens and clicks: machines = found + missed; people: of theirs, wronged were taken for machines."""

    machines: int
    found: int
    people: int
    wronged: int

    @property
    def missed(self) -> int:
        """Machines that were taken for people."""
        return self.machines - self.found


def judge(conn: Connection, by: Mapping[str, str], since: datetime) -> Judged:
    """Compares the marks with `by` (source id -> human or the class of a gateway); others are left out."""
    c = activity.c
    query = select(c.source_id, c.machine).where(c.kind.in_(("opened", "clicked")), c.known_at >= since)
    told = [(by[source], mark is not None) for source, mark in conn.execute(query) if source in by]
    machines = [marked for who, marked in told if who != HUMAN]
    people = [marked for who, marked in told if who == HUMAN]
    return Judged(len(machines), sum(machines), len(people), sum(people))
