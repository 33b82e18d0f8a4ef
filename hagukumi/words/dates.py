"""Dates as people read them: 1月20日(火) 13:00 and Tue 20 Jan 13:00. Imports the standard library only."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

WEEKDAYS_JA = "月火水木金土日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: (\d\d:\d\d))?")


def say_day(day: date, lang: str, *, year: bool = False) -> str:
    """1月20日(火), with its year 2026年1月20日(火); Tue 20 Jan, Tue 20 Jan 2026."""
    if lang == "en":
        said = f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]}"
        return f"{said} {day.year}" if year else said
    said = f"{day.month}月{day.day}日({WEEKDAYS_JA[day.weekday()]})"
    return f"{day.year}年{said}" if year else said


def say_time(at: datetime, zone: tzinfo, lang: str, *, year: bool = False) -> str:
    """The day and the clock time of an instant in `zone`."""
    local = at.astimezone(zone)
    return f"{say_day(local.date(), lang, year=year)} {local:%H:%M}"


def day_by(day: date, lang: str, today: date) -> str:
    """The day, with its year where that is not this year's."""
    return say_day(day, lang, year=day.year != today.year)


def time_by(at: datetime, zone: tzinfo, lang: str, today: date) -> str:
    """The day and the clock time of an instant in `zone`, with its year where that is not this year's."""
    return say_time(at, zone, lang, year=at.astimezone(zone).year != today.year)


def last_day(until: datetime, zone: tzinfo, lang: str) -> str:
    """The last whole day before an instant at midnight, as people say "until"."""
    return say_day((until - timedelta(microseconds=1)).astimezone(zone).date(), lang, year=True)


def iso(at: datetime | None, zone: tzinfo) -> str | None:
    """ISO 8601 with the zone's offset, in seconds; None stays None."""
    return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")


def say_stamp(text: str, lang: str, this_year: int | None = None) -> str | None:
    """A local `2026-01-20` or `2026-01-20 13:00` as people read it; None when `text` is neither.

    this_year: any other year is said.
    """
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    year, month, day, clock = found.groups()
    try:
        strange = this_year is not None and int(year) != this_year
        said = say_day(date(int(year), int(month), int(day)), lang, year=strange)
    except ValueError:
        return None
    return f"{said} {clock}" if clock else said
