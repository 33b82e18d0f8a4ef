"""The points of many people at once, in columns (numpy): the very figures of models.scoring.points. Start at `Events`.

A question is a person (row), an instant and how many of the person's events are known; the answer is whole tenths.
Instants are microseconds since the epoch, UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from math import inf, log2
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hagukumi.journeys.core.facts import Activity
from models.scoring.crossings import SECOND, Decay, Piece
from models.scoring.fading import Moving, Real, Whole, first_reached, pairs, summed, worths
from models.scoring.points import EPOCH, MICROSECOND, Scorer, Standing, Stretch, first_crossing
from models.scoring.rules import GradeRules

AT_ONCE = 250_000
"""Pairs of a question and an event worked out in one go: bounds the memory, not the number of people."""
NO_THEME = UNCOUNTED = -1
DAY = 86_400.0


class Events(NamedTuple):
    """What people did, those of row p from starts[p] to starts[p + 1].

    rule: the number of the rule that counts it. theme: its theme's number, or NO_THEME.
    """

    starts: Whole
    rule: Whole
    occurred: Whole
    counts: Whole
    theme: Whole

    @property
    def people(self) -> int:
        """How many rows."""
        return len(self.starts) - 1


class Code(NamedTuple):
    """What the rules make of an activity: the rule that counts it (UNCOUNTED: none), its theme, whether it settles."""

    rule: int
    theme: int
    clicked: bool


class Codes(dict[tuple[str, str | None, str | None], Code]):
    """Code by (kind, content, outcome), each found out when first asked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def __missing__(self, key: tuple[str, str | None, str | None]) -> Code:
        found = self[key] = self._columns.code(*key)
        return found


class ManyScored(NamedTuple):
    """A row a person: tenths, next crossing (microseconds, 0: never), places of the grade, tenths by theme."""

    points: list[int]
    lines: list[int]
    fit: list[int]
    behaviour: list[int]
    themes: dict[int, list[tuple[str, int]]]


class Columns:
    """Point rules as arrays; one serves all people."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.value: Real = np.array([rule.value for rule in scorer.behaviour] or [0.0])
        self.half: Real = np.array([rule.half for rule in scorer.behaviour] or [inf])
        self.lines: Whole = np.array(sorted(int(line * 10) for line in scorer.rules.lines), np.int64)
        self.themes: list[str] = []
        self.codes = Codes(self)

    @cached_property
    def lasting(self) -> dict[str, timedelta | None]:
        """How long an activity of a kind is worth anything at the most; None: for ever."""
        found: dict[str, timedelta | None] = {}
        for kind, rules in self.scorer.by_kind.items():
            days = [log2(2 * max(abs(rule.value), 0.5)) * rule.half / DAY for rule in rules]
            found[kind] = None if max(days) == inf else timedelta(days=max(days) + 1)
        return found

    def code(self, kind: str, content: str | None, outcome: str | None) -> Code:
        """What the rules make of such an activity."""
        activity = Activity(0, kind, EPOCH, EPOCH, content, None, outcome)
        rules = self.scorer.by_kind.get(kind, ())
        rule = next((rule.number for rule in rules if rule.fits(activity)), UNCOUNTED)
        return Code(rule, self._theme(content), kind == "clicked")

    def events_of(self, standings: Sequence[Standing]) -> Events:
        """The events of many people, a row each, in the order in which they count."""
        lengths, rule, occurred, counts, theme = [0], [], [], [], []
        for standing in standings:
            counted = sorted(standing.counted, key=lambda each: (each[0].counts_at, each[0].id))
            lengths.append(len(counted))
            for did, by in counted:
                rule.append(by.number)
                occurred.append(micros(did.occurred_at))
                counts.append(micros(did.counts_at))
                theme.append(self.codes[did.kind, did.content, did.outcome].theme)
        arrays = (np.array(each, np.int64) for each in (rule, occurred, counts, theme))
        return Events(np.cumsum(lengths), *arrays)

    def _theme(self, content: str | None) -> int:
        name = self.scorer.themes.get(content or "")
        if not name:
            return NO_THEME
        if name not in self.themes:
            self.themes.append(name)
        return self.themes.index(name)

    def behaviour(self, events: Events, who: Whole, at: Whole, upto: Whole | None = None) -> Whole:
        """Tenths for behaviour, within caps. upto: the place in `events` before which they are known; None: all."""
        first = events.starts[who]
        lengths = (events.starts[who + 1] if upto is None else upto) - first
        found = np.zeros(len(who), np.int64)
        for begin, end in _parts(lengths):
            found[begin:end] = self._part(events, first[begin:end], lengths[begin:end], at[begin:end])
        return found

    def total(self, behaviour: Whole, fit: Whole) -> Whole:
        """Tenths in all, between floor and ceiling."""
        kept: Whole = np.clip(behaviour + fit, self.scorer.floor, self.scorer.ceiling).astype(np.int64)
        return kept

    def loud(self, events: Events, asked: Sequence[tuple[int, int, int]], fits: Sequence[int]) -> list[bool]:
        """Whether events jump: (row, place among the row's events, start of the window), as jumps.judge would say."""
        rule = self.scorer.rules.jump
        if rule is None or not asked:
            return [False] * len(asked)
        who, place, start = (np.array(each, np.int64) for each in zip(*asked, strict=True))
        cause = events.starts[who] + place
        at, fit = events.counts[cause], np.array(fits, np.int64)[who]
        then, before, after = (
            self.total(self.behaviour(events, who, when, upto), fit)
            for when, upto in ((start, cause + 1), (at, cause), (at, cause + 1))
        )
        line = inf if rule.line is None else float(rule.line * 10)
        jumped = ((before < line) & (line <= after)) | (after - then >= int(rule.rise * 10))
        loud: list[bool] = (jumped & (after > before)).tolist()
        return loud

    def scored(self, events: Events, at: Sequence[int], fits: Sequence[int]) -> ManyScored:
        """Everything that is stored of a score, of each row."""
        who, when, fit = np.arange(events.people), np.array(at, np.int64), np.array(fits, np.int64)
        behaved = self.behaviour(events, who, when)
        lines, hard = self.next_crossings(events, who, when, fit)
        for row in np.flatnonzero(hard).tolist():
            lines[row] = self._by_hand(events, row, int(when[row]), int(fit[row])) or 0
        themes: dict[int, list[tuple[str, int]]] = {}
        split, people, theme = self.by_theme(events)
        points = self.behaviour(split, np.arange(split.people), when[people])
        for row, number, tenths in zip(people.tolist(), theme.tolist(), points.tolist(), strict=True):
            if tenths > 0:
                themes.setdefault(row, []).append((self.themes[number], tenths))
        rules = self.scorer.rules.grades
        fits_, behaviours = ([], []) if rules is None else (each.tolist() for each in grades(rules, fit, behaved))
        return ManyScored(self.total(behaved, fit).tolist(), lines.tolist(), fits_, behaviours, themes)

    def _by_hand(self, events: Events, row: int, at: int, fit: int) -> int | None:
        """The next crossing of somebody whose points fall and rise at once, or of whom something is still to count."""
        mine = slice(int(events.starts[row]), int(events.starts[row + 1]))
        known = list(zip(*(each[mine].tolist() for each in (events.rule, events.occurred, events.counts)), strict=True))
        scorer, nothing = self.scorer, (0,) * len(self.scorer.behaviour)
        starts = [at, *sorted({counts for _, _, counts in known if counts > at})]
        stretches = []
        for number, start in enumerate(starts):
            decays = [
                Decay(when, scorer.behaviour[rule].value, scorer.behaviour[rule].half, rule)
                for rule, when, counts in known
                if counts <= start
            ]
            piece = Piece(fit, decays, nothing, scorer.caps, scorer.floor, scorer.ceiling)
            end = starts[number + 1] - 1 if number + 1 < len(starts) else max(start, piece.still_after(start))
            stretches.append(Stretch(start, end, piece))
        first = stretches[0].piece
        return first_crossing(stretches, int(first.total(first.heights(at))), scorer.rules.lines)

    def read_events(self, people: Sequence[int], rows: Sequence[Sequence[Any]], settle: int) -> Events:
        """Rows (person, kind, content, outcome, occurred, known) of these people; a click counts `settle` later."""
        if not rows:
            nothing = np.zeros(0, np.int64)
            return Events(np.zeros(len(people) + 1, np.int64), nothing, nothing, nothing, nothing)
        who, kinds, contents, outcomes, occurred, known = zip(*rows, strict=True)
        codes = list(map(self.codes.__getitem__, zip(kinds, contents, outcomes, strict=True)))
        rule, theme, clicked = (
            np.fromiter(map(itemgetter(number), codes), np.int64, len(codes)) for number in range(len(Code._fields))
        )
        counts = np.array(known, np.int64) + clicked * settle
        row = np.searchsorted(np.array(people, np.int64), np.array(who, np.int64))
        kept = np.flatnonzero(rule != UNCOUNTED)
        order = kept[np.lexsort((counts[kept], row[kept]))]
        starts = np.concatenate(([0], np.cumsum(np.bincount(row[order], minlength=len(people))))).astype(np.int64)
        return Events(starts, rule[order], np.array(occurred, np.int64)[order], counts[order], theme[order])

    def by_theme(self, events: Events) -> tuple[Events, Whole, Whole]:
        """The same events with a row for each person and theme, and the person and the theme of each row."""
        themes = int(events.theme.max(initial=NO_THEME)) + 1
        owner = np.repeat(np.arange(events.people), np.diff(events.starts))
        mine = np.flatnonzero(events.theme != NO_THEME)
        keys = owner[mine] * themes + events.theme[mine]
        order = np.argsort(keys, kind="stable")
        rows, lengths = np.unique(keys, return_counts=True)
        mine = mine[order]
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        split = Events(starts, events.rule[mine], events.occurred[mine], events.counts[mine], events.theme[mine])
        return split, rows // max(themes, 1), rows % max(themes, 1)

    def next_crossings(self, events: Events, who: Whole, at: Whole, fit: Whole) -> tuple[Whole, NDArray[np.bool_]]:
        """When time alone carries each over a line (0: never), and whose answer has to be worked out one by one.

        Those are people whose points fall and rise at once, and those of whom something is still to count.
        """
        never = np.zeros(len(who), np.int64)
        if not len(self.lines) or not len(who):
            return never, np.zeros(len(who), bool)
        sign, ends, hard = self._ways(events, who, at)
        unclear = np.flatnonzero(hard)
        hard[unclear] = self._may_cross(events, who[unclear], at[unclear], fit[unclear])
        now = self.total(self.behaviour(events, who, at), fit)
        goal, any_ = self._goals(now, sign)
        asked = np.flatnonzero(any_ & ~hard & (sign != 0))
        last = np.maximum(ends, at)
        rest = self.total(self.behaviour(events, who[asked], last[asked]), fit[asked])
        asked = asked[np.where(sign[asked] > 0, rest <= goal[asked], rest >= goal[asked])]
        for begin, end in _parts(np.diff(events.starts)[who[asked]]):
            some = asked[begin:end]
            ask, place = pairs(events.starts[who[some]], np.diff(events.starts)[who[some]])
            rule = events.rule[place]
            moving = Moving(ask, rule, events.occurred[place], self.value[rule], self.half[rule])
            never[some] = first_reached(self, moving, at[some], last[some], fit[some], goal[some], sign[some])
        return never, hard

    def _part(self, events: Events, first: Whole, lengths: Whole, at: Whole) -> Whole:
        ask, place = pairs(first, lengths)
        rule, when = events.rule[place], at[ask]
        tenths = worths(self.value[rule], self.half[rule], events.occurred[place], when)
        tenths[events.counts[place] > when] = 0
        width = len(self.value)
        return self.capped(summed(ask * width + rule, tenths, (len(first), width)))

    def capped(self, sums: Real) -> Whole:
        """Tenths in all of the sums of each rule, a row a question; `sums` is used up."""
        for rules, low, high in self.scorer.caps:
            if len(rules) == 1:
                np.clip(sums[:, rules[0]], low, high, out=sums[:, rules[0]])
                continue
            some = list(rules)
            kept = np.clip(sums[:, some].sum(axis=1), low, high)
            # Nobody asks a rule by itself afterwards: the first may stand for its kind.
            sums[:, some] = 0
            sums[:, some[0]] = kept
        whole: Whole = sums.sum(axis=1).astype(np.int64)
        return whole

    def _ways(self, events: Events, who: Whole, at: Whole) -> tuple[Whole, Whole, NDArray[np.bool_]]:
        """1: points only fall, -1: they only rise, 0: they stay; when the last one has faded; whose way is unclear."""
        fades = (np.abs(self.value) >= 0.5) & np.isfinite(self.half)
        span = np.zeros(len(self.value))
        span[fades] = self.half[fades] * np.log2(2 * np.abs(self.value[fades])) * SECOND
        falls, rises = fades & (self.value > 0), fades & (self.value < 0)
        ends = events.occurred + span[events.rule].astype(np.int64) + SECOND
        lengths = np.diff(events.starts)
        full = np.flatnonzero(lengths)
        places = events.starts[:-1][full]

        def each(values: Whole | NDArray[np.bool_], gather: np.ufunc) -> Whole:
            found = np.zeros(events.people, np.int64)
            if len(full):
                found[full] = gather.reduceat(values.astype(np.int64), places)
            return found

        # Who faded long ago neither falls nor rises.
        alive = ends > np.repeat(_per_row(events, who, at), lengths)
        down = each(falls[events.rule] & alive, np.maximum)[who]
        up = each(rises[events.rule] & alive, np.maximum)[who]
        later = each(events.counts, np.maximum)[who] > at
        return down - up, each(ends, np.maximum)[who], (down & up).astype(bool) | later

    def _may_cross(self, events: Events, who: Whole, at: Whole, fit: Whole) -> NDArray[np.bool_]:
        """Whether a line lies between the least and the most that the points can be, or something still counts."""
        stays = np.isfinite(self.half)
        least, most = np.zeros(len(who), np.int64), np.zeros(len(who), np.int64)
        for gives, now in ((self.value > 0, most), (self.value < 0, least)):
            then = least if now is most else most
            now += self._of(events, who, at, gives)
            then += self._of(events, who, at, gives & ~stays)
        low, high = self.total(least, fit), self.total(most, fit)
        passed = np.searchsorted(self.lines, low, "left") != np.searchsorted(self.lines, high, "right")
        full = np.flatnonzero(np.diff(events.starts))
        latest = np.zeros(events.people, np.int64)
        if len(full):
            latest[full] = np.maximum.reduceat(events.counts, events.starts[:-1][full])
        may: NDArray[np.bool_] = passed | (latest[who] > at)
        return may

    def _of(self, events: Events, who: Whole, at: Whole, rules: NDArray[np.bool_]) -> Whole:
        """Tenths for behaviour by some rules alone, within their caps."""
        kept = rules[events.rule]
        starts = np.concatenate(([0], np.cumsum(kept)))[events.starts].astype(np.int64)
        some = Events(starts, *(each[kept] for each in events[1:]))
        return self.behaviour(some, who, at)

    def _goals(self, now: Whole, sign: Whole) -> tuple[Whole, NDArray[np.bool_]]:
        """The tenths whose reaching is the next crossing, falling or rising; and whether there are any."""
        lines = self.lines
        below = np.searchsorted(lines, now, "right") - 1
        above = np.searchsorted(lines, now, "left")
        falling = lines[np.maximum(below, 0)]
        falling = np.where(falling == now, falling - 1, falling)
        rising = lines[np.minimum(above, len(lines) - 1)]
        rising = np.where(rising == now, rising + 1, rising)
        there = np.where(sign > 0, below >= 0, above < len(lines))
        return np.where(sign > 0, falling, rising), there


def micros(at: datetime) -> int:
    """Microseconds since the epoch of an instant."""
    return (at - EPOCH) // MICROSECOND


def places(tenths: Whole, lines: Iterable[int]) -> Whole:
    """views.place for many: the first of the descending `lines` that is reached, from 0; else their number."""
    return sum(((tenths < line).astype(np.int64) for line in lines), np.zeros(len(tenths), np.int64))


def grades(rules: GradeRules, fit: Whole, behaviour: Whole) -> tuple[Whole, Whole]:
    """Places of fit (0 = A) and of behaviour (0 = 1)."""
    return (
        places(fit, [int(line * 10) for line in rules.fit]),
        places(behaviour, [int(line * 10) for line in rules.behaviour]),
    )


def _per_row(events: Events, who: Whole, at: Whole) -> Whole:
    found = np.zeros(events.people, np.int64)
    found[who] = at
    return found


def _parts(lengths: Whole) -> Iterator[tuple[int, int]]:
    """Stretches of questions with at most AT_ONCE pairs together, one question at the least."""
    sums = np.cumsum(lengths)
    begin, done = 0, 0
    while begin < len(lengths):
        end = max(int(np.searchsorted(sums, done + AT_ONCE, "right")), begin + 1)
        yield begin, end
        begin, done = end, int(sums[end - 1])
