"""call: a telephone task for inside sales or field sales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import Desk, MakeTask
from hagukumi.journeys.core.facts import REFUSES, Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.values import ClockRange, Span
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import NEXT_DAY, Kind, StepName, Steps, WebinarRef
from hagukumi.journeys.steps.people import NOBODY_IN_ROLE, recipients
from hagukumi.journeys.steps.refusals import refuses


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Kind):
    """Puts a call on a desk and goes on; wait for `call_result` when the path depends on it. Who refuses calls, and
    whose facility does, is not called; in a play neither is who has no number. Then the next of the role is called.

    電話のタスクを作り、先に進みます。結果で分けたいときは、続けて call_result を待ちます。
    電話をお断りの方と、お断りの施設にはお電話しません。プレイでは電話番号のない方も除き、次の方にお電話します。

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
    webinar: WebinarRef | None = entry(
        "お誘いするウェビナー(始まったあとは、お電話しません)",
        "the webinar it is about: no call once that has begun",
        None,
    )
    or_else: Steps = entry("お電話できるかたがいないときのステップ", "steps when nobody may be called, or can be", ())

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Makes the task for the first of those it is for who may be called; or_else where nobody may, or can.

        A call about a webinar that has begun is left out.
        """
        if moment.begun(self.webinar):
            return Go(self.place.next, Why("webinar_begun", (self.webinar or "",)))
        found = recipients(self, journey, facts, moment)
        willing = [one for one in found if not refuses(one, "phone")]
        whom = next((one.person for one in willing if one.phone), None)
        if whom is None:
            why = Why("call_no_number") if willing else Why("call_refused") if found else NOBODY_IN_ROLE
            return Go(self.place.branches["or_else"], why)
        key = journey.key(self.id, self.place.repeat, whom)
        task = MakeTask(key, self.id, self.desk, "call", self.call, self.due, self.best_time, None, whom)
        return Go(self.place.next, Why("task_made", (self.call,)), (task,))

    def asks(self) -> Needs:
        """Who refuses calls."""
        return Needs(attributes=frozenset({REFUSES}))
