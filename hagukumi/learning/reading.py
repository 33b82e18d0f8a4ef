"""What the tables know about people, in columns, for models.scoring.moments. Start with `read_history`.

Every statement is bounded by an instant: acts that became known later are not even read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, bindparam, case, func, or_, select, type_coerce

from hagukumi.journeys.core.facts import CLICKS_SETTLE
from hagukumi.journeys.shell.gather import attribute_columns
from models.scoring.features import DEEDS, Builder
from models.scoring.moments import FOR_EVER, NO_LETTER, Change, History, What
from models.scoring.tables import Codes, Index
from models.tables.bulk import among
from models.tables.schema import activity
from models.tables.types import Whole

KINDS = (*DEEDS, "called", "refused", "unsubscribed", "received")
SETTLE = CLICKS_SETTLE // CLICKS_SETTLE.resolution
STRETCH = 200_000
"""Rows of the table of acts that are read in one go when all of it is read."""
_UNTIL: Any = bindparam("until", type_=Whole())
_SINCE: Any = bindparam("since", type_=Whole())
_TURNED: Any = type_coerce(activity.c.machine_at, Whole())
_ACT = (
    activity.c.person_id, activity.c.kind, type_coerce(activity.c.occurred_at, Whole()),
    type_coerce(activity.c.known_at, Whole()), activity.c.content, activity.c.outcome, activity.c.letter_key,
    # Until when it counted; below 0: from when on it counts, after all.
    case((activity.c.machine.is_(None), -_TURNED), else_=_TURNED),
)  # fmt: skip
_KNOWN = (
    type_coerce(activity.c.known_at, Whole()) <= _UNTIL,
    # What was a machine's from the beginning has never counted.
    or_(activity.c.machine.is_(None), activity.c.machine_at.is_not(None)),
)
_ACTS = select(*_ACT).where(among(activity.c.person_id, "people"), among(activity.c.kind, "kinds"), *_KNOWN)
# By the order of the table: reading everybody's by the index would look up each row where it happens to lie.
_STRETCH = select(*_ACT).where(
    activity.c.id > bindparam("first"), activity.c.id <= bindparam("last"), among(activity.c.kind, "kinds"), *_KNOWN
)
_CHANGES = (
    select(activity.c.person_id, type_coerce(activity.c.known_at, Whole()), activity.c.detail)
    .where(
        among(activity.c.person_id, "people"),
        activity.c.kind == "changed",
        type_coerce(activity.c.known_at, Whole()) > _SINCE,
    )
    .order_by(activity.c.known_at, activity.c.id)
)


class Acts(NamedTuple):
    """Acts in the order of their people (ids); the columns are those of History."""

    who: Index
    counts: Index
    ends: Index
    occurred: Index
    what: Codes
    letter: Index
    whats: tuple[What, ...]

    def of(self, people: Index) -> Acts:
        """Those of people from the first to the last of these ids."""
        part = slice(*np.searchsorted(self.who, [people[0], people[-1] + 1]).tolist())
        who, counts, ends, occurred, what, letter, whats = self
        return Acts(who[part], counts[part], ends[part], occurred[part], what[part], letter[part], whats)


def read_history(
    conn: Connection, people: Sequence[int], until: int, since: int, builder: Builder, acts: Acts | None = None
) -> History:
    """people: ids, ascending. Acts known by `until`; changes of attributes after `since`, which rewind them.

    acts: where they have been read already, with nobody else's between the first and the last of these people.
    """
    ids = np.asarray(people, np.int64)
    if acts is None:
        coding = _Coding()
        given = {"people": people, "until": until, "kinds": _kinds(builder)}
        acts = coding.sorted([coding.read(conn, _ACTS, given)])
    else:
        acts = acts.of(ids)
    return History(
        people, _attributes(conn, people, builder), _changes(conn, people, since), np.searchsorted(ids, acts.who),
        acts.counts, acts.ends, acts.occurred, acts.what, acts.letter, acts.whats,
    )  # fmt: skip


def read_everybodys(conn: Connection, until: int, builder: Builder) -> Acts:
    """All acts of all people known by `until`, in one pass over the table."""
    coding, kinds = _Coding(), _kinds(builder)
    last = conn.scalar(select(func.max(activity.c.id))) or 0
    parts = [
        coding.read(conn, _STRETCH, {"first": first, "last": first + STRETCH, "until": until, "kinds": kinds})
        for first in range(0, last + 1, STRETCH)
    ]
    return coding.sorted(parts)


def _kinds(builder: Builder) -> list[str]:
    return sorted({*KINDS, *builder.scorer.by_kind})


class _Numbers(dict[Any, int]):
    """Gives the next number to whatever is new."""

    def __missing__(self, key: Any) -> int:
        self[key] = number = len(self)
        return number


class _Coding:
    """Turns rows into numbers; the same word has the same number in all parts."""

    def __init__(self) -> None:
        self._whats = _Numbers()
        # Nothing is no letter; numbers of letters begin at 1.
        self._letters = _Numbers({None: NO_LETTER})

    def read(self, conn: Connection, statement: Any, given: dict[str, Any]) -> tuple[Any, ...]:
        """The columns of one statement's rows, in their order."""
        # The driver's own tuples: nothing here needs to be turned into anything.
        cursor: Any = conn.execute(statement, given).cursor
        columns: Sequence[Sequence[Any]] = list(zip(*cursor.fetchall(), strict=True)) or [()] * 8
        who, kind, occurred, known, content, outcome, letter, turned = columns
        rows = len(who)
        whats = map(self._whats.__getitem__, zip(kind, content, outcome, strict=True))
        what = np.fromiter(whats, np.int32, rows)
        counts = np.fromiter(known, np.int64, rows)
        clicks = [code for (name, _, _), code in self._whats.items() if name == "clicked"]
        counts[np.isin(what, clicks)] += SETTLE
        ends = np.full(rows, FOR_EVER, np.int64)
        if turned.count(None) < rows:
            for place in (place for place, at in enumerate(turned) if at is not None):
                if turned[place] < 0:
                    counts[place] = max(int(counts[place]), -turned[place])
                else:
                    ends[place] = turned[place]
        letters = np.fromiter(map(self._letters.__getitem__, letter), np.int64, rows)
        return np.fromiter(who, np.int64, rows), counts, ends, np.fromiter(occurred, np.int64, rows), what, letters

    def sorted(self, parts: Sequence[tuple[Any, ...]]) -> Acts:
        """All parts together."""
        columns = [np.concatenate(each) for each in zip(*parts, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        who, counts, ends, occurred, what, letter = (column[order] for column in columns)
        return Acts(who, counts, ends, occurred, what, letter, tuple(What(*each) for each in self._whats))


def _attributes(conn: Connection, people: Sequence[int], builder: Builder) -> dict[str, list[Any]]:
    read = attribute_columns(builder.attributes)
    width = len(read.names) + (2 if read.custom else 0) + read.tags
    asked: Any = conn.execute(read.query, {"people": people})
    # Only JSON has to be turned into something.
    rows = asked.all() if read.custom or read.tags else asked.cursor.fetchall()
    nobody = (None,) * (width + 2)
    if [row[0] for row in rows] != list(people):
        by_id = {row[0]: row for row in rows}
        rows = [by_id.get(one, nobody) for one in people]
    columns = list(zip(*rows, strict=True))[2:] or [()] * width
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
