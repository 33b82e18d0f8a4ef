"""Points of a person at an instant. `compile_points` makes a Scorer of the rules, `Scorer.of` a person's Standing.

Each term is rounded to whole tenths, half to even, before anything is added: so the points are a step function of time
and a receipt adds up exactly. Imports journeys.core only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import inf
from typing import Any, NamedTuple, cast

from hagukumi.journeys.core.facts import Activity, Change, Facts
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition, Needs
from hagukumi.journeys.core.values import Calendar, Words
from models.scoring.crossings import Cap, Decay, Piece, keep_within, side, worth
from models.scoring.faults import HARMLESS, faults
from models.scoring.receipts import Receipt, Term, figure, phrase
from models.scoring.rules import BehaviourRule, PointRules
from models.scoring.words import KINDS, RECEIPT, say

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NOBODY = Journey(0, "", "", "", 0, 1, "", EPOCH, None, EPOCH)
NO_CALENDAR = cast(Calendar, None)
NO_THEMES: Mapping[str, str] = {}


class Fit(NamedTuple):
    """An attribute rule ready to ask."""

    rule: str
    when: Condition
    tenths: int
    because: Words


class Behaviour(NamedTuple):
    """A behaviour rule ready to match; half is in seconds, infinite when the points stay."""

    number: int
    name: str
    kind: str
    value: float
    half: float
    content: frozenset[str]
    outcome: frozenset[str]
    because: Words

    def fits(self, activity: Activity) -> bool:
        """Whether it counts an activity of its kind."""
        return (not self.content or activity.content in self.content) and (
            not self.outcome or activity.outcome in self.outcome
        )


Counted = tuple[Activity, Behaviour]
"""An activity and the rule that counts it."""


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """Compiled point rules. Immutable; one serves all people."""

    rules: PointRules
    fits: tuple[Fit, ...]
    behaviour: tuple[Behaviour, ...]
    by_kind: Mapping[str, tuple[Behaviour, ...]]
    caps: tuple[Cap, ...]
    floor: float
    ceiling: float
    needs: Needs
    themes: Mapping[str, str]

    def of(
        self, attributes: Mapping[str, Any], activities: Iterable[Activity], changes: Sequence[Change] = ()
    ) -> Standing:
        """A person's points at any instant; `changes` as in Facts. Machines' activities are left out by the caller."""
        counted: list[Counted] = []
        for activity in activities:
            for rule in self.by_kind.get(activity.kind, ()):
                if rule.fits(activity):
                    counted.append((activity, rule))
                    break
        return Standing(self, Facts(attributes, changes=changes), counted)

    def points(self, attributes: Mapping[str, Any], activities: Iterable[Activity], now: datetime) -> float:
        """Points at `now`, in steps of 0.1."""
        return self.of(attributes, activities).points(now)

    def receipt(self, attributes: Mapping[str, Any], activities: Iterable[Activity], now: datetime) -> Receipt:
        """Where the points at `now` come from."""
        return self.of(attributes, activities).receipt(now)

    def next_line(
        self, attributes: Mapping[str, Any], activities: Iterable[Activity], now: datetime, line: float
    ) -> datetime | None:
        """See Standing.next_line."""
        return self.of(attributes, activities).next_line(now, line)

    def next_crossing(
        self, attributes: Mapping[str, Any], activities: Iterable[Activity], now: datetime
    ) -> datetime | None:
        """See Standing.next_crossing."""
        return self.of(attributes, activities).next_crossing(now)


@dataclass(frozen=True, slots=True)
class Standing:
    """One person before the rules. `points` and `next_line` are what Facts asks for."""

    scorer: Scorer
    facts: Facts
    counted: Sequence[Counted]

    def points(self, now: datetime) -> float:
        """Points at `now`, in steps of 0.1."""
        return self.tenths(now) / 10

    def tenths(self, now: datetime, fit: int | None = None) -> int:
        """Points at `now` in whole tenths; `fit` stands in for the attributes' tenths when given."""
        total = self.behaviour(now) + (self.fit(now) if fit is None else fit)
        return int(min(max(total, self.scorer.floor), self.scorer.ceiling))

    def behaviour(self, now: datetime) -> int:
        """Tenths for what the person did, kept within caps; neither floor nor ceiling."""
        scorer = self.scorer
        sums: list[float] = [0] * len(scorer.behaviour)
        for activity, rule in self.counted:
            if activity.counts_at <= now:
                age = (now - activity.occurred_at).total_seconds()
                # `worth`, written out: this line runs for every activity of every person.
                sums[rule.number] += round(rule.value * 0.5 ** (age / rule.half)) if age > 0 else round(rule.value)
        keep_within(sums, scorer.caps)
        return int(sum(sums))

    def about(self, theme: str) -> Standing:
        """The same person as if nothing but content of this theme had been touched."""
        themes = self.scorer.themes
        counted = [each for each in self.counted if themes.get(each[0].content or "") == theme]
        return Standing(self.scorer, self.facts, counted)

    def fit(self, now: datetime) -> int:
        """Tenths for attributes as they stood at `now`."""
        return sum(fit.tenths for fit in self._fits(now))

    def receipt(self, now: datetime) -> Receipt:
        """Attributes in the rules' order, events newest first, then caps, then floor or ceiling. 0.0 is left out."""
        terms = [Term(fit.tenths, fit.rule, fit.because) for fit in self._fits(now) if fit.tenths]
        terms += self._events(now)
        terms += self._caps(terms)
        total = sum(term.tenths for term in terms)
        kept = int(min(max(total, self.scorer.floor), self.scorer.ceiling))
        if kept != total:
            code = "floor" if kept > total else "ceiling"
            terms.append(Term(kept - total, code, _words(code, figure(kept), figure(kept))))
        return Receipt(kept, tuple(terms))

    def next_line(self, now: datetime, line: float) -> datetime | None:
        """The first instant after `now` at which the points stand otherwise to `line`: above, on or below it.

        Exact to the microsecond for what is known: fading, activities that count later, coming changes of attributes.
        """
        at = _leaving(self._pieces(now), side(self.tenths(now), line), line)
        return None if at is None else EPOCH + at * MICROSECOND

    def next_behaviour_line(self, now: datetime, line: float) -> datetime | None:
        """The same for `behaviour` alone."""
        pieces = [
            each._replace(piece=each.piece._replace(fit=0, floor=-inf, ceiling=inf)) for each in self._pieces(now)
        ]
        at = _leaving(pieces, side(self.behaviour(now), line), line)
        return None if at is None else EPOCH + at * MICROSECOND

    def next_crossing(self, now: datetime, until: datetime | None = None) -> datetime | None:
        """The earliest next_line over all lines of the rules; None as well when it is later than `until`."""
        if not self.scorer.rules.lines:
            return None
        last = None if until is None else (until - EPOCH) // MICROSECOND + 1
        at = first_crossing(self._pieces(now), self.tenths(now), self.scorer.rules.lines, last)
        return None if at is None else EPOCH + at * MICROSECOND

    def known_before(self, activity: Activity, *, with_it: bool) -> Standing:
        """The same person as if what counts after `activity` had not happened (order: counts_at, then id)."""
        key = (activity.counts_at, activity.id)
        counted = [c for c in self.counted if (c[0].counts_at, c[0].id) < key or (with_it and c[0].id == activity.id)]
        return Standing(self.scorer, self.facts, counted)

    def worth_of(self, counted: Counted, now: datetime) -> int:
        """Tenths one activity is worth at `now`, before caps."""
        activity, rule = counted
        return worth(rule.value, rule.half, (now - activity.occurred_at).total_seconds())

    def _fits(self, now: datetime) -> list[Fit]:
        moment = Moment(now, NO_CALENDAR, "")
        return [fit for fit in self.scorer.fits if fit.when.holds(NOBODY, self.facts, moment)]

    def _events(self, now: datetime) -> list[Term]:
        known = [counted for counted in self.counted if counted[0].counts_at <= now]
        known.sort(key=lambda counted: (counted[0].occurred_at, counted[0].id), reverse=True)
        terms = []
        for counted in known:
            tenths = self.worth_of(counted, now)
            if tenths:
                did, rule = counted
                terms.append(Term(tenths, rule.name, rule.because, did.id, did.occurred_at, did.content))
        return terms

    def _caps(self, terms: Sequence[Term]) -> list[Term]:
        numbers = {rule.name: rule.number for rule in self.scorer.behaviour}
        sums: list[float] = [0] * len(numbers)
        for term in terms:
            if term.event is not None:
                sums[numbers[term.rule]] += term.tenths
        caps = []
        for cap in self.scorer.caps:
            total = sum(sums[rule] for rule in cap.rules)
            keep_within(sums, (cap,))
            kept = sum(sums[rule] for rule in cap.rules)
            if kept != total:
                name, said = self._capped(cap)
                because = _words("cap" if kept < total else "low_cap", said.ja, said.en, figure(int(abs(kept))))
                caps.append(Term(int(kept - total), name, because))
        return caps

    def _capped(self, cap: Cap) -> tuple[str, Words]:
        """What a cap is about: its rule, or the kind of its rules."""
        rule = self.scorer.behaviour[cap.rules[0]]
        if len(cap.rules) > 1:
            return rule.kind, KINDS[rule.kind]
        return rule.name, Words(*(phrase(rule.because, None, lang) for lang in ("ja", "en")))

    def _boundaries(self, now: datetime) -> list[datetime]:
        instants = {did.counts_at for did, _ in self.counted if did.counts_at > now}
        instants |= {change.at for change in self.facts.changes if change.at > now}
        return sorted(instants)

    def _pieces(self, now: datetime) -> list[Stretch]:
        """The time after `now` between what will count or change, each with its staircases; the last up to its rest."""
        starts = (now, *self._boundaries(now))
        found = []
        for number, start in enumerate(starts):
            piece = self._piece(start)
            begin = (start - EPOCH) // MICROSECOND
            if number + 1 < len(starts):
                end = (starts[number + 1] - EPOCH) // MICROSECOND - 1
            else:
                end = max(begin, piece.still_after(begin))
            found.append(Stretch(begin, end, piece))
        return found

    def _piece(self, start: datetime) -> Piece:
        decays = [
            Decay((did.occurred_at - EPOCH) // MICROSECOND, rule.value, rule.half, rule.number)
            for did, rule in self.counted
            if did.counts_at <= start
        ]
        scorer = self.scorer
        nothing = (0,) * len(scorer.behaviour)
        return Piece(self.fit(start), decays, nothing, scorer.caps, scorer.floor, scorer.ceiling)


class Stretch(NamedTuple):
    """Microseconds since the epoch, both included, and how the points move between them."""

    begin: int
    end: int
    piece: Piece


def _leaving(stretches: Sequence[Stretch], own: int, line: float, before: int | None = None) -> int | None:
    """The first instant (earlier than `before`) at which the points do not stand `own` to the line."""
    for begin, end, piece in stretches:
        if before is not None and begin >= before:
            return None
        at = piece.leaves(line, own, begin, end if before is None else min(end, before - 1))
        if at is not None:
            return at
    return None


def first_crossing(
    stretches: Sequence[Stretch], tenths: int, lines: Iterable[Decimal], before: int | None = None
) -> int | None:
    """The first instant (earlier than `before`) at which somebody with `tenths` leaves any of the lines."""
    first = before
    for line in lines:
        at = _leaving(stretches, side(tenths, float(line)), float(line), first)
        first = first if at is None else at
    return None if first == before else first


def compile_points(rules: PointRules, themes: Mapping[str, str] = NO_THEMES) -> Scorer:
    """Rules ready to count; `themes`: content -> its theme. Raises ValueError for `faults`: ask for them first."""
    found = [fault for fault in faults(rules) if fault.code not in HARMLESS]
    if found:
        raise ValueError(f"the point rules have faults: {found}")
    behaviour = tuple(_behaviour(index, rule) for index, rule in enumerate(rules.behaviour))
    by_kind: dict[str, tuple[Behaviour, ...]] = {}
    worthless = {rule.kind for rule in rules.behaviour} - {rule.kind for rule in rules.behaviour if rule.points}
    for rule, ready in zip(rules.behaviour, behaviour, strict=True):
        if rule.kind not in worthless:
            by_kind[rule.kind] = (*by_kind.get(rule.kind, ()), ready)
    needs = Needs(kinds=frozenset(by_kind), ever=True)
    for fit in rules.attributes:
        needs = needs.and_(fit.when.needs())
    return Scorer(
        rules=rules,
        fits=tuple(Fit(fit.id, fit.when, _tenths(fit.points), fit.because) for fit in rules.attributes),
        behaviour=behaviour,
        by_kind=by_kind,
        caps=tuple(_caps(rules)),
        floor=-inf if rules.floor is None else _tenths(rules.floor),
        ceiling=inf if rules.ceiling is None else _tenths(rules.ceiling),
        needs=needs,
        themes=themes,
    )


def _behaviour(index: int, rule: BehaviourRule) -> Behaviour:
    half = inf if rule.half_life is None else float(rule.half_life.amount * 86_400)
    value = float(_tenths(rule.points))
    return Behaviour(
        index, rule.id, rule.kind, value, half, frozenset(rule.content), frozenset(rule.outcome), rule.because
    )


def _caps(rules: PointRules) -> Iterator[Cap]:
    """Those of rules first, then those of kinds: points that take away have a cap of their own."""
    for index, rule in enumerate(rules.behaviour):
        if rule.cap is not None:
            yield _cap((index,), rule.cap, above=rule.points > 0)
    for kind, most in (rules.caps or {}).items():
        for above in (True, False):
            same = [n for n, rule in enumerate(rules.behaviour) if rule.kind == kind and (rule.points > 0) is above]
            if same:
                yield _cap(tuple(same), most, above=above)


def _cap(rules: tuple[int, ...], most: Decimal, *, above: bool) -> Cap:
    cap = _tenths(most)
    return Cap(rules, -inf, cap) if above else Cap(rules, -cap, inf)


def _tenths(points: Decimal) -> int:
    return int(points * 10)


def _words(code: str, ja: str, en: str, amount: str = "") -> Words:
    args = (ja, en, amount)
    return Words(say(RECEIPT[code], "ja", args), say(RECEIPT[code], "en", args))
