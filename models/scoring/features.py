"""Features of a person at a moment, made of a Known: who they are, what they did, how lately, about what.

Start with `Builder.table`. It is handed a Known, so what came later cannot get in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.steps.outcomes import CONVERSATIONS, NOT_REACHED
from models.scoring.crossings import Cap
from models.scoring.moments import DAY, NO_LETTER, Known, What
from models.scoring.points import EPOCH, NO_CALENDAR, NOBODY, Scorer
from models.scoring.tables import Bools, Codes, Column, Floats, Index, Table, numbers, words

POINTS, RISE = "points", "points_rise"
WORDS = ("stage", "role", "kind", "industry", "owner_type", "source")
NUMBERS = ("beds", "headcount")
DEEDS = ("visited", "clicked", "downloaded", "submitted", "registered", "attended", "replied", "met", "opened")
TALKED, DECLINED, MISSED, REFUSED, RECEIVED = "talked", "declined", "not_reached", "refused", "received"
GROUPS = (*DEEDS, TALKED, DECLINED, MISSED, REFUSED, RECEIVED)
OTHER = len(GROUPS)
NO = frozenset({"課題なし", "競合導入済", "電話お断り", "NG"})
"""What people say on the phone who do not want to go on."""
HALF = 14 * DAY
"""Warmth of acts and themes halves within two weeks."""
WEEK, MONTH = 7 * DAY, 28 * DAY
LOOK = 180 * DAY
"""Older acts count for the points alone: else features would grow with the age of the workspace."""
HOURS = (9, 18)
HOUR = DAY // 24


class _Coded(NamedTuple):
    """What each kind of act means here, by its place in `whats`: its group, its theme, the rule that counts it."""

    group: Codes
    theme: Codes
    rule: Codes


@dataclass
class Builder:
    """scorer: the point rules. themes: content -> theme. offset: microseconds by which our clocks are ahead of UTC.

    With other rules the same person has other points, so a model is told by its features, not by the rules' text.
    """

    scorer: Scorer
    themes: Mapping[str, str]
    offset: int
    _fits: dict[tuple[Any, ...], int] = field(default_factory=dict, repr=False)

    @property
    def attributes(self) -> frozenset[str]:
        """What has to be known about people."""
        return frozenset((*WORDS, *NUMBERS)) | self.scorer.needs.attributes

    def table(self, known: Known) -> Table:
        """A row of features for each row of `known`, in its order."""
        coded = self._coded(known.whats)
        age = np.maximum(known.at[known.row] - known.occurred, 0)
        group = np.where(age <= LOOK, coded.group[known.what], OTHER)
        columns: list[Column] = [
            numbers(POINTS, self._points(known, coded, known.at) / 10),
            *(words(name, known.attributes[name]) for name in WORDS),
            *(numbers(name, _amounts(known.attributes[name])) for name in NUMBERS),
        ]
        rise = columns[0].numbers - self._points(known, coded, known.at - WEEK) / 10
        columns.insert(1, numbers(RISE, rise))
        columns += _by_group(known, group, age)
        columns += self._by_theme(known, coded.theme[known.what], group, age)
        columns += _of_letters(known, group, age)
        columns.append(numbers("off_hours", self._off_hours(known, group)))
        return Table.of(columns)

    def _coded(self, whats: tuple[What, ...]) -> _Coded:
        themes = {name: number for number, name in enumerate(sorted(set(self.themes.values())))}
        group = np.array([_group(what) for what in whats], np.int32)
        theme = [themes.get(self.themes.get(what.content or "", ""), -1) for what in whats]
        return _Coded(group, np.array(theme, np.int32), np.array([self._rule(what) for what in whats], np.int32))

    def _rule(self, what: What) -> int:
        for rule in self.scorer.by_kind.get(what.kind, ()):
            content = not rule.content or what.content in rule.content
            if content and (not rule.outcome or what.outcome in rule.outcome):
                return rule.number
        return -1

    def _points(self, known: Known, coded: _Coded, at: Index) -> Floats:
        """Tenths as points.py counts them, for all rows at once; `at` may lie before the rows' moments."""
        scorer, rule = self.scorer, coded.rule[known.what]
        there = (rule >= 0) & (known.occurred <= at[known.row])
        rule, row = rule[there], known.row[there]
        rules = len(scorer.behaviour)
        value = np.array([each.value for each in scorer.behaviour] or [0.0])
        half = np.array([each.half for each in scorer.behaviour] or [1.0]) * 1e6
        age = (at[row] - known.occurred[there]).astype(np.float64)
        worth = np.round(value[rule] * 0.5 ** (age / half[rule]))
        sums = _sums(row * rules + rule, worth, known.rows * rules).reshape(known.rows, rules)
        for cap in scorer.caps:
            _keep_within(sums, cap)
        return np.asarray(np.clip(sums.sum(axis=1) + self._fit(known), scorer.floor, scorer.ceiling))

    def _fit(self, known: Known) -> Floats:
        names = sorted(self.scorer.needs.attributes)
        if not names:
            return np.zeros(known.rows)
        cells = zip(*(known.attributes[name] for name in names), strict=True)
        fits = self._fits
        return np.array([fits[c] if c in fits else self._learn_fit(names, c) for c in cells], np.float64)

    def _learn_fit(self, names: list[str], cells: tuple[Any, ...]) -> int:
        facts, moment = Facts(dict(zip(names, cells, strict=True))), Moment(EPOCH, NO_CALENDAR, "")
        tenths = sum(fit.tenths for fit in self.scorer.fits if fit.when.holds(NOBODY, facts, moment))
        if len(self._fits) > 100_000:
            self._fits.clear()
        self._fits[cells] = tenths
        return tenths

    def _by_theme(self, known: Known, theme: Codes, group: Codes, age: Index) -> list[Column]:
        names = sorted(set(self.themes.values()))
        there = (theme >= 0) & (group < len(DEEDS))
        cell, warmth = known.row[there] * len(names) + theme[there], 0.5 ** (age[there] / HALF)
        warm = _sums(cell, warmth, known.rows * len(names)).reshape(known.rows, len(names))
        return [numbers(f"theme:{name}", warm[:, number]) for number, name in enumerate(names)]

    def _off_hours(self, known: Known, group: Codes) -> Floats:
        """Share of what somebody did by themselves in the evening, at night or at the weekend; NaN: nothing."""
        there = group < len(DEEDS)
        local = known.occurred[there] + self.offset
        hour, weekday = local // HOUR % 24, (local // DAY + 3) % 7
        off = (hour < HOURS[0]) | (hour >= HOURS[1]) | (weekday > 4)
        return _share(_sums(known.row[there], off, known.rows), _sums(known.row[there], None, known.rows))


def _group(what: What) -> int:
    kind = what.kind
    if kind == "called":
        kind = MISSED if what.outcome in NOT_REACHED else DECLINED if what.outcome in NO else TALKED
        if kind == TALKED and what.outcome not in CONVERSATIONS:
            return OTHER
    elif kind == "unsubscribed":
        kind = REFUSED
    return GROUPS.index(kind) if kind in GROUPS else OTHER


def _by_group(known: Known, group: Codes, age: Index) -> list[Column]:
    """How often, how warm, and how long ago, for each group of acts."""
    there = group < OTHER
    cell = known.row[there] * OTHER + group[there]
    shape, size = (known.rows, OTHER), known.rows * OTHER
    often = _sums(cell, None, size).reshape(shape)
    warm = _sums(cell, 0.5 ** (age[there] / HALF), size).reshape(shape)
    last = np.full(size, np.inf)
    np.minimum.at(last, cell, age[there] / DAY)
    last = np.where(np.isinf(last), np.nan, np.floor(last)).reshape(shape)
    found = []
    for number, name in enumerate(GROUPS):
        found.append(numbers(name, often[:, number]))
        found.append(numbers(f"{name}:warm", warm[:, number]))
        found.append(numbers(f"{name}:days", last[:, number]))
    return found


def _of_letters(known: Known, group: Codes, age: Index) -> list[Column]:
    """Letters of the last four weeks, and which share of all letters a human clicked."""
    received = group == GROUPS.index(RECEIVED)
    lately = _sums(known.row[received & (age <= MONTH)], None, known.rows)
    clicked = (group == GROUPS.index("clicked")) & (known.letter != NO_LETTER)
    pairs = np.unique(np.column_stack((known.row[clicked], known.letter[clicked])), axis=0)
    share = _share(_sums(pairs[:, 0], None, known.rows), _sums(known.row[received], None, known.rows))
    return [numbers("received_month", lately), numbers("click_share", share)]


def _keep_within(sums: Floats, cap: Cap) -> None:
    """crossings.keep_within for all rows at once."""
    total = sums[:, list(cap.rules)].sum(axis=1)
    over = total - np.clip(total, cap.low, cap.high)
    for rule in reversed(cap.rules):
        own = sums[:, rule]
        part = np.where(over > 0, np.minimum(over, own), np.where(over < 0, np.maximum(over, own), 0.0))
        sums[:, rule] -= part
        over -= part


def _sums(cell: Index, weight: Floats | Bools | None, size: int) -> Floats:
    """What falls into each cell, counted or added up."""
    return np.asarray(np.bincount(cell, weight, size), np.float64)


def _share(part: Floats, whole: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(whole > 0, part / whole, np.nan), np.float64)


def _amounts(cells: Any) -> Floats:
    return np.array([np.nan if cell is None else cell for cell in cells], np.float64)
