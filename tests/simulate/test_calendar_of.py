"""Real dates for somebody who enters today."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load, load_text
from hagukumi.journeys.language.phrases import Names
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.letters.rules import Defaults
from hagukumi.pipeline.webinars import Webinar, WebinarName
from hagukumi.simulate.calendar_of import ReadOut, Way, read_scenario

ROOT = Path(__file__).parents[2]

SCENARIO = """
scenario: sample
title: 見本
purpose: 見本
owner: 佐藤
who: {industry: 病院, submitted: {within: 30日}}
steps:
  - send: sample/first
    id: first
  - wait_for: {clicked: first}
    at_most: 5営業日
    then:
      - handover: inside_sales
        id: hand
      - wait_for: {call_result: 会話}
        at_most: 3営業日
    else:
      - send: sample/reminder
        id: reminder
  - tag: 済
    id: done
"""


def ways(today: date, lang: str = "ja") -> tuple[Way, ...]:
    loaded = load_text(SCENARIO, Scenario)
    assert loaded.value is not None
    program = compile_scenario(loaded).program
    assert program is not None
    rules = load(ROOT / "scenarios/rules/defaults.yaml", Defaults).value
    return read_scenario(loaded.value, program, lang, today, rules=rules).ways


def lines(way: Way) -> list[str]:
    return [f"{each.day:%m-%d} {each.clock:%H:%M} {each.text}" for each in way.dates]


def test_the_silent_path_keeps_holidays_and_no_send_days() -> None:
    silent, _ = ways(date(2026, 4, 28))
    assert lines(silent) == [
        "04-28 10:00 シナリオに入る",
        "04-28 10:00 『sample/first』が届く",
        "05-11 10:00 『sample/reminder』が届く",
        "05-11 10:00 タグ「済」を付ける",
        "05-11 10:00 最後のステップを終えました",
    ]
    assert not silent.open_end


def test_who_answers_everything_is_shown_with_what_they_do() -> None:
    _, answering = ways(date(2026, 6, 1))
    assert lines(answering) == [
        "06-01 10:00 シナリオに入る",
        "06-01 10:00 『sample/first』が届く",
        "06-02 12:00 『sample/first』のリンクのクリック",
        "06-02 12:01 インサイドセールスにトスアップのタスク",
        "06-03 12:00 電話の結果「会話」",
        "06-03 12:00 タグ「済」を付ける",
        "06-03 12:00 最後のステップを終えました",
    ]
    assert [each.text for each in answering.dates if each.own] == [
        "『sample/first』のリンクのクリック",
        "電話の結果「会話」",
    ]


def test_an_entry_on_a_closed_day_waits_for_the_next_sending_day() -> None:
    silent, _ = ways(date(2025, 12, 27), "en")
    assert lines(silent)[1] == "01-05 09:00 “sample/first” arrives"


PLAY = """
scenario: seminar
title: 見本
purpose: 見本
owner: 佐藤
for: account
who: {listed: true}
needs: {decision_maker: 1}
steps:
  - invite: spring
    letter: sample/invitation
    id: invitation
    to: decision_maker
    or_else: []
  - wait_for: {attended: spring}
    at_most: 3営業日
    day: 3
    then: [{task: お礼, id: thanks}]
    else: [{task: 確認, id: look}]
"""


def test_nobody_attends_a_webinar_that_is_over_and_the_reading_says_so() -> None:
    loaded = load_text(PLAY, Scenario)
    program = compile_scenario(loaded).program
    assert loaded.value is not None and program is not None
    rules = load(ROOT / "scenarios/rules/defaults.yaml", Defaults).value
    given: dict[str, Any] = {
        "starts_at": datetime.fromisoformat("2026-06-03T14:00"),
        "minutes": 45,
        "link": "https://x.example",
    }
    webinars = {"spring": Webinar(name=WebinarName("spring"), title=Words("春", "Spring"), **given)}
    names = Names(contents={"spring": Words("春のセミナー", "Spring")})

    def read(today: date, lang: str = "ja") -> ReadOut:
        assert loaded.value is not None and program is not None
        return read_scenario(loaded.value, program, lang, today, rules=rules, names=names, webinars=webinars)

    before, after = read(date(2026, 6, 1)), read(date(2026, 6, 4))
    assert before.over == () and any("参加" in line for line in lines(before.ways[1]))
    assert after.over == ("ウェビナー「春のセミナー」は2026年6月3日(水)に終わっているため、ご案内も参加もありません",)
    assert "is over: nobody is invited, and nobody attends" in read(date(2026, 6, 4), "en").over[0]
    for way in after.ways:
        assert not any("参加" in line or "invitation" in line for line in lines(way))
