"""Days and times that callers write: what is meant, what is asked back, and how they are shown."""

from datetime import UTC, date, datetime

import pytest

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.verdict import Why
from hagukumi.pipeline.desk import FieldName, OutcomeName, OutcomeRule
from hagukumi.pipeline.written import read_fields
from hagukumi.reading.say import sentence
from hagukumi.words.refusal import NotDone
from models.tables.schema import activity, task
from tests.desk.conftest import Desk
from tests.desk.test_sheet import asks, shown

JULY = datetime(2026, 7, 24, 1, tzinfo=UTC)
"""A Friday, 10:00 in Tokyo."""
RULE = OutcomeRule(
    name=OutcomeName("会話"), key="6", next="close",
    takes=tuple(map(FieldName, ("再架電日", "戻り時刻", "更新月", "年月", "日時"))),
)  # fmt: skip


def read(field: str, text: str) -> object:
    return read_fields(RULE, {field: text}, JULY, BusinessCalendar())[field]


@pytest.mark.parametrize(
    ("field", "text", "meant"),
    [
        ("再架電日", "7/24", date(2026, 7, 24)),
        ("再架電日", "12/1", date(2026, 12, 1)),
        ("再架電日", "1月20日", date(2027, 1, 20)),
        ("再架電日", "2028-07-24", date(2028, 7, 24)),
        ("戻り時刻", "15時", datetime(2026, 7, 24, 6, tzinfo=UTC)),
        ("戻り時刻", "15時30分頃", datetime(2026, 7, 24, 6, 30, tzinfo=UTC)),
        ("戻り時刻", "午後3時半", datetime(2026, 7, 24, 6, 30, tzinfo=UTC)),
        ("戻り時刻", "午前11時", datetime(2026, 7, 24, 2, tzinfo=UTC)),
        ("日時", "8/3 13時", datetime(2026, 8, 3, 4, tzinfo=UTC)),
        ("更新月", "2029-07", date(2029, 7, 1)),
    ],
)
def test_what_is_meant_is_understood(field: str, text: str, meant: object) -> None:
    assert read(field, text) == meant


@pytest.mark.parametrize(
    ("field", "text", "code", "says"),
    [
        ("再架電日", "7/1", "outcome-date-year", "2027年7月1日(木)"),
        ("再架電日", "2/1", "outcome-date-year", "2027-02-01"),
        ("日時", "7/1 13:00", "outcome-date-year", "2027年7月1日(木)"),
        ("再架電日", "2026-07-01", "outcome-field-past", "過ぎています"),
        ("戻り時刻", "9時", "outcome-field-past", "過ぎています"),
        ("再架電日", "2099-01-01", "outcome-date-far", "2年より先"),
        ("再架電日", "2028-07-25", "outcome-date-far", "2年より先"),
        ("日時", "2030-01-01 10:00", "outcome-date-far", "2年より先"),
        ("更新月", "2029-08", "outcome-date-far", "3年より先"),
        ("戻り時刻", "25時", "outcome-field-unreadable", "15時"),
        ("戻り時刻", "午後15時", "outcome-field-unreadable", "15時"),
    ],
)
def test_what_cannot_be_meant_is_asked_back(field: str, text: str, code: str, says: str) -> None:
    with pytest.raises(NotDone) as told:
        read(field, text)
    assert told.value.code == code and says in told.value.say("ja")
    assert told.value.say("en") != told.value.say("ja")


def test_a_day_that_is_asked_back_stores_nothing(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    number = str(desk.asked(desk.shop.person()))
    told = asks(desk, capfd, "tasks", "done", number, "-o", "会話", "-s", "再架電日=3/1")
    assert told["error"]["code"] == "outcome-date-year"
    assert desk.rows(activity, "id", kind="called") == [] and desk.rows(task, "state") == ["open"]


def test_a_day_of_another_year_is_shown_with_it(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    number = desk.asked(desk.shop.person())
    again = desk.says(number, "会話", {"再架電日": "2027-06-01"}).task_made
    assert again is not None
    for lang, year in (("ja", "2027年6月1日(火)"), ("en", "Tue 1 Jun 2027")):
        text = shown(desk, capfd, again, lang)
        assert text.count(year) == 2, text
    assert "2027年" in asks(desk, capfd, "tasks", "--all")[0]["reason"]


def test_a_day_of_this_year_needs_none() -> None:
    why = Why("call_again", ("会話", "2026-08-03"))
    assert sentence(why, "ja", this_year=2026) == "前回「会話」。8月3日(月)に改めてお電話"
    assert "2026年8月3日(月)" in sentence(why, "ja", this_year=2027)
