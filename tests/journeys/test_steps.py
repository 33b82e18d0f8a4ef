"""Each kind of step and the verdicts it gives, compared whole."""

from decimal import Decimal

import pytest

from hagukumi.journeys.core.effects import CountRound, MakeTask, SetStage, SetTag, TakeArm, WriteLetter
from hagukumi.journeys.core.facts import LetterFact
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import Bounds, ClockRange, Share, Span
from hagukumi.journeys.core.verdict import End as Over
from hagukumi.journeys.core.verdict import Go, Stay, Why
from hagukumi.journeys.steps.base import Arm, ArmName, ContentName, SendRef, StepName, TagName, VariantName
from hagukumi.journeys.steps.call import Call
from hagukumi.journeys.steps.conditions import All, Any, Did, Not, OneOf, Score
from hagukumi.journeys.steps.end import End, Finish
from hagukumi.journeys.steps.handover import Handover
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.repeat import Repeat, Rounds
from hagukumi.journeys.steps.send import Rest, Send
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.task import Task
from hagukumi.journeys.steps.test import Draw, Test
from hagukumi.journeys.steps.wait import Wait
from hagukumi.journeys.steps.wait_for import WaitFor
from tests.journeys.scenes import (
    LETTER_KEY,
    MONDAY,
    business_days,
    days,
    did,
    hours,
    journey,
    jst,
    known,
    minutes,
    moment,
    place,
    went,
)

FIRST = StepName("first")
CASE, TIP, LAST = (ContentName(f"interest/{name}") for name in ("case", "tip", "last"))
HOSPITAL = OneOf("industry", frozenset({"病院"}))
TIPS = journey(rounds={"tips": 2})
AFTERNOON = ClockRange(jst("2026-06-01 16:00").time(), jst("2026-06-01 17:00").time())


def test_a_send_writes_its_letter_and_goes_to_rest() -> None:
    step = Send(send=(CASE,), id=FIRST, place=place("first", "next", "rest", "or_else"))
    letter = WriteLetter(LETTER_KEY, "first", "interest/case", None, "nurture", None, 1)
    assert step.decide(journey(), known(), moment()) == Go("rest", Why("letter_written", ("interest/case",)), (letter,))


def test_a_send_hands_on_its_variant_class_and_freshness() -> None:
    step = Send(
        send=(CASE,),
        id=FIRST,
        subject=VariantName("a"),
        class_="play",
        fresh_for=days(2),
        place=place("x", "y", "rest"),
    )
    (letter,) = went(step.decide(journey(), known(), moment())).effects
    assert letter == WriteLetter(LETTER_KEY, "first", "interest/case", "a", "play", days(2), 1)


@pytest.mark.parametrize(("round_", "content"), [(1, CASE), (2, TIP), (3, LAST), (4, CASE)])
def test_a_send_inside_a_repeat_takes_the_content_of_its_round(round_: int, content: str) -> None:
    step = Send(send=(CASE, TIP, LAST), id=FIRST, place=place("first", "next", "rest", repeat="tips"))
    letter = WriteLetter(f"interest/first/1.{round_}/p1/1", "first", content, None, "nurture", None, 1)
    inside = journey(rounds={"tips": round_, "others": 9})
    assert step.decide(inside, known(), moment()) == Go("rest", Why("letter_written", (content,)), (letter,))


def test_a_send_outside_a_repeat_takes_the_first_content_whatever_is_counted() -> None:
    step = Send(send=(CASE, TIP), id=FIRST, place=place("first", "next", "rest"))
    assert step.decide(TIPS, known(), moment()) == Go(
        "rest",
        Why("letter_written", (CASE,)),
        (WriteLetter(LETTER_KEY, "first", CASE, None, "nurture", None, 1),),
    )


def test_a_send_whose_repeat_has_not_counted_yet_is_in_its_first_round() -> None:
    step = Send(send=(CASE, TIP), id=FIRST, place=place("first", "next", "rest", repeat="tips"))
    assert step.decide(journey(), known(), moment()).why.args == (CASE,)


REST = Rest(of=FIRST, place=place("first.rest", "next", "or_else"))
WAITS = Stay(None, Why("letter_waits"))


@pytest.mark.parametrize("state", ["accepted", "delivered", "bounced"])
def test_a_letter_that_has_left_lets_the_journey_go_on(state: str) -> None:
    assert REST.decide(journey(), known(letter=(state, MONDAY)), moment()) == Go("next", Why("letter_accepted"))


@pytest.mark.parametrize("state", ["stopped", "rejected", "dropped", "withdrawn"])
def test_a_letter_that_will_never_leave_goes_or_else(state: str) -> None:
    verdict = Go("or_else", Why("letter_not_sent", (state,)))
    assert REST.decide(journey(), known(letter=(state, MONDAY)), moment()) == verdict


def test_a_letter_that_waits_keeps_the_journey_until_it_settles() -> None:
    assert REST.decide(journey(), known(), moment()) == WAITS
    assert REST.decide(journey(), known(letter=("sending", MONDAY)), moment()) == WAITS
    settled = known(letter=("accepted", "2026-06-01 10:01"))
    assert REST.decide(journey(), settled, moment()) == WAITS
    assert REST.decide(journey(), settled, moment("2026-06-01 10:01")) == Go("next", Why("letter_accepted"))


def test_a_letter_in_doubt_counts_as_accepted_after_24_hours() -> None:
    doubt = known(letter=("unknown", MONDAY))
    patience = Stay(jst("2026-06-02 10:00"), Why("letter_in_doubt"))
    assert REST.decide(journey(), doubt, moment()) == patience
    assert REST.decide(journey(), doubt, moment("2026-06-02 09:59")) == patience
    assert REST.decide(journey(), doubt, moment("2026-06-02 10:00")) == Go("next", Why("letter_unknown"))


def test_a_rest_inside_a_repeat_asks_for_the_letter_of_its_round() -> None:
    rest = Rest(of=FIRST, place=place("first.rest", "next", "or_else", repeat="tips"))
    facts = known()
    facts.letters = {"interest/first/1.2/p1/1": LetterFact("accepted", jst(MONDAY))}
    assert rest.decide(TIPS, facts, moment()) == Go("next", Why("letter_accepted"))
    assert rest.decide(journey(rounds={"tips": 1}), facts, moment()) == WAITS


@pytest.mark.parametrize(
    ("span", "until"),
    [
        (business_days(1), "2026-05-06 10:00"),
        (days(1), "2026-05-02 10:00"),
        (hours(2), "2026-05-01 12:00"),
        (minutes(3), "2026-05-01 10:03"),
    ],
)
def test_a_wait_counts_from_when_the_person_came(span: Span, until: str) -> None:
    step = Wait(wait=span, place=place("w"))
    # A Friday; Monday and Tuesday are holidays.
    came = journey("w", "2026-05-01 10:00")
    assert step.decide(came, known(), moment("2026-05-01 10:01")) == Stay(jst(until), Why("waiting"))
    assert step.decide(came, known(), moment(until)) == Go("next", Why("waited"))


FOR_A_CLICK = WaitFor(wait_for=Did("clicked"), at_most=business_days(5), place=place("w", "next", "then", "else"))
WAITING = Why("waiting_for")


def test_a_wait_for_takes_then_when_it_happened() -> None:
    clicked = known(did("clicked", "2026-06-02 10:00"))
    assert FOR_A_CLICK.decide(journey(), clicked, moment("2026-06-02 10:01")) == Go("then", Why("happened"))


def test_a_wait_for_takes_else_when_time_ran_out() -> None:
    deadline = "2026-06-08 10:00"
    assert FOR_A_CLICK.decide(journey(), known(), moment()) == Stay(jst(deadline), WAITING)
    assert FOR_A_CLICK.decide(journey(), known(), moment("2026-06-08 09:59")) == Stay(jst(deadline), WAITING)
    assert FOR_A_CLICK.decide(journey(), known(), moment(deadline)) == Go("else", Why("time_ran_out"))


def test_what_happened_counts_even_at_the_deadline() -> None:
    clicked = known(did("clicked", "2026-06-08 09:59"))
    assert FOR_A_CLICK.decide(journey(), clicked, moment("2026-06-08 10:00")) == Go("then", Why("happened"))


def test_a_wait_for_a_call_takes_else_at_once_when_the_call_is_withdrawn_meanwhile() -> None:
    step = WaitFor(
        wait_for=Did("called", since_entry=True), at_most=business_days(5), place=place("w", "next", "then", "else")
    )
    gone = did("task_withdrawn", "2026-06-01 10:00")
    assert step.decide(journey(since="2026-06-01 09:00"), known(gone), moment("2026-06-01 10:00")) == Go(
        "else", Why("call_withdrawn")
    )
    before = journey(since="2026-06-01 11:00")
    assert isinstance(step.decide(before, known(gone), moment("2026-06-01 12:00")), Stay)


def test_a_wait_for_something_else_as_well_goes_on_waiting_when_the_call_is_withdrawn() -> None:
    either = Any((Did("called", since_entry=True), Did("clicked")))
    step = WaitFor(wait_for=either, at_most=business_days(5), place=place("w", "next", "then", "else"))
    gone = did("task_withdrawn", "2026-06-01 10:00")
    waiting = journey(since="2026-06-01 09:00")
    assert isinstance(step.decide(waiting, known(gone), moment("2026-06-01 10:00")), Stay)


def test_a_wait_for_asks_again_when_time_alone_may_change_the_answer() -> None:
    quiet = WaitFor(
        wait_for=Not(Did("clicked", within=days(2))), at_most=days(5), place=place("w", "next", "then", "else")
    )
    facts = known(did("clicked", "2026-05-31 12:00"))
    assert quiet.decide(journey(), facts, moment()) == Stay(jst("2026-06-02 12:00"), WAITING)
    late = known(did("clicked", "2026-06-05 12:00"))
    assert quiet.decide(journey(), late, moment("2026-06-05 13:00")) == Stay(jst("2026-06-06 10:00"), WAITING)


@pytest.mark.parametrize(
    ("change", "until"),
    [(MONDAY, "2026-06-02 10:00"), ("2026-06-01 10:01", "2026-06-01 10:01"), ("2026-06-02 10:01", "2026-06-02 10:00")],
)
def test_a_change_that_lies_not_between_now_and_the_deadline_is_left_alone(change: str, until: str) -> None:
    facts = known()
    facts.next_line = lambda now, line: jst(change)
    step = WaitFor(wait_for=Score(Bounds(Decimal(60))), at_most=days(1), place=place("w", "next", "then", "else"))
    assert step.decide(journey(), facts, moment()) == Stay(jst(until), WAITING)


ABOUT_FIRST = WaitFor(
    wait_for=Did("clicked", letter=SendRef("first")), at_most=days(5), place=place("w", "next", "then", "else")
)
NEVER_RECEIVED = Go("next", Why("letter_never_received"))


@pytest.mark.parametrize("letter", [None, ("stopped", MONDAY), ("withdrawn", MONDAY), ("accepted", "2026-06-01 10:01")])
def test_a_wait_for_about_a_letter_nobody_received_is_passed_by(letter: tuple[str, str] | None) -> None:
    assert ABOUT_FIRST.decide(journey(), known(letter=letter), moment()) == NEVER_RECEIVED


@pytest.mark.parametrize("state", ["accepted", "delivered", "unknown"])
def test_a_wait_for_about_a_letter_that_may_have_been_read_waits(state: str) -> None:
    facts = known(letter=(state, MONDAY))
    assert ABOUT_FIRST.decide(journey(), facts, moment()) == Stay(jst("2026-06-06 10:00"), WAITING)


def test_one_received_letter_of_several_is_enough_to_wait() -> None:
    two = Any((Did("clicked", letter=SendRef("other")), Did("clicked", letter=SendRef("first"))))
    step = WaitFor(wait_for=two, at_most=days(5), place=place("w", "next", "then", "else"))
    assert step.decide(journey(), known(letter=("accepted", MONDAY)), moment()) != NEVER_RECEIVED
    assert step.decide(journey(), known(), moment()) == NEVER_RECEIVED


def test_a_letter_inside_a_repeat_is_asked_about_by_round() -> None:
    inside = Did("clicked", letter=SendRef("tips:first"))
    step = WaitFor(wait_for=inside, at_most=days(5), place=place("w", "next", "then", "else"))
    facts = known()
    facts.letters = {"interest/first/1.2/p1/1": LetterFact("accepted", jst(MONDAY))}
    assert step.decide(TIPS, facts, moment()) == Stay(jst("2026-06-06 10:00"), WAITING)
    assert step.decide(journey(rounds={"tips": 1}), facts, moment()) == NEVER_RECEIVED


def test_an_if_goes_one_way_or_the_other() -> None:
    step = If(if_=HOSPITAL, place=place("if", "next", "then", "else"))
    assert step.decide(journey(), known(industry="病院"), moment()) == Go("then", Why("condition_held"))
    assert step.decide(journey(), known(industry="介護"), moment()) == Go("else", Why("condition_did_not_hold"))


def _test(hold_out: int = 0, **shares: int) -> Test:
    arms = {ArmName(name): Arm(share=Share(points), steps=()) for name, points in shares.items()}
    draw = Draw(id=StepName("subject-test"), hold_out=Share(hold_out))
    return Test(test=draw, arms=arms, place=place("subject-test", "next", *(f"arms.{name}" for name in arms)))


def test_a_test_draws_by_scenario_test_and_subject() -> None:
    step = _test(hold_out=1_000, a=4_500, b=4_500)
    seen = set()
    for number in range(60):
        one = journey(subject=f"p{number}", person=number)
        thrown = moment().chance("interest", "subject-test", f"p{number}")
        arm = "a" if thrown < 0.45 else "b" if thrown < 0.9 else "hold_out"
        where = "next" if arm == "hold_out" else f"arms.{arm}"
        effect = TakeArm("subject-test", arm)
        assert step.decide(one, known(), moment()) == Go(where, Why("arm_drawn", (arm,)), (effect,))
        seen.add(arm)
    assert seen == {"a", "b", "hold_out"}


def test_shares_are_exact_to_the_basis_point() -> None:
    for number in range(20):
        one = journey(subject=f"p{number}")
        points = int(moment().chance("interest", "subject-test", one.subject) * 10_000)
        assert _test(a=points, b=1).decide(one, known(), moment()).why.args == ("b",)
        assert _test(a=points + 1, b=0).decide(one, known(), moment()).why.args == ("a",)


def test_a_person_keeps_the_arm_once_drawn_whatever_the_shares_are_now() -> None:
    remembered = journey(arms={"subject-test": "b", "other": "a"})
    assert _test(a=10_000, b=0).decide(remembered, known(), moment()) == Go(
        "arms.b", Why("arm_drawn", ("b",)), (TakeArm("subject-test", "b"),)
    )
    held = journey(arms={"subject-test": "hold_out"})
    assert went(_test(a=10_000).decide(held, known(), moment())).to == "next"


def test_a_whole_share_takes_everybody_and_none_nobody() -> None:
    for number in range(20):
        one = journey(subject=f"p{number}")
        assert _test(a=0, b=10_000).decide(one, known(), moment()).why.args == ("b",)
        assert _test(hold_out=10_000, a=0).decide(one, known(), moment()).why.args == ("hold_out",)


def test_a_call_puts_a_call_on_the_desk_of_inside_sales() -> None:
    call = Call(call="roi", id=StepName("roi-call"), place=place("roi-call"))
    task = MakeTask(
        "interest/roi-call/1/p1/1", "roi-call", "inside_sales", "call", "roi", business_days(1), None, None, 1
    )
    assert call.decide(journey(), known(), moment()) == Go("next", Why("task_made", ("roi",)), (task,))


def test_a_call_carries_what_the_scenario_says_and_its_round() -> None:
    call = Call(
        call="roi",
        id=StepName("c"),
        due=days(2),
        best_time=AFTERNOON,
        desk="field_sales",
        place=place("c", repeat="tips"),
    )
    task = MakeTask("interest/c/1.2/p1/1", "c", "field_sales", "call", "roi", days(2), AFTERNOON, None, 1)
    assert went(call.decide(TIPS, known(), moment())).effects == (task,)


def test_a_task_puts_its_work_on_marketings_desk() -> None:
    task = Task(task="資料を郵送する", id=StepName("post"), place=place("post"))
    made = MakeTask("interest/post/1/p1/1", "post", "marketing", "task", "資料を郵送する", None, None, None, 1)
    assert task.decide(journey(), known(), moment()) == Go("next", Why("task_made", ("資料を郵送する",)), (made,))


def test_a_task_carries_what_the_scenario_says_and_its_round() -> None:
    task = Task(task="電話帳", id=StepName("t"), desk="inside_sales", due=days(3), place=place("t", repeat="tips"))
    made = MakeTask("interest/t/1.2/p1/1", "t", "inside_sales", "task", "電話帳", days(3), None, None, 1)
    assert went(task.decide(TIPS, known(), moment())).effects == (made,)


def test_a_tag_is_put_on_or_taken_off() -> None:
    name = TagName("関心")
    on = Tag(tag=name, id=StepName("t"), place=place("t"))
    off = Tag(tag=name, id=StepName("t"), remove=True, place=place("t"))
    assert on.decide(journey(), known(), moment()) == Go("next", Why("tagged", (name,)), (SetTag(name, True),))
    assert off.decide(journey(), known(), moment()) == Go("next", Why("tag_removed", (name,)), (SetTag(name, False),))


def test_a_handover_moves_the_stage_and_gives_the_desk_a_task() -> None:
    hand = Handover(handover="field_sales", id=StepName("hand"), place=place("hand"))
    task = MakeTask(
        "interest/hand/1/p1/1", "hand", "field_sales", "handover", "interest", business_days(1), None, None, 1
    )
    verdict = Go("next", Why("handed_over", ("field_sales",)), (SetStage("mql"), task))
    assert hand.decide(journey(), known(), moment()) == verdict


def test_a_handover_carries_its_deadline_and_its_round() -> None:
    hand = Handover(handover="inside_sales", id=StepName("h"), due=days(3), place=place("h", repeat="tips"))
    task = MakeTask("interest/h/1.2/p1/1", "h", "inside_sales", "handover", "interest", days(3), None, None, 1)
    assert went(hand.decide(TIPS, known(), moment())).effects == (SetStage("mql"), task)


def _repeat(times: int = 2, until: Condition | None = None) -> Repeat:
    rounds = Rounds(id=StepName("tips"), times=times, until=until)
    return Repeat(repeat=rounds, steps=(), place=place("tips", "next", "steps"))


def test_a_repeat_begins_its_rounds_and_then_leaves() -> None:
    begins = [Go("steps", Why("round_begins", (str(n),)), (CountRound("tips", n),)) for n in (1, 2)]
    assert _repeat().decide(journey(), known(), moment()) == begins[0]
    assert _repeat().decide(journey(rounds={"tips": 1, "others": 7}), known(), moment()) == begins[1]
    assert _repeat().decide(TIPS, known(), moment()) == Go("next", Why("rounds_over", ("2",)))
    assert _repeat(1).decide(TIPS, known(), moment()) == Go("next", Why("rounds_over", ("2",)))


def test_a_repeat_is_left_when_its_condition_holds() -> None:
    assert _repeat(until=HOSPITAL).decide(journey(), known(industry="病院"), moment()) == Go("next", Why("rounds_left"))
    assert went(_repeat(until=HOSPITAL).decide(journey(), known(), moment())).to == "steps"
    assert _repeat(until=All(())).decide(TIPS, known(), moment()).why.code == "rounds_over"


def test_an_end_ends_with_its_reason() -> None:
    assert End(end="月1回のお知らせへ").decide(journey(), known(), moment()) == Over(
        Why("ended", ("月1回のお知らせへ",))
    )


def test_the_last_step_is_followed_by_the_end() -> None:
    assert Finish().decide(journey(), known(), moment()) == Over(Why("came_to_the_end"))
