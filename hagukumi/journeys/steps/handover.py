"""handover: marketing hands the lead to sales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import Desk, MakeTask, SetStage
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.values import Span
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import NEXT_DAY, Kind, StepName


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(Kind):
    """Hands the lead over: the stage becomes MQL and the desk gets a task with the reason. The path goes on.
    For field sales a hand-over sheet is opened as well.

    リードを営業に引き渡します(トスアップ)。段階がMQLになり、理由付きのタスクができます。
    フィールドセールス(field_sales)には、引き継ぎシートも作ります。

    Example::

        - handover: inside_sales
          id: hand
          due: 1営業日
    """

    word: ClassVar[str] = "handover"
    handover: Desk = entry("引き渡し先", "the desk")
    id: StepName = entry("このステップの名前", "the step's name")
    due: Span | None = entry("期限(書かなければ1営業日)", "when it is due (one business day unless written)", NEXT_DAY)

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Hands over and goes on."""
        key = journey.key(self.id, self.place.repeat)
        task = MakeTask(key, self.id, self.handover, "handover", journey.scenario, self.due, None, None, journey.person)
        return Go(self.place.next, Why("handed_over", (self.handover,)), (SetStage("mql"), task))
