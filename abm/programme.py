"""scenarios/rules/abm.yaml: how many accounts the programme has, in which tiers, and its rhythm. Pure.

Start with `ProgrammeRules`; what may be done with the list itself stands in acts.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Span, SpanUnit

Side = Literal["marketing", "sales"]
"""Who has to agree: both."""
LocalDay = Callable[[datetime], date]
"""The business day of an instant."""
_SIDES: dict[str, Side] = {"marketer": "marketing", "abm": "marketing", "fs": "sales", "leader": "sales"}
MOST_ADDED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRules:
    """The fortnight: its rhythm is fixed by a day and survives holidays."""

    starts_on: date = entry(
        "見直しの起点となる日(期間はこの日から数えます)",
        "the day from which the periods between reviews are counted",
        date(2026, 4, 6),
    )
    every: Span = entry("見直しの間隔", "from one review to the next", Span(14, SpanUnit.DAYS))
    swaps: int = entry("1回の見直し期間に入れ替えてよい数", "swaps within one period at most", 5)
    remind_after: Span = entry(
        "見直しの日から、終わっていないことをABM担当に知らせるまで(営業日)",
        "business days from the review's day until the ABM owner is reminded that it is not finished",
        Span(2, SpanUnit.BUSINESS_DAYS),
    )
    escalate_after: Span = entry(
        "見直しの日から、終わっていないことを管理者に上げるまで(営業日)",
        "business days from the review's day until the manager is told",
        Span(5, SpanUnit.BUSINESS_DAYS),
    )
    act_within: Span = entry(
        "次の一手の期限(見直しの日から、営業日)",
        "business days until the next act is due",
        Span(3, SpanUnit.BUSINESS_DAYS),
    )
    request_within: Span = entry(
        "資料の依頼の期限(見直しの日から、営業日)",
        "business days until requested content is due",
        Span(10, SpanUnit.BUSINESS_DAYS),
    )
    quiet: int = entry(
        "反応のない見直しがこの回数続いたら、やり方の変更を案にする",
        "reviews in a row without a reaction until another approach is proposed",
        2,
    )
    hopeless: int = entry(
        "反応のない見直しがこの回数続いたら、入れ替えを案にする",
        "reviews in a row without a reaction until a swap is proposed",
        4,
    )
    margin: int = entry(
        "入れ替えを案にするのに必要な、候補との点差",
        "points by which a candidate must be better before a swap is proposed",
        8,
    )
    overtaken: int = entry(
        "面談も返信もない施設について、待たずに入れ替えを案にする、候補との点差",
        "points by which a candidate is so far ahead that a swap is proposed at once, unless they met us or replied",
        12,
    )
    freeze_for: Span = entry(
        "決裁者に断られたとき、凍結を案にする期間",
        "how long a freeze is proposed for after the decision-maker refused",
        Span(90, SpanUnit.DAYS),
    )
    plays: tuple[str, ...] = entry(
        "案にするプレイ(まだ使っていないものを上から順に)",
        "plays to propose, the first that was not tried yet",
        ("fifty", "mini-ten"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRules:
    """scenarios/rules/abm.yaml: the list of target accounts that marketing and sales agree upon."""

    size: int = entry("リストに載せる数", "how many accounts stand on the list", 50)
    tiers: tuple[int, ...] = entry(
        "ティアごとの数(ティア1から。足すとsize)", "accounts a tier; add up to size", (10, 20, 20)
    )
    proposals: int = entry("マーケティングが提案する数", "how many marketing proposes", 100)
    nominations: int = entry("FSがひとりあたり指名できる数", "how many each of field sales may name", 10)
    named_adds: int = entry("FSの指名で当てはまりに加える点", "points added to the fit of an account that is named", 20)
    stays_adds: int = entry(
        "すでにリストにある施設に加える点(小さな差で入れ替わらないように)",
        "points added to an account that stands on the list, so that small differences move nothing",
        5,
    )
    locked_for: Span = entry("合意したリストを固定する期間", "how long an agreement stands", Span(91, SpanUnit.DAYS))
    rests_for: Span = entry(
        "外れた施設を、ふたたび提案しない期間(人の指名と入れ替えは別)",
        "for how long who left is not proposed again, unless a person names it or brings it in",
        Span(182, SpanUnit.DAYS),
    )
    find_within: Span = entry(
        "足りない方(決裁者など)を確認する依頼の期限",
        "within which field sales finds a person who is missing in a committee",
        Span(5, SpanUnit.BUSINESS_DAYS),
    )
    review: ReviewRules = entry("見直しのリズム", "the rhythm of reviews", ReviewRules())


class Review(NamedTuple):
    """One period between reviews: its number from the first one on, its first day and its last."""

    number: int
    first: date
    last: date


class Fault(NamedTuple):
    """What is wrong with rules that parse well: a code, its place, and what the sentence names."""

    code: Literal[
        "tiers", "tier", "size", "proposals", "nominations", "swaps", "days", "lock", "adds", "business", "later",
        "quiet", "hopeless", "margin", "overtaken",
    ]  # fmt: skip
    path: tuple[str | int, ...]
    args: tuple[str, ...] = ()


def side_of(role: str | None) -> Side | None:
    """For whom a colleague of this role speaks; None: for neither side."""
    return _SIDES.get(role or "")


def other_side(side: Side) -> Side:
    """Who has to sign as well."""
    return "sales" if side == "marketing" else "marketing"


def review_of(rules: ReviewRules, day: date) -> Review:
    """The period in which a local day lies; days before the first one have numbers below 1."""
    length = rules.every.amount
    number = (day - rules.starts_on).days // length
    first = rules.starts_on + timedelta(days=number * length)
    return Review(number + 1, first, first + timedelta(days=length - 1))


def review_numbered(rules: ReviewRules, number: int) -> Review:
    """The period of this number."""
    return review_of(rules, rules.starts_on + timedelta(days=(number - 1) * rules.every.amount))


def held_on(review: Review, is_business_day: Callable[[date], bool]) -> date:
    """The day on which a review meets: the first of its period, on a holiday the next business day.

    The rhythm does not shift with it: the period begins and ends as it would have.
    """
    day = review.first
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def used_in(review: Review, swaps: Iterable[datetime], day_of: LocalDay) -> int:
    """How many of these swaps lie in the period."""
    return sum(review.first <= day_of(at) <= review.last for at in swaps)


def faults(rules: ProgrammeRules) -> Iterator[Fault]:
    """All faults, in the order of the file."""
    if rules.size < 1:
        yield Fault("size", ("size",), (str(rules.size),))
    elif sum(rules.tiers) != rules.size:
        yield Fault("tiers", ("tiers",), (str(sum(rules.tiers)), str(rules.size)))
    for number, each in enumerate(rules.tiers):
        if each < 1:
            yield Fault("tier", ("tiers", number), (str(each),))
    if rules.proposals < rules.size:
        yield Fault("proposals", ("proposals",), (str(rules.proposals), str(rules.size)))
    if rules.nominations < 1:
        yield Fault("nominations", ("nominations",), (str(rules.nominations),))
    for name in ("named_adds", "stays_adds"):
        if not 0 <= getattr(rules, name) <= MOST_ADDED:
            yield Fault("adds", (name,), (str(getattr(rules, name)),))
    review = rules.review
    whole = True
    spans = (
        (("locked_for",), rules.locked_for),
        (("rests_for",), rules.rests_for),
        (("review", "every"), review.every),
    )
    for place, span in spans:
        if span.unit is not SpanUnit.DAYS or span.amount < 1:
            whole = False
            yield Fault("days", place)
    if whole and rules.locked_for.amount < review.every.amount:
        yield Fault("lock", ("locked_for",))
    if rules.size > 0 and not 0 <= review.swaps <= rules.size:
        yield Fault("swaps", ("review", "swaps"), (str(review.swaps), str(rules.size)))
    yield from _of_reviews(review)


def _of_reviews(rules: ReviewRules) -> Iterator[Fault]:
    whole = True
    for name in ("remind_after", "escalate_after", "act_within", "request_within"):
        span: Span = getattr(rules, name)
        if span.unit is not SpanUnit.BUSINESS_DAYS or span.amount < 1:
            whole = False
            yield Fault("business", ("review", name))
    if whole and rules.escalate_after.amount <= rules.remind_after.amount:
        yield Fault("later", ("review", "escalate_after"), (str(rules.remind_after.amount),))
    if rules.quiet < 1:
        yield Fault("quiet", ("review", "quiet"), (str(rules.quiet),))
    elif rules.hopeless < rules.quiet:
        yield Fault("hopeless", ("review", "hopeless"), (str(rules.hopeless), str(rules.quiet)))
    if not 0 <= rules.margin <= MOST_ADDED:
        yield Fault("margin", ("review", "margin"), (str(rules.margin),))
    elif not rules.margin <= rules.overtaken <= MOST_ADDED:
        yield Fault("overtaken", ("review", "overtaken"), (str(rules.overtaken), str(rules.margin)))
    if rules.freeze_for.unit is not SpanUnit.DAYS or rules.freeze_for.amount < 1:
        yield Fault("days", ("review", "freeze_for"))
