"""Which accounts come first: fit x intent x engagement x the decision-maker's reaction, 0 to 100 with a receipt. Pure.

The rules are scenarios/rules/priority.yaml. Start with `priority_of`; `moved` says when a stored figure moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from abm.icp import Veto
from abm.reaction import CODES, Code
from hagukumi.journeys.core.fields import NOTHING, entry
from hagukumi.journeys.core.values import Share, Span, SpanUnit

Name = Literal["fit", "intent", "engagement", "reaction"]
NAMES: tuple[Name, ...] = get_args(Name)
WHOLE, THOUSAND, TENTHS = 1000, 1000, 10
"""The figure's ceiling in tenths; a factor's share in thousandths; tenths of a point."""
_BASIS = 10_000
Moved = Literal["first", "margin", "event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFactor:
    """A factor made of points: from `full` on it takes nothing off, without any point it takes off `weight`."""

    weight: Share = entry(
        "この要素がまったくないときに差し引く割合", "share that it takes off where there is nothing of it"
    )
    full: int = entry("これ以上なら何も差し引かない点数", "points from which it takes nothing off")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionFactor:
    """How the decision-maker reacted lately."""

    weight: Share = entry(
        "反応の値打ちが0%のときに差し引く割合", "share that it takes off where the reaction is worth 0%"
    )
    within: Span = entry("反応を見る期間(日)", "reactions of so many days count", Span(90, SpanUnit.DAYS))
    worth: Mapping[Code, Share] = entry(
        "反応の値打ち(met: 面談、replied: 返信、viewed: 閲覧、none: 無反応、refused: 拒否)",
        "what each reaction is worth",
        NOTHING,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRules:
    """scenarios/rules/priority.yaml: which accounts come first."""

    fit: PointFactor = entry("当てはまり(0〜100点)", "fit, 0 to 100")
    intent: PointFactor = entry("関心(intent.yaml の点数)", "intent, in points of intent.yaml")
    engagement: PointFactor = entry(
        "施設の方の行動の点数(points.yaml)", "what its people did with us, in points of points.yaml"
    )
    reaction: ReactionFactor = entry("決裁者の反応", "the decision-maker's reaction")
    margin: int = entry(
        "順位を動かす差(点)。これより小さな変化では動かさない",
        "points by which a figure has to change before it moves",
        4,
    )
    events: tuple[Code, ...] = entry(
        "差が小さくても、すぐに順位を動かす反応",
        "reactions that move the figure at once",
        ("met", "replied", "refused"),
    )


class Known(NamedTuple):
    """What is known of an account, points in tenths. engagement None: nothing is scored; veto: it cannot come first."""

    fit: int
    intent: int = 0
    engagement: int | None = None
    reaction: Code = "none"
    veto: Veto | None = None


class Factor(NamedTuple):
    """One factor: the share that it leaves in thousandths, and what it takes off the figure so far, in tenths.

    value: what it was made of, points in tenths; None for the reaction, and where nothing is scored.
    """

    name: Name | Literal["veto"]
    share: int
    tenths: int
    value: int | None = None
    code: str | None = None


class Priority(NamedTuple):
    """A figure from 0 to 1000 tenths: 100 points, and exactly what the factors take off, one after the other."""

    tenths: int
    factors: tuple[Factor, ...]

    @property
    def points(self) -> float:
        """In steps of 0.1."""
        return self.tenths / TENTHS


class Stored(NamedTuple):
    """A figure as it stands, and what it was made of."""

    tenths: int
    reaction: Code
    veto: str | None


def priority_of(rules: PriorityRules, known: Known) -> Priority:
    """The figure with its receipt: each factor multiplies what is left by its share, rounded to 0.1."""
    shares, left, factors = _shares(rules, known), WHOLE, list[Factor]()
    values = (known.fit, known.intent, known.engagement, None)
    for name, share, value in zip(NAMES, shares, values, strict=True):
        after = _after(left, share)
        factors.append(Factor(name, share, after - left, value, known.reaction if name == "reaction" else None))
        left = after
    if known.veto is not None:
        factors.append(Factor("veto", 0, -left, code=known.veto))
        left = 0
    return Priority(left, tuple(factors))


def figure_of(rules: PriorityRules, known: Known) -> int:
    """The figure alone, in tenths: what is asked of a hundred thousand accounts, most of which do not move."""
    if known.veto is not None:
        return 0
    left = WHOLE
    for share in _shares(rules, known):
        left = _after(left, share)
    return left


def _shares(rules: PriorityRules, known: Known) -> tuple[int, int, int, int]:
    """What each factor leaves, in thousandths. Where nothing is scored nobody is worse off for it."""
    engagement = known.engagement
    return (
        _of_points(rules.fit.weight.points, rules.fit.full, known.fit),
        _of_points(rules.intent.weight.points, rules.intent.full, known.intent),
        THOUSAND
        if engagement is None
        else _of_points(rules.engagement.weight.points, rules.engagement.full, engagement),
        _share(rules.reaction.weight.points, rules.reaction.worth.get(known.reaction, Share(0)).points),
    )


def _of_points(weight: int, full: int, tenths: int) -> int:
    return _share(weight, min(tenths * _BASIS // (full * TENTHS), _BASIS))


@lru_cache(maxsize=50_000)
def _share(weight: int, reached: int) -> int:
    """Thousandths that are left where so much is reached; both in basis points."""
    return THOUSAND - (weight * (_BASIS - reached) * THOUSAND + _BASIS * _BASIS // 2) // (_BASIS * _BASIS)


def _after(left: int, share: int) -> int:
    return (left * share + THOUSAND // 2) // THOUSAND


def moved(rules: PriorityRules, stored: Stored | None, fresh: Stored) -> Moved | None:
    """Why a stored figure moves to the fresh one; None: it stays.

    Whatever stays within the margin moves nothing, so noise smaller than that never turns two accounts round.
    """
    if stored is None:
        return "first"
    if fresh.veto != stored.veto or (fresh.reaction != stored.reaction and fresh.reaction in rules.events):
        return "event"
    return "margin" if abs(fresh.tenths - stored.tenths) > rules.margin * TENTHS else None


class Fault(NamedTuple):
    """What is wrong with rules that parse well: a code, its place, and what the sentence names."""

    code: Literal["full", "margin", "within", "worth"]
    path: tuple[str | int, ...]
    args: tuple[str, ...] = ()


def faults(rules: PriorityRules) -> Iterator[Fault]:
    """All faults, in the order of the file."""
    for name in ("fit", "intent", "engagement"):
        one: PointFactor = getattr(rules, name)
        if one.full < 1:
            yield Fault("full", (name, "full"), (str(one.full),))
    within = rules.reaction.within
    if within.unit is not SpanUnit.DAYS or within.amount < 1:
        yield Fault("within", ("reaction", "within"))
    for code in CODES:
        if code not in rules.reaction.worth:
            yield Fault("worth", ("reaction", "worth"), (code,))
    if not 0 <= rules.margin < 100:
        yield Fault("margin", ("margin",), (str(rules.margin),))


def days(rules: PriorityRules) -> timedelta:
    """For how long reactions count."""
    return timedelta(days=rules.reaction.within.amount)
