"""Dates as people read them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hagukumi.words.dates import iso, say_day, say_stamp, say_time

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 1, 20, 4, tzinfo=UTC)


def test_days_and_times_in_both_languages() -> None:
    assert say_time(NOON, TOKYO, "ja") == "1月20日(火) 13:00"
    assert say_time(NOON, TOKYO, "en") == "Tue 20 Jan 13:00"
    assert say_day(date(2026, 1, 20), "ja", year=True) == "2026年1月20日(火)"
    assert say_day(date(2026, 1, 20), "en", year=True) == "Tue 20 Jan 2026"


def test_json_carries_the_offset() -> None:
    assert iso(NOON, TOKYO) == "2026-01-20T13:00:00+09:00"
    assert iso(None, TOKYO) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-01-20", "1月20日(火)"),
        ("2026-01-20 13:00", "1月20日(火) 13:00"),
        ("2026-02-30", None),
        ("roi-2026", None),
    ],
)
def test_local_stamps_are_recognised(text: str, said: str | None) -> None:
    assert say_stamp(text, "ja") == said
