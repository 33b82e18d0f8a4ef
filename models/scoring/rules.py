"""scenarios/rules/points.yaml as values: what earns points, how they fade, which lines matter. Imports journeys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import Share, Span, SpanUnit, Words

ActivityKind = Literal[
    "opened",
    "clicked",
    "visited",
    "downloaded",
    "submitted",
    "registered",
    "attended",
    "replied",
    "called",
    "met",
    "refused",
    "unsubscribed",
    "bounced",
    "left",
]
"""Kinds of activity that a rule may count."""

ONE_DUE = Span(1, SpanUnit.BUSINESS_DAYS)
A_WEEK = Span(7, SpanUnit.DAYS)
TWO_WEEKS = Span(10, SpanUnit.BUSINESS_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRule:
    """Points for what a person or facility is; they do not fade."""

    id: str = entry("ルールの名前", "the rule's name")
    when: Condition = entry("属性の条件", "a condition over attributes")
    points: Decimal = entry("点数(マイナス可)", "points, may be negative")
    because: Words = entry("点数の内訳に出る理由", "the reason shown in the receipt")


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourRule:
    """Points for what a person does. The first rule of the list that fits an activity counts it; no other does."""

    id: str = entry("ルールの名前", "the rule's name")
    kind: ActivityKind = entry("行動の種類", "kind of activity")
    content: tuple[str, ...] = entry(
        "対象の資料やページ(省略するとすべて)", "pieces of content (all when left out)", ()
    )
    outcome: tuple[str, ...] = entry("結果(省略するとすべて)", "outcomes (all when left out)", ())
    points: Decimal = entry("1回あたりの点数(マイナス可)", "points each time, may be negative")
    half_life: Span | None = entry(
        "半減期。この日数ごとに点数が半分になる(省略すると減らない)",
        "days in which the points halve (they stay when left out)",
        None,
    )
    cap: Decimal | None = entry(
        "このルールの合計の上限(マイナスの点数では下限)", "most that this rule may add (or take) in all", None
    )
    because: Words = entry(
        "点数の内訳に出る理由。{content} は資料名に置き換わる", "the reason shown; {content} becomes the title"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpRule:
    """When a rising score makes one call task for inside sales."""

    rise: Decimal = entry("急上昇とみなす点数の伸び", "rise that is a jump, in points", Decimal(25))
    window: Span = entry("伸びを見る期間", "within this time", A_WEEK)
    line: Decimal | None = entry("越えたら急上昇とみなす点数", "line whose crossing upwards is a jump", None)
    cool_down: Span = entry("次の急上昇まで空ける期間", "no other jump for this long", TWO_WEEKS)
    due: Span = entry("電話の期限", "when the call is due", ONE_DUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRules:
    """The second view of a score: fit A to D beside behaviour 1 to 4, each from three descending lines."""

    fit: tuple[Decimal, ...] = entry(
        "属性がA・B・Cになる点数(届かなければD)", "points of attributes for A, B, C (else D)"
    )
    behaviour: tuple[Decimal, ...] = entry(
        "行動が1・2・3になる点数(届かなければ4)", "points of behaviour for 1, 2, 3 (else 4)"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRule:
    """How the points of a facility come from its people: the strongest whole, of everybody else a share."""

    others: Share = entry("点数が最も高い方のほかの方を数える割合", "share of everybody but the strongest", Share(3000))
    unknown_role: Share = entry("役割のわからない方を数える割合", "share of people without a role", Share(10_000))
    ceiling: Decimal | None = entry("施設の点数の上限", "the points of a facility never rise above", None)


WHOLE_FACILITY = AccountRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRules:
    """All of points.yaml."""

    attributes: tuple[AttributeRule, ...] = entry("属性の点数", "points for attributes", ())
    behaviour: tuple[BehaviourRule, ...] = entry("行動の点数", "points for behaviour", ())
    caps: Mapping[ActivityKind, Decimal] | None = entry(
        "行動の種類ごとの合計の上限(マイナスの点数では下限)",
        "most that all rules of a kind may add (or take) together",
        None,
    )
    floor: Decimal | None = entry("合計の下限", "the total never falls below", Decimal(0))
    ceiling: Decimal | None = entry("合計の上限", "the total never rises above", None)
    lines: tuple[Decimal, ...] = entry("区切りの点数", "lines whose crossing is noticed", ())
    jump: JumpRule | None = entry("急上昇の決まり", "what a jump is", None)
    grades: GradeRules | None = entry("属性A〜D・行動1〜4の区切り", "lines of fit A-D and behaviour 1-4", None)
    account: AccountRule = entry("施設の点数の決まり", "how a facility's points are made", WHOLE_FACILITY)
