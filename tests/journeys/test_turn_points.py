"""The score within a turn: judged at each event, noted once at the end, and a jump makes one task."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from hagukumi.journeys.core.effects import MakeTask
from hagukumi.journeys.core.facts import Activity
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.subject import Happened, Jumped, Points, Subject, Turn
from hagukumi.journeys.core.turn import Rules, take_turn
from hagukumi.journeys.core.values import Bounds
from hagukumi.journeys.shell.scoring import PointScoring
from hagukumi.journeys.steps.base import StepName, TagName
from hagukumi.journeys.steps.conditions import Score
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.wait_for import WaitFor
from models.scoring.points import Scorer, compile_points
from models.scoring.rules import AttributeRule, JumpRule
from tests.journeys.scenes import CALENDAR, TAGGED, business_days, days, did, journey, jst, known, place, program
from tests.scoring.examples import LARGE, PRACTICE

SCORER = compile_points(PRACTICE)
HOT = program(
    WaitFor(
        wait_for=Score(Bounds(Decimal(20))),
        at_most=days(30),
        place=place("w", "finish")._replace(branches={"then": "finish", "else": "finish"}),
    )
)


def lived(
    events: Sequence[Activity] = (),
    *journeys: Journey,
    until: str = "2026-06-30 10:00",
    scorer: Scorer = SCORER,
    past: Sequence[Activity] = (),
    attributes: dict[str, Any] | None = None,
    programs: Sequence[Any] = (HOT,),
    **more: Any,
) -> Turn:
    """Person 1's turn under the points of the practice."""
    facts = known(*past, *events, **(attributes or {}))
    by = Rules(CALENDAR, "workspace", {one.hash: one for one in programs}, (), PointScoring(scorer, {}))
    return take_turn(Subject(1, 5, facts, list(journeys), events, **more), by, jst(until))


def told(points: Points | None) -> tuple[float, datetime, datetime | None] | None:
    """A note as figures: points, when, next crossing."""
    return None if points is None else (points.points, points.at, points.next_line)


SUBMITTED = did("submitted", "2026-06-02 10:00", 1)
AGAIN = did("submitted", "2026-06-03 10:00", 2)


def test_the_score_is_noted_once_at_the_last_thing_that_counted() -> None:
    events = [SUBMITTED, did("opened", "2026-06-04 10:00", 3)]
    at = jst("2026-06-04 10:00")
    standing = SCORER.of({}, events)
    assert told(lived(events).points) == (standing.points(at), at, None)
    assert standing.points(at) < 20 and standing.next_crossing(at) is None


def test_the_note_tells_when_time_alone_carries_the_score_over_a_line() -> None:
    events = [SUBMITTED, AGAIN]
    noted = lived(events, until="2026-06-03 10:00").points
    assert noted is not None and noted.next_line == SCORER.of({}, events).next_crossing(jst("2026-06-03 10:00"))
    assert noted.next_line is not None and noted.next_line > noted.at == jst("2026-06-03 10:00")


def test_a_line_that_time_crosses_within_the_turn_is_lived_through_as_well() -> None:
    events = [SUBMITTED, AGAIN]
    standing = SCORER.of({}, events)
    first = standing.next_crossing(jst("2026-06-03 10:00"))
    noted = lived(events).points
    assert first is not None and noted is not None
    assert (noted.at, noted.next_line) == (standing.next_crossing(first), None)


def test_somebody_looked_at_has_a_score_without_any_event() -> None:
    noted = lived(looks=(jst("2026-06-02 10:00"),), attributes={"beds": 300}).points
    assert told(noted) == (5.0, jst("2026-06-02 10:00"), None)


def test_a_turn_in_which_only_a_timer_was_due_notes_no_score() -> None:
    resting = journey("w", due=jst("2026-07-01 10:00"))
    assert lived((), resting, until="2026-07-01 10:00").points is None


def test_without_rules_there_is_no_score() -> None:
    by = Rules(CALENDAR, "workspace", {}, ())
    turn = take_turn(Subject(1, 5, known(SUBMITTED), [], [SUBMITTED]), by, jst("2026-06-30 10:00"))
    assert (turn.points, turn.jumps) == (None, [])
    assert turn.touch == SUBMITTED


def test_a_journey_sees_the_score_of_the_moment() -> None:
    turn = lived([SUBMITTED], journey("w", "2026-06-01 10:00", due=jst("2026-07-01 10:00")), until="2026-06-02 10:00")
    assert [passed.why.code for passed in turn.walks[0].path] == ["happened", "came_to_the_end"]


def test_a_journey_is_asked_again_when_the_score_will_have_faded() -> None:
    cooling = WaitFor(
        wait_for=Score(Bounds(high=Decimal(18))),
        at_most=days(30),
        place=place("w", "finish")._replace(branches={"then": "finish", "else": "finish"}),
    )
    at = jst("2026-06-02 10:00")
    crossing = SCORER.of({}, [SUBMITTED]).next_line(at, 18.0)
    turn = lived([SUBMITTED], journey("w", due=jst("2026-07-01 10:00")), programs=[program(cooling)])
    asked, gone = turn.walks
    assert (asked.at, asked.path, asked.journey.due) == (at, (), crossing)
    assert gone.at == crossing and gone.path[0].why.code == "happened"


def test_a_jump_makes_one_task_and_is_remembered() -> None:
    events = [did("downloaded", "2026-06-02 09:00", 1, content="roi"), did("submitted", "2026-06-02 10:00", 2)]
    turn = lived(events)
    at = jst("2026-06-02 10:00")
    (jumped,) = turn.jumps
    assert jumped == Jumped(at, 10.0, 30.0, jumped.why, 2)
    task = MakeTask("jump/1/2", "", "inside_sales", "call", jumped.why.code, business_days(1), None)
    assert turn.effects == [Happened(at, task, None, 2)]


def test_a_jump_is_followed_by_no_other_for_a_while() -> None:
    ups = [did("submitted", f"2026-06-0{day} 10:00", day) for day in (2, 3, 4, 5)]
    assert [jump.event for jump in lived(ups).jumps] == [3]
    after = jst("2026-06-01 10:00")
    assert lived(ups, last_jump=after).jumps == []
    eager = compile_points(replace(PRACTICE, jump=JumpRule(rise=Decimal(15), cool_down=days(1))))
    assert [jump.event for jump in lived(ups, scorer=eager).jumps] == [2, 3, 4, 5]


def test_an_event_known_to_be_quiet_is_not_judged_again_and_counts_all_the_same() -> None:
    standing = SCORER.of({}, [SUBMITTED, AGAIN])
    told_quiet = lived([SUBMITTED, AGAIN], standing=standing, quiet=frozenset({1, 2}))
    judged = lived([SUBMITTED, AGAIN], standing=standing)
    assert ([jump.event for jump in judged.jumps], told_quiet.jumps) == ([2], [])
    assert told(told_quiet.points) == told(judged.points)


def test_what_happened_before_the_turn_jumps_no_more() -> None:
    assert lived(past=[SUBMITTED, AGAIN], looks=(jst("2026-06-04 10:00"),)).jumps == []


def test_an_event_no_rule_counts_is_judged_all_the_same() -> None:
    turn = lived([did("replied", "2026-06-02 10:00")])
    assert told(turn.points) == (0.0, jst("2026-06-02 10:00"), None)
    assert turn.touch is not None


def test_what_we_did_ourselves_tells_the_score_nothing() -> None:
    turn = lived([did("received", "2026-06-02 10:00", content="interest/case")])
    assert (turn.points, turn.touch) == (None, None)


def test_the_score_stands_anew_when_a_step_changes_an_attribute() -> None:
    tagged = AttributeRule(id="tagged", when=TAGGED, points=Decimal(30), because=LARGE.because)
    scorer = compile_points(replace(PRACTICE, attributes=(tagged,)))
    mark = Tag(tag=TagName("関心"), id=StepName("mark"), place=place("mark", "w"))
    warm = program(mark, *[step for step in HOT.steps.values() if step.place.id == "w"])
    turn = lived(
        [did("visited", "2026-06-02 10:00")],
        journey("mark", due=None),
        scorer=scorer,
        programs=[warm],
        until="2026-06-02 10:00",
    )
    assert told(turn.points) == (30.0, jst("2026-06-02 10:00"), None)
    reasons = [passed.why.code for walk in turn.walks for passed in walk.path]
    assert reasons == ["tagged", "happened", "came_to_the_end"]
