"""tag: a mark on the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import SetTag
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import Kind, StepName, TagName


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Kind):
    """Puts a tag on the person (or takes it off) and goes on.

    人にタグを付け(remove: true なら外し)、先に進みます。

    Example::

        - tag: interested-in-roi
          id: roi-interest
    """

    word: ClassVar[str] = "tag"
    tag: TagName = entry("タグ", "the tag")
    id: StepName = entry("このステップの名前", "the step's name")
    remove: bool = entry("外すとき true", "true to take it off", False)

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Tags and goes on."""
        code = "tag_removed" if self.remove else "tagged"
        return Go(self.place.next, Why(code, (self.tag,)), (SetTag(self.tag, not self.remove),))
