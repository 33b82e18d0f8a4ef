"""What the tables know about people, in columns, for models.scoring.moments. Start with `read_history`.

Every statement is bounded by an instant: acts that became known later are not even read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, or_, select, type_coerce

from hagukumi.journeys.core.facts import CLICKS_SETTLE
from hagukumi.journeys.shell.gather import attribute_columns
from models.scoring.features import DEEDS, Builder
from models.scoring.moments import FOR_EVER, NO_LETTER, Change, History, What
from models.tables.bulk import among
from models.tables.schema import activity
from models.tables.types import Whole

KINDS = (*DEEDS, "called", "refused", "unsubscribed", "received")
SETTLE = CLICKS_SETTLE // CLICKS_SETTLE.resolution
_UNTIL: Any = bindparam("until", type_=Whole())
_SINCE: Any = bindparam("since", type_=Whole())
_ACTS = select(
    activity.c.person_id, activity.c.kind, type_coerce(activity.c.occurred_at, Whole()),
    type_coerce(activity.c.known_at, Whole()), activity.c.content, activity.c.outcome, activity.c.letter_key,
    activity.c.machine, type_coerce(activity.c.machine_at, Whole()),
).where(
    among(activity.c.person_id, "people"),
    type_coerce(activity.c.known_at, Whole()) <= _UNTIL,
    among(activity.c.kind, "kinds"),
    # What was a machine's from the beginning has never counted.
    or_(activity.c.machine.is_(None), activity.c.machine_at.is_not(None)),
)  # fmt: skip
_CHANGES = (
    select(activity.c.person_id, type_coerce(activity.c.known_at, Whole()), activity.c.detail)
    .where(
        among(activity.c.person_id, "people"),
        activity.c.kind == "changed",
        type_coerce(activity.c.known_at, Whole()) > _SINCE,
    )
    .order_by(activity.c.known_at, activity.c.id)
)


def read_history(conn: Connection, people: Sequence[int], until: int, since: int, builder: Builder) -> History:
    """people: ids, ascending. Acts known by `until`; changes of attributes after `since`, which rewind them."""
    kinds = sorted({*KINDS, *builder.scorer.by_kind})
    # The driver's own tuples: nothing here needs to be turned into anything.
    cursor: Any = conn.execute(_ACTS, {"people": people, "until": until, "kinds": kinds}).cursor
    rows = cursor.fetchall()
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 9
    who, kind, occurred, known, content, outcome, letter, machine, turned = columns
    ids = np.asarray(people, np.int64)
    person = np.searchsorted(ids, np.array(who, np.int64))
    counts = np.array(known, np.int64) + SETTLE * np.array([each == "clicked" for each in kind], np.int64)
    ends = np.full(len(rows), FOR_EVER, np.int64)
    for place in (place for place, at in enumerate(turned) if at is not None):
        if machine[place] is None:
            counts[place] = max(int(counts[place]), turned[place])
        else:
            ends[place] = turned[place]
    coded, whats = _numbered(zip(kind, content, outcome, strict=True))
    letters, _ = _numbered(letter, {None: NO_LETTER})
    order = np.argsort(person, kind="stable")
    return History(
        people, _attributes(conn, people, builder), _changes(conn, people, since), person[order], counts[order],
        ends[order], np.array(occurred, np.int64)[order], coded[order].astype(np.int32), letters[order],
        tuple(What(*each) for each in whats),
    )  # fmt: skip


def _numbered(values: Iterable[Any], known: dict[Any, int] | None = None) -> tuple[Any, list[Any]]:
    numbers = dict(known or {})
    first = sum(number >= 0 for number in numbers.values())
    codes = []
    for value in values:
        code = numbers.get(value)
        if code is None:
            code = numbers[value] = first
            first += 1
        codes.append(code)
    return np.array(codes, np.int64), list(numbers)


def _attributes(conn: Connection, people: Sequence[int], builder: Builder) -> dict[str, list[Any]]:
    read = attribute_columns(builder.attributes)
    rows = {row[0]: row[2:] for row in conn.execute(read.query, {"people": people}).all()}
    width = len(read.names) + (2 if read.custom else 0) + read.tags
    nobody = (None,) * width
    columns = list(zip(*(rows.get(one, nobody) for one in people), strict=True)) or [()] * width
    found = {name: list(cells) for name, cells in zip(read.names, columns, strict=False)}
    if read.custom:
        own, theirs = columns[-2], columns[-1]
        for name in read.custom:
            found[name] = [_plain((a or {}).get(name, (b or {}).get(name))) for a, b in zip(own, theirs, strict=True)]
    if read.tags:
        found["tags"] = [frozenset(cell or ()) for cell in columns[len(read.names)]]
    return found


def _changes(conn: Connection, people: Sequence[int], since: int) -> list[Change]:
    place = {one: number for number, one in enumerate(people)}
    found = []
    for who, at, detail in conn.execute(_CHANGES, {"people": people, "since": since}).all():
        if detail and "attribute" in detail:
            name, old = detail["attribute"], detail.get("old")
            found.append(Change(place[who], at, name, frozenset(old or ()) if name == "tags" else _plain(old)))
    return found


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def stages_of(conn: Connection, people: Sequence[int]) -> History:
    """The stages of people (ids) and how they changed, and nothing else."""
    read = attribute_columns(frozenset({"stage"}))
    now = {row[0]: row[2] for row in conn.execute(read.query, {"people": people}).all()}
    none = np.empty(0, np.int64)
    stages = {"stage": [now.get(one) for one in people]}
    return History(people, stages, _changes(conn, people, 0), none, none, none, none, none.astype(np.int32), none, ())
