"""Single values: text to spans, bounds, shares, hours, stages. Each reader returns a value, or raises Wrong. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from hagukumi.journeys.core.values import STAGES, Bounds, ClockRange, Share, Span, SpanUnit, StageRange
from hagukumi.journeys.language.problems import nearest
from hagukumi.journeys.language.synonyms import NO, STAGE_WORDS, YES


class Wrong(Exception):
    """The text is none of its kind: a code of the catalogue and what its sentences name."""

    def __init__(self, code: str, **args: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, args


class Noted(NamedTuple):
    """A value that is understood but should be written otherwise."""

    value: Any
    code: str
    args: dict[str, str]


def plain(text: str) -> str:
    """The text with full-width digits, letters and spaces as their plain twins, for reading only."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


_WAVES = re.compile(r"[〜～~]")
_UNITS: dict[str, tuple[int, SpanUnit]] = {}
for _words, _many, _unit in (
    (
        "営業日 営業日間 business business-day business-days businessday businessdays businessday(s) working",
        1,
        SpanUnit.BUSINESS_DAYS,
    ),
    ("日 日間 day days d", 1, SpanUnit.DAYS),
    ("週 週間 week weeks w", 7, SpanUnit.DAYS),
    ("か月 ヶ月 カ月 ケ月 ヵ月 ヵ月間 か月間 ヶ月間 カ月間 箇月 month months", 30, SpanUnit.DAYS),
    ("年 年間 year years", 365, SpanUnit.DAYS),
    ("時間 hour hours h", 1, SpanUnit.HOURS),
    ("分 分間 minute minutes min", 1, SpanUnit.MINUTES),
):
    _UNITS.update(dict.fromkeys(_words.split(), (_many, _unit)))
_UNITS |= {"businessdays": (1, SpanUnit.BUSINESS_DAYS), "workingdays": (1, SpanUnit.BUSINESS_DAYS)}
_UNITS |= {"businessday": (1, SpanUnit.BUSINESS_DAYS), "workingday": (1, SpanUnit.BUSINESS_DAYS)}
_UNITS_SHOWN = (
    "営業日",
    "週間",
    "か月",
    "時間",
    "business days",
    "days",
    "weeks",
    "months",
    "years",
    "hours",
    "minutes",
)
_SPAN = re.compile(r"(\d{1,9})\s*(.*)")
_A_DAY = {SpanUnit.MINUTES: 1440, SpanUnit.HOURS: 24, SpanUnit.DAYS: 1, SpanUnit.BUSINESS_DAYS: 1}
_LONGEST = 3 * 366
"""Days of the longest span a scenario may name."""


def span(text: str) -> Span:
    """5営業日, 14日, 2 weeks, 30分. Raises Wrong."""
    found = _SPAN.fullmatch(plain(text))
    if found is None:
        raise Wrong("value.span", text=text)
    unit = found[2].strip().casefold().replace(" ", "").replace("-", "")
    if not unit:
        raise Wrong("value.span_unit", text=text)
    if unit not in _UNITS:
        raise Wrong("value.span", text=text, near=nearest(found[2].strip().casefold(), _UNITS_SHOWN))
    many, of = _UNITS[unit]
    amount = int(found[1]) * many
    if amount == 0:
        raise Wrong("value.span_zero", text=text)
    if amount > _LONGEST * _A_DAY[of]:
        raise Wrong("value.span_long", text=text)
    return Span(amount, of)


_NUMBER = r"[-+]?\d[\d,]*(?:\.\d+)?"
_COUNTED = r"(?:\s*(?:点|床|名|人|件|円|回|社|台|points?|pts?|beds?|people|times?))?"
_TENS = {"千": 1_000, "万": 10_000, "億": 100_000_000}
_LOW = r"以上|から|or more|or above|and above|and up|\+"
_OVER = r"超|を超える|より大きい|より多い"
_HIGH = r"以下|まで|or less|or below|and below"
_UNDER = r"未満|より小さい|より少ない"
_AFTER = re.compile(rf"({_NUMBER})([千万億]?){_COUNTED}\s*({_LOW}|{_OVER}|{_HIGH}|{_UNDER})")
_BEFORE = re.compile(
    r"(>=|=>|≥|≧|at least|>|over|more than|<=|=<|≤|≦|at most|up to|<|under|below|less than)"
    rf"\s*({_NUMBER})([千万億]?){_COUNTED}"
)
_RANGE = re.compile(
    rf"({_NUMBER})?([千万億]?){_COUNTED}\s*(\.\.|[〜～~]|-|–|—|から|to)\s*({_NUMBER})?([千万億]?){_COUNTED}"
)
_EXACT = re.compile(rf"({_NUMBER})([千万億]?){_COUNTED}")
_AT_LEAST = (">=", "=>", "≥", "≧", "at least")
_MORE = (">", "over", "more than")
_AT_MOST = ("<=", "=<", "≤", "≦", "at most", "up to")


def _number(digits: str, tens: str = "") -> Decimal:
    try:
        return Decimal(digits.replace(",", "")) * _TENS.get(tens, 1)
    except InvalidOperation:
        raise Wrong("value.number", text=digits) from None


def bounds(text: str) -> Bounds | Noted:
    """100以上, 60点未満, 40..80, >= 60, 5. Raises Wrong."""
    flat = plain(text).casefold()
    if len(flat) > 60:
        raise Wrong("value.bounds", text=text)
    both = re.fullmatch(rf"(.*?(?:{_LOW}|{_OVER}))\s*[、,]?\s*(.*(?:{_HIGH}|{_UNDER}))", flat)
    one = _one_bound(flat)
    if one is None and both is not None:
        low, high = _one_bound(both[1]), _one_bound(both[2])
        if low is not None and high is not None:
            one = Bounds(low.low, high.high, low.low_included, high.high_included)
    if one is not None:
        return _sane(one, text)
    found = _RANGE.fullmatch(flat)
    if found is not None and (found[1] or found[4]) and not (found[3] != ".." and not (found[1] and found[4])):
        low_end = _number(found[1], found[2]) if found[1] else None
        range_ = _sane(Bounds(low_end, _number(found[4], found[5]) if found[4] else None), text)
        if found[3] == "..":
            return range_
        tidy = f"{range_.low}..{range_.high}"
        return Noted(range_, "value.wave_dash", {"text": text, "better": tidy})
    exact = _EXACT.fullmatch(flat)
    if exact is None:
        raise Wrong("value.bounds", text=text)
    number = _number(exact[1], exact[2])
    return Bounds(number, number)


def _one_bound(flat: str) -> Bounds | None:
    found = _AFTER.fullmatch(flat)
    if found is not None:
        number, word = _number(found[1], found[2]), found[3]
        if re.fullmatch(_LOW, word):
            return Bounds(low=number)
        if re.fullmatch(_OVER, word):
            return Bounds(low=number, low_included=False)
        return Bounds(high=number, high_included=bool(re.fullmatch(_HIGH, word)))
    found = _BEFORE.fullmatch(flat)
    if found is None:
        return None
    sign, number = found[1], _number(found[2], found[3])
    if sign in _AT_LEAST:
        return Bounds(low=number)
    if sign in _MORE:
        return Bounds(low=number, low_included=False)
    return Bounds(high=number, high_included=sign in _AT_MOST)


def _sane(value: Bounds, text: str) -> Bounds:
    low, high = value.low, value.high
    if low is not None and high is not None:
        if low > high:
            raise Wrong("value.bounds_reversed", text=text)
        if low == high and not (value.low_included and value.high_included):
            raise Wrong("value.bounds_empty", text=text)
    return value


_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*(%|パーセント|percent)")


def share(text: str) -> Share:
    """45%, 12.5%. Raises Wrong."""
    found = _SHARE.fullmatch(plain(text).casefold())
    if found is None:
        raise Wrong("value.share", text=text)
    points = int(Decimal(found[1]) * 100)
    if points > 10_000:
        raise Wrong("value.share_over", text=text)
    return Share(points)


_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2})|時(?:(\d{1,2})分|(半))?)")
_FROM_TO = re.compile(r"\s*(?:-|–|—|−|から|to|\.\.|[〜～~])\s*")


def _clock(text: str, whole: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise Wrong("value.clock", text=whole)
    hour, minute = int(found[1]), int(found[2] or found[3] or (30 if found[4] else 0))
    if hour > 23 or minute > 59:
        raise Wrong("value.clock_none", text=text.strip())
    return time(hour, minute)


def clock(text: str) -> time:
    """9:00, 16時半. Raises Wrong."""
    return _clock(plain(text), text)


def clock_range(text: str) -> ClockRange | Noted:
    """16:00-17:30, 16時-17時半. Raises Wrong."""
    flat = plain(text).removesuffix("まで")
    parts = _FROM_TO.split(flat)
    if len(parts) == 1 and _CLOCK.fullmatch(parts[0]):
        raise Wrong("value.clock_single", text=text)
    if len(parts) != 2:
        raise Wrong("value.clock", text=text)
    hours = ClockRange(_clock(parts[0], text), _clock(parts[1], text))
    if hours.start >= hours.end:
        raise Wrong("value.clock_reversed", text=text)
    if _WAVES.search(text):
        return Noted(hours, "value.wave_dash", {"text": text, "better": f"{hours.start:%H:%M}-{hours.end:%H:%M}"})
    return hours


def _stage(text: str, whole: str) -> str:
    word = STAGE_WORDS.get(text.strip().casefold())
    if word is None:
        raise Wrong("value.stage", text=whole, near=nearest(text.strip().casefold(), STAGE_WORDS))
    return word


def stage_range(text: str) -> StageRange | Noted:
    """lead, mql.., sql..won, 商談以降. Raises Wrong."""
    flat = plain(text)
    later = re.fullmatch(r"(.+?)\s*(?:以降|以上|から|or later)", flat)
    earlier = re.fullmatch(r"(.+?)\s*(?:以前|以下|まで|or earlier)", flat)
    waved = _WAVES.search(flat)
    if waved is not None:
        flat = _WAVES.sub("..", flat)
    if later is not None:
        low, high = later[1], STAGES[-1]
    elif earlier is not None:
        low, high = STAGES[0], earlier[1]
    elif ".." in flat:
        first, _, last = flat.partition("..")
        low, high = first.strip() or STAGES[0], last.strip() or STAGES[-1]
    else:
        low = high = flat
    known = StageRange(_stage(low, text), _stage(high, text))
    if known.low == known.high:
        return known
    if "ng" in known:
        raise Wrong("value.stage_ng", text=text)
    if STAGES.index(known.low) > STAGES.index(known.high):
        raise Wrong("value.stage_reversed", text=text)
    if waved is not None:
        return Noted(known, "value.wave_dash", {"text": text, "better": f"{known.low}..{known.high}"})
    return known


def boolean(text: str) -> bool:
    """true, はい, yes, on. Raises Wrong."""
    flat = plain(text).casefold()
    if flat in YES:
        return True
    if flat in NO:
        return False
    raise Wrong("value.bool", text=text)


_COUNT = re.compile(r"([-+]?\d[\d,]{0,17})\s*(?:回|通|点|件|人|名|times?|行)?")


def whole(text: str) -> int:
    """3, 3回, １,０００. Raises Wrong."""
    found = _COUNT.fullmatch(plain(text).casefold())
    if found is None:
        raise Wrong("value.whole", text=text)
    return int(found[1].replace(",", ""))


_DECIMAL = re.compile(rf"({_NUMBER}){_COUNTED}")


def decimal(text: str) -> Decimal:
    """5, -10, 0.5. Raises Wrong."""
    flat = plain(text).casefold()
    found = _DECIMAL.fullmatch(flat) if len(flat) <= 30 else None
    if found is None:
        raise Wrong("value.number", text=text)
    return _number(found[1])


def real(text: str) -> float:
    """A decimal as a float. Raises Wrong."""
    return float(decimal(text))


_DATE = re.compile(r"(\d{4})(?:-|/|年)(\d{1,2})(?:-|/|月)(\d{1,2})日?")


def day(text: str) -> date:
    """2026-04-28, 2026年4月28日. Raises Wrong."""
    found = _DATE.fullmatch(plain(text).replace(" ", ""))
    if found is None:
        raise Wrong("value.date", text=text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Wrong("value.date_none", text=text) from None


_MOMENT = re.compile(r"(.*?\d日?)[ T]+(\S+)")


def moment(text: str) -> datetime:
    """2026-06-18 14:00, 2026年6月18日 14時: a local day with its clock time. Raises Wrong."""
    found = _MOMENT.fullmatch(plain(text))
    if found is None:
        raise Wrong("rules.moment", text=text)
    return datetime.combine(day(found[1]), clock(found[2]))


READERS: dict[Any, Callable[[str], Any]] = {
    Span: span,
    Bounds: bounds,
    Share: share,
    ClockRange: clock_range,
    StageRange: stage_range,
    bool: boolean,
    int: whole,
    Decimal: decimal,
    float: real,
    date: day,
    datetime: moment,
    time: clock,
}
"""How each type of single value is read."""
