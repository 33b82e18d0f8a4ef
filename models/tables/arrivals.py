"""The engine's one way in: activities arrive, each with its place in the queue of what is not handled yet.

Start with `receive`. A source that tells in parts holds its places back, and frees them with `release` at its end.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, select, update

from hagukumi.journeys.core.facts import CLICKS_SETTLE
from models.tables.bulk import among, insert_many, upsert_many, where_in
from models.tables.ids import reserve
from models.tables.schema.activities import activity, pending
from models.tables.types import to_json, to_micros

_ACTIVITY = (
    "id",
    "person_id",
    "account_id",
    "kind",
    "occurred_at",
    "known_at",
    "content",
    "letter_key",
    "outcome",
    "source_id",
    "detail",
    "net",
)
_KNOWN = select(activity.c.source_id).where(among(activity.c.source_id, "sources"))
_PENDING = ("at", "person_id", "activity_id")
_SETTLE_MICROS = CLICKS_SETTLE // timedelta(microseconds=1)
QUIET = frozenset({"auto_replied", "undelivered"})
"""Kinds that belong to a person's story and wake nobody: a machine wrote them."""
HELD = datetime(9000, 1, 1, tzinfo=UTC)
"""Queue rows from here on are held back: HELD plus as many microseconds as the id of the import run they belong to."""


class Arrival(NamedTuple):
    """Something that happened, as a source reports it. `detail` holds codes and numbers, no personal text.

    Its `net` (the hash of a network, channels/web/clicks.py) is stored apart from it, and forgotten after a while.
    """

    person_id: int
    account_id: int | None
    kind: str
    occurred_at: datetime
    known_at: datetime
    content: str | None = None
    letter_key: str | None = None
    outcome: str | None = None
    source_id: str | None = None
    detail: Mapping[str, Any] | None = None


class Received(NamedTuple):
    """Ids of the new activities in the order given, and how many were known already by their source id."""

    ids: tuple[int, ...]
    duplicates: int


def receive(conn: Connection, arrivals: Sequence[Arrival], *, held_by: int | None = None) -> Received:
    """Store new activities and queue each for the instant it starts to count. Call inside `begin_write`.

    With `held_by` (an import run) they lie in the queue unseen until `release` is called for that run.
    An arrival whose source_id is in the table, or came earlier in the same batch, is a duplicate and changes nothing.
    """
    fresh = _unknown(conn, arrivals)
    ids = reserve(conn, activity, len(fresh))
    rows = [_row(number, arrival) for number, arrival in zip(ids, fresh, strict=True)]
    plain = [row for row in rows if row[9] is None]
    named = [row for row in rows if row[9] is not None]
    insert_many(conn, activity, _ACTIVITY, plain, raw=True)
    stored = upsert_many(conn, activity, _ACTIVITY, named, raw=True)
    if stored < len(named):
        # Another writer was faster with the same source ids (PostgreSQL only).
        kept = set(conn.scalars(select(activity.c.id).where(where_in(activity.c.id, [row[0] for row in named]))))
        rows = [row for row in rows if row[9] is None or row[0] in kept]
    held = None if held_by is None else to_micros(_held_at(held_by))
    queue = [(_queue_at(row) if held is None else held, row[1], row[0]) for row in rows if row[3] not in QUIET]
    insert_many(conn, pending, _PENDING, queue, raw=True)
    return Received(tuple(row[0] for row in rows), len(arrivals) - len(rows))


def release(conn: Connection, run: int, most: int) -> int:
    """Queue up to `most` held arrivals of the run for the instants they count at. Returns how many; 0: all are out."""
    some = select(pending.c.id).where(pending.c.at == _held_at(run)).limit(most)
    settle = case((activity.c.kind == "clicked", _SETTLE_MICROS), else_=0)
    counts = select(activity.c.known_at + settle).where(activity.c.id == pending.c.activity_id).scalar_subquery()
    return conn.execute(update(pending).where(pending.c.id.in_(some)).values(at=counts)).rowcount


def _held_at(run: int) -> datetime:
    return HELD + timedelta(microseconds=run)


def known_sources(conn: Connection, source_ids: Collection[str]) -> set[str]:
    """Which of the source ids stand in the table already."""
    if not source_ids:
        return set()
    return set(conn.scalars(_KNOWN, {"sources": list(source_ids)}))


def _unknown(conn: Connection, arrivals: Sequence[Arrival]) -> list[Arrival]:
    seen = known_sources(conn, [arrival.source_id for arrival in arrivals if arrival.source_id is not None])
    fresh = []
    for arrival in arrivals:
        if arrival.source_id is not None:
            if arrival.source_id in seen:
                continue
            seen.add(arrival.source_id)
        fresh.append(arrival)
    return fresh


def _row(number: int, arrival: Arrival) -> tuple[Any, ...]:
    detail, net = arrival.detail, None
    if detail is not None and "net" in detail:
        detail = dict(detail)
        net = detail.pop("net")
    return (
        number,
        arrival.person_id,
        arrival.account_id,
        arrival.kind,
        to_micros(arrival.occurred_at),
        to_micros(arrival.known_at),
        arrival.content,
        arrival.letter_key,
        arrival.outcome,
        arrival.source_id,
        None if detail is None else to_json(detail),
        net,
    )


def _queue_at(row: tuple[Any, ...]) -> int:
    known: int = row[5]
    return known + _SETTLE_MICROS if row[3] == "clicked" else known
