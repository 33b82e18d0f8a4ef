"""Business time in one zone: our own days, the days letters may leave. Imports core.values; jpholiday when first asked.

Start with BusinessCalendar. The recipient's own calendar (closed afternoons) comes later as one more of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hagukumi.journeys.core.values import ClockRange

HolidayName = Callable[[date], str | None]
"""The name of the public holiday on a local day, None when it is none."""

WEEKEND = frozenset({5, 6})
"""Saturday and Sunday, as date.weekday() counts."""

OFFICE_HOURS = ClockRange(time(9), time(18))

_DAY = timedelta(days=1)
_FIXED_YEARS = range(1970, 2101)


@lru_cache(maxsize=8192)
def japanese_holiday(day: date) -> str | None:
    """The name of the Japanese public holiday on `day`, by jpholiday (decision 0003); None when it is none."""
    # One day costs 0.07 ms, jpholiday's whole year 38 ms: only the days that are asked about are worth it.
    import jpholiday

    name: str | None = jpholiday.is_holiday_name(day)
    return name


class BusinessCalendar:
    """Implements core.values.Calendar. Instants are aware datetimes from 1970 to 2100; what comes back is UTC.

    zone: an IANA name. holidays: names by date, or a function. closed: own closed days, by date or a function.
    weekend: weekday numbers (Monday = 0). hours: local opening hours of a business day, end excluded.
    Raises ValueError for an instant without a zone, and where no business day lies within two years.
    """

    def __init__(
        self,
        zone: str = "Asia/Tokyo",
        holidays: Mapping[date, str] | HolidayName = japanese_holiday,
        closed: Iterable[date] | Callable[[date], bool] = (),
        weekend: frozenset[int] = WEEKEND,
        hours: ClockRange = OFFICE_HOURS,
    ) -> None:
        self.zone = ZoneInfo(zone)
        self.hours = hours
        self._holiday: HolidayName = holidays if callable(holidays) else holidays.get
        self._closed: Callable[[date], bool] = closed if callable(closed) else frozenset(closed).__contains__
        self._weekend = weekend
        self._offset = _fixed_offset(self.zone)
        self._business: dict[int, bool] = {}
        self._shifts: dict[tuple[int, int], timedelta] = {}

    def with_closed(self, closed: Callable[[date], bool], hours: ClockRange) -> BusinessCalendar:
        """The same calendar with further closed days and other hours: how the no-send days are made."""
        own = self._closed
        return BusinessCalendar(self.zone.key, self._holiday, lambda day: own(day) or closed(day), self._weekend, hours)

    def local(self, at: datetime) -> datetime:
        """The same instant in the business zone."""
        return _aware(at).astimezone(self.zone)

    def instant(self, day: date, clock: time) -> datetime:
        """The UTC instant of a local day and clock time; a time skipped by summer time is an hour later."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        """The local date of an instant."""
        offset = self._offset
        if offset is not None and at.tzinfo is UTC:
            return (at + offset).date()
        return self.local(at).date()

    def is_business_day(self, day: date) -> bool:
        """Whether a local day is neither weekend, nor a public holiday, nor closed."""
        return self._is_business(day.toordinal())

    def add_days(self, at: datetime, days: int) -> datetime:
        """`days` calendar days after `at` at the same local clock time; negative counts back."""
        return self._moved(at, timedelta(days=days)) if days else _utc(at)

    def add_business_days(self, at: datetime, days: int) -> datetime:
        """`days` business days after `at` at the same local clock time; negative counts back, 0 is `at` itself.

        From a day that is no business day, 1 is the next business day and -1 the one before.
        """
        if not days:
            return _utc(at)
        key = (self.day_of(at).toordinal(), days)
        shift = self._shifts.get(key)
        if shift is None:
            shift = self._shifts[key] = timedelta(days=self._find(*key) - key[0])
        return self._moved(at, shift)

    def business_days_between(self, start: datetime, end: datetime) -> int:
        """How many business days lie after the day of `start`, up to and with that of `end`; negative backwards.

        For an instant on a business day, `add_business_days(start, n)` is `n` business days from it.
        """
        if end < start:
            return -self.business_days_between(end, start)
        return self._count(self.day_of(start).toordinal() + 1, self.day_of(end).toordinal() + 1)

    def business_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Time from `start` to `end` (not earlier) that passed on business days, 24 h each."""
        first, last = self.local(start), self.local(end)
        whole = self._count(first.toordinal(), last.toordinal()) * _DAY
        return whole - self._clock(first) + self._clock(last)

    def add_business_time(self, at: datetime, span: timedelta) -> datetime:
        """The instant by which `span` (>= 0) has passed on business days, 24 h each."""
        days, rest = divmod(span, _DAY)
        local = self.local(at)
        if not self._is_business(local.toordinal()):
            at = self.instant(date.fromordinal(self._find(local.toordinal(), 1)), time())
        at = self.add_business_days(at, days)
        local = self.local(at)
        over = local.replace(tzinfo=None) + rest
        if over.date() == local.date():
            return self._moved(at, rest)
        return self.instant(date.fromordinal(self._find(local.toordinal(), 1)), over.time())

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies on a business day within opening hours."""
        local = self.local(at)
        return self.hours.start <= local.time() < self.hours.end and self._is_business(local.toordinal())

    def closing(self, at: datetime) -> datetime | None:
        """When the opening hours that `at` lies in are over; None outside of them."""
        return self.instant(self.day_of(at), self.hours.end) if self.is_open(at) else None

    def next_business_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening."""
        local = self.local(at)
        ordinal = local.toordinal()
        if not self._is_business(ordinal) or local.time() >= self.hours.end:
            return self.opening_after(at)
        if local.time() < self.hours.start:
            return self.instant(local.date(), self.hours.start)
        return _utc(at)

    def opening_after(self, at: datetime) -> datetime:
        """The opening of the next business day after the day of `at`."""
        day = date.fromordinal(self._find(self.day_of(at).toordinal(), 1))
        return self.instant(day, self.hours.start)

    def _moved(self, at: datetime, shift: timedelta) -> datetime:
        if self._offset is not None and at.tzinfo is UTC:
            return at + shift
        local = self.local(at)
        return (local + shift).astimezone(UTC)

    def _is_business(self, ordinal: int) -> bool:
        known = self._business.get(ordinal)
        if known is None:
            day = date.fromordinal(ordinal)
            free = day.weekday() in self._weekend or self._closed(day) or self._holiday(day) is not None
            known = self._business[ordinal] = not free
        return known

    def _find(self, ordinal: int, days: int) -> int:
        step = 1 if days > 0 else -1
        left, idle = abs(days), 0
        while left:
            ordinal += step
            if self._is_business(ordinal):
                left, idle = left - 1, 0
            elif (idle := idle + 1) > 731:
                raise ValueError("the calendar has no business day within two years; check the closed days")
        return ordinal

    def _count(self, start: int, end: int) -> int:
        return sum(map(self._is_business, range(start, end)))

    def _clock(self, local: datetime) -> timedelta:
        if not self._is_business(local.toordinal()):
            return timedelta()
        return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone; give an aware datetime")
    return at


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo is UTC else _aware(at).astimezone(UTC)


@lru_cache(maxsize=64)
def _fixed_offset(zone: ZoneInfo) -> timedelta | None:
    """The zone's offset when it never changes between 1970 and 2100 (Japan), else None."""
    # No zone in use has had a summer time shorter than a month.
    months = (datetime(year, month, 1, tzinfo=UTC) for year in _FIXED_YEARS for month in range(1, 13))
    offsets = {month.astimezone(zone).utcoffset() for month in months}
    return offsets.pop() if len(offsets) == 1 else None
