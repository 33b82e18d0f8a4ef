"""When a recipient does not read: closed weekdays, half-days and days of the month. Pure; imports the calendar.

Start with `Closed`. account.closed keeps it as JSON (`as_json`, `closed_of`), lists as people write it (`read_words`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, NewType
from unicodedata import normalize

from hagukumi.calendar import BusinessCalendar

MonthDays = NewType("MonthDays", str)
"""Days of every month as people write them: 1-10, 25, or 1-10, 25-31."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_DAYS: frozenset[int] = frozenset()
_NOON = time(12)
_MOST_LOOKS = 200
"""Openings looked at before a calendar is held to be never open; about three months of half-days."""


class Closed(NamedTuple):
    """weekdays: 0 is Monday. half_days: (weekday, whether the afternoon). days: of the month, 1 to 31."""

    weekdays: frozenset[int] = frozenset()
    half_days: frozenset[tuple[int, bool]] = frozenset()
    days: frozenset[int] = NO_DAYS

    def and_on(self, days: Collection[int]) -> Closed:
        """Closed on these days of the month as well."""
        return self._replace(days=self.days | frozenset(days))

    def until(self, local: datetime) -> datetime | None:
        """When the closed day or half-day of a local instant is over, as a local instant; None: they are open."""
        day = local.date()
        if day.weekday() in self.weekdays or day.day in self.days:
            return _midnight(local)
        afternoon = local.time() >= _NOON
        if (day.weekday(), afternoon) not in self.half_days:
            return None
        return _midnight(local) if afternoon else local.replace(hour=12, minute=0, second=0, microsecond=0)


class Absent(NamedTuple):
    """A department that has no time on some days of the month."""

    department: str
    days: frozenset[int]


def away(closed: Closed | None, department: str | None, absent: Collection[Absent]) -> Closed | None:
    """When this recipient does not read: the facility's closed times and those of the department; None: no such."""
    found = closed or Closed()
    if department and absent:
        here = normalize("NFKC", department)
        for one in absent:
            if normalize("NFKC", one.department) in here:
                found = found.and_on(one.days)
    return found if any(found) else None


def both_open(closed: Closed, at: datetime, ours: BusinessCalendar) -> datetime:
    """`at` itself when letters may leave and the recipient reads, else the next such instant (UTC).

    Where the two never meet it is an instant some months ahead.
    """
    for _ in range(_MOST_LOOKS):
        at = ours.next_business_open(at)
        over = closed.until(ours.local(at))
        if over is None:
            break
        at = ours.instant(over.date(), over.time())
    return at


@lru_cache(maxsize=256)
def days_in_month(text: str) -> frozenset[int]:
    """The days of 1-10, 25 and the like; none where the text names none."""
    found: set[int] = set()
    for part in re.split(r"[,、 ]+", normalize("NFKC", text).strip().replace("日", "").replace("~", "-")):
        matched = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", part)
        if matched is None:
            return NO_DAYS
        first, last = int(matched[1]), int(matched[2] or matched[1])
        if not 1 <= first <= last <= 31:
            return NO_DAYS
        found.update(range(first, last + 1))
    return frozenset(found)


def closed_of(stored: Mapping[str, Any] | None) -> Closed | None:
    """What account.closed says. What it says wrongly is left out: nobody is held for ever by a slip."""
    if not stored:
        return None
    weekdays = frozenset(WEEKDAYS.index(day) for day in stored.get("weekdays", ()) if day in WEEKDAYS)
    halves = [half.partition("_") for half in stored.get("half_days", ())]
    half_days = frozenset((WEEKDAYS.index(day), half == "pm") for day, _, half in halves if day in WEEKDAYS)
    return Closed(weekdays, half_days, frozenset(stored.get("days_of_month", ())))


def as_json(closed: Closed) -> dict[str, Any]:
    """What account.closed keeps: {weekdays: [thu], half_days: [wed_pm], days_of_month: [1, 2]}, without empty parts."""
    halves = [f"{WEEKDAYS[day]}_{'pm' if afternoon else 'am'}" for day, afternoon in sorted(closed.half_days)]
    parts = {"weekdays": [WEEKDAYS[day] for day in sorted(closed.weekdays)], "half_days": halves}
    return {name: value for name, value in {**parts, "days_of_month": sorted(closed.days)}.items() if value}


_DAYS = {day: number for number, day in enumerate("月火水木金土日")}
_ENGLISH = {day: number for number, day in enumerate(WEEKDAYS)}
_ITEM = re.compile(
    r"(?P<ja>[月火水木金土日](?:[・･]?[月火水木金土日])*)(?:曜日?)?(?P<half>午前|午後|am|pm)?"
    r"|(?P<en>mon|tue|wed|thu|fri|sat|sun)[a-z]*[ _-]?(?P<half_en>am|pm|mornings?|afternoons?)?"
    r"|(?:毎月)?(?P<first>\d{1,2})日?(?:-(?P<last>\d{1,2})日?)?"
)
_BETWEEN = re.compile(r"[,、/;:。\n]+|(?:(?<=曜)|(?<=曜日)|(?<=午前)|(?<=午後))[・･]")
_EDGES = " ・･のはと"
_FILL = re.compile(r"(休診日?|休館日?|定休日?|休み|休|closed)")


def read_words(text: str) -> Closed | None:
    """木曜休診, 水曜午後休診・土曜午後, 毎月1-10日, thu, wed pm; None where a part of the text says no such thing."""
    plain = normalize("NFKC", text).lower()
    # Public holidays are no days for letters anyway.
    for written, meant in (("~", "-"), ("〜", "-"), ("から", "-"), ("まで", ""), ("祝日", ","), ("祝", ",")):
        plain = plain.replace(written, meant)
    parts = [part for part in _BETWEEN.split(_FILL.sub(",", plain)) if part.strip(_EDGES)]
    weekdays: set[int] = set()
    half_days: set[tuple[int, bool]] = set()
    days: frozenset[int] = NO_DAYS
    for part in parts:
        item = _ITEM.fullmatch(part.strip(_EDGES))
        if item is None:
            return None
        if item["first"]:
            more = days_in_month(f"{item['first']}-{item['last'] or item['first']}")
            if not more:
                return None
            days |= more
            continue
        named = {_DAYS[one] for one in item["ja"] if one in _DAYS} if item["ja"] else {_ENGLISH[item["en"]]}
        half = item["half"] or item["half_en"]
        if half is None:
            weekdays |= named
        else:
            half_days |= {(day, half in ("午後", "pm") or half.startswith("after")) for day in named}
    found = Closed(frozenset(weekdays), frozenset(half_days), days)
    return found if any(found) and len(found.weekdays - {5, 6}) < 5 else None


def _midnight(local: datetime) -> datetime:
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
