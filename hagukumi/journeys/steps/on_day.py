"""The rest before a step of a play that belongs to a business day. Never written by hand: `day: 3` makes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.values import Calendar
from hagukumi.journeys.core.verdict import Go, Stay, Verdict, Why
from hagukumi.journeys.steps.base import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDay(Kind):
    """Rests until the play's business day has begun, at the opening of our business hours.

    The first day is that on which the play started, the next one after closing time. Where it is past, it goes on.
    """

    day: int

    def decide(self, journey: Journey, facts: Facts, moment: Moment) -> Verdict:
        """Goes on when the day has come."""
        opens = opening_of(self.day, journey, moment.calendar)
        if moment.now >= opens:
            return Go(self.place.next, Why("day_came", (str(self.day),)))
        return Stay(opens, Why("day_comes", (str(self.day),)))


def opening_of(day: int, journey: Journey, calendar: Calendar) -> datetime:
    """When business day `day` (1 = the first) of a play begins; days for which it stood still do not count."""
    first = calendar.next_business_open(journey.entered_at)
    local = calendar.local(calendar.add_business_days(first, day - 1 + journey.still))
    return max(first, calendar.next_business_open(calendar.instant(local.date(), time())))
