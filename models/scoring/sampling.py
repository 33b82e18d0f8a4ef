"""Which moments of whom teach a model, what became of them, and how they are set apart. Start with `moments_of`.

A person is looked at once in EVERY weeks and whenever their score jumped; nobody both teaches and tests at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from models.scoring.moments import DAY, FOR_EVER
from models.scoring.tables import Floats, Index
from models.scoring.validation import FIRST, NEWEST, WINDOWS, Course, Window, countable

HORIZON_DAYS = 90
HORIZON = HORIZON_DAYS * DAY
WEEK = 7 * DAY
EVERY = 4
"""Weeks between two looks at the same person; each week looks at a quarter of all."""
PARTS = 3
"""People are drawn into so many parts: who is in the part that tests has taught nothing."""


class Moments(NamedTuple):
    """Rows: the place of the person, when, and whether they became an SQL within the horizon (by what was known)."""

    person: Index
    at: Index
    outcome: Floats


def moments_of(
    people: Sequence[int], since: Index, reached: Index, lost: Index, jumps: Mapping[int, Sequence[int]], now: int,
    horizon: int = HORIZON,
) -> Moments:  # fmt: skip
    """people: ids. since: when each was first known. reached: when each became an SQL. lost: when each turned out to be
    no lead. jumps: place -> instants. Moments whose outcome `now` does not know yet are left out.
    """
    rows: list[tuple[int, int]] = []
    latest = now - horizon
    for place, number in enumerate(people):
        begin, end = int(since[place]), min(int(reached[place]), int(lost[place]) - 1, latest + 1)
        week = begin // WEEK + 1
        week += (number - week) % EVERY
        rows += [(place, at) for at in range(week * WEEK, end, EVERY * WEEK)]
        rows += [(place, at) for at in jumps.get(place, ()) if begin <= at < end]
    rows.sort(key=lambda row: (row[1], row[0]))
    person, at = (np.array([row[column] for row in rows], np.int64) for column in (0, 1))
    outcome = (reached[person] > at) & (reached[person] <= at + horizon) if len(rows) else np.empty(0)
    return Moments(person, at, outcome.astype(np.float64))


def course_of(people: Index, at: Index, outcomes: Floats, horizon: int = HORIZON) -> Course:
    """Rows in order of time (at) are judged by models of people and times apart from theirs.

    What teaches a window had its outcome before the window began. Where history is too short for that, people are
    still kept apart, and `gap` is False.
    """
    part = (people * 2_654_435_761 >> 16) % PARTS
    known = int(np.searchsorted(at, at[int(len(at) * (1 - NEWEST))], "left"))
    edges = np.linspace(0, known, WINDOWS + 1).astype(np.int64)
    windows = [
        window
        for number in range(FIRST, WINDOWS)
        for window in _apart(part, int(np.searchsorted(at, at[edges[number]] - horizon, "right")),
                             int(edges[number]), int(edges[number + 1]))
        if countable(window, outcomes)
    ]  # fmt: skip
    settled = int(np.searchsorted(at, at[known] - horizon, "right"))
    last = _apart(part, settled, known, len(at))
    gap = bool(windows) and all(countable(window, outcomes) for window in last)
    if not gap:
        last = _apart(part, known, known, len(at))
    return Course(tuple(windows) or _apart(part, known, 0, known), last, gap)


def _apart(part: Index, until: int, begin: int, end: int) -> tuple[Window, ...]:
    """One window a part of the people: rows before `until` of the others teach, rows from begin to end are judged."""
    return tuple(
        Window(np.flatnonzero(part[:until] != number), begin + np.flatnonzero(part[begin:end] == number))
        for number in range(PARTS)
    )


def never(people: Sequence[int]) -> Index:
    """Instants that do not come, one a person."""
    return np.full(len(people), FOR_EVER, np.int64)
