"""How well a facility fits our ideal customer (ICP): 0 to 100 with a receipt, and what keeps it off the list. Pure.

The rules are scenarios/rules/icp.yaml. Start with `fit_of`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, get_args

from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import Share, Words
from hagukumi.journeys.language.owner_types import OWNER_TYPES
from models.scoring.points import NO_CALENDAR, NOBODY

Veto = Literal["competitor", "customer", "in_deal", "refused"]
VETOES: tuple[Veto, ...] = get_args(Veto)
Channel = Literal["mail", "phone", "fax", "post", "visit", "ads"]
KEPT_OUT: tuple[tuple[Channel, ...], ...] = (("visit",), ("phone", "mail"))
"""Whoever wants no visit, or neither calls nor letters, wants nothing of us (出入禁止)."""
OF_ACCOUNTS = frozenset({"kind", "industry", "prefecture", "city", "owner_type", "beds", "headcount", "account"})
"""Attributes that are a facility's own; fields of one's own come on top where they are declared `of: account`."""
WHOLE = 100
NOTHING = Share(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One answer to a criterion; the first of its levels that holds counts."""

    when: Condition = entry("施設の属性の条件", "a condition over the facility's attributes")
    share: Share = entry("重みのうち得られる割合", "share of the weight it earns")
    because: Words = entry("内訳に出る理由", "the reason shown in the receipt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that makes a facility fit, with its weight; the weights of all add up to 100."""

    id: str = entry("基準の名前", "the criterion's name")
    label: Words = entry("内訳に出る名前", "its name in the receipt")
    weight: int = entry("重み(すべて足して100)", "its weight; all add up to 100")
    levels: tuple[Level, ...] = entry("段階(上から順)", "its levels, read from top to bottom")
    unknown: Share = entry(
        "属性がまだわからないときに得られる割合", "share it earns while nothing is known about it", NOTHING
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IcpRules:
    """scenarios/rules/icp.yaml: who our ideal customer is."""

    criteria: tuple[Criterion, ...] = entry("当てはまりの基準", "what makes a facility fit")
    vetoes: tuple[Veto, ...] = entry(
        "リストに載せない施設(competitor: 同業他社、customer: お客様、in_deal: 商談中、refused: お断り)",
        "kept off the list: competitors, customers, facilities in a deal, those that refused",
        VETOES,
    )
    refused_when: tuple[tuple[Channel, ...], ...] = entry(
        "お断り(出入禁止)とみなす経路。どれか一つの組を、施設としてすべて断られているとき",
        "channels that mean a refusal: the facility refuses all channels of one of these sets",
        KEPT_OUT,
    )
    at_least: int = entry("候補とする当てはまりの下限", "least fit of a candidate", 50)

    def are_refused(self, channels: Collection[str]) -> bool:
        """Whether a facility that refuses these channels refuses us."""
        return any(all(each in channels for each in some) for some in self.refused_when)


class Term(NamedTuple):
    """What a criterion adds, in tenths. because: None where nothing is known, or no level holds."""

    criterion: str
    label: Words
    tenths: int
    most: int
    because: Words | None
    known: bool


class Fit(NamedTuple):
    """Fit in tenths (0 to 1000), exactly the sum of its terms; vetoes that hold keep the facility off the list."""

    tenths: int
    terms: tuple[Term, ...]
    vetoes: tuple[Veto, ...]

    @property
    def points(self) -> float:
        """Fit from 0 to 100 in steps of 0.1."""
        return self.tenths / 10


class Prospect(NamedTuple):
    """A facility as it is known: attributes by name (missing ones absent), and which vetoes hold for it."""

    attributes: Mapping[str, Any]
    vetoes: frozenset[Veto] = frozenset()


class Measure:
    """The rules at one moment (UTC), for many facilities: what a criterion says of the same values is asked once."""

    def __init__(self, rules: IcpRules, now: datetime) -> None:
        self.rules, self._moment = rules, Moment(now, NO_CALENDAR, "")
        self._asked = [tuple(sorted(_asked(each))) for each in rules.criteria]
        self._all = tuple(sorted({name for names in self._asked for name in names}))
        self._told: list[dict[tuple[Any, ...], Term]] = [{} for _ in rules.criteria]
        self._fits: dict[tuple[Any, ...], Fit] = {}

    def fit_of(self, prospect: Prospect) -> Fit:
        """The receipt of a facility's fit."""
        vetoes = tuple(veto for veto in self.rules.vetoes if veto in prospect.vetoes) if prospect.vetoes else ()
        key = (vetoes, _values(prospect.attributes, self._all))
        fit = self._fits.get(key)
        if fit is None:
            terms = tuple(self._term(number, prospect.attributes) for number in range(len(self._told)))
            fit = self._fits[key] = Fit(sum(term.tenths for term in terms), terms, vetoes)
        return fit

    def _term(self, number: int, attributes: Mapping[str, Any]) -> Term:
        values = _values(attributes, self._asked[number])
        told = self._told[number]
        if values not in told:
            told[values] = _term(self.rules.criteria[number], Facts(attributes=attributes), self._moment)
        return told[values]


def _values(attributes: Mapping[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    """The values by which an answer is remembered; an attribute is of one type for all facilities."""
    return tuple([tuple(value) if type(value) is list else value for value in map(attributes.get, names)])


def fit_of(rules: IcpRules, prospect: Prospect, now: datetime) -> Fit:
    """The receipt of one facility's fit at `now` (UTC)."""
    return Measure(rules, now).fit_of(prospect)


def _asked(criterion: Criterion) -> set[str]:
    return {name for each in criterion.levels for name in each.when.needs().attributes}


class Fault(NamedTuple):
    """What is wrong with rules that parse well: a code, its place, and what the sentence names."""

    code: Literal["weights", "weight", "same_id", "no_levels", "not_of_accounts", "no_channels"]
    path: tuple[str | int, ...]
    arg: str = ""


def faults(rules: IcpRules, own_fields: frozenset[str]) -> Iterator[Fault]:
    """All faults, in the order of the file. own_fields: fields of one's own that belong to facilities."""
    total = sum(each.weight for each in rules.criteria)
    if total != WHOLE:
        yield Fault("weights", ("criteria",), str(total))
    for number, some in enumerate(rules.refused_when):
        if not some:
            yield Fault("no_channels", ("refused_when", number))
    seen: set[str] = set()
    for number, each in enumerate(rules.criteria):
        place = ("criteria", number)
        if each.id in seen:
            yield Fault("same_id", (*place, "id"), each.id)
        seen.add(each.id)
        if each.weight < 1:
            yield Fault("weight", (*place, "weight"), str(each.weight))
        if not each.levels:
            yield Fault("no_levels", (*place, "levels"), each.id)
        for at, level in enumerate(each.levels):
            strange = strange_to_accounts(level.when, own_fields)
            if strange:
                yield Fault("not_of_accounts", (*place, "levels", at, "when"), strange)


def owners_left_out(rules: IcpRules) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Criteria, by their place, that ask for the owner type alone and have no level for some of them."""
    # What asks for the owner type alone asks for no time.
    moment = Moment(datetime(1970, 1, 1, tzinfo=UTC), NO_CALENDAR, "")
    for number, each in enumerate(rules.criteria):
        if _asked(each) == {"owner_type"}:
            facts = {owner: Facts(attributes={"owner_type": owner}) for owner in OWNER_TYPES}
            left = tuple(owner for owner in OWNER_TYPES if _term(each, facts[owner], moment).because is None)
            if left:
                yield number, left


def strange_to_accounts(when: Condition, own_fields: frozenset[str]) -> str:
    """What a condition asks for that no facility has of itself; '' when nothing."""
    needs = when.needs()
    others = sorted(needs.attributes - OF_ACCOUNTS - own_fields)
    if others:
        return others[0]
    return "activities" if needs.kinds or needs.points or needs.letters or needs.back else ""


def _term(criterion: Criterion, facts: Facts, moment: Moment) -> Term:
    most = criterion.weight * 10
    if not any(facts.attribute(name, moment.now) is not None for name in _asked(criterion)):
        return Term(criterion.id, criterion.label, _part(most, criterion.unknown), most, None, known=False)
    level = next((each for each in criterion.levels if each.when.holds(NOBODY, facts, moment)), None)
    if level is None:
        return Term(criterion.id, criterion.label, 0, most, None, known=True)
    return Term(criterion.id, criterion.label, _part(most, level.share), most, level.because, known=True)


def _part(most: int, share: Share) -> int:
    return round(most * share.points / 10_000)
