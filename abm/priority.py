"""Which accounts come first: fit x intent x engagement x the decision-maker's reaction, 0 to 100 with a receipt. Pure.

The rules are scenarios/rules/priority.yaml. Start with `priority_of`; `moved` says when a stored figure moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
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
    left, factors = WHOLE, []
    points: tuple[tuple[Name, PointFactor, int | None], ...] = (
        ("fit", rules.fit, known.fit), ("intent", rules.intent, known.intent),
        ("engagement", rules.engagement, known.engagement),
    )  # fmt: skip
    for name, rule, value in points:
        # Where nothing is scored nobody is worse off for it.
        share = THOUSAND if value is None else _share(rule.weight, min(value * _BASIS // (rule.full * TENTHS), _BASIS))
        factors.append(Factor(name, share, _after(left, share) - left, value))
        left = _after(left, share)
    worth = rules.reaction.worth.get(known.reaction, Share(0)).points
    share = _share(rules.reaction.weight, worth)
    factors.append(Factor("reaction", share, _after(left, share) - left, code=known.reaction))
    left = _after(left, share)
    if known.veto is not None:
        factors.append(Factor("veto", 0, -left, code=known.veto))
        left = 0
    return Priority(left, tuple(factors))


def _share(weight: Share, reached: int) -> int:
    """Thousandths that are left where so much (in basis points) is reached."""
    return THOUSAND - (weight.points * (_BASIS - reached) * THOUSAND + _BASIS * _BASIS // 2) // (_BASIS * _BASIS)


def _after(left: int, share: int) -> int:
    return (left * share + THOUSAND // 2) // THOUSAND


def moved(rules: PriorityRules, stored: Stored | None, fresh: Priority) -> Moved | None:
    """Why a stored figure moves to the fresh one; None: it stays.

    Whatever stays within the margin moves nothing, so noise smaller than that never turns two accounts round.
    """
    if stored is None:
        return "first"
    reaction, veto = said_of(fresh.factors)
    if veto != stored.veto or (reaction != stored.reaction and reaction in rules.events):
        return "event"
    return "margin" if abs(fresh.tenths - stored.tenths) > rules.margin * TENTHS else None


def said_of(factors: tuple[Factor, ...]) -> tuple[Code, str | None]:
    """The reaction and the veto of a receipt."""
    said = {factor.name: factor.code for factor in factors}
    reaction: Code = next((code for code in CODES if code == said.get("reaction")), "none")
    return reaction, said.get("veto")


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
