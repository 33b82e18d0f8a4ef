"""if: a branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import Kind, Steps

HELD = Why("condition_held")
DID_NOT_HOLD = Why("condition_did_not_hold")


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Kind):
    """Asks once and takes `then` or `else`; both meet again below.

    条件を一度だけ確かめ、then または else に進みます。どちらもこの下で合流します。

    Example::

        - if: {score: 60点以上}
          then:
            - handover: inside_sales
              id: hand
    """

    word: ClassVar[str] = "if"
    if_: Condition = entry("条件", "the condition")
    then: Steps = entry("満たすときのステップ", "steps when it holds", ())
    else_: Steps = entry("満たさないときのステップ", "steps when it does not", ())

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Goes one way or the other, at once."""
        if self.if_.holds(journey, facts, moment):
            return Go(self.place.branches["then"], HELD)
        return Go(self.place.branches["else"], DID_NOT_HOLD)
