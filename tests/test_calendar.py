"""Business days: Golden Week, weekends, New Year, other zones, and the Cabinet Office's list of holidays."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hagukumi.calendar import BusinessCalendar, japanese_holiday
from hagukumi.journeys.core.values import Calendar, ClockRange, Span, SpanUnit

JAPAN = ZoneInfo("Asia/Tokyo")
OURS = BusinessCalendar()
NEW_YORK = BusinessCalendar("America/New_York", {})
OFFICIAL = Path(__file__).parents[2] / "shared/data/jp_holidays/syukujitsu.utf8.csv"

# Hypothesis wants its bounds without a zone, and so do the refusals below.
FIRST = datetime.fromisoformat("2024-01-01")
INSTANTS = st.datetimes(FIRST, FIRST.replace(year=2028), timezones=st.just(UTC))


def jst(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JAPAN).astimezone(UTC)


def said(at: datetime) -> str:
    return at.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")


def test_it_is_the_calendar_that_steps_ask_for() -> None:
    calendar: Calendar = OURS
    assert said(Span(5, SpanUnit.BUSINESS_DAYS).after(jst("2026-04-27 10:00"), calendar)) == "2026-05-08 10:00"


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-04-27 10:00", 1, "2026-04-28 10:00"),
        ("2026-04-27 10:00", 2, "2026-04-30 10:00"),  # over Showa Day
        ("2026-04-27 10:00", 4, "2026-05-07 10:00"),  # over Golden Week
        ("2026-05-02 10:00", 1, "2026-05-07 10:00"),  # from a Saturday
        ("2026-05-02 10:00", -1, "2026-05-01 10:00"),
        ("2026-05-07 10:00", -2, "2026-04-30 10:00"),
        ("2026-09-18 23:59", 1, "2026-09-24 23:59"),  # the day between two holidays is a holiday
        ("2026-05-02 10:00", 0, "2026-05-02 10:00"),
        ("2026-05-01 00:00", 1, "2026-05-07 00:00"),  # 15:00 of the day before in UTC
    ],
)
def test_business_days_keep_the_local_clock_time(start: str, days: int, end: str) -> None:
    moved = OURS.add_business_days(jst(start), days)
    assert said(moved) == end
    assert moved.tzinfo is UTC


@given(INSTANTS, st.integers(1, 60))
def test_business_days_there_and_back_from_a_business_day(at: datetime, days: int) -> None:
    for calendar in (OURS, NEW_YORK):
        start = calendar.add_business_days(at, 1)
        assert calendar.is_business_day(calendar.day_of(start))
        end = calendar.add_business_days(start, days)
        assert calendar.business_days_between(start, end) == days
        assert calendar.business_days_between(end, start) == -days
        assert calendar.day_of(calendar.add_business_days(end, -days)) == calendar.day_of(start)


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=20)))
def test_business_time_added_is_the_business_time_between(at: datetime, span: timedelta) -> None:
    start = OURS.add_business_days(at, 1)
    assert OURS.business_time_between(start, OURS.add_business_time(start, span)) == span
    saturday = jst("2026-05-02 10:00")
    assert OURS.business_time_between(saturday, OURS.add_business_time(saturday, span)) == span


def test_business_time_stands_still_on_weekends() -> None:
    friday, monday = jst("2026-06-05 18:00"), jst("2026-06-08 09:00")
    assert OURS.business_time_between(friday, monday) == timedelta(hours=15)
    assert said(OURS.add_business_time(friday, timedelta(hours=15))) == "2026-06-08 09:00"
    assert said(OURS.add_business_time(friday, timedelta(days=2))) == "2026-06-09 18:00"


def test_days_keep_the_clock_over_a_change_to_summer_time() -> None:
    before = datetime(2026, 3, 6, 10, tzinfo=ZoneInfo("America/New_York"))
    after = NEW_YORK.add_business_days(before, 1)
    assert NEW_YORK.local(after).strftime("%a %H:%M %z") == "Mon 10:00 -0400"
    assert after - before == timedelta(days=3, hours=-1)
    assert NEW_YORK.local(NEW_YORK.add_days(before, 30)).time() == time(10)


def test_a_clock_time_that_summer_time_skips_is_an_hour_later() -> None:
    assert NEW_YORK.local(NEW_YORK.instant(date(2026, 3, 8), time(2, 30))).time() == time(3, 30)


def test_the_local_day_begins_at_midnight_in_japan() -> None:
    assert OURS.day_of(datetime(2026, 6, 1, 14, 59, tzinfo=UTC)) == date(2026, 6, 1)
    assert OURS.day_of(datetime(2026, 6, 1, 15, 0, tzinfo=UTC)) == date(2026, 6, 2)
    assert OURS.day_of(datetime(2026, 6, 1, 23, 0, tzinfo=JAPAN)) == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-06-01 08:59", "2026-06-01 09:00"),
        ("2026-06-01 09:00", "2026-06-01 09:00"),
        ("2026-06-01 17:59", "2026-06-01 17:59"),
        ("2026-06-01 18:00", "2026-06-02 09:00"),
        ("2026-06-05 18:00", "2026-06-08 09:00"),
        ("2026-05-02 12:00", "2026-05-07 09:00"),
    ],
)
def test_the_next_opening_is_now_or_in_the_morning(at: str, opens: str) -> None:
    assert said(OURS.next_business_open(jst(at))) == opens
    assert OURS.is_open(jst(at)) == (at == opens)


def test_own_closed_days_and_hours_are_added() -> None:
    sending = OURS.with_closed(lambda day: (day.month, day.day) == (6, 1), ClockRange(time(10), time(12)))
    assert said(sending.next_business_open(jst("2026-05-29 12:00"))) == "2026-06-02 10:00"
    assert OURS.is_business_day(date(2026, 6, 1))
    closed = BusinessCalendar(closed=[date(2026, 6, 1)])
    assert said(closed.opening_after(jst("2026-05-29 12:00"))) == "2026-06-02 09:00"


def test_holidays_can_be_given_by_date() -> None:
    calendar = BusinessCalendar(holidays={date(2026, 6, 1): "創立記念日"})
    assert not calendar.is_business_day(date(2026, 6, 1))
    assert calendar.is_business_day(date(2026, 4, 29))


def test_an_instant_without_a_zone_is_refused() -> None:
    for question in (OURS.local, OURS.day_of, OURS.is_open, OURS.next_business_open, OURS.opening_after):
        with pytest.raises(ValueError, match="no time zone"):
            question(FIRST)
    for days in (0, 1):
        with pytest.raises(ValueError, match="no time zone"):
            OURS.add_business_days(FIRST, days)


def test_a_calendar_that_is_always_closed_says_so() -> None:
    with pytest.raises(ValueError, match="closed days"):
        BusinessCalendar(closed=lambda day: True).add_business_days(jst("2026-06-01 09:00"), 1)


def test_japanese_holidays_are_those_of_the_cabinet_office() -> None:
    if not OFFICIAL.exists():
        pytest.skip("the Cabinet Office's list lies outside the checkout and is not here")
    with OFFICIAL.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    official = {date(*map(int, row[0].split("/"))) for row in rows}
    days = map(date.fromordinal, range(date(2010, 1, 1).toordinal(), max(official).toordinal() + 1))
    assert [day for day in days if (day in official) != (japanese_holiday(day) is not None)] == []
