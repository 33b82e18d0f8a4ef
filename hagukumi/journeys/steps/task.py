"""task: anything else that a person has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import Desk, MakeTask
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.values import Span
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import Kind, StepName


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Kind):
    """Gives somebody something to do and goes on.

    担当者に仕事を頼み、先に進みます。

    Example::

        - task: 資料を郵送する
          id: post-material
          desk: marketing
          due: 2営業日
    """

    word: ClassVar[str] = "task"
    task: str = entry("頼むこと", "what is to be done")
    id: StepName = entry("このステップの名前", "the step's name")
    desk: Desk = entry("担当", "whose desk", "marketing")
    due: Span | None = entry("期限", "when it is due", None)

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Makes the task and goes on."""
        key = journey.key(self.id, self.place.repeat)
        return Go(
            self.place.next,
            Why("task_made", (self.task,)),
            (MakeTask(key, self.id, self.desk, "task", self.task, self.due, None),),
        )
