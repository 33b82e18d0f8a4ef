"""Until when somebody is away, as their automatic reply says it. Pure. Start with `away_until`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?:\s?\((?:[月火水木金土日]|mon|tue|wed|thu|fri|sat|sun)[^)]{0,6}\)|[月火水木金土日]曜日?)?"
_JA = rf"(?:(\d{{4}})\s?[年/.-]\s?)?(\d{{1,2}})\s?[月/.]\s?(\d{{1,2}})(?:\s?日)?{_WEEKDAY}"
_MONTH = "(" + "|".join(_MONTHS) + r")[a-z]{0,6}\.?"
_DAY_NAME = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+)?(?:the\s+)?"
_EN_DAY_FIRST = rf"{_DAY_NAME}(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s*(\d{{4}}))?"
_EN_MONTH_FIRST = rf"{_DAY_NAME}{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s*(\d{{4}}))?"
_ISO = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_LAST = r"(?:until|till|through|thru|ending|up to|to|and|-)\s+(?:and including\s+)?"
_BACK = (
    r"(?:back|return|returning|returns|available again|resume|in the office again|reopen)"
    r"(?:\s+(?:to|in|at|the|my|our|office|work|again|desk))*\s+(?:on|from|as of)?\s*"
)
_UNTIL_JA = re.compile(rf"{_JA}(?:\s?\d{{1,2}}[:時]\d{{0,2}}分?)?\s?(?:\(?終日\)?)?\s?(?:まで|迄|の間|の期間|にかけて)")
_RANGE_JA = re.compile(rf"(?:から|より|~|〜|～|-|–|ー)\s?{_JA}")
_BACK_JA = re.compile(
    rf"{_JA}\s?(?:より|から|以降|に|には|の)\s?.{{0,14}}?(?:出社|出勤|復帰|復職|通常|対応|業務|営業|診療|戻|返信|連絡|確認)"
)
_UNTIL_EN = tuple(re.compile(_LAST + form) for form in (_ISO, _EN_DAY_FIRST, _EN_MONTH_FIRST))
_BACK_EN = tuple(re.compile(_BACK + form) for form in (_ISO, _EN_DAY_FIRST, _EN_MONTH_FIRST))
_LONGEST = timedelta(days=400)
_EARLIEST = timedelta(days=31)


def away_until(text: str, sent: date) -> date | None:
    """The last day away that a flat text names (phrases.flat), or None. A day without its year is the next such day."""
    text = text[:20_000].replace("\n", " ")
    days = (*_days(text, (_UNTIL_JA,), sent), *_days(text, _UNTIL_EN, sent), *_days(text, (_RANGE_JA,), sent))
    for day in days:
        return day
    for day in (*_days(text, (_BACK_JA,), sent), *_days(text, _BACK_EN, sent)):
        return day - timedelta(days=1)
    return None


def _days(text: str, patterns: tuple[re.Pattern[str], ...], sent: date) -> Iterator[date]:
    """Sound days in the order they are written."""
    found = sorted((each for pattern in patterns for each in pattern.finditer(text)), key=lambda each: each.start())
    for each in found:
        day = _day(each.groups(), sent)
        if day is not None and sent - _EARLIEST <= day <= sent + _LONGEST:
            yield day


def _day(parts: tuple[str | None, ...], sent: date) -> date | None:
    names = [part for part in parts if part in _MONTHS]
    numbers = [int(part) for part in parts if part is not None and part not in _MONTHS]
    year = next((number for number in numbers if number > 1900), None)
    rest = [number for number in numbers if number <= 1900]
    if names:
        rest = [_MONTHS.index(names[0]) + 1, *rest]
    if len(rest) != 2:
        return None
    try:
        if year is not None:
            return date(year, *rest)
        this = date(sent.year, *rest)
        return this if this >= sent - _EARLIEST else date(sent.year + 1, *rest)
    except ValueError:
        return None
