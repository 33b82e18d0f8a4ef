"""The two dates a letter proposes: never too soon, never on a day when nobody is there."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hagukumi.calendar import japanese_holiday
from hagukumi.letters.slots import Slot, days_ahead, slots_of
from tests.letters.departures import OUR_TERMS

SENDING, OURS = OUR_TERMS.sending, OUR_TERMS.calendar


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 6, 1), date(2026, 6, 3)),  # Monday
        (date(2026, 6, 4), date(2026, 6, 8)),  # Thursday
        (date(2026, 5, 1), date(2026, 5, 8)),  # Golden Week: 3 to 6 May
        (date(2026, 12, 25), date(2027, 1, 5)),  # 28 December is one, 29 to 4 January are not sent on
        (date(2026, 8, 11), date(2026, 8, 17)),  # Mountain Day; 12 is one, 13 to 16 August are not sent on
    ],
)
def test_the_first_day_lies_two_business_days_ahead(today: date, first: date) -> None:
    assert days_ahead(today, SENDING)[0] == first


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.text(max_size=40))
def test_slots_are_business_days_apart_one_before_and_one_after_noon(today: date, key: str) -> None:
    one, two = slots_of(key, days_ahead(today, SENDING))

    assert one.day < two.day
    assert sorted(slot.hour < 12 for slot in (one, two)) == [False, True]
    assert {one.hour, two.hour} < {10, 11, 14, 15, 16}
    for slot in (one, two):
        assert slot.day.weekday() < 5 and japanese_holiday(slot.day) is None
        assert not (date(slot.day.year, 12, 29) <= slot.day or slot.day <= date(slot.day.year, 1, 4))
    between = [today + timedelta(days=n) for n in range(1, (one.day - today).days + 1)]
    assert sum(map(OURS.is_business_day, between)) >= 2


def test_letters_spread_over_days_and_hours() -> None:
    days = days_ahead(date(2026, 6, 1), SENDING)
    found = Counter(slots_of(f"interest/case/1/p{n}/{n}", days) for n in range(6000))

    assert len(found) == 2 * 2 * 2 * 2 * 3
    # 125 on average.
    assert min(found.values()) > 75


def test_a_letters_slots_do_not_change_when_it_is_printed_again() -> None:
    days = days_ahead(date(2026, 6, 1), SENDING)

    assert slots_of("a/b/1/p1/1", days) == slots_of("a/b/1/p1/1", days)


def test_slots_read_as_people_write_them() -> None:
    slot = Slot(date(2026, 5, 12), 10)

    assert slot.say("ja") == "5月12日(火) 10:00"
    assert slot.say("en") == "Tue 12 May, 10:00"
