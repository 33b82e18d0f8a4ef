"""The defaults every scenario shares: ranges of days, lengths, and what is wrong in them."""

from datetime import date
from pathlib import Path

import pytest

from hagukumi.journeys.core.values import ClockRange, Span, SpanUnit
from hagukumi.journeys.language.load import load
from hagukumi.letters.rules import Cap, DayRange, Defaults, SameContent, in_days, length, wrong_in
from hagukumi.letters.words import RULES


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("12-29..01-04", ["2026-12-29", "2026-12-31", "2027-01-01", "2027-01-04"], ["2026-12-28", "2027-01-05"]),
        ("08-13..08-16", ["2026-08-13", "2030-08-16"], ["2026-08-12", "2026-08-17"]),
        ("02-28..03-01", ["2028-02-29", "2027-02-28", "2027-03-01"], ["2027-03-02"]),
        ("2026-10-01", ["2026-10-01"], ["2027-10-01", "2026-10-02"]),
        ("2026-12-30 .. 2027-01-02", ["2027-01-02"], ["2027-12-31"]),
    ],
)
def test_days_are_ranges_of_every_year_or_of_one(text: str, inside: list[str], outside: list[str]) -> None:
    closed = in_days([DayRange(text)])
    assert all(closed(date.fromisoformat(day)) for day in inside)
    assert not any(closed(date.fromisoformat(day)) for day in outside)


@pytest.mark.parametrize(
    "text", ["", "お盆", "13-01", "02-30", "08-13..", "08-13..2026-08-16", "2026-08-16..2026-08-13"]
)
def test_what_is_no_range_of_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no range of days"):
        in_days([DayRange(text)])
    assert wrong_in(Defaults(no_send_days=(DayRange("08-13"), DayRange(text)))) == (("no_send_days.1", "rules_days"),)


def test_everything_wrong_is_named_at_once() -> None:
    business_days = Span(5, SpanUnit.BUSINESS_DAYS)
    hours = Defaults().send_hours
    wrong = Defaults(
        send_hours=ClockRange(hours.end, hours.start),
        cap=Cap(letters=0, within=business_days, apart=business_days),
        same_content=SameContent(within=business_days),
    )
    found = wrong_in(wrong)
    assert [field for field, _ in found] == [
        "send_hours", "cap.letters", "cap.within", "cap.apart", "same_content.within"
    ]  # fmt: skip
    assert all(code in RULES for _, code in found)
    assert wrong_in(Defaults()) == ()


def test_a_sliding_length_has_no_business_days() -> None:
    assert length(Span(7, SpanUnit.DAYS)) == length(Span(168, SpanUnit.HOURS)) == length(Span(10080, SpanUnit.MINUTES))
    with pytest.raises(ValueError, match="business days"):
        length(Span(5, SpanUnit.BUSINESS_DAYS))


def test_the_rules_that_ship_are_sound_and_those_of_the_design() -> None:
    loaded = load(Path(__file__).parents[2] / "scenarios/rules/defaults.yaml", Defaults)
    assert loaded.problems == () and loaded.value is not None
    assert wrong_in(loaded.value) == ()
    built_in = Defaults()
    for name in (
        "send_hours",
        "business_hours",
        "cap",
        "account_cap",
        "fresh_for",
        "task_hold",
        "voice",
        "same_content",
    ):
        assert getattr(loaded.value, name) == getattr(built_in, name), name
    assert in_days(loaded.value.no_send_days)(date(2026, 8, 13))
    assert len(loaded.value.stop_when) == 5
