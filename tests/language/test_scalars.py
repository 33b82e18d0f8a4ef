"""Single values as marketers write them."""

from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from hagukumi.journeys.core.values import Bounds, ClockRange, Share, Span, SpanUnit, StageRange
from hagukumi.journeys.language import scalars
from hagukumi.journeys.language.scalars import Noted, Wrong

BUSINESS = SpanUnit.BUSINESS_DAYS
SPANS = [
    ("5営業日", Span(5, BUSINESS)),
    ("５営業日", Span(5, BUSINESS)),
    ("3 business days", Span(3, BUSINESS)),
    ("1 business day", Span(1, BUSINESS)),
    ("14日", Span(14, SpanUnit.DAYS)),
    ("14日間", Span(14, SpanUnit.DAYS)),
    ("14 days", Span(14, SpanUnit.DAYS)),
    ("2週間", Span(14, SpanUnit.DAYS)),
    ("2 weeks", Span(14, SpanUnit.DAYS)),
    ("3か月", Span(90, SpanUnit.DAYS)),
    ("3ヶ月", Span(90, SpanUnit.DAYS)),
    ("3 months", Span(90, SpanUnit.DAYS)),
    ("168時間", Span(168, SpanUnit.HOURS)),
    ("2 hours", Span(2, SpanUnit.HOURS)),
    ("30分", Span(30, SpanUnit.MINUTES)),
]
BOUNDS = [
    ("100以上", Bounds(low=Decimal(100))),
    ("100床以上", Bounds(low=Decimal(100))),
    ("１００以上", Bounds(low=Decimal(100))),
    ("1,000名以上", Bounds(low=Decimal(1000))),
    ("1万以上", Bounds(low=Decimal(10_000))),
    ("100以下", Bounds(high=Decimal(100))),
    ("100未満", Bounds(high=Decimal(100), high_included=False)),
    ("100超", Bounds(low=Decimal(100), low_included=False)),
    ("100より大きい", Bounds(low=Decimal(100), low_included=False)),
    ("60点以上", Bounds(low=Decimal(60))),
    ("60..", Bounds(low=Decimal(60))),
    ("..40", Bounds(high=Decimal(40))),
    ("40..80", Bounds(Decimal(40), Decimal(80))),
    ("40点以上80点未満", Bounds(Decimal(40), Decimal(80), True, False)),
    (">= 60", Bounds(low=Decimal(60))),
    ("< 60", Bounds(high=Decimal(60), high_included=False)),
    ("at least 60 points", Bounds(low=Decimal(60))),
    ("5", Bounds(Decimal(5), Decimal(5))),
]
STAGES = [
    ("lead", StageRange("lead", "lead")),
    ("リード", StageRange("lead", "lead")),
    ("mql..", StageRange("mql", "won")),
    ("..sql", StageRange("lead", "sql")),
    ("SQL..won", StageRange("sql", "won")),
    ("商談以降", StageRange("opportunity", "won")),
    ("受注", StageRange("won", "won")),
    ("ng", StageRange("ng", "ng")),
]
HOURS = [
    ("16:00-17:30", ClockRange(time(16), time(17, 30))),
    ("16時-17時半", ClockRange(time(16), time(17, 30))),
    ("9:00 から 18:00まで", ClockRange(time(9), time(18))),
]


@pytest.mark.parametrize(("text", "value"), SPANS)
def test_spans(text: str, value: Span) -> None:
    assert scalars.span(text) == value


@pytest.mark.parametrize(("text", "value"), BOUNDS)
def test_bounds(text: str, value: Bounds) -> None:
    assert scalars.bounds(text) == value


@pytest.mark.parametrize(("text", "value"), STAGES)
def test_stages(text: str, value: StageRange) -> None:
    assert scalars.stage_range(text) == value


@pytest.mark.parametrize(("text", "value"), HOURS)
def test_hours(text: str, value: ClockRange) -> None:
    assert scalars.clock_range(text) == value


@pytest.mark.parametrize(
    ("text", "points"), [("45%", 4500), ("４５％", 4500), ("12.5%", 1250), ("0%", 0), ("100%", 10_000)]
)
def test_shares(text: str, points: int) -> None:
    assert scalars.share(text) == Share(points)


@pytest.mark.parametrize("text", ["no", "off", "false", "いいえ", "No"])
def test_no_is_no_however_it_is_written(text: str) -> None:
    assert scalars.boolean(text) is False


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (scalars.bounds, "40〜80", Bounds(Decimal(40), Decimal(80))),
        (scalars.clock_range, "16:00～17:30", ClockRange(time(16), time(17, 30))),
        (scalars.stage_range, "mql〜sql", StageRange("mql", "sql")),
    ],
)
def test_a_wave_dash_is_understood_and_noted(reader: Any, text: str, value: Any) -> None:
    noted = reader(text)
    assert isinstance(noted, Noted)
    assert (noted.value, noted.code) == (value, "value.wave_dash")


@pytest.mark.parametrize("reader", list(scalars.READERS.values()))
@pytest.mark.parametrize(
    "text", ["", " ", "abc", "9" * 500, "1" * 9 + "年", "１２", "-", "..", "%", "日", "½", "²日", "１e9", "\U0001f600"]
)
def test_rubbish_is_wrong_and_nothing_worse(reader: Any, text: str) -> None:
    try:
        reader(text)
    except Wrong as wrong:
        assert wrong.code.startswith("value.") or wrong.code == "rules.moment"
