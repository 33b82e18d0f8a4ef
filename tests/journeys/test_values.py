"""Spans, bounds, stages and words."""

import dataclasses
from decimal import Decimal

import pytest

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import STAGES, Bounds, Span, StageRange, Words
from tests.journeys.scenes import CALENDAR, business_days, days, hours, jst, minutes


@pytest.mark.parametrize(
    ("span", "after", "before"),
    [
        (business_days(2), "2026-05-07 10:00", "2026-04-28 10:00"),
        (days(2), "2026-05-03 10:00", "2026-04-29 10:00"),
        (hours(2), "2026-05-01 12:00", "2026-05-01 08:00"),
        (minutes(2), "2026-05-01 10:02", "2026-05-01 09:58"),
    ],
)
def test_a_span_lies_after_and_before_an_instant(span: Span, after: str, before: str) -> None:
    friday = jst("2026-05-01 10:00")
    assert span.after(friday, CALENDAR) == jst(after)
    assert span.before(friday, CALENDAR) == jst(before)


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        (Bounds(), (-1, 0, 10**9), ()),
        (Bounds(Decimal(40)), (40, 41), (39, 39.9)),
        (Bounds(Decimal(40), low_included=False), (40.1, 41), (40, 39)),
        (Bounds(high=Decimal(80)), (80, 0, -5), (80.1, 81)),
        (Bounds(high=Decimal(80), high_included=False), (79.9, 0), (80, 81)),
        (Bounds(Decimal(40), Decimal(80)), (40, 60, 80), (39, 81)),
        (Bounds(Decimal(0), Decimal(0)), (0,), (1, -1)),
        (Bounds(Decimal("0.7"), Decimal("0.7")), (0.7, Decimal("0.7")), (0.8, 0.6)),
    ],
)
def test_bounds_hold_what_lies_inside(bounds: Bounds, inside: tuple[float, ...], outside: tuple[float, ...]) -> None:
    assert [number for number in inside if not bounds.hold(number)] == []
    assert [number for number in outside if bounds.hold(number)] == []


@pytest.mark.parametrize(
    ("low", "high", "inside"),
    [
        ("lead", "won", STAGES),
        ("sql", "won", ("sql", "opportunity", "won")),
        ("lead", "mql", ("lead", "mql")),
        ("mql", "mql", ("mql",)),
        ("ng", "ng", ("ng",)),
        ("won", "lead", ()),
    ],
)
def test_a_range_of_stages_includes_both_ends_and_ng_only_by_name(low: str, high: str, inside: tuple[str, ...]) -> None:
    assert tuple(stage for stage in (*STAGES, "ng") if StageRange(low, high).hold(stage)) == inside


def test_words_are_said_in_english_when_asked_and_in_japanese_otherwise() -> None:
    words = Words("手紙", "letter")
    assert [words.say(lang) for lang in ("en", "ja", "fr")] == ["letter", "手紙", "手紙"]


def test_a_field_of_a_file_carries_its_words_and_what_it_is_when_left_out() -> None:
    described = entry("期限", "when it is due", 3)
    assert (described.default, described.metadata) == (3, {"doc": Words("期限", "when it is due")})
    assert entry("件名", "subject").default is dataclasses.MISSING
