"""end: the journey is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.verdict import End as Over
from hagukumi.journeys.core.verdict import Verdict, Why
from hagukumi.journeys.steps.base import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Kind):
    """Ends the journey; its text is the reason. Letters still waiting are withdrawn.

    シナリオを終えます。文は理由として残ります。まだ出ていないメールは取り下げます。

    Example::

        - end: 月1回のお知らせへ
    """

    word: ClassVar[str] = "end"
    end: str = entry("終える理由", "the reason")

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Over."""
        return Over(Why("ended", (self.end,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish(Kind):
    """The end that stands under every scenario. Never written by hand."""

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Over: the last step is behind."""
        return Over(Why("came_to_the_end"))
