"""Two dates a letter may propose for a talk: business days, soon but not at once, one before and one after noon. Pure.

Start at `days_ahead` and `slots_of`; templates print them as {{ slot_1 }} and {{ slot_2 }}.
"""

from __future__ import annotations

from datetime import date, time
from hashlib import blake2b
from typing import NamedTuple

from hagukumi.calendar import BusinessCalendar
from hagukumi.words.dates import say_day

AHEAD = (2, 3, 4, 5)
"""Business days ahead that are proposed: the first slot is 2 or 3 ahead, the second one or two later."""
MORNING = (10, 11)
AFTERNOON = (14, 15, 16)
NAMES = ("slot_1", "slot_2")


class Slot(NamedTuple):
    """An hour on a day, in our own zone."""

    day: date
    hour: int

    def say(self, language: str) -> str:
        """5月12日(火) 10:00, in English Tue 12 May, 10:00."""
        comma = "," if language == "en" else ""
        return f"{say_day(self.day, language)}{comma} {self.hour}:00"


def days_ahead(today: date, sending: BusinessCalendar) -> tuple[date, ...]:
    """The days that may be proposed on `today`: business days without the no-send days, in order.

    Raises ValueError where no such day lies within two years.
    """
    noon = sending.instant(today, time(12))
    return tuple(sending.day_of(sending.add_business_days(noon, days)) for days in AHEAD)


def slots_of(letter_key: str, days: tuple[date, ...]) -> tuple[Slot, Slot]:
    """Two of `days` (as `days_ahead` gives them), the earlier first; the key spreads letters over them."""
    thrown = int.from_bytes(blake2b(letter_key.encode("utf-8", "replace"), digest_size=8).digest(), "big")
    thrown, first = divmod(thrown, 2)
    thrown, later = divmod(thrown, 2)
    thrown, turned = divmod(thrown, 2)
    thrown, morning = divmod(thrown, len(MORNING))
    hours = [MORNING[morning], AFTERNOON[thrown % len(AFTERNOON)]]
    if turned:
        hours.reverse()
    return Slot(days[first], hours[0]), Slot(days[first + 1 + later], hours[1])
