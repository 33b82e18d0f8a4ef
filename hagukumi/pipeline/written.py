"""What a caller writes down with an outcome, read into values; problems in words. Pure. Start with `read_fields`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from unicodedata import normalize

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.addresses import normalised
from hagukumi.pipeline.desk import ATTENDANCE_WORDS, FIELDS, NG_WORDS, OutcomeRule
from hagukumi.words.dates import say_day
from hagukumi.words.refusal import NotDone

_CLOCK = re.compile(r"(午前|午後)?(\d{1,2})(?::(\d{2})|時(?:(\d{1,2})分|(半))?)(?:頃|ごろ)?")
_YEAR = re.compile(r"\d{4}")
_DAY = re.compile(r"(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})[-/年](\d{1,2})月?")
MOST_SIGNS = 2_000
SOON = timedelta(days=183)
"""A day without its year is the next such day within this time; else the caller is asked which one is meant."""
YEARS_AHEAD: Mapping[str, int] = {"date": 2, "time": 2, "month": 3}
"""No call is planned later than that; contracts are renewed a little later."""


def field_named(text: str) -> str | None:
    """The field by its Japanese key or its name in JSON."""
    wanted = normalize("NFKC", text).strip()
    return next((key for key, spec in FIELDS.items() if wanted in (key, spec.name)), None)


def read_fields(
    rule: OutcomeRule, given: Mapping[str, str], now: datetime, calendar: BusinessCalendar
) -> dict[str, object]:
    """The fields by their key, as values. Raises NotDone: unknown, not of this outcome, missing or unreadable."""
    may = [str(name) for name in dict.fromkeys((*rule.needs, *rule.takes))]
    found: dict[str, object] = {}
    for name, text in given.items():
        key = field_named(name)
        if key is None or key not in may:
            raise _strange(rule, name, may)
        if key in found:
            raise NotDone(
                "field-twice",
                f"「{key}」が2回書かれています。どちらか1つにしてください。何も記録していません。",
                f"{FIELDS[key].name} is given twice. Give it once. Nothing was recorded.",
            )
        if text.strip():
            found[key] = _read(key, text, now, calendar)
    missing = [str(name) for name in rule.needs if name not in found]
    if missing:
        raise NotDone(
            "outcome-field-missing",
            f"「{rule.name}」には {'・'.join(missing)} が必要です。例: --set {missing[0]}={_example(missing[0], 'ja')}",
            f"{rule.name} needs {', '.join(FIELDS[n].name for n in missing)}. "
            f"For instance: --set {FIELDS[missing[0]].name}={_example(missing[0], 'en')}",
        )
    return found


def _strange(rule: OutcomeRule, name: str, may: list[str]) -> NotDone:
    known = "・".join(may) or "なし"
    english = ", ".join(FIELDS[one].name for one in may if one in FIELDS) or "nothing"
    return NotDone(
        "outcome-field-unknown",
        f"「{rule.name}」に「{name}」という項目はありません。書けるもの: {known}",
        f"{rule.name} has no field {name}. It takes: {english}",
    )


def _read(key: str, text: str, now: datetime, calendar: BusinessCalendar) -> object:
    spec = FIELDS[key]
    plain = normalize("NFKC", text).strip()
    read = _READERS.get(spec.kind)
    value: object = text.strip()[:MOST_SIGNS] if read is None else read(plain, now, calendar)
    if value is None:
        said = _HOW[spec.kind]
        raise NotDone(
            "outcome-field-unreadable",
            f"{key} の「{text}」を読み取れません。{said.ja}",
            f"Cannot read “{text}” as {spec.name}. {said.en}",
        )
    if spec.kind in YEARS_AHEAD and (refused := _strange_day(key, text, plain, value, now, calendar)) is not None:
        raise refused
    return value


def _strange_day(
    key: str, text: str, plain: str, value: object, now: datetime, calendar: BusinessCalendar
) -> NotDone | None:
    """Why a day, a time or a month cannot be what the caller means."""
    assert isinstance(value, date)
    spec, today = FIELDS[key], calendar.day_of(now)
    day = calendar.day_of(value) if isinstance(value, datetime) else value
    years = YEARS_AHEAD[spec.kind]
    if value < now if isinstance(value, datetime) else spec.kind == "date" and day < today:
        return NotDone(
            "outcome-field-past",
            f"{key} の「{text}」は過ぎています。これからの日時を書いてください。",
            f"“{text}” for {spec.name} is past. Give a day or time to come.",
        )
    if day - today > SOON and not _YEAR.search(plain):
        told = f"{calendar.local(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else day.isoformat()
        return NotDone(
            "outcome-date-year",
            f"{key} の「{text}」は、次に来るのが{say_day(day, 'ja', year=True)}です。その日でよければ年を付けて"
            f"({told})、違うときは正しい日を書いてください。",
            f"The next “{text}” for {spec.name} is {say_day(day, 'en', year=True)}. If you mean it, write it with its "
            f"year ({told}); else write the right day.",
        )
    if (day.year - years, day.month, day.day) > (today.year, today.month, today.day):
        return NotDone(
            "outcome-date-far",
            f"{key} の「{text}」は{years}年より先です。{years}年以内の年月日を書いてください。"
            "それより先の予定は、メモに書き残せます。",
            f"“{text}” for {spec.name} is more than {years} years ahead. Write one within {years} years; "
            "what is planned later can stand in the memo.",
        )
    return None


def _date(text: str, now: datetime, calendar: BusinessCalendar) -> date | None:
    """The day; without its year the next such day."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    today = calendar.day_of(now)
    year, month, day = found.groups()
    try:
        at = date(int(year or today.year), int(month), int(day))
        return at if year or at >= today else at.replace(year=at.year + 1)
    except ValueError:
        return None


def _time(text: str, now: datetime, calendar: BusinessCalendar) -> datetime | None:
    """A clock time of today (15:30, 15時, 午後3時半), or a day with one; a day alone means ten o'clock."""
    clock = _CLOCK.search(text)
    rest = (text[: clock.start()] + text[clock.end() :]).strip(" Tt") if clock else text
    day = _date(rest, now, calendar) if rest else calendar.day_of(now)
    if day is None or (clock is None and not rest):
        return None
    try:
        return calendar.instant(day, _clock(clock) if clock else time(10))
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> time:
    """Raises ValueError for what no clock shows."""
    half, hour, minute, spoken, halved = found.groups()
    number = int(hour)
    if half is not None and number > 12:
        raise ValueError(found[0])
    if half == "午後":
        number = number % 12 + 12
    return time(number, 30 if halved else int(minute or spoken or 0))


def _month(text: str, now: datetime, calendar: BusinessCalendar) -> date | None:
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    month = date(int(found[1]), int(found[2]), 1)
    return month if calendar.day_of(now).replace(day=1) <= month else None


_READERS: Mapping[str, Callable[[str, datetime, BusinessCalendar], object]] = {
    "date": _date,
    "time": _time,
    "month": _month,
    "email": lambda text, now, calendar: normalised(text),
    "attendance": lambda text, now, calendar: ATTENDANCE_WORDS.get(text),
    "reason": lambda text, now, calendar: NG_WORDS.get(text),
}

_HOW: Mapping[str, Words] = {
    "date": Words("2026-12-01 か 12/1 のように書いてください。", "Write it like 2026-12-01 or 12/1."),
    "time": Words("15:30、15時、2026-12-01 15:30 のように書いてください。", "Write it like 15:30 or 2026-12-01 15:30."),
    "month": Words(
        "2027-04 のように、今月からの年月を書いてください。", "Write a month like 2027-04, from this month on."
    ),
    "email": Words("メールアドレスを半角で書いてください。", "Write a mail address."),
    "attendance": Words("確定・依頼中・意向あり・なし のどれかです。", "One of promised, asked, willing, none."),
    "reason": Words(
        "学生・同業他社・既存顧客・個人・営業お断り・対象外 のどれかです。",
        "One of student, competitor, customer, free_mail, no_sales, no_fit.",
    ),
}


def _example(key: str, lang: str) -> str:
    examples = {
        "date": ("2026-12-01", "2026-12-01"), "time": ("15:30", "15:30"), "month": ("2027-04", "2027-04"),
        "email": ("taro@example.jp", "taro@example.jp"), "attendance": ("依頼中", "asked"),
        "reason": ("対象外", "no_fit"),
    }  # fmt: skip
    ja, en = examples.get(FIELDS[key].kind, ("…", "…"))
    return en if lang == "en" else ja
