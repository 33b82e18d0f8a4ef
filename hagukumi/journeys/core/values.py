"""The small values a scenario is written in: spans, bounds, shares, hours, stages. Parsed by language/scalars.py."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, Protocol


class Calendar(Protocol):
    """Business time, as steps need it. Implemented by hagukumi/calendar.py."""

    def add_business_days(self, at: datetime, days: int) -> datetime:
        """`days` business days after `at` at the same local clock time; negative counts back."""

    def add_days(self, at: datetime, days: int) -> datetime:
        """`days` calendar days after `at` at the same local clock time."""

    def next_business_open(self, at: datetime) -> datetime:
        """`at` itself within our business hours, else their next opening."""

    def closing(self, at: datetime) -> datetime | None:
        """When the business hours that `at` lies in are over; None outside of them."""

    def local(self, at: datetime) -> datetime:
        """The same instant in the business zone."""

    def instant(self, day: date, clock: time) -> datetime:
        """The UTC instant of a local day and clock time."""


class SpanUnit(Enum):
    """Units of a span."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business days"


class Span(NamedTuple):
    """A length of time such as 5営業日, 14日 or 2 hours. Weeks are seven days, months thirty."""

    amount: int
    unit: SpanUnit

    def after(self, at: datetime, calendar: Calendar) -> datetime:
        """The instant this span after `at`."""
        return self._shift(at, calendar, self.amount)

    def before(self, at: datetime, calendar: Calendar) -> datetime:
        """The instant this span before `at`."""
        return self._shift(at, calendar, -self.amount)

    def _shift(self, at: datetime, calendar: Calendar, amount: int) -> datetime:
        match self.unit:
            case SpanUnit.BUSINESS_DAYS:
                return calendar.add_business_days(at, amount)
            case SpanUnit.DAYS:
                return calendar.add_days(at, amount)
            case SpanUnit.HOURS:
                return at + timedelta(hours=amount)
            case SpanUnit.MINUTES:
                return at + timedelta(minutes=amount)


class Bounds(NamedTuple):
    """A range of numbers such as 100以上, 40..80 or 60点未満; None is open."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_included: bool = True
    high_included: bool = True

    def hold(self, number: float | Decimal) -> bool:
        """Whether `number` lies inside."""
        # Points are floats; 0.7 must equal the written 0.7, so everything is compared as floats.
        number = float(number)
        low = None if self.low is None else float(self.low)
        high = None if self.high is None else float(self.high)
        if low is not None and (number < low or (number == low and not self.low_included)):
            return False
        return high is None or number < high or (number == high and self.high_included)


class Share(NamedTuple):
    """A share in basis points: 45% = 4500."""

    points: int


class ClockRange(NamedTuple):
    """Local hours such as 16:00-17:30; `end` is not included."""

    start: time
    end: time


STAGES = ("lead", "mql", "sql", "opportunity", "won")
"""The funnel in its order. `ng` stands beside it."""


class StageRange(NamedTuple):
    """Stages from `low` to `high`, both included (sql.. = sql, opportunity, won); `ng` only by name."""

    low: str
    high: str

    def hold(self, stage: str) -> bool:
        """Whether `stage` lies inside."""
        if self.low == "ng" or stage == "ng":
            return self.low == stage
        return STAGES.index(self.low) <= STAGES.index(stage) <= STAGES.index(self.high)


GRADES = tuple(f"{fit}{behaviour}" for fit in "ABCD" for behaviour in "1234")
"""Fit A (best) to D, and behaviour 1 (warmest) to 4."""


class Words(NamedTuple):
    """A text for people in both languages."""

    ja: str
    en: str

    def say(self, lang: str) -> str:
        """The text in `lang` ("ja" or "en")."""
        return self.en if lang == "en" else self.ja
