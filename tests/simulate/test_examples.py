"""`examples:` of a scenario are run, and those that turn out otherwise are told."""

import subprocess
import sys
from pathlib import Path

import pytest

from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load, load_text
from hagukumi.journeys.language.problems import Problem
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.vocabulary import Letter
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.letters.rules import Defaults
from hagukumi.letters.sheets import read_sheet
from hagukumi.simulate.examples import check_examples

ROOT = Path(__file__).parents[2]

SCENARIO = """
scenario: sample
title: 見本
purpose: 見本
owner: 佐藤
who: {stage: lead, industry: 病院, beds: 100以上}
steps:
  - send: sample/first
    id: first
  - wait_for: {clicked: first}
    at_most: 5営業日
    then:
      - tag: 関心
        id: keen
    else:
      - send: sample/reminder
        id: reminder
  - if: {any: [{score: 60点以上}, {theme_score: {overtime: 20点以上}}, {grade: A}]}
    then:
      - handover: inside_sales
        id: hand
  - test: {id: try, name: 試し}
    arms:
      a: {share: 50%, steps: [{task: 電話帳を確かめる, id: task-a}]}
      b: {share: 50%, steps: [{task: 地図を確かめる, id: task-b}]}
  - end: おわり
examples:
"""


def problems(*examples: str, scenario: str = SCENARIO) -> list[tuple[str, str, str]]:
    """(code, message ja, message en) of a scenario with these examples."""
    loaded = load_text(scenario + "".join(f"  - {each}\n" for each in examples), Scenario)
    assert loaded.value is not None, [each.message("en") for each in loaded.problems]
    program = compile_scenario(loaded).program
    assert program is not None
    found: list[Problem] = check_examples(loaded.value, program, "sample.yaml")
    return [(each.code, each.message("ja"), each.message("en")) for each in found]


@pytest.mark.parametrize(
    "example",
    [
        "{then: {1日目: first, 6日目: [reminder, end]}}",
        "{when: {2日目: clicked first}, then: {2日目: [keen, 終了]}, never: [reminder, hand]}",
        "{when: {1日目 11:00: clicked first}, then: {1日目: keen}}",
        "{given: {score: 70}, then: {6日目: hand}}",
        "{given: {theme_score: {overtime: 25}}, then: {6日目: hand}}",
        "{given: {grade: a1}, then: {6日目: hand}}",
        "{given: {grade: B1, theme_score: {overtime: 10}}, then: {1日目: first}, never: hand}",
        "{given: {beds: 300}, then: {day 6: task-a}, never: task-b}",
        "{then: {6日目: task-b}, never: task-a}",
        "{when: {3日目: replied first}, then: {1日目: first, 6日目: reminder}}",
    ],
)
def test_an_example_that_comes_true_says_nothing(example: str) -> None:
    assert problems(example) == []


@pytest.mark.parametrize(
    ("example", "code", "ja"),
    [
        ("{then: {6日目: keen}}", "example.failed", "6日目に起きたのは reminder, try, task-a, end、期待は keen"),
        ("{then: {3日目: keen}}", "example.nothing_happened", "3日目には何も起きません。期待は keen"),
        ("{then: {7日目: reminder}}", "example.other_day", "reminder が起きるのは6日目、期待は7日目"),
        ("{never: reminder}", "example.never_happened", "起きないはずの reminder が、6日目に起きます"),
        (
            "{given: {beds: 20}, then: {1日目: first}}",
            "example.not_entered",
            "この見本の人は、シナリオの対象になりません",
        ),
        (
            "{when: {2日目: clicked reminder}, then: {1日目: first}}",
            "example.not_received",
            "2日目までに reminder のメールは届いていません",
        ),
    ],
)
def test_an_example_that_turns_out_otherwise_says_what_happened_instead(example: str, code: str, ja: str) -> None:
    assert [each[:2] for each in problems(example)] == [(code, ja)]


def test_an_owner_is_the_same_however_condition_and_example_write_it() -> None:
    public = SCENARIO.replace("industry: 病院", "owner_type: 市立")
    assert problems("{given: {owner_type: 一部事務組合}, then: {1日目: first}}", scenario=public) == []
    [(code, _, _)] = problems("{given: {owner_type: 医療法人社団}, then: {1日目: first}}", scenario=public)
    assert code == "example.not_entered"


def test_a_letter_that_the_rules_stop_is_told_with_its_reason() -> None:
    [(code, ja, en)] = problems("{when: {2日目: unsubscribed}, then: {6日目: reminder}}")
    assert code == "example.not_sent"
    assert ja == "6日目に期待した reminder のメールは送られません: 配信停止のお申し出があるため見送り"
    assert en == "The letter reminder, expected on day 6, is not sent: Not sent: the person unsubscribed"


def test_every_example_is_told_of_at_its_own_place() -> None:
    loaded = load_text(SCENARIO + "  - {then: {2日目: first}}\n  - {then: {6日目: keen}}\n", Scenario)
    assert loaded.value is not None
    program = compile_scenario(loaded).program
    assert program is not None
    places = [(each.line, each.column) for each in check_examples(loaded.value, program, "sample.yaml")]
    line = SCENARIO.count("\n") + 1
    assert places == [(line, 18), (line + 1, 18)]


def test_the_scenarios_that_ship_keep_their_examples() -> None:
    rules = load(ROOT / "scenarios/rules/defaults.yaml", Defaults).value
    assert rules is not None
    for file in sorted((ROOT / "scenarios").glob("*.yaml")):
        loaded = load(file, Scenario)
        assert loaded.value is not None, file
        compiled = compile_scenario(loaded, stop_defaults=AnyOf(rules.stop_when))
        assert compiled.program is not None, file
        letters = {name: _letter(name) for name in compiled.program.contents}
        found = check_examples(loaded.value, compiled.program, file.name, rules=rules, letters=letters)
        assert [each.message("en") for each in found] == []


def test_running_examples_loads_no_database() -> None:
    code = "import sys, hagukumi.simulate.examples; sys.exit('sqlalchemy' in sys.modules or 'jpholiday' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def _letter(name: str) -> Letter:
    sheet, _ = read_sheet((ROOT / "templates" / f"{name}.yaml").read_text("utf-8"), name, frozenset())
    return Letter(contents=frozenset(link.content for link in sheet.links.values() if link.content))
