"""In a play letters are too close for one of its roles, never for two people together."""

from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.scenario import Scenario

HEAD = """
scenario: small
title: x
purpose: x
owner: x
for: account
who: {listed: true}
steps:
"""


def hints(*steps: tuple[int, str]) -> list[str]:
    lines = [
        f"  - {{send: a/l{number}, id: s{number}, day: {day}, to: {role}}}\n"
        for number, (day, role) in enumerate(steps)
    ]
    found = compile_scenario(load_text(HEAD + "".join(lines), Scenario)).problems
    return [f"{each.code} {each.args['name']}" for each in found if each.code == "flow.letters_close"]


def test_three_in_a_week_to_one_role_are_too_close() -> None:
    assert hints((1, "influencer"), (2, "influencer"), (3, "influencer")) == ["flow.letters_close s2"]


def test_three_in_a_week_to_three_roles_are_not() -> None:
    assert hints((1, "influencer"), (2, "decision_maker"), (3, "user")) == []


def test_the_days_of_a_play_count() -> None:
    assert hints((1, "influencer"), (2, "influencer"), (9, "influencer")) == []
