"""The temperature of an account where nothing happens moves with our working hours, never with the calendar's pages."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from abm.heat import Heat
from hagukumi.calendar import BusinessCalendar
from tests.abm.market import JAPAN, KEYWORDS, Market

FRIDAY = datetime(2026, 7, 10, 18, tzinfo=JAPAN)
"""After work, before a fortnight in which Monday the 20th is a holiday."""
CALENDAR = BusinessCalendar()


@pytest.fixture
def market(engine: Engine, tmp_path: Path) -> Market:
    """One facility that warms, one that cools, one that is steady, by lists of every day and acts of ours."""
    made = Market(engine, tmp_path, now=FRIDAY)
    daily = {"F1": (1, 1, 1, 4), "F2": (4, 4, 4, 1), "F3": (2, 2, 2, 2)}
    rows = []
    for key, counts in daily.items():
        made.facility(key, f"{key}記念病院")
        for week, count in enumerate(counts):
            monday = date(2026, 6, 15) + timedelta(weeks=week)
            rows.append(f"{monday + timedelta(days=2)},{key}記念病院,,,,残業,{count}")
            made.act(key, "visited", FRIDAY - timedelta(weeks=3 - week), "roi-simulation")
    made.bring(KEYWORDS + "\n".join(rows) + "\n")
    return made


def _heat(market: Market, key: str, at: datetime) -> Heat:
    market.now = at
    return market.told(key).intent.heat


def test_nobody_cools_over_a_weekend_a_night_or_a_holiday(market: Market) -> None:
    for before, after in (
        (FRIDAY, datetime(2026, 7, 13, 8, 59, tzinfo=JAPAN)),
        (datetime(2026, 7, 14, 18, tzinfo=JAPAN), datetime(2026, 7, 15, 9, tzinfo=JAPAN)),
        (datetime(2026, 7, 17, 18, tzinfo=JAPAN), datetime(2026, 7, 21, 8, 59, tzinfo=JAPAN)),
    ):
        for key in ("F1", "F2", "F3"):
            assert _heat(market, key, before) == _heat(market, key, after)
            assert market.ranked()[key].heat == _heat(market, key, after)
    states = [_heat(market, key, FRIDAY).state for key in ("F1", "F2", "F3")]
    assert states == ["rising", "cooling", "steady"]


@given(st.integers(0, 14 * 24 * 4 - 1))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_at_no_instant_of_a_fortnight_does_an_unchanged_account_move_while_nobody_works(
    market: Market, quarter: int
) -> None:
    at = FRIDAY + timedelta(minutes=15 * quarter)
    later = at + timedelta(minutes=15)
    for key in ("F1", "F2", "F3"):
        one, next_one = _heat(market, key, at), _heat(market, key, later)
        if not CALENDAR.is_open(at):
            assert one == next_one
