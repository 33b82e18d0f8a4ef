"""call: a telephone task for inside sales or field sales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import Desk, MakeTask
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.values import ClockRange, Span
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import NEXT_DAY, Kind, StepName, Steps
from hagukumi.journeys.steps.people import NOBODY_IN_ROLE, recipients


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Kind):
    """Puts a call on a desk and goes on; wait for `call_result` when the path depends on it.

    電話のタスクを作り、先に進みます。結果で分けたいときは、続けて call_result を待ちます。

    Example::

        - call: roi-follow-up
          id: roi-call
          due: 1営業日
          best_time: 16:00-17:30
    """

    word: ClassVar[str] = "call"
    addressed: ClassVar[bool] = True
    call: str = entry("用件(トークの名前)", "the topic (talk track)")
    id: StepName = entry("このステップの名前", "the step's name")
    due: Span | None = entry("期限(書かなければ1営業日)", "when it is due (one business day unless written)", NEXT_DAY)
    best_time: ClockRange | None = entry("つながりやすい時間帯", "best hours", None)
    desk: Desk = entry("担当(inside_sales、field_sales)", "whose desk", "inside_sales")
    or_else: Steps = entry(
        "プレイで、その役割のかたがいないときのステップ", "steps when a play finds nobody to call", ()
    )

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Makes the task and goes on; a play calls the first of those it is for, and without anybody takes or_else."""
        whom = next((one.person for one in recipients(self, journey, facts, moment)), None)
        if whom is None:
            return Go(self.place.branches["or_else"], NOBODY_IN_ROLE)
        key = journey.key(self.id, self.place.repeat, whom)
        task = MakeTask(key, self.id, self.desk, "call", self.call, self.due, self.best_time, None, whom)
        return Go(self.place.next, Why("task_made", (self.call,)), (task,))
