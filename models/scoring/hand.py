"""scenarios/rules/hand.yaml as values: which acts go to inside sales while scores are not trusted. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from hagukumi.journeys.core.facts import Activity
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Span, SpanUnit, Words
from models.scoring.rules import ActivityKind

ONE_DAY = Span(1, SpanUnit.BUSINESS_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandRule:
    """One kind of act that somebody calls about at once, whatever the score."""

    id: str = entry("ルールの名前", "the rule's name")
    kind: ActivityKind = entry("行動の種類", "kind of activity")
    content: tuple[str, ...] = entry("対象のフォームや資料(省略するとすべて)", "forms or content (all if left out)", ())
    because: Words = entry("タスクに出る理由", "the reason shown on the task")
    due: Span = entry("電話の期限", "when the call is due", ONE_DAY)

    def fits(self, activity: Activity) -> bool:
        """Whether it asks for a call about this act."""
        return activity.kind == self.kind and (not self.content or activity.content in self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandRules:
    """All of hand.yaml; the first rule that fits counts."""

    rules: tuple[HandRule, ...] = entry("手動の決まり", "the rules", ())
