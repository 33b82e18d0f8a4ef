"""Checks of meaning keep quiet where nothing is wrong, and speak where a marketer would be hurt."""

import pytest

from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.scenario import Scenario

HEAD = """\
scenario: s
title: T
purpose: p
owner: o
who: {stage: lead}
goal: {stage: mql.., within: 90日}
steps:
"""


def codes(*steps: str) -> list[str]:
    """What is said about a scenario of these steps."""
    body = "".join(f"  - {step}\n" for step in steps)
    return [each.code for each in compile_scenario(load_text(HEAD + body, Scenario)).problems]


def send(name: str, more: str = "") -> str:
    return f"{{send: a/{name}, id: {name}{more}}}"


LONG = "wait: 10営業日"


def test_the_same_letter_may_stand_in_branches_that_exclude_each_other() -> None:
    one, two = "{send: a/x, id: x1}", "{send: a/x, id: x2}"
    assert codes(f"{{if: {{score: 60点以上}}, then: [{one}, {{wait: 1日}}], else: [{two}]}}") == []
    arms = f"{{a: {{share: 50%, steps: [{one}]}}, b: {{share: 50%, steps: [{{wait: 1日}}, {two}]}}}}"
    assert codes(f"{{test: {{id: t}}, arms: {arms}}}") == []


def test_a_letter_that_could_not_be_sent_may_be_tried_again() -> None:
    assert codes("{send: a/x, id: x1, or_else: [{wait: 5営業日}, {send: a/x, id: x2}]}") == []


def test_a_letter_on_both_sides_of_a_meeting_of_branches_comes_twice() -> None:
    assert codes(f"{{if: {{score: 60点以上}}, then: [{send('x')}]}}", LONG, "{send: a/x, id: again}") == [
        "letter.twice"
    ]


def test_a_branch_that_ends_leads_nowhere() -> None:
    assert codes(f"{{if: {{score: 60点以上}}, then: [{send('x')}, {{end: done}}]}}", "{send: a/x, id: again}") == []


def test_nobody_comes_behind_two_branches_that_end() -> None:
    both = "{if: {score: 60点以上}, then: [{end: a}], else: [{end: b}]}"
    assert codes(both, LONG, "end: c") == ["flow.unreachable"]


def test_letters_a_week_apart_are_not_too_close() -> None:
    assert codes(send("x"), "wait: 3営業日", send("y"), "wait: 3営業日", send("z")) == [], (
        "six business days hold a weekend"
    )
    assert codes(send("x"), "wait: 2営業日", send("y"), "wait: 2営業日", send("z")) == ["flow.letters_close"]


def test_letters_of_a_quick_repeat_are_too_close() -> None:
    tips = "{repeat: {id: r, times: 3}, steps: [{send: [a/x, a/y, a/z], id: tip}, {wait: 2営業日}]}"
    assert codes(tips) == ["flow.letters_close"]
    assert codes(tips.replace("2営業日", "4営業日")) == []


@pytest.mark.parametrize("until", ["", ", until: {clicked: tip}"])
def test_a_repeat_may_ask_about_its_own_letters(until: str) -> None:
    inner = "{send: [a/x, a/y], id: tip}, {wait: 10営業日}"
    assert (
        codes(f"{{repeat: {{id: r, times: 2{until}}}, steps: [{inner}]}}", "{if: {clicked: tip}, then: [{wait: 1日}]}")
        == []
    )


def test_a_letter_sent_in_one_branch_only_may_be_asked_about_below() -> None:
    sent = f"{{if: {{score: 60点以上}}, then: [{send('x')}], else: [{{wait: 1日}}]}}"
    assert codes(sent, "{wait_for: {clicked: x}, at_most: 5営業日}") == []


def test_a_letter_of_another_branch_cannot_be_asked_about() -> None:
    asked = "{if: {clicked: x}, then: [{wait: 2日}]}"
    assert codes(f"{{if: {{score: 60点以上}}, then: [{send('x')}], else: [{asked}]}}") == ["ref.not_before"]


def test_a_reference_into_a_step_that_cannot_be_read_is_not_blamed_as_well() -> None:
    assert codes("{send: a/x, id: x, fresh_for: soon}", "{wait_for: {clicked: x}, at_most: 5日}") == ["value.span"]
    assert codes("{send: a/x, id: x, sbject: a}", "{wait_for: {clicked: x}, at_most: 5日}") == ["key.unknown"]


def test_a_draft_with_a_wrong_step_is_still_checked_elsewhere() -> None:
    assert codes("wait: soon", send("x"), LONG, "{send: a/x, id: again}") == ["value.span", "letter.twice"]


def test_waiting_for_what_has_happened_is_no_rest() -> None:
    calls = "{repeat: {id: r, times: 3}, steps: [{call: roi, id: c}, {wait_for: {call_result: any}, at_most: 3営業日}]}"
    assert codes(calls) == ["repeat.restless"]
    assert codes(calls.replace("3営業日}]", "3営業日}, {wait: 1日}]")) == []


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("{grade: A, all: [{grade: [B1, C2]}]}", "grade"),
        ("{theme_score: {a: 20点以上}, all: [{theme_score: {a: 5点未満}}]}", "theme_score: a"),
    ],
)
def test_two_grades_or_two_ranges_of_one_theme_exclude_each_other(asked: str, key: str) -> None:
    found = compile_scenario(load_text(f"{HEAD}  - if: {asked}\n    then: [{{end: x}}]\n", Scenario)).problems
    assert [(each.code, each.args["key"]) for each in found] == [("condition.impossible", key)]


def test_ranges_of_different_themes_do_not_exclude_each_other() -> None:
    assert codes("{if: {theme_score: {a: 20点以上, b: 5点未満}}, then: [{end: x}]}", "{end: y}") == []
