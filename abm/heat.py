"""How much intent an account shows, how warm it is, and how far it has got. Pure, in whole numbers.

Points are made of what a source tells of a theme in a week, so stored weekly sums and a receipt give the same. Weeks
begin on Monday and are counted from 0001-01-01. Start with `Clockwork` and `intent_of`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from abm.intent import HORIZON, STAGES, UNIT, IntentRules, ListSource, OwnSource, Stage, StageRule
from abm.worked import SHARES, Share, Worked, shares
from hagukumi.journeys.core.values import Words

MILLION = 1_000_000
State = Literal["rising", "steady", "cooling", "quiet"]
Source = OwnSource | ListSource


def week_of(day: date) -> int:
    """The number of the day's week."""
    return (day.toordinal() - 1) // 7


def monday(week: int) -> date:
    """The first day of a week."""
    return date.fromordinal(week * 7 + 1)


class Cell(NamedTuple):
    """What one source told of one theme in one week. theme: '' for none. amount: hundredths of a unit."""

    theme: str
    source: str
    week: int
    amount: int


class Factor(NamedTuple):
    """What a source's week is worth now. decay: millionths. now, before: sixtieths of it that lie in these windows."""

    decay: int
    now: int
    before: int
    recent: bool
    base: bool


class Price(NamedTuple):
    """A source's weight and weekly cap, in tenths of a point."""

    weight: int
    cap: int

    def whole(self, amount: int) -> int:
        """Tenths of an amount before it fades."""
        return min(self.cap, (amount * self.weight + UNIT // 2) // UNIT)


def price_of(source: Source) -> Price:
    """What a source pays."""
    return Price(int(source.weight * 10), int(source.cap * 10))


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The rules at one moment. today: the day of the workspace's clock.

    newest, since: the last and the first week of which each source tells; a source that tells nothing is not in them.
    worked: how far our working hours have gone.
    """

    rules: IntentRules
    today: date
    newest: Mapping[str, int]
    since: Mapping[str, int]
    worked: Worked

    @property
    def week(self) -> int:
        """The running week."""
        return week_of(self.today)

    @property
    def sources(self) -> dict[str, Source]:
        """All sources by name, our own first."""
        every: list[Source] = [*self.rules.own, *self.rules.lists]
        return {each.id: each for each in every}

    def prices(self) -> dict[str, Price]:
        """What each source pays."""
        return {name: price_of(each) for name, each in self.sources.items()}

    def factors(self, source: Source) -> dict[int, Factor]:
        """What each week of the horizon is worth for a source."""
        now, recent = self._this_week(source), self.rules.surge.recent
        # A running week is not held against whole ones; a weekly list is whole as soon as it is there.
        first = now if _is_weekly(source) else self.week - 1
        known = self.has_history(source)
        windows = self._windows(source, now)
        made = {}
        for week in range(self.week - HORIZON, self.week + 1):
            age = (self.week - week) * 7
            made[week] = Factor(
                round(MILLION * 0.5 ** (age / source.half_life.amount)),
                *windows.get(week, _OUTSIDE),
                known and first - recent < week <= first,
                known and first - recent - self.rules.surge.before < week <= first - recent,
            )
        return made

    def _windows(self, source: Source, now: int) -> dict[int, Share]:
        """The weeks that lie in the windows of now and before; weekly lists are whole weeks."""
        if _is_weekly(source):
            return {now: Share(SHARES, 0), **{now - age: Share(0, SHARES) for age in (1, 2, 3)}}
        return {self.week - age: share for age, share in enumerate(shares(self.worked))}

    def has_history(self, source: Source) -> bool:
        """Whether enough weeks are known for three of them to be held against twelve before."""
        first = self._this_week(source) if _is_weekly(source) else self.week - 1
        least = first - self.rules.surge.recent - self.rules.surge.before + 1
        return self.since.get(source.id, self.week) <= least

    def _this_week(self, source: Source) -> int:
        """A weekly list that is not there yet is judged by the one before."""
        if _is_weekly(source):
            return min(max(self.newest.get(source.id, self.week), self.week - 1), self.week)
        return self.week


_OUTSIDE = Share(0, 0)


class Term(NamedTuple):
    """What a source's week adds to a theme, in tenths. whole: before it faded."""

    theme: str
    source: str
    week: int
    tenths: int
    whole: int


class Heat(NamedTuple):
    """The last five working days (or the last weekly list) against the average of the three times before, in tenths."""

    state: State
    this_week: int
    before: int


class Surge(NamedTuple):
    """A surge in our own history: score 0 to 100 (50: as before), None where it is too short or nothing is in it."""

    score: int | None
    surging: bool


@dataclass(frozen=True, slots=True)
class Theme:
    """An account's intent about one theme; '' for none."""

    theme: str
    tenths: int
    heat: Heat
    surge: Surge
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """An account's intent in tenths, at most the ceiling; the themes, the strongest first."""

    tenths: int
    heat: Heat
    themes: tuple[Theme, ...]
    over: int = 0

    @property
    def points(self) -> float:
        """Intent in steps of 0.1."""
        return self.tenths / 10

    @property
    def theme(self) -> str | None:
        """What it is about; None where nothing is known."""
        return next((each.theme for each in self.themes if each.theme and each.tenths), None)


class Sums(NamedTuple):
    """What weekly sums of one theme come to: faded tenths; levels of now and of before (sixtieths of a tenth).

    recent, base: 0 where nobody asks for a surge.
    """

    theme: str
    tenths: int
    now: int
    before: int
    recent: int = 0
    base: int = 0


def fade(whole: int, decay: int) -> int:
    """Tenths that are left of them."""
    return (whole * decay + MILLION // 2) // MILLION


def intent_of(clockwork: Clockwork, cells: Iterable[Cell]) -> Intent:
    """An account's intent with its terms; one cell for each theme, source and week."""
    prices = clockwork.prices()
    factors = {name: clockwork.factors(each) for name, each in clockwork.sources.items()}
    terms: dict[str, list[Term]] = defaultdict(list)
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for cell in cells:
        factor = factors.get(cell.source, {}).get(cell.week)
        if factor is None:
            continue
        whole = prices[cell.source].whole(cell.amount)
        term = Term(cell.theme, cell.source, cell.week, fade(whole, factor.decay), whole)
        terms[cell.theme].append(term)
        levels = (term.tenths, whole * factor.now, *(whole * part for part in factor[2:]))
        sums[cell.theme] = [one + more for one, more in zip(sums[cell.theme], levels, strict=True)]
    found = judged(clockwork.rules, [Sums(theme, *each) for theme, each in sums.items()])
    themes = tuple(
        Theme(each.theme, each.tenths, each.heat, each.surge, tuple(_newest_first(terms[each.theme])))
        for each in found.themes
    )
    return Intent(found.tenths, found.heat, themes, found.over)


def judged(rules: IntentRules, sums: Sequence[Sums]) -> Intent:
    """The same from sums that a database has made."""
    themes = [Theme(each.theme, each.tenths, _heat(rules, each.now, each.before), _surge(rules, each)) for each in sums]
    themes.sort(key=lambda each: (-each.tenths, each.theme.encode()))
    total = sum(each.tenths for each in themes)
    kept = min(total, rules.ceiling * 10)
    heat = _heat(rules, sum(each.now for each in sums), sum(each.before for each in sums))
    return Intent(kept, heat, tuple(themes), kept - total)


def _heat(rules: IntentRules, now: int, before: int) -> Heat:
    # before is as long as three times now.
    this, average = now * 3, before
    rule = rules.temperature
    state: State
    if not this and not average:
        state = "quiet"
    elif this * 100 >= average * rule.rising:
        state = "rising"
    elif this * 100 <= average * rule.cooling:
        state = "cooling"
    else:
        state = "steady"
    return Heat(state, (now + SHARES // 2) // SHARES, (before + 3 * SHARES // 2) // (3 * SHARES))


def _surge(rules: IntentRules, sums: Sums) -> Surge:
    recent, base = sums.recent * rules.surge.before, sums.base * rules.surge.recent
    if not recent + base:
        return Surge(None, False)
    score = (200 * recent + recent + base) // (2 * (recent + base))
    return Surge(score, score >= rules.surge.line)


def _newest_first(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: (-term.week, term.source.encode()))


def _is_weekly(source: Source) -> bool:
    return isinstance(source, ListSource) and source.covers == "week"


class Evidence(NamedTuple):
    """Something that tells how far an account is. label: what it was, as people say it."""

    stage: Stage
    source: str
    label: Words
    at: datetime
    tenths: int


class Standing(NamedTuple):
    """The stage of buying and what speaks for it, the strongest first; None where nothing does."""

    stage: Stage | None
    evidence: tuple[Evidence, ...]


def stage_of(rule: StageRule, evidence: Iterable[Evidence]) -> Standing:
    """The latest stage with enough points of evidence; where none has enough, the one with most."""
    by_stage: dict[Stage, list[Evidence]] = defaultdict(list)
    for each in evidence:
        by_stage[each.stage].append(each)
    points = {stage: sum(each.tenths for each in some) for stage, some in by_stage.items()}
    enough = [stage for stage in STAGES if points.get(stage, 0) >= rule.at_least * 10]
    most = max(points, key=lambda stage: (points[stage], STAGES.index(stage)), default=None)
    stage = enough[-1] if enough else most
    if stage is None:
        return Standing(None, ())
    return Standing(stage, tuple(sorted(by_stage[stage], key=lambda one: (-one.tenths, -one.at.timestamp()))))
