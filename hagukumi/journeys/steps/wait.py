"""wait: a span of time, or until a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.values import Span
from hagukumi.journeys.core.verdict import Go, Stay, Verdict, Why
from hagukumi.journeys.steps.base import Kind

WAITED = Why("waited")
WAITING = Why("waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Kind):
    """Waits for a span of time, counted from the moment the person came to this step.

    このステップに来た時点から、決めた期間だけ待ちます。営業日は自社の暦で数えます。

    Example::

        - wait: 3営業日
        - wait: 14日
    """

    word: ClassVar[str] = "wait"
    wait: Span = entry("待つ期間(3営業日、14日、2時間)", "how long (3 business days, 14 days, 2 hours)")

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Goes on when the span is over."""
        until = journey.ends(self.wait, moment.calendar)
        return Go(self.place.next, WAITED) if moment.now >= until else Stay(until, WAITING)
