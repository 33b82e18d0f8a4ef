"""When a step is asked: the time, the calendar and the dice. The core knows no other clock and no other chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from hagukumi.journeys.core.fields import NOTHING
from hagukumi.journeys.core.values import Calendar


class Moment(NamedTuple):
    """`now` is UTC; `seed` belongs to the workspace. webinars: when each begins (UTC)."""

    now: datetime
    calendar: Calendar
    seed: str
    webinars: Mapping[str, datetime] = NOTHING

    def begun(self, webinar: str | None) -> bool:
        """Whether the webinar has begun, so that there is nothing to invite to; of one that is not known: no."""
        begins = None if webinar is None else self.webinars.get(webinar)
        return begins is not None and begins <= self.now

    def chance(self, scenario: str, step: str, unit: str) -> float:
        """A number in [0, 1) that depends on nothing but its arguments and the seed."""
        digest = blake2b(f"{scenario}/{step}/{unit}".encode(), key=self.seed.encode()[:64], digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64
