"""test: an A/B test with arms and hold-out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from hagukumi.journeys.core.effects import TakeArm
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.values import Share
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import Arm, ArmName, Kind, StepName

HOLD_OUT = "hold_out"
WHOLE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What stands after `test:`: the name of the test, what it compares, and who is left out."""

    id: StepName = entry("テストの名前", "the test's id")
    name: str = entry("何を試すか", "what is tried", "")
    measure: Literal["opened", "clicked", "downloaded", "replied", "goal"] = entry(
        "枝を比べる指標", "what the arms are compared by", "clicked"
    )
    hold_out: Share = entry("枝に入れず、そのまま進める人の割合", "share that skips the arms and goes on", Share(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Test(Kind):
    """Divides people by chance among arms; the held-out skip the arms and go on. A person's arm never changes.

    くじで枝に分けます。hold_out の人は枝に入らず先に進みます。一度決まった枝は変わりません。

    Example::

        - test: {id: subject-test, name: 件名に数字, measure: clicked, hold_out: 10%}
          arms:
            a: {share: 45%, steps: [{send: interest/checklist, id: checklist-a, subject: a}]}
            b: {share: 45%, steps: [{send: interest/checklist, id: checklist-b, subject: b}]}
    """

    word: ClassVar[str] = "test"
    __test__: ClassVar[bool] = False
    test: Draw = entry("テスト", "the test")
    arms: Mapping[ArmName, Arm] = entry("枝", "the arms")

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Draws once, remembers, and takes the arm."""
        arm = journey.arms.get(self.test.id) or self._draw(journey, moment)
        where = self.place.next if arm == HOLD_OUT else self.place.branches[f"arms.{arm}"]
        return Go(where, Why("arm_drawn", (arm,)), (TakeArm(self.test.id, arm),))

    def _draw(self, journey: Journey, moment: Moment) -> str:
        thrown = moment.chance(self.place.scenario, self.test.id, journey.subject) * WHOLE
        for name, arm in self.arms.items():
            thrown -= arm.share.points
            if thrown < 0:
                return name
        return HOLD_OUT
