"""A scenario becomes a program of flat steps whose hash is that of its meaning."""

import typing
from pathlib import Path

from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.values import StageRange
from hagukumi.journeys.language.compile import FINISH, compile_scenario
from hagukumi.journeys.language.load import load, load_text
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.vocabulary import Letter, Vocabulary
from hagukumi.journeys.steps.conditions import Any, Did, Stage
from hagukumi.journeys.steps.wait_for import WaitFor

SCENARIOS = Path(__file__).parents[2] / "scenarios"
TEXT = """\
scenario: s
title: T
purpose: p
owner: o
who: {stage: lead}
steps:
  - send: a/one
    id: one
    or_else:
      - tag: unreachable
        id: lost
  - wait: 10営業日
  - if: {score: 60点以上}
    then:
      - wait: 1日
  - repeat: {id: tips, times: 2}
    steps:
      - send: [a/two, a/three]
        id: tip
      - wait_for: {clicked: tip}
        at_most: 10営業日
  - test: {id: draw, hold_out: 50%}
    arms:
      a: {share: 25%, steps: [{send: a/four, id: four-a}]}
      b: {share: 25%, steps: [{wait: 1日}, {send: a/five, id: four-b}]}
"""


def program(text: str = TEXT, **known: typing.Any) -> Program:
    compiled = compile_scenario(load_text(text, Scenario), **known)
    assert compiled.program is not None, [(each.line, each.message("en")) for each in compiled.problems]
    return compiled.program


def test_every_step_knows_where_it_leads() -> None:
    ways = {id_: (step.place.next, dict(step.place.branches)) for id_, step in program().steps.items()}
    assert ways == {
        "one": ("one.rest", {"or_else": "lost", "rest": "one.rest"}),
        "one.rest": ("2", {"or_else": "lost"}),
        "lost": ("2", {}),
        "2": ("3", {}),
        "3": ("tips", {"then": "3.then.1", "else": "tips"}),
        "3.then.1": ("tips", {}),
        "tips": ("draw", {"steps": "tip"}),
        "tip": ("tip.rest", {"or_else": "4.steps.2", "rest": "tip.rest"}),
        "tip.rest": ("4.steps.2", {"or_else": "4.steps.2"}),
        "4.steps.2": ("tips", {"then": "tips", "else": "tips"}),
        "draw": (FINISH, {"arms.a": "four-a", "arms.b": "5.arms.b.1"}),
        "four-a": ("four-a.rest", {"or_else": FINISH, "rest": "four-a.rest"}),
        "four-a.rest": (FINISH, {"or_else": FINISH}),
        "5.arms.b.1": ("four-b", {}),
        "four-b": ("four-b.rest", {"or_else": FINISH, "rest": "four-b.rest"}),
        "four-b.rest": (FINISH, {"or_else": FINISH}),
        FINISH: (FINISH, {}),
    }


def test_places_carry_line_scenario_and_repeat() -> None:
    tip = program().steps["tip"].place
    assert (tip.line, tip.scenario, tip.repeat) == (18, "s", "tips")


def test_a_letter_of_a_repeat_is_asked_about_by_both_names() -> None:
    step = program().steps["4.steps.2"]
    assert isinstance(step, WaitFor)
    assert step.wait_for == Did("clicked", letter="tips:tip")


def test_comments_layout_titles_and_examples_leave_the_hash_alone() -> None:
    other = "# a comment\n" + TEXT.replace("title: T", "title: {ja: 別, en: Other}").replace(
        "  - wait: 10営業日", "  - wait:   10 business days"
    )
    assert program(other + "examples: [{then: {1日目: one}}]\n").hash == program().hash


def test_steps_who_and_templates_change_the_hash() -> None:
    letters = {f"a/{name}": Letter(hash="1") for name in ("one", "two", "three", "four", "five")}
    pinned = program(workspace=Vocabulary(letters=letters)).hash
    changed = program(workspace=Vocabulary(letters=letters | {"a/one": Letter(hash="2")})).hash
    hashes = {
        program().hash,
        program(TEXT.replace("10営業日\n  - if", "9営業日\n  - if")).hash,
        program(TEXT.replace("stage: lead", "stage: lead..mql")).hash,
        program(stop_defaults=Stage(StageRange("ng", "ng"))).hash,
        pinned,
        changed,
    }
    assert len(hashes) == 6


def test_the_defaults_stop_a_scenario_beside_its_own_rule() -> None:
    defaults, own = Stage(StageRange("ng", "ng")), Stage(StageRange("won", "won"))
    assert program(stop_defaults=defaults).stop == defaults
    assert program(TEXT + "stop_when: {stage: won}\n", stop_defaults=defaults).stop == Any((defaults, own))
    assert program(TEXT + "stop_when: none\n", stop_defaults=defaults).stop is None


def test_a_program_says_which_facts_it_needs() -> None:
    needs = program().needs
    assert needs.attributes == {"stage", "tags"} and needs.kinds == {"clicked"} and needs.letters and needs.points


def test_a_scenario_with_errors_has_no_program() -> None:
    compiled = compile_scenario(load_text(TEXT.replace("wait: 1日}", "wait: soon}"), Scenario))
    assert compiled.program is None
    assert [each.code for each in compiled.problems if each.is_error] == ["value.span"]


def test_the_shipped_scenario_compiles_without_errors() -> None:
    compiled = compile_scenario(load(SCENARIOS / "interest.yaml", Scenario))
    assert [each for each in compiled.problems if each.is_error] == []
    assert compiled.program is not None


def test_a_wrong_role_in_needs_is_no_choice_for_needs() -> None:
    text = TEXT.replace("who: {stage: lead}", "for: account\nneeds: {boss: 1}\nwho: {listed: true}")
    wrong = next(each for each in load_text(text, Scenario).problems if each.code == "value.choice")
    assert wrong.message("ja") == "「needs」に「boss」は選べません"
