"""Webinar attendance and call logs come in as lists; the lists are made up."""

# Lists are as wide as programs write them.
# ruff: noqa: E501

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hagukumi.channels.imports.cells import BadCell, minutes
from hagukumi.channels.imports.mapping import ColumnName
from hagukumi.journeys.steps.outcomes import CONVERSATIONS, NOT_REACHED
from hagukumi.words.happened import happening
from models.tables.engine import open_engine
from models.tables.schema import activity
from tests.imports.desk import Desk, counts, project_mapping

PEOPLE = "kind: people\ncolumns: {m: email}\n"
WEBINAR = """セミナー名,申込日時,氏名,メールアドレス,入室日時,退室日時,視聴時間,アンケート:ご意見
overtime-seminar,2026/4/10 9:00,山田 花子,yamada@aoba.example,2026/4/20 13:58,2026/4/20 14:40,42分,とても良かった。個人的な事情で急いでいます
overtime-seminar,2026/4/10 9:00,山田 花子,yamada@aoba.example,2026/4/20 14:45,2026/4/20 15:00,15分,
overtime-seminar,2026/4/11 18:30,鈴木 一郎,suzuki@kaede.example,-,-,-,
overtime-seminar,2026/4/11 18:30,登録 なし,nobody@kaede.example,2026/4/20 14:00,,10,
"""
ZOOM = """Attendee Report,,,,,,,,
Report Generated:,"Apr 21, 2026 10:00 AM",,,,,,,
Attendee Details,,,,,,,,
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Join Time,Leave Time,Time in Session (minutes)
Yes,Hanako,Hanako,Yamada,yamada@aoba.example,"Apr 10, 2026 09:00:00","Apr 20, 2026 13:58:10","Apr 20, 2026 14:40:00",42
No,Ichiro,Ichiro,Suzuki,suzuki@kaede.example,"Apr 11, 2026 18:30:00",--,--,--
"""
CALLS = """通話ID,日時,相手,メールアドレス,結果,メモ
c1,2026/4/20 10:00,山田様,yamada@aoba.example,留守番電話,
c2,2026/4/20 16:00,山田様,yamada@aoba.example,アポ,ご家族の都合で木曜をご希望
c3,2026/4/20 16:05,鈴木様,suzuki@kaede.example,ご機嫌斜め,内緒の話
c4,2026/4/20 16:09,鈴木様,suzuki@kaede.example,,
"""


@pytest.fixture
def desk(tables_url: str, tmp_path: Path) -> Iterator[Desk]:
    engine = open_engine(tables_url)
    found = Desk(engine, tmp_path)
    found.take("people", "m\nyamada@aoba.example\nsuzuki@kaede.example\n", PEOPLE)
    yield found
    engine.dispose()


def told(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows(activity, "person_id", "kind", "content", "outcome", "detail")[2:]


@pytest.mark.parametrize(
    ("name", "text", "result"), [("webinar", WEBINAR, (2, 0, 1, 1)), ("webinar-zoom", ZOOM, (2, 0, 0, 0))]
)
def test_a_webinar_tells_who_registered_and_who_came_for_how_long(
    desk: Desk, name: str, text: str, result: tuple[int, int, int, int]
) -> None:
    assert counts(desk.take("activities", text, name)) == result
    assert sorted(told(desk), key=str) == sorted([
        (1, "registered", "overtime-seminar", None, None), (1, "attended", "overtime-seminar", None, {"minutes": 42}),
        (2, "registered", "overtime-seminar", None, None),
    ], key=str)  # fmt: skip
    at = dict(desk.rows(activity, "kind", "occurred_at")[2:])["attended"]
    assert at - datetime(2026, 4, 20, 4, 58, tzinfo=UTC) < timedelta(minutes=1)
    before = told(desk)
    assert desk.take("activities", text, name).created == 0
    assert told(desk) == before


def test_calls_are_told_in_the_words_that_steps_know_and_notes_stay_outside(desk: Desk) -> None:
    report = desk.take("activities", CALLS, "calls")
    assert counts(report) == (2, 0, 0, 2)
    assert told(desk) == [(1, "called", None, "留守電", None), (1, "called", None, "アポ獲得", None)]
    assert counts(desk.take("activities", CALLS, "calls")) == (0, 0, 2, 2)
    assert report.rejects_file is not None and "ご機嫌斜め" in report.rejects_file.read_text("utf-8-sig")
    with desk.engine.connect() as conn:
        assert "家族" not in str(conn.execute(activity.select()).all())


def test_every_word_of_the_shipped_mapping_is_one_that_steps_know() -> None:
    column: Any = project_mapping("calls").columns[ColumnName("結果")]
    assert set(column.values.values()) == NOT_REACHED | CONVERSATIONS


@pytest.mark.parametrize(
    ("text", "number"),
    [("52", 52), ("５２分", 52), ("0:52:10", 52), ("1時間5分", 65), ("2時間", 120), ("90 minutes", 90)],
)
def test_lengths_of_time_are_read_in_minutes(text: str, number: int) -> None:
    assert minutes(text) == number


@pytest.mark.parametrize("text", ["少し", "", "-5", "52人"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        minutes(text)


def test_the_story_tells_the_minutes() -> None:
    assert happening("attended", "残業セミナー", None, {"minutes": 42}, "ja") == "セミナー「残業セミナー」に参加(42分)"
    assert happening("attended", "overtime", None, {"minutes": 42}, "en") == "Attended “overtime” (42 minutes)"
