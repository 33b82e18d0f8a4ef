"""advertise: joins an audience of ads, or leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from hagukumi.journeys.core.effects import JoinAudience, LeaveAudience
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.values import Span
from hagukumi.journeys.core.verdict import Go, Verdict, Why
from hagukumi.journeys.steps.base import AudienceName, Kind, StepName


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertise(Kind):
    """Puts the person, in a play the whole account, into an audience of ads (rules/audiences.yaml), and goes on.
    They leave it when the time is over, and in any case when the journey ends. An audience of companies takes the
    person's facility; one of people takes only those who agreed to ads.

    広告の配信対象(rules/audiences.yaml)に、その方(プレイでは施設全体)を入れ、先に進みます。
    期間が過ぎたとき、またはシナリオが終わったときに外れます。会社の配信対象にはその方の施設が、
    人の配信対象には広告に同意した方だけが入ります。leave: true なら、その配信対象から外します。

    Example::

        - advertise: play-companies
          id: ads
          for: 14日
    """

    word: ClassVar[str] = "advertise"
    advertise: AudienceName = entry("配信対象の名前", "name of the audience")
    id: StepName = entry("このステップの名前", "the step's name")
    for_: Span | None = entry("入れておく期間(省略するとシナリオの終わりまで)", "for how long; else to the end", None)
    until: date | None = entry("入れておく最後の日", "the last day in it", None)
    leave: bool = entry("外すとき true", "true to leave it", False)

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Joins or leaves, and goes on; nobody joins after the last day."""
        key = journey.key(self.id, self.place.repeat)
        if self.leave:
            effect = LeaveAudience(key, self.id, self.advertise)
            return Go(self.place.next, Why("ads_left", (self.advertise,)), (effect,))
        until = self._until(moment)
        if until is not None and until <= moment.now:
            return Go(self.place.next, Why("ads_over", (self.advertise,)))
        joined = JoinAudience(key, self.id, self.advertise, until)
        return Go(self.place.next, Why("ads_joined", (self.advertise,)), (joined,))

    def _until(self, moment: Moment) -> datetime | None:
        if self.until is not None:
            return moment.calendar.instant(self.until + timedelta(days=1), time())
        return None if self.for_ is None else self.for_.after(moment.now, moment.calendar)
