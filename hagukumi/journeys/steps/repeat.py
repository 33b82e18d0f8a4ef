"""repeat: the same steps again, so many times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hagukumi.journeys.core.effects import CountRound
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import Kind, StepName, Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """What stands after `repeat:`."""

    id: StepName = entry("繰り返しの名前", "the repeat's id")
    times: int = entry("最大の回数", "how often at most")
    until: Condition | None = entry("満たされたら終える条件", "leave when this holds", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Kind):
    """Takes its steps again, at most so many times; each `send` inside needs other content each round.

    中のステップを決めた回数まで繰り返します。中の send は、回ごとに別の内容が要ります。

    Example::

        - repeat: {id: tips, times: 2, until: {score: 60点以上}}
          steps:
            - send: [interest/tip-one, interest/tip-two]
              id: tip
            - wait: 10営業日
    """

    word: ClassVar[str] = "repeat"
    repeat: Rounds = entry("回数と終える条件", "how often, until when")
    steps: Steps = entry("繰り返すステップ", "the steps")

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Begins the next round, or leaves."""
        done = journey.rounds.get(self.repeat.id, 0)
        if done >= self.repeat.times:
            return Go(self.place.next, Why("rounds_over", (str(done),)))
        if self.repeat.until is not None and self.repeat.until.holds(journey, facts, moment):
            return Go(self.place.next, Why("rounds_left"))
        return Go(
            self.place.branches["steps"], Why("round_begins", (str(done + 1),)), (CountRound(self.repeat.id, done + 1),)
        )
