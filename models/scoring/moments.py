"""What was known of whom at which moment. Start with `cut`: it makes a Known, which holds nothing that came later.

Instants are microseconds since 1970 (UTC). Pure: numpy alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from models.scoring.tables import Codes, Index

DAY = 86_400_000_000
FOR_EVER = np.iinfo(np.int64).max
NO_LETTER = -1


class What(NamedTuple):
    """What an act was: its kind, and what it was about."""

    kind: str
    content: str | None = None
    outcome: str | None = None


class Change(NamedTuple):
    """An attribute of the person at `person` that changed: until `at` it was `old`."""

    person: int
    at: int
    attribute: str
    old: Any


@dataclass(frozen=True, slots=True)
class History:
    """Everything in the tables about some people, whenever it happened; whoever looks at a moment has to `cut` it.

    attributes: name -> a value a person, as they stand today. Acts are in the order of their people: `person` is a
    place in `people`; an act counts from `counts` on, and not any more from `ends` on (its mark says a machine did
    it). what: a place in `whats`; letter: the same number for the same letter, or NO_LETTER.
    """

    people: Sequence[int]
    attributes: Mapping[str, Sequence[Any]]
    changes: Sequence[Change]
    person: Index
    counts: Index
    ends: Index
    occurred: Index
    what: Codes
    letter: Index
    whats: tuple[What, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What was known about each row's person at the row's moment, and nothing else. Made by `cut`.

    row: which row each act belongs to, ascending; an act stands there once for each row that knows it.
    """

    at: Index
    attributes: Mapping[str, Sequence[Any]]
    row: Index
    occurred: Index
    what: Codes
    letter: Index
    whats: tuple[What, ...]

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.at)


def cut(history: History, person: Index, at: Index) -> Known:
    """person: places in history.people, one a row; at: the rows' moments. What came later is left behind."""
    first = np.searchsorted(history.person, person, "left")
    many = np.searchsorted(history.person, person, "right") - first
    row = np.repeat(np.arange(len(person)), many)
    place = np.arange(len(row)) + np.repeat(first - np.concatenate(([0], np.cumsum(many)[:-1])), many)
    moment = at[row]
    there = (history.counts[place] <= moment) & (moment < history.ends[place])
    row, place = row[there], place[there]
    return Known(
        at, _as_it_stood(history, person, at), row, history.occurred[place], history.what[place],
        history.letter[place], history.whats,
    )  # fmt: skip


def _as_it_stood(history: History, person: Index, at: Index) -> dict[str, Sequence[Any]]:
    """Every attribute rewound to the row's moment: the first change after it says what it was."""
    everybody = len(person) == len(history.people) and bool((person == np.arange(len(person))).all())
    places = None if everybody else person.tolist()
    found: dict[str, Sequence[Any]] = {}
    for name, values in history.attributes.items():
        found[name] = values if places is None else [values[place] for place in places]
    late: dict[int, list[Change]] = {}
    for change in history.changes:
        if change.attribute in found:
            late.setdefault(change.person, []).append(change)
    if not late:
        return found
    moved = np.flatnonzero(np.isin(person, list(late))).tolist()
    rewound = {name: list(found[name]) for name in {c.attribute for each in late.values() for c in each}}
    for each in late.values():
        each.sort(key=lambda change: -change.at)
    for number in moved:
        for change in late[int(person[number])]:
            if change.at > at[number]:
                rewound[change.attribute][number] = change.old
    return found | rewound


def reached(history: History, attribute: str, values: frozenset[Any]) -> Index:
    """When each person's attribute first became one of `values` (FOR_EVER: never; those who began with one: -1)."""
    found = np.full(len(history.people), FOR_EVER, np.int64)
    changes: dict[int, list[Change]] = {}
    for change in history.changes:
        if change.attribute == attribute:
            changes.setdefault(change.person, []).append(change)
    for number, now in enumerate(history.attributes[attribute]):
        own = sorted(changes.get(number, ()), key=lambda change: change.at)
        became = [own[0].old if own else now, *(change.old for change in own[1:]), now]
        instants = [-1, *(change.at for change in own)]
        found[number] = next((at for at, new in zip(instants, became, strict=False) if new in values), FOR_EVER)
    return found
