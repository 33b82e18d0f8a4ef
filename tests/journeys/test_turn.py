"""One person's turn: timers and events in time order, who is woken, what is counted, and who enters."""

from typing import Any

import pytest

from hagukumi.journeys.core.effects import SetStage, SetTag
from hagukumi.journeys.core.facts import Change
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.program import Goal, Program
from hagukumi.journeys.core.subject import Changed, Failed, Happened, Subject, Turn
from hagukumi.journeys.core.turn import TOUCHES, take_turn
from hagukumi.journeys.core.values import StageRange
from hagukumi.journeys.core.verdict import Go, Stay, Verdict, Why
from hagukumi.journeys.core.walk import Passed
from hagukumi.journeys.steps.base import ContentName, Kind, StepName, TagName
from hagukumi.journeys.steps.conditions import Did, Not, Stage
from hagukumi.journeys.steps.handover import Handover
from hagukumi.journeys.steps.send import Rest, Send
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.wait import Wait
from tests.journeys.scenes import (
    CLICKED,
    MONDAY,
    TAGGED,
    days,
    did,
    hours,
    journey,
    jst,
    known,
    place,
    program,
)
from tests.journeys.turns import INDUSTRY, INTEREST, NEVER, resting, rules, told, turn, waiting


def test_a_turn_with_nothing_to_live_through_changes_nothing() -> None:
    lived = turn(rules(INTEREST), resting(), until="2026-06-06 09:59")
    assert lived == Turn(1, 5, jst("2026-06-06 09:59"))


def test_a_journey_that_is_due_walks() -> None:
    lived = turn(rules(INTEREST), resting(), until="2026-06-06 10:00")
    then = jst("2026-06-06 10:00")
    assert told(lived) == [(then, "w", "time_ran_out"), (then, "finish", "came_to_the_end")]
    (step,) = lived.walks
    assert (step.at, step.resting, step.ended) == (then, None, Why("came_to_the_end"))
    assert step.journey == resting().moved("finish", then)


def test_a_journey_without_a_time_waits_for_events_only() -> None:
    assert turn(rules(INTEREST), resting(due=None)).walks == []


def test_an_event_wakes_the_journey_before_its_time() -> None:
    click = did("clicked", "2026-06-02 09:59")
    lived = turn(rules(INTEREST), resting(), events=[click])
    at = jst("2026-06-02 10:00")
    assert told(lived) == [(at, "w", "happened"), (at, "mark", "tagged"), (at, "finish", "came_to_the_end")]
    assert lived.effects == [Happened(at, SetTag("関心", True), lived.walks[0].journey)]


def test_timers_and_events_are_lived_through_in_the_order_of_time() -> None:
    first, second = resting(), resting(number=2, version="industry", scenario="industry", due=jst("2026-06-04 10:00"))
    steps = [Wait(wait=days(3), place=place("w", "v")), Wait(wait=days(30), place=place("v", "finish"))]
    lived = turn(
        rules(INTEREST, program(*steps, name="industry")),
        first,
        second,
        events=[did("clicked", "2026-06-05 09:59")],
    )
    assert [(at, step) for at, step, _ in told(lived)] == [
        (jst("2026-06-04 10:00"), "w"),
        (jst("2026-06-05 10:00"), "w"),
        (jst("2026-06-05 10:00"), "mark"),
        (jst("2026-06-05 10:00"), "finish"),
    ]


def test_at_the_deadline_itself_the_event_is_seen() -> None:
    click = did("clicked", "2026-06-06 09:59")
    lived = turn(rules(INTEREST), resting(), events=[click])
    assert told(lived)[0] == (jst("2026-06-06 10:00"), "w", "happened")


def test_an_event_after_the_end_of_the_turn_is_left_for_the_next() -> None:
    lived = turn(rules(INTEREST), resting(), events=[did("met", "2026-06-02 10:01")], until="2026-06-02 10:00")
    assert lived == Turn(1, 5, jst("2026-06-02 10:00"))


def test_an_event_at_the_end_of_the_turn_belongs_to_it() -> None:
    met = did("met", "2026-06-02 10:00")
    assert turn(rules(INTEREST), resting(), events=[met], until="2026-06-02 10:00").touch == met


def test_an_event_wakes_all_journeys_of_the_person() -> None:
    both = resting(), resting(number=2, version="industry", scenario="industry")
    lived = turn(rules(INTEREST, INDUSTRY), *both, events=[did("clicked", MONDAY)])
    assert [walk.journey.id for walk in lived.walks] == [1, 2]


def test_only_those_that_are_due_are_asked_when_time_alone_passes() -> None:
    asked: list[int] = []

    class Asked(Kind):
        def decide(self, one: Journey, facts: object, moment: object) -> Verdict:
            asked.append(one.id)
            return Stay(None, Why("waiting"))

    by = rules(program(Asked(place=place("w"))))
    turn(by, resting(), resting(number=2, due=jst("2026-06-07 10:00")), until="2026-06-06 10:00")
    assert asked == [1]


def test_a_walk_that_changes_nothing_is_not_told() -> None:
    lived = turn(rules(INTEREST), resting(), events=[did("visited", "2026-06-02 10:00")])
    assert [walk.at for walk in lived.walks] == [jst("2026-06-06 10:00")]


def test_a_journey_asked_again_later_is_told_even_when_it_stays() -> None:
    quiet = Not(Did("visited", within=days(2)))
    by = rules(program(*waiting(quiet)))
    lived = turn(by, resting(), events=[did("visited", "2026-06-02 10:00")], until="2026-06-02 10:00")
    (walk,) = lived.walks
    assert (walk.path, walk.resting, walk.ended) == ((), Why("waiting_for"), None)
    assert walk.journey.due == jst("2026-06-04 10:00")


def test_what_one_journey_does_wakes_the_others() -> None:
    marked = program(*waiting(TAGGED, then="finish"), name="industry")
    both = resting(number=2, version="industry", scenario="industry"), resting()
    lived = turn(rules(INTEREST, marked), *both, events=[did("clicked", "2026-06-02 09:59")])
    at = jst("2026-06-02 10:00")
    assert [(walk.journey.id, walk.at) for walk in lived.walks] == [(1, at), (2, at)]
    assert lived.attributes == {"tags": frozenset({"関心"})}
    assert lived.changes == [Changed(at, "tags", None, frozenset({"関心"}))]


def test_a_timer_of_one_journey_wakes_the_others_too() -> None:
    tagging = program(
        Wait(wait=days(1), place=place("w", "mark")),
        Tag(tag=TagName("関心"), id=StepName("mark"), place=place("mark", "finish")),
    )
    marked = program(*waiting(TAGGED, then="finish"), name="industry")
    both = resting(due=jst("2026-06-02 10:00")), resting(number=2, version="industry", scenario="industry")
    lived = turn(rules(tagging, marked), *both, until="2026-06-02 10:00")
    assert [walk.journey.id for walk in lived.walks] == [1, 2]


def test_a_tag_that_is_there_already_changes_nothing() -> None:
    tags = {"tags": frozenset({"関心", "別"})}
    lived = turn(rules(INTEREST), resting(), events=[did("clicked", MONDAY)], attributes=tags)
    assert (lived.attributes, lived.changes) == ({}, [])
    assert [happened.effect for happened in lived.effects] == [SetTag("関心", True)]


def test_a_tag_is_taken_off_and_the_others_stay() -> None:
    off = Tag(tag=TagName("関心"), id=StepName("mark"), remove=True, place=place("mark", "finish"))
    tags = {"tags": frozenset({"関心", "別"})}
    lived = turn(rules(program(off)), journey("mark"), until=MONDAY, attributes=tags)
    assert lived.attributes == {"tags": frozenset({"別"})}
    assert lived.changes == [Changed(jst(MONDAY), "tags", tags["tags"], frozenset({"別"}))]


@pytest.mark.parametrize(
    ("stage", "after"), [(None, "mql"), ("lead", "mql"), ("mql", None), ("sql", None), ("ng", None)]
)
def test_a_handover_moves_the_stage_forward_only(stage: str | None, after: str | None) -> None:
    hand = Handover(handover="inside_sales", id=StepName("hand"), place=place("hand", "finish"))
    lived = turn(rules(program(hand)), journey("hand"), until=MONDAY, attributes={"stage": stage})
    assert lived.attributes == ({} if after is None else {"stage": after})
    assert lived.changes == ([] if after is None else [Changed(jst(MONDAY), "stage", stage, after)])
    assert lived.effects[0] == Happened(jst(MONDAY), SetStage("mql"), lived.walks[0].journey)


def test_others_see_a_change_from_its_instant_on_and_not_before() -> None:
    hand = Handover(handover="inside_sales", id=StepName("hand"), place=place("hand", "finish"))
    facts = known(stage="lead")
    subject = Subject(1, None, facts, [journey("hand")])
    take_turn(subject, rules(program(hand)), jst(MONDAY))
    assert facts.changes == (Change(jst(MONDAY), "stage", "lead"),)
    assert facts.attribute("stage", jst("2026-06-01 09:59")) == "lead"
    assert facts.attribute("stage", jst(MONDAY)) == "mql"


def test_a_journey_looks_at_the_stage_another_one_set() -> None:
    hand = Handover(handover="inside_sales", id=StepName("hand"), place=place("hand", "finish"))
    stopping = program(*waiting(NEVER), name="industry", stop=Stage(StageRange("mql", "won")))
    both = journey("hand"), resting(number=2, version="industry", scenario="industry")
    lived = turn(rules(program(hand), stopping), *both, until=MONDAY)
    assert lived.walks[1].ended == Why("stopped_by_rule")
    assert lived.walks[1].path == (Passed("w", jst(MONDAY), Why("stopped_by_rule")),)


def test_a_goal_is_counted_once_and_ends_nothing() -> None:
    aiming = program(*waiting(NEVER), goal=Goal(CLICKED))
    clicks = [did("clicked", "2026-06-02 10:00"), did("clicked", "2026-06-03 10:00", 2)]
    lived = turn(rules(aiming), resting(), events=clicks, until="2026-06-05 10:00")
    at = jst("2026-06-02 10:01")
    assert lived.goals == [resting(goal_at=at)]
    assert told(lived) == []


def test_a_goal_that_was_counted_before_is_not_counted_again() -> None:
    aiming = program(*waiting(NEVER), goal=Goal(CLICKED))
    reached = resting(goal_at=jst("2026-05-01 10:00"))
    assert turn(rules(aiming), reached, events=[did("clicked", MONDAY)]).goals == []


def test_a_journey_that_reached_its_goal_remembers_it() -> None:
    aiming = program(*waiting(), goal=Goal(CLICKED))
    lived = turn(rules(aiming), resting(), events=[did("clicked", "2026-06-02 09:59")])
    assert lived.walks[0].journey.goal_at == jst("2026-06-02 10:00")


@pytest.mark.parametrize(
    ("at", "counted"), [("2026-06-03 09:59", True), ("2026-06-03 10:00", True), ("2026-06-03 10:01", False)]
)
def test_a_goal_counts_within_its_time_after_entry(at: str, counted: bool) -> None:
    aiming = program(*waiting(NEVER), goal=Goal(Did("met"), within=days(2)))
    later = resting(since="2026-06-02 10:00", entered_at=jst(MONDAY))
    assert bool(turn(rules(aiming), later, events=[did("met", at)], until=at).goals) is counted


def test_the_goals_of_other_journeys_are_counted_when_one_has_none() -> None:
    aiming = program(*waiting(NEVER), name="industry", goal=Goal(Did("met")))
    journeys = (
        resting(),
        resting(number=2, version="industry", scenario="industry", goal_at=jst(MONDAY)),
        resting(number=3, version="industry", scenario="industry", entered_at=jst("2026-06-02 10:00")),
    )
    late = program(*waiting(NEVER), name="late", goal=Goal(Did("met"), within=hours(1)))
    unlucky = resting(number=0, version="late", scenario="late")
    by = rules(program(*waiting(NEVER)), aiming, late)
    lived = turn(by, unlucky, *journeys, events=[did("met", "2026-06-03 10:00")], until="2026-06-03 10:00")
    assert [goal.id for goal in lived.goals] == [3]


def test_a_tag_may_be_the_goal_of_another_journey() -> None:
    aiming = program(*waiting(NEVER), name="industry", goal=Goal(TAGGED))
    both = resting(), resting(number=2, version="industry", scenario="industry")
    lived = turn(rules(INTEREST, aiming), *both, events=[did("clicked", MONDAY)], until="2026-06-01 10:01")
    assert [goal.id for goal in lived.goals] == [2]


class Broken(Kind):
    """A step that cannot be asked."""

    def decide(self, journey: Journey, facts: object, moment: object) -> Verdict:
        """Fails."""
        raise ZeroDivisionError


def test_a_failing_step_is_set_aside_while_the_others_go_on() -> None:
    broken = program(Broken(place=place("w")), name="industry")
    both = resting(version="industry", scenario="industry"), resting(number=2)
    events = [did("clicked", "2026-06-02 09:59"), did("clicked", "2026-06-03 10:00", 2)]
    lived = turn(rules(INTEREST, broken), *both, events=events)
    at = jst("2026-06-02 10:00")
    assert lived.failed == [Failed(both[0], at, "ZeroDivisionError")]
    assert [walk.journey.id for walk in lived.walks] == [2]


def test_a_journey_of_a_version_nobody_knows_is_set_aside() -> None:
    lost = resting(version="forgotten")
    lived = turn(rules(INTEREST), lost, resting(number=2), events=[did("clicked", "2026-06-02 09:59")])
    assert lived.failed == [Failed(lost, jst("2026-06-02 10:00"), "KeyError")]
    assert [walk.journey.id for walk in lived.walks] == [2]


def test_a_failure_after_a_change_does_not_undo_what_others_did() -> None:
    broken = program(Broken(place=place("w")), name="industry")
    both = resting(), resting(number=2, version="industry", scenario="industry")
    lived = turn(rules(INTEREST, broken), *both, events=[did("clicked", MONDAY)])
    assert lived.attributes == {"tags": frozenset({"関心"})}
    assert [failed.journey.id for failed in lived.failed] == [2]


def test_a_journey_ahead_of_the_turn_walks_when_it_came_to_its_step() -> None:
    came = jst("2026-06-02 12:00")
    lived = turn(
        rules(program(Tag(tag=TagName("t"), id=StepName("mark"), place=place("mark", "finish")))),
        journey("mark", "2026-06-02 12:00"),
        events=[did("visited", "2026-06-02 11:00")],
    )
    assert lived.walks[0].at == came
    assert lived.effects[0].at == came


@pytest.mark.parametrize("kind", sorted(TOUCHES))
def test_what_people_do_by_themselves_is_a_touch(kind: str) -> None:
    one = did(kind, "2026-06-02 10:00")
    assert turn(rules(), events=[one]).touch == one


def test_the_latest_touch_stays_and_an_opening_is_none() -> None:
    events = [
        did("visited", "2026-06-02 10:00"),
        did("met", "2026-06-02 11:00", 2),
        did("opened", "2026-06-02 12:00", 3),
    ]
    assert turn(rules(), events=events).touch == events[1]
    assert turn(rules(), events=events[2:]).touch is None
    assert turn(rules(), past=events).touch is None


def test_each_of_several_events_counts_once_and_at_its_own_time() -> None:
    spans = [did("visited", f"2026-06-0{day} 10:00", day) for day in (2, 3, 4)]
    quiet = program(*waiting(Not(Did("visited", within=days(2)))))
    lived = turn(rules(quiet), resting(), events=spans, until="2026-06-04 10:00")
    assert [(walk.at, walk.journey.due) for walk in lived.walks] == [
        (jst("2026-06-02 10:00"), jst("2026-06-04 10:00")),
        (jst("2026-06-04 10:00"), jst("2026-06-05 10:00")),
    ]


def test_calls_are_handed_on_one_at_a_time() -> None:
    events = [
        did("visited", "2026-06-02 10:00"),
        did("called", "2026-06-02 11:00", 2, outcome="不在"),
        did("called", "2026-06-02 12:00", 3, outcome="会話"),
    ]
    lived = turn(rules(), events=events)
    assert (lived.calls, lived.lived) == ([events[1]], jst("2026-06-02 11:00"))


LETTER = program(
    Wait(wait=days(3), place=place("w", "case")),
    Send(
        place=place("case", "finish")._replace(branches={"rest": "case.rest"}),
        send=(ContentName("case"),),
        id=StepName("case"),
    ),
    Rest(place=place("case.rest", "finish")._replace(branches={"or_else": "finish"}), of=StepName("case")),
)


@pytest.mark.parametrize(
    ("program_", "open_"),
    [(LETTER, ()), (program(Wait(wait=days(3), place=place("w", "finish"))), ()), (INTEREST, ())],
    ids=["a letter is written", "a scenario is left", "a tag is set"],
)
def test_a_turn_ends_where_the_tables_have_to_know_first(program_: Program, open_: tuple[Program, ...]) -> None:
    click = did("clicked", "2026-06-04 09:59")
    later = did("visited", "2026-06-05 10:00", 2)
    lived = turn(rules(program_, open_=open_), resting(due=jst("2026-06-04 10:00")), events=[click, later])
    assert (lived.lived, lived.touch) == (jst("2026-06-04 10:00"), click)


def test_a_turn_ends_where_a_scenario_is_entered() -> None:
    lived = turn(rules(open_=(INTEREST,)), events=[did("visited", MONDAY), did("met", "2026-06-05 10:00", 2)])
    assert [one.program.name for one in lived.enrolled] == ["interest"]
    assert (lived.lived, lived.touch) == (jst(MONDAY), did("visited", MONDAY))


class Spinning(Kind):
    """A step that goes back to itself."""

    def decide(self, journey: Journey, facts: object, moment: Any) -> Verdict:
        """Round and round."""
        return Go(self.place.id, Why("tagged"))


def test_a_scenario_that_never_rests_is_set_aside() -> None:
    lived = turn(rules(program(Spinning(place=place("w")))), resting(), events=[did("met", MONDAY)])
    assert [failed.failure for failed in lived.failed] == ["NeverRests"]
