"""A walk goes from step to step until one rests or ends, and tells what it passed."""

from typing import Any

import pytest

from hagukumi.journeys.core.effects import CountRound, MakeTask, SetTag, TakeArm, WriteLetter
from hagukumi.journeys.core.facts import LetterFact
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.values import Share
from hagukumi.journeys.core.verdict import Stay, Verdict, Why
from hagukumi.journeys.core.walk import MOST_STEPS, NeverRests, Passed, Walked, walk
from hagukumi.journeys.steps.base import Arm, ArmName, ContentName, Kind, StepName, TagName
from hagukumi.journeys.steps.call import Call
from hagukumi.journeys.steps.end import End
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.repeat import Repeat, Rounds
from hagukumi.journeys.steps.send import Rest, Send
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.test import Draw, Test
from hagukumi.journeys.steps.wait import Wait
from tests.journeys.scenes import (
    CALENDAR,
    EVERYBODY,
    LETTER_KEY,
    MONDAY,
    TAGGED,
    days,
    journey,
    jst,
    known,
    place,
    program,
)

LETTER = WriteLetter(LETTER_KEY, "first", "interest/case", None, "nurture", None, 1)
SENDING = (
    Send(
        send=(ContentName("interest/case"),),
        id=StepName("first"),
        place=place("first", "w", "first.rest")._replace(branches={"rest": "first.rest"}),
    ),
    Rest(of=StepName("first"), place=place("first.rest", "w")._replace(branches={"or_else": "w"})),
    Wait(wait=days(2), place=place("w", "mark")),
    Tag(tag=TagName("関心"), id=StepName("mark"), place=place("mark", "finish")),
)


def walked(of: Program, one: Journey, at: str = MONDAY, **attributes: Any) -> Walked:
    return walk(of, one, known(**attributes), jst(at), CALENDAR, "workspace")


def test_a_walk_goes_on_until_a_step_rests() -> None:
    came = journey("first", "2026-06-01 09:00")
    got = walked(program(*SENDING), came)
    now = jst(MONDAY)
    assert got == Walked(
        came.moved("first.rest", now),
        (Passed("first", now, Why("letter_written", ("interest/case",))),),
        ((now, LETTER),),
        Why("letter_waits"),
        None,
    )


def test_a_walk_goes_on_until_the_scenario_ends() -> None:
    came = journey("w", MONDAY)
    got = walked(program(*SENDING), came, "2026-06-03 10:00")
    then = jst("2026-06-03 10:00")
    assert got == Walked(
        came.moved("finish", then),
        (
            Passed("w", then, Why("waited")),
            Passed("mark", then, Why("tagged", ("関心",))),
            Passed("finish", then, Why("came_to_the_end")),
        ),
        ((then, SetTag("関心", True)),),
        None,
        Why("came_to_the_end"),
    )


def test_a_walk_that_only_rests_passes_nothing_and_says_until_when() -> None:
    came = journey("w", MONDAY, due=None)
    got = walked(program(*SENDING), came, "2026-06-02 10:00")
    assert got == Walked(came._replace(due=jst("2026-06-03 10:00")), (), (), Why("waiting"), None)


def test_a_journey_is_never_asked_before_it_came_to_its_step() -> None:
    came = journey("first", "2026-06-01 12:00")
    got = walked(program(*SENDING), came, "2026-06-01 11:00")
    assert got.path == (Passed("first", jst("2026-06-01 12:00"), Why("letter_written", ("interest/case",))),)
    assert got.journey.since == jst("2026-06-01 12:00")


def test_following_waits_count_from_when_the_letter_was_seen_to_have_left() -> None:
    facts = known()
    facts.letters = {LETTER_KEY: LetterFact("accepted", jst("2026-06-01 10:30"))}
    rests = journey("first.rest", MONDAY)
    got = walk(program(*SENDING), rests, facts, jst("2026-06-01 11:00"), CALENDAR, "workspace")
    assert (got.journey.step, got.journey.since, got.journey.due) == (
        "w",
        jst("2026-06-01 11:00"),
        jst("2026-06-03 11:00"),
    )


def test_the_stop_rule_is_asked_before_the_step() -> None:
    stopping = program(*SENDING, stop=TAGGED)
    came = journey("first", "2026-06-01 09:00")
    why = Why("stopped_by_rule")
    got = walked(stopping, came, tags=frozenset({"関心"}))
    assert got == Walked(came._replace(due=None), (Passed("first", jst(MONDAY), why),), (), None, why)
    assert walked(stopping, came).journey.step == "first.rest"


def test_the_stop_rule_is_asked_about_this_moment() -> None:
    stopping = program(*SENDING, stop=TAGGED)
    got = walked(stopping, journey("first", "2026-06-01 12:00"), tags=frozenset({"関心"}))
    assert [passed.at for passed in got.path] == [jst("2026-06-01 12:00")]


def test_a_walk_remembers_arms_and_rounds() -> None:
    share = Share(10_000)
    steps = (
        Test(
            test=Draw(id=StepName("try")),
            arms={ArmName("a"): Arm(share=share, steps=())},
            place=place("try", "x")._replace(branches={"arms.a": "tips"}),
        ),
        Repeat(
            repeat=Rounds(id=StepName("tips"), times=2),
            steps=(),
            place=place("tips", "finish")._replace(branches={"steps": "call"}),
        ),
        Call(call="roi", id=StepName("call"), place=place("call", "tips", repeat="tips")),
    )
    came = journey("try", arms={"older": "b"}, rounds={"others": 3})
    got = walked(program(*steps), came)
    assert got.journey.arms == {"older": "b", "try": "a"}
    assert got.journey.rounds == {"others": 3, "tips": 2}
    assert came.arms == {"older": "b"} and came.rounds == {"others": 3}
    effects = [effect for _, effect in got.effects]
    assert [effect.key for effect in effects if isinstance(effect, MakeTask)] == [
        "interest/call/1.1/p1/1",
        "interest/call/1.2/p1/1",
    ]
    rest = [effect for effect in effects if not isinstance(effect, MakeTask)]
    assert rest == [TakeArm("try", "a"), CountRound("tips", 1), CountRound("tips", 2)]
    assert [passed.step for passed in got.path] == ["try", "tips", "call", "tips", "call", "tips", "finish"]


def test_the_dice_belong_to_the_workspace() -> None:
    half = Share(5_000)
    arms = {ArmName(name): Arm(share=half, steps=()) for name in "ab"}
    branches = {"arms.a": "finish", "arms.b": "finish"}
    step = Test(test=Draw(id=StepName("try")), arms=arms, place=place("try")._replace(branches=branches))
    people = [journey("try", subject=f"p{number}") for number in range(30)]
    drawn = {
        seed: [walk(program(step), one, known(), jst(MONDAY), CALENDAR, seed).journey.arms["try"] for one in people]
        for seed in ("workspace", "another")
    }
    assert drawn["workspace"] != drawn["another"]
    assert {"a", "b"} == set(drawn["workspace"])


def _circle(steps: int) -> Program:
    """So many steps one after the other, the last one an end; or round and round when there are none."""
    line = [If(if_=EVERYBODY, place=place(f"s{n}")._replace(branches={"then": f"s{n + 1}"})) for n in range(steps - 1)]
    return program(*line, End(end="おわり", place=place(f"s{steps - 1}")))


def test_a_walk_that_never_rests_is_refused() -> None:
    step = If(if_=EVERYBODY, place=place("round")._replace(branches={"then": "round"}))
    with pytest.raises(NeverRests, match=r"^interest: round$"):
        walked(program(step), journey("round"))


def test_a_long_way_is_no_circle() -> None:
    assert len(walked(_circle(MOST_STEPS), journey("s0")).path) == MOST_STEPS
    with pytest.raises(NeverRests):
        walked(_circle(MOST_STEPS + 1), journey("s0"))


class Yesterday(Kind):
    """A step kind that rests until an instant which is not ahead."""

    def decide(self, journey: object, facts: object, moment: object) -> Verdict:
        """Stays until the moment itself."""
        return Stay(jst(MONDAY), Why("waiting"))


@pytest.mark.parametrize("at", [MONDAY, "2026-06-01 10:01"])
def test_a_rest_in_the_past_is_refused(at: str) -> None:
    with pytest.raises(NeverRests, match=r"^interest: odd rests until 2026-06-01 01:00:00\+00:00, which is past$"):
        walked(program(Yesterday(place=place("odd"))), journey("odd"), at)


def test_a_step_that_the_program_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError, match="gone"):
        walked(program(*SENDING), journey("gone"))
