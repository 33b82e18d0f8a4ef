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
from hagukumi.journeys.steps.base import Kind, StepName, Steps
from hagukumi.journeys.steps.people import NOBODY_IN_ROLE, recipients


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
    addressed: ClassVar[bool] = True
    task: str = entry("頼むこと", "what is to be done")
    id: StepName = entry("このステップの名前", "the step's name")
    desk: Desk = entry("担当", "whose desk", "marketing")
    due: Span | None = entry("期限", "when it is due", None)
    or_else: Steps = entry(
        "プレイで、その役割のかたがいないときのステップ", "steps when a play finds nobody in the role", ()
    )

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Makes the task and goes on; in a play it is about the account, or about the first of those it is for."""
        whom = next((one.person for one in recipients(self, journey, facts, moment)), None)
        if whom is None and self.to:
            return Go(self.place.branches["or_else"], NOBODY_IN_ROLE)
        key = journey.key(self.id, self.place.repeat, whom)
        task = MakeTask(key, self.id, self.desk, "task", self.task, self.due, None, None, whom)
        return Go(self.place.next, Why("task_made", (self.task,)), (task,))
