"""What is stopped by people or by alarms: pauses, withdrawn content, channels that rest. Start with `stopped_now`.

It stands beside the database too, so that a backup which is put back frees nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, Table, select

from models.tables.bulk import upsert_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import channel, content, stop_switch
from models.tables.types import to_json, to_micros


class Kind(NamedTuple):
    """A table in which a row, or its column `since`, says that something is stopped."""

    table: Table
    name: str
    since: str
    others: tuple[str, ...] = ()

    def stands(self) -> ColumnElement[bool]:
        """That it is stopped until somebody frees it; a rest with an end is over by itself."""
        c = self.table.c
        return (
            c[self.since].is_not(None) & c.rests_until.is_(None)
            if self.table is channel
            else c[self.since].is_not(None)
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that are kept."""
        return (self.name, self.since, *self.others)


KINDS = (
    Kind(stop_switch, "scope", "since", ("by_whom",)),
    Kind(content, "name", "withdrawn_at"),
    Kind(channel, "name", "paused_at", ("why", "by_whom")),
)


def stopped_now(engine: Engine) -> list[Mapping[str, Any]]:
    """What is stopped: the table's name and KINDS' columns, instants in microseconds. Ids and codes alone."""
    found: list[Mapping[str, Any]] = []
    with begin_read(engine) as conn:
        for kind in KINDS:
            query = select(*(kind.table.c[name] for name in kind.columns)).where(kind.stands())
            for row in conn.execute(query.order_by(kind.table.c[kind.name])).mappings():
                found.append({"what": kind.table.name, **row, kind.since: to_micros(row[kind.since])})
    return found


def stop_again(engine: Engine, noted: Sequence[Mapping[str, Any]]) -> int:
    """Stops what was stopped when it was noted and is not any more; how many."""
    done = 0
    for kind in KINDS:
        mine = [one for one in noted if one["what"] == kind.table.name]
        if not mine:
            continue
        name = kind.table.c[kind.name]
        with begin_write(engine) as conn:
            standing = set(
                conn.scalars(select(name).where(where_in(name, [one[kind.name] for one in mine]), kind.stands()))
            )
            lost = [one for one in mine if one[kind.name] not in standing]
            rows = [tuple(to_json(one[each]) if each == "why" else one[each] for each in kind.columns) for one in lost]
            upsert_many(conn, kind.table, kind.columns, rows, conflict=(kind.name,), update=kind.columns[1:], raw=True)
        done += len(lost)
    return done
