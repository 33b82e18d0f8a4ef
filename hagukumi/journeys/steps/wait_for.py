"""wait_for: until something happens, at most so long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.facts import SETTLED_WELL, Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import Span
from hagukumi.journeys.core.verdict import Go, Stay, Verdict, Why
from hagukumi.journeys.steps.base import Kind, Steps
from hagukumi.journeys.steps.conditions import CALLED_OFF, asks_for_calls


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor(Kind):
    """Waits until a condition holds, at most so long; `then` when it held, `else` when time ran out.
    Results of calls and replies count from the beginning of the wait: an earlier call is no answer to this one.
    Where only a call is waited for and inside sales' task is withdrawn (a machine was its cause), `else` follows.

    条件が満たされるまで、期限まで待ちます。満たされたら then、期限が来たら else に進みます。
    送られなかったメールについての wait_for は、両方の枝とも飛ばします。
    電話の結果と返信は、待ち始めてからのものだけを数えます。前の電話には答えません。
    電話の結果だけを待つ間に、インサイドセールスのタスクが取り下げられたとき(きっかけが機械の反応)は、
    すぐに else に進みます。

    Example::

        - wait_for: {clicked: checklist}
          at_most: 5営業日
          then:
            - wait: 1営業日
          else:
            - send: interest/reminder
              id: reminder
    """

    word: ClassVar[str] = "wait_for"
    wait_for: Condition = entry("待つ条件", "what is waited for")
    at_most: Span = entry("待つ期限", "the longest wait")
    then: Steps = entry("満たされたときのステップ", "steps when it happened", ())
    else_: Steps = entry("期限が来たときのステップ", "steps when time ran out", ())

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Then, else, or stay until the earlier of the deadline and the next possible change."""
        if self._about_letters_never_received(journey, facts, moment):
            return Go(self.place.next, Why("letter_never_received"))
        # What counts from the entry elsewhere counts from the beginning of this wait.
        waiting = journey._replace(entered_at=journey.since)
        if self.wait_for.holds(waiting, facts, moment):
            return Go(self.place.branches["then"], Why("happened"))
        if self._called_off(journey, facts, moment):
            return Go(self.place.branches["else"], Why("call_withdrawn"))
        deadline = journey.ends(self.at_most, moment.calendar)
        if moment.now >= deadline:
            return Go(self.place.branches["else"], Why("time_ran_out"))
        change = self.wait_for.changes_at(waiting, facts, moment)
        until = deadline if change is None or not moment.now < change < deadline else change
        return Stay(until, Why("waiting_for"))

    def _called_off(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        """Whether nothing but a call is waited for, and it has left the desk since."""
        return asks_for_calls(self.wait_for) and any(
            one.counts_at >= journey.since for one in facts.seen(CALLED_OFF, moment.now)
        )

    def _about_letters_never_received(self, journey: Journey, facts: Facts, moment: Moment) -> bool:
        steps = self.wait_for.letter_steps()
        if not steps:
            return False
        letters = (facts.letter(key, moment.now) for step in steps for key in journey.letter_keys(step))
        return not any(fact and (fact.state in SETTLED_WELL or fact.state == "unknown") for fact in letters)
