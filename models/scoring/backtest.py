"""What changed point rules would have done with history: whose tasks, how many a day, how good. Start with `tried`.

Pure: history comes as `Past`, a person each, with what was known then (`counts_at`); nothing walks, nothing is stored.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from hagukumi.journeys.core.facts import Activity, Change
from hagukumi.journeys.core.values import Calendar, Span
from models.scoring.jumps import TALKS, JumpKind, judge, jumps
from models.scoring.many import Columns, micros
from models.scoring.points import Scorer, Standing
from models.scoring.receipts import Receipt
from models.scoring.rules import JumpRule

FEW_OUTCOMES = 50
"""With fewer outcomes the interval is what counts."""
DRAWS = 2_000
SEED = 20_260_401
"""The interval is the same on every machine and in every repetition."""


LINES = tuple(map(Decimal, (20, 30, 40, 50, 60, 70, 80, 90, 100)))
RISES = tuple(map(Decimal, (10, 15, 20, 25, 30, 40, 50)))
"""What tuning tries."""
FILLED = 0.8
"""A capacity used so far is used."""


class Past(NamedTuple):
    """One person's history. activities: all kinds that either rule file counts, ascending by (counts_at, id).

    changes: attribute changes, ascending; attributes as they stand now. outcomes: instants at which it became known
    that the person was won for a talk, ascending. calls: when somebody called. off_target: when a task that a jump had
    made was marked as beside the point.
    """

    person: int
    attributes: Mapping[str, Any]
    activities: Sequence[Activity]
    changes: Sequence[Change] = ()
    outcomes: tuple[datetime, ...] = ()
    calls: tuple[datetime, ...] = ()
    off_target: tuple[datetime, ...] = ()


class Judged(NamedTuple):
    """An event that might make a task: tenths at the start of the window, without it, with it."""

    at: datetime
    start: datetime
    event: Activity
    then: int
    before: int
    after: int


class Call(NamedTuple):
    """A task for inside sales: whose, when, by which event, from how many tenths to how many."""

    person: int
    at: datetime
    event: int
    kind: JumpKind
    before: int
    after: int


class Period(NamedTuple):
    """What is looked at: business days from `since` to `until`, and how long after a task an outcome is its own."""

    since: datetime
    until: datetime
    within: Span
    calendar: Calendar

    def days(self) -> list[date]:
        """The business days, ascending."""
        found: list[date] = []
        at = self.calendar.add_business_days(self.calendar.add_days(self.since, -1), 1)
        while at <= self.until:
            found.append(self.calendar.local(at).date())
            at = self.calendar.add_business_days(at, 1)
        return found


class Figures(NamedTuple):
    """How one rule file did. precision is that of `tasks` so far; `waiting` of them have no outcome and time left.

    low, high: 95 % interval of the precision (people drawn anew). recall: of `outcomes` people, those `caught`.
    called: tasks after which somebody did call: of the others nobody can know. days: tasks a business day.
    off_target: tasks that were the last before somebody marked one of the person's as beside the point.
    """

    tasks: int
    hits: int
    waiting: int
    called: int
    precision: float | None
    low: float | None
    high: float | None
    outcomes: int
    caught: int
    recall: float | None
    days: dict[date, int]
    off_target: int = 0

    @property
    def per_day(self) -> float:
        """Tasks a business day, on average."""
        return self.tasks / len(self.days) if self.days else 0.0

    def flood(self, capacity: int) -> dict[date, int]:
        """Days with more tasks than can be worked."""
        return {day: number for day, number in self.days.items() if number > capacity}

    def drought(self) -> list[tuple[date, date, int]]:
        """Business days in a row without any task: first, last, how many."""
        runs: list[tuple[date, date, int]] = []
        running = False
        for day, number in self.days.items():
            if number:
                running = False
            elif running:
                runs[-1] = (runs[-1][0], day, runs[-1][2] + 1)
            else:
                runs.append((day, day, 1))
                running = True
        return runs


class Moved(NamedTuple):
    """Somebody who gets a task under one rule file alone: that task, and the receipts of both at that instant."""

    call: Call
    old: Receipt
    new: Receipt


class Tried(NamedTuple):
    """Both rule files over the same history."""

    old: Figures
    new: Figures
    gained: tuple[Moved, ...]
    lost: tuple[Moved, ...]


class Setting(NamedTuple):
    """A line and a rise, and how they would have done."""

    line: float
    rise: float
    figures: Figures


class Tuned(NamedTuple):
    """The proposal (None: nothing fits), and the best setting of each line tried. full: it uses the capacity."""

    best: Setting | None
    full: bool
    curve: tuple[Setting, ...]


class Replayed:
    """A rule file over everybody's history: events judged once, tasks by any jump rule."""

    def __init__(self, scorer: Scorer, pasts: Sequence[Past], calendar: Calendar) -> None:
        self.scorer, self.pasts, self.calendar = scorer, pasts, calendar
        self.standings = [scorer.of(past.attributes, past.activities, past.changes) for past in pasts]
        self._judged = judged(scorer, self.standings, calendar)

    def calls(self, rule: JumpRule | None = None) -> list[Call]:
        """The tasks that the jump rule (else the file's own) makes, ascending."""
        rule = rule or self.scorer.rules.jump
        if rule is None:
            return []
        found: list[Call] = []
        for past, standing, events in zip(self.pasts, self.standings, self._judged, strict=True):
            found += self._calls_of(past.person, standing, events, rule)
        return sorted(found, key=lambda call: (call.at, call.event))

    def _calls_of(self, person: int, standing: Standing, events: Sequence[Judged], rule: JumpRule) -> Iterable[Call]:
        last: datetime | None = None
        for one in events:
            kind = judge(rule, one.then, one.before, one.after)
            if last is not None:
                if kind is None and one.start >= last:
                    continue
                if one.at < rule.cool_down.after(last, self.calendar):
                    continue
                if one.start < last:
                    # The window begins at the last jump: this one is asked as the engine asks.
                    kind = self._exactly(standing, one, last, rule)
            if kind is not None:
                yield Call(person, one.at, one.event.id, kind, one.before, one.after)
                last = one.at

    def _exactly(self, standing: Standing, one: Judged, last: datetime, rule: JumpRule) -> JumpKind | None:
        asked = replace(self.scorer, rules=replace(self.scorer.rules, jump=rule))
        found = jumps(replace(standing, scorer=asked), {one.event.id}, self.calendar, last)
        return found[0].kind if found else None


def judged(scorer: Scorer, standings: Sequence[Standing], calendar: Calendar) -> list[list[Judged]]:
    """Every event that may make a task, of each person, in the order in which they counted; in columns."""
    window = (scorer.rules.jump or JumpRule()).window
    columns = Columns(scorer)
    events = columns.events_of(standings)
    asked: list[tuple[int, int, Activity, datetime, int]] = []
    for row, standing in enumerate(standings):
        counted = sorted(standing.counted, key=lambda each: (each[0].counts_at, each[0].id))
        asked += [
            (row, place, did, window.before(did.counts_at, calendar), standing.fit(did.counts_at))
            for place, (did, by) in enumerate(counted)
            if by.value > 0 and did.kind not in TALKS
        ]
    found: list[list[Judged]] = [[] for _ in standings]
    if not asked:
        return found
    who = np.array([each[0] for each in asked], np.int64)
    cause = events.starts[who] + np.array([each[1] for each in asked], np.int64)
    start = np.array([micros(each[3]) for each in asked], np.int64)
    fit, at = np.array([each[4] for each in asked], np.int64), events.counts[cause]
    then, before, after = (
        columns.total(columns.behaviour(events, who, when, upto), fit).tolist()
        for when, upto in ((start, cause + 1), (at, cause), (at, cause + 1))
    )
    for number, (row, _, did, begins, _) in enumerate(asked):
        found[row].append(Judged(did.counts_at, begins, did, then[number], before[number], after[number]))
    return found


def tried(old: Replayed, new: Replayed, period: Period) -> Tried:
    """Both over the same history, and who gets a task under one of them alone."""
    olds, news = ([call for call in each.calls() if call.at >= period.since] for each in (old, new))
    rows = {past.person: row for row, past in enumerate(old.pasts)}

    def moved(mine: Sequence[Call], theirs: Sequence[Call]) -> tuple[Moved, ...]:
        others = {call.person for call in theirs}
        first: dict[int, Call] = {}
        for call in mine:
            if call.person not in others:
                first.setdefault(call.person, call)
        return tuple(
            Moved(call, *(each.standings[rows[call.person]].receipt(call.at) for each in (old, new)))
            for call in first.values()
        )

    pasts = old.pasts
    return Tried(
        figures(old.calls(), pasts, period), figures(new.calls(), pasts, period), moved(news, olds), moved(olds, news)
    )


def figures(calls: Sequence[Call], pasts: Sequence[Past], period: Period, *, interval: bool = True) -> Figures:
    """How these tasks did against what came of the people."""
    known = {past.person: past for past in pasts}
    mine = [call for call in calls if period.since <= call.at <= period.until]
    ends = [period.within.after(call.at, period.calendar) for call in mine]
    hits = [
        any(call.at < at <= end for at in known[call.person].outcomes) for call, end in zip(mine, ends, strict=True)
    ]
    waiting = sum(end > period.until and not hit for end, hit in zip(ends, hits, strict=True))
    called = sum(
        any(call.at < at <= end for at in known[call.person].calls) for call, end in zip(mine, ends, strict=True)
    )
    won = {past.person: at for past in pasts for at in past.outcomes[::-1] if period.since <= at <= period.until}
    given: dict[int, list[datetime]] = {}
    for call in calls:
        given.setdefault(call.person, []).append(call.at)
    caught = sum(
        any(made < at <= period.within.after(made, period.calendar) for made in given.get(person, ()))
        for person, at in won.items()
    )
    low, high = _interval([call.person for call in mine], hits) if interval else (None, None)
    return Figures(
        len(mine), sum(hits), waiting, called, sum(hits) / len(mine) if mine else None, low, high,
        len(won), caught, caught / len(won) if won else None, _by_day(mine, period), _off_target(mine, ends, known),
    )  # fmt: skip


def _off_target(calls: Sequence[Call], ends: Sequence[datetime], known: Mapping[int, Past]) -> int:
    """Tasks that were marked as beside the point; a mark is about the person's last task before it."""
    marked = set()
    for place, (call, end) in enumerate(zip(calls, ends, strict=True)):
        for at in known[call.person].off_target:
            if call.at <= at <= end:
                # Calls ascend: a later one of the same person takes the mark over.
                marked.add((call.person, at, place))
    last = {(person, at): place for person, at, place in sorted(marked, key=lambda each: each[2])}
    return len(set(last.values()))


def tuned(new: Replayed, period: Period, capacity: int) -> Tuned:
    """The line and the rise that fill the capacity at the best precision; for each line its best rise.

    Where nothing fills it: the best precision of what foresees no fewer outcomes than the file's own rule.
    """
    rule = new.scorer.rules.jump or JumpRule()
    lines = sorted({*LINES, *(() if rule.line is None else (rule.line,))})
    rises = sorted({*RISES, rule.rise})
    every = []
    for line in lines:
        for rise in rises:
            calls = new.calls(replace(rule, line=line, rise=rise))
            every.append(Setting(float(line), float(rise), figures(calls, new.pasts, period, interval=False)))
    fitting = [each for each in every if 0 < each.figures.per_day <= capacity]
    curve = tuple(
        max(some, key=_merit) for line in lines if (some := [each for each in fitting if each.line == float(line)])
    )
    if not fitting:
        return Tuned(None, False, curve)
    filling = [each for each in fitting if each.figures.per_day >= FILLED * capacity]
    own = figures(new.calls(), new.pasts, period, interval=False).recall or 0.0
    as_good = [each for each in fitting if (each.figures.recall or 0.0) >= own]
    best = max(filling or as_good or fitting, key=_merit)
    calls = new.calls(replace(rule, line=Decimal(str(best.line)), rise=Decimal(str(best.rise))))
    return Tuned(best._replace(figures=figures(calls, new.pasts, period)), bool(filling), curve)


def _merit(setting: Setting) -> tuple[float, float]:
    return (setting.figures.precision or 0.0, setting.figures.recall or 0.0)


def _by_day(calls: Sequence[Call], period: Period) -> dict[date, int]:
    """Tasks of each business day; what is made on a day off is worked on the next."""
    days = period.days()
    places = (bisect_left(days, period.calendar.local(call.at).date()) for call in calls)
    counted = Counter(min(place, len(days) - 1) for place in places) if days else Counter[int]()
    return {day: counted.get(number, 0) for number, day in enumerate(days)}


def _interval(people: Sequence[int], hits: Sequence[bool]) -> tuple[float | None, float | None]:
    """95 % of what the precision might have been: people drawn anew, each with all tasks."""
    if not people:
        return None, None
    rows = {person: row for row, person in enumerate(dict.fromkeys(people))}
    tasks, won = np.zeros(len(rows)), np.zeros(len(rows))
    for person, hit in zip(people, hits, strict=True):
        tasks[rows[person]] += 1
        won[rows[person]] += hit
    weights = np.random.default_rng(SEED).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), DRAWS)
    rates = (weights @ won) / (weights @ tasks)
    low, high = np.quantile(rates, (0.025, 0.975)).tolist()
    return low, high
