"""`examples:` of a play are run in memory by the same engine: who answers, which steps come on which day."""

from hagukumi.files import Files, read_files
from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.simulate.calendar_of import read_scenario
from hagukumi.simulate.examples import check_examples
from hagukumi.workspace import CHECKOUT, open_folder

TEXT = """
scenario: small
title: {ja: 小さなプレイ, en: A small play}
purpose: 施設に同じ週に触れる
owner: 佐藤
for: account
needs: {決裁者: 1, influencer: 2}
who: {industry: 病院, temperature: rising}
steps:
  - send: a/summary
    id: summary
    day: 2
    to: 決裁者
    or_else:
      - task: 郵送する
        id: by-post
        to: decision_maker
  - send: a/checklist
    id: checklist
    day: 3
    to: influencer
  - wait_for: {clicked: checklist}
    at_most: 2営業日
    then:
      - wait: 1営業日
  - call: first
    id: call
    to: influencer
    who: {not: {registered: spring}}
    or_else:
      - task: みなさまご登録ずみ
        id: all-in
examples:
"""


def files() -> Files:
    return read_files(open_folder(CHECKOUT))


def problems(*examples: str) -> list[str]:
    loaded = load_text(TEXT + "".join(f"  - {each}\n" for each in examples), Scenario)
    known = files()
    compiled = compile_scenario(loaded, play_stops=known.play_stops)
    assert loaded.value is not None and compiled.program is not None, [p.message("en") for p in compiled.problems]
    return [each.code for each in check_examples(loaded.value, compiled.program, "small.yaml", rules=known.defaults)]


def test_examples_that_come_true() -> None:
    assert problems(
        "{given: {}, when: {}, then: {2日目: summary, 3日目: checklist, 5日目: call}}",
        "{given: {without_mail: [決裁者]}, when: {}, then: {2日目: by-post, 3日目: checklist}, never: [summary]}",
        "{given: {}, when: {3日目: clicked checklist influencer}, then: {4日目: call}, never: [all-in]}",
        "{given: {}, when: {3日目: replied influencer}, then: {3日目: end}, never: [call]}",
        "{given: {roles: [決裁者, influencer]}, when: {2日目: registered spring influencer}, then: {5日目: all-in}}",
        "{given: {}, when: {2日目 15:00: refused influencer}, then: {3日目: checklist, 5日目: call}}",
    ) == []  # fmt: skip


def test_examples_that_do_not() -> None:
    assert problems("{given: {}, when: {}, then: {4日目: checklist}}") == ["example.other_day"]
    assert problems("{given: {industry: 企業}, when: {}, then: {2日目: summary}}") == ["example.not_entered"]
    assert problems("{given: {}, when: {2日目: replied user}, then: {2日目: end}}") == ["example.not_received"]


def test_a_play_is_read_with_its_days_and_whom_its_steps_are_for() -> None:
    loaded = load_text(TEXT.removesuffix("examples:\n"), Scenario)
    known = files()
    compiled = compile_scenario(loaded, play_stops=known.play_stops)
    assert loaded.value is not None and compiled.program is not None
    from datetime import date

    read = read_scenario(loaded.value, compiled.program, "ja", date(2026, 6, 1), rules=known.defaults)
    said = [line.text for line in read.said.steps]
    assert said[0] == "2日目: 『a/summary』を送る → 決裁者"
    assert any("セミナー「spring」に登録していないかた" in text for text in said)
    silent, answering = read.ways
    days = {dated.day.isoformat() for dated in silent.dates if "checklist" in dated.text}
    assert days == {"2026-06-03"}
    assert len(answering.dates) > 3
