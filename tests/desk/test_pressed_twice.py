"""A key pressed twice is one dial; two dials are two. What is said, shown and acted upon is one number."""

from datetime import timedelta
from typing import Any

import pytest

from hagukumi.desk.recording import Done, done
from hagukumi.wiring import office
from models.tables.engine import begin_write
from models.tables.schema import activity, letter
from tests.desk.conftest import Desk
from tests.desk.test_sheet import asks, shown


def presses(desk: Desk, number: int, outcome: str = "不在", later: timedelta = timedelta()) -> Done:
    """A key is pressed so long after the workspace's clock, as on the wall clock of a real workspace."""
    at_desk = office(desk.shop.wired)
    with begin_write(desk.shop.engine) as conn:
        return done(conn, at_desk._replace(now=at_desk.now + later), number, outcome, {})


@pytest.mark.parametrize("seconds", [0, 3])
def test_a_double_key_press_counts_once_and_says_so(desk: Desk, seconds: int) -> None:
    number = desk.asked(desk.shop.person())
    first = presses(desk, number)
    second = presses(desk, number, later=timedelta(seconds=seconds))
    assert (first.tries, first.next) == (1, ("redial",))
    assert (second.tries, second.next, second.again_at) == (1, ("same_dial",), first.again_at)
    assert desk.task(number, "tries") == 1 and desk.rows(activity, "outcome", kind="called") == ["不在"]


def test_the_letter_waits_for_the_third_dial_that_is_on_record(desk: Desk) -> None:
    number = desk.asked(desk.shop.person())
    said = []
    for _ in range(3):
        said += [presses(desk, number).next, presses(desk, number).next]
        desk.shop.live(minutes=1)
    assert said == [("redial",), ("same_dial",), ("redial",), ("same_dial",), ("redial", "letter"), ("same_dial",)]
    assert len(desk.rows(letter, "key")) == 1 and desk.task(number, "tries") == 3


def test_two_dials_in_different_minutes_are_two(desk: Desk) -> None:
    number = desk.asked(desk.shop.person())
    assert [desk.says(number, "不在").tries, desk.says(number, "不在").tries] == [1, 2]


def test_a_talk_in_the_second_of_an_unanswered_dial_is_not_lost(desk: Desk) -> None:
    number = desk.asked(desk.shop.person())
    presses(desk, number)
    assert presses(desk, number, "会話").closed
    assert desk.rows(activity, "outcome", kind="called") == ["不在", "会話"]


def test_what_is_said_and_what_is_shown_are_one_number(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    number = desk.asked(desk.shop.person())
    told: list[Any] = [asks(desk, capfd, "tasks", "done", str(number), "-o", "不在") for _ in range(2)]
    assert [one["tries"] for one in told] == [1, 1] and told[1]["next"] == ["same_dial"]
    assert asks(desk, capfd, "tasks", "show", str(number))["tries"] == 1
    assert "不在 1回" in shown(desk, capfd, number, "ja")
