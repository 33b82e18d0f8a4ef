"""Looking ahead is impossible: whatever comes later changes no feature of an earlier moment, to the last bit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hagukumi.files import read_files
from hagukumi.workspace import CHECKOUT, open_folder
from models.scoring.features import Builder
from models.scoring.moments import DAY, FOR_EVER, Change, History, What, cut, reached
from models.scoring.points import EPOCH, compile_points
from models.scoring.tables import Table

FILES = read_files(open_folder(CHECKOUT))
assert FILES.points is not None
SCORER = compile_points(FILES.points)
THEMES = {name: piece.theme for name, piece in FILES.pieces.items() if piece.theme is not None}
WHATS = (
    What("visited", "pricing"), What("clicked", "overtime-summary"), What("downloaded", "hospital-roi"),
    What("submitted", "contact"), What("called", None, "会話"), What("called", None, "不在"), What("received"),
    What("unsubscribed"), What("replied"),
)  # fmt: skip
PEOPLE = 3
YEAR = 365 * DAY
ATTRIBUTES: dict[str, list[Any]] = {
    "stage": ["lead", "mql", "lead"], "role": [None, "decision_maker", "user"], "kind": ["hospital", "clinic", None],
    "industry": [None] * 3, "owner_type": [None] * 3, "source": ["card"] * 3, "beds": [120, None, 30],
    "headcount": [None, 5, 300],
}  # fmt: skip
NEWS = {"stage": "sql", "role": "opponent", "kind": "company", "beds": 999, "source": "web"}

Act = tuple[int, int, int, int, int]
acts = st.lists(
    st.tuples(
        st.integers(0, PEOPLE - 1), st.integers(0, YEAR), st.integers(0, 3 * DAY), st.integers(0, len(WHATS) - 1),
        st.integers(-1, 4),
    ),
    max_size=25,
)  # fmt: skip
rows = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, YEAR)), min_size=1, max_size=6)


def builder() -> Builder:
    return Builder(SCORER, THEMES, 9 * 3600 * 1_000_000)


def history(some: list[Act], ends: dict[int, int] | None = None) -> History:
    """Acts as (person, occurred, how long until it counted, what, letter)."""
    some = sorted(some)
    column = [np.array([act[place] for act in some], np.int64) for place in range(5)]
    last = np.full(len(some), FOR_EVER)
    for place, at in (ends or {}).items():
        last[place] = at
    return History(
        [1, 2, 3], ATTRIBUTES, (), column[0], column[1] + column[2], last, column[1], column[3].astype(np.int32),
        column[4], WHATS,
    )  # fmt: skip


def features(past: History, asked: list[tuple[int, int]]) -> Table:
    person, at = (np.array([row[place] for row in asked], np.int64) for place in (0, 1))
    return builder().table(cut(past, person, at))


def same(one: Table, other: Table) -> bool:
    """Bit by bit: NaN is NaN, and words are their texts."""
    for a, b in zip(one, other, strict=True):
        if a.name != b.name or a.kind != b.kind:
            return False
        if a.codes is not None:
            said = [[None if code < 0 else c.levels[code] for code in c.words.tolist()] for c in (a, b)]
            if said[0] != said[1]:
                return False
        elif a.numbers.tobytes() != b.numbers.tobytes():
            return False
    return True


@settings(max_examples=150)
@given(acts, rows, acts, st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from(sorted(NEWS)))))
def test_what_comes_later_changes_nothing(
    past: list[Act], asked: list[tuple[int, int]], more: list[Act], news: list[tuple[int, str]]
) -> None:
    end = max(at for _, at in asked)
    before = features(history(past), asked)
    later = [
        (who, at, end + 1 - at + wait if at <= end else wait, what, letter) for who, at, wait, what, letter in more
    ]
    grown = history(past + later)
    attributes = {name: list(cells) for name, cells in ATTRIBUTES.items()}
    changes = []
    for number, (who, name) in enumerate(news):
        changes.append(Change(who, end + 1 + number, name, attributes[name][who]))
        attributes[name][who] = NEWS[name]
    assert same(before, features(replace(grown, attributes=attributes, changes=tuple(changes)), asked))


@given(acts, st.integers(0, YEAR))
def test_a_mark_that_comes_later_takes_nothing_back(past: list[Act], at: int) -> None:
    asked = [(who, at) for who in range(PEOPLE)]
    marked = dict.fromkeys(range(len(past)), at + 1)
    assert same(features(history(past), asked), features(history(past, marked), asked))


def test_a_mark_that_was_known_takes_the_act_away() -> None:
    past = [(0, 10 * DAY, 0, 1, 0)]
    asked = [(0, 20 * DAY)]
    assert features(history(past), asked)["clicked"].numbers[0] == 1
    assert features(history(past, {0: 15 * DAY}), asked)["clicked"].numbers[0] == 0


@settings(max_examples=100)
@given(acts, st.integers(0, YEAR))
def test_points_are_those_of_the_receipt(past: list[Act], at: int) -> None:
    """All at once or one by one: the same points, whatever was done when."""
    from datetime import timedelta

    from hagukumi.journeys.core.facts import Activity

    def instant(micros: int) -> Any:
        return EPOCH + timedelta(microseconds=micros)

    found = features(history(past), [(who, at) for who in range(PEOPLE)])["points"].numbers
    for who in range(PEOPLE):
        did = [
            Activity(n, WHATS[what].kind, instant(t), instant(t + wait), WHATS[what].content, None, WHATS[what].outcome)
            for n, (person, t, wait, what, _) in enumerate(past)
            if person == who
        ]
        given_ = {name: cells[who] for name, cells in ATTRIBUTES.items()}
        assert found[who] == SCORER.points(given_, did, instant(at))


def test_when_somebody_became_something() -> None:
    stages = replace(
        history([]),
        attributes={"stage": ["won", "lead", "sql"]},
        changes=(Change(0, 5, "stage", "lead"), Change(0, 9, "stage", "mql"), Change(0, 12, "stage", "opportunity")),
    )
    assert reached(stages, "stage", frozenset({"sql", "opportunity", "won"})).tolist() == [9, FOR_EVER, -1]
