"""A step of a play is for the people of its roles; in a person's scenario it is for that person."""

from datetime import UTC, date, datetime

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.effects import MakeTask, WriteLetter
from hagukumi.journeys.core.facts import Activity, Facts, LetterFact, Member
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.verdict import Go, Stay
from hagukumi.journeys.core.walk import Walked, walk
from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.scenario import Scenario

CALENDAR = BusinessCalendar(holidays={})
MONDAY = datetime(2026, 6, 1, 1, tzinfo=UTC)
"""10:00 in Japan."""

TEXT = """
scenario: small
title: x
purpose: x
owner: x
for: account
who: {industry: 病院}
steps:
  - send: a/summary
    id: summary
    to: [決裁者, influencer]
    or_else:
      - task: 郵送する
        id: by-post
        to: decision_maker
        or_else:
          - end: 誰もいない
  - call: first
    id: call
    day: 3
    to: [purchaser, decision_maker]
    who: {not: {registered: spring}}
  - end: 終わり
"""


def program() -> Program:
    compiled = compile_scenario(load_text(TEXT, Scenario))
    assert compiled.program is not None, [each.message("en") for each in compiled.problems]
    return compiled.program


def member(person: int, role: str | None, *, mail: bool = True) -> Member:
    return Member(person, {"role": role}, mail)


def at_start(of: Program) -> Journey:
    return Journey(1, of.name, of.hash, "a7", None, 1, of.start, MONDAY, None, MONDAY)


def go(journey: Journey, facts: Facts, at: datetime = MONDAY) -> Walked:
    return walk(program(), journey, facts, at, CALENDAR, "seed")


def test_one_letter_goes_to_everybody_of_the_roles_who_can_be_written_to() -> None:
    people = [
        member(3, "influencer"),
        member(4, "user"),
        member(5, "decision_maker"),
        member(6, "influencer", mail=False),
    ]
    walked = go(at_start(program()), Facts({}, people=people))
    letters = [effect for _, effect in walked.effects if isinstance(effect, WriteLetter)]
    assert [(one.person, one.key, one.klass) for one in letters] == [
        (5, "small/summary/1/a7/5", "play"), (3, "small/summary/1/a7/3", "play"),
    ]  # fmt: skip
    assert walked.journey.reached == {"summary": (5, 3)}
    assert walked.journey.step == "summary.rest"


def test_where_nobody_can_be_written_to_the_way_without_a_letter_is_taken() -> None:
    walked = go(at_start(program()), Facts({}, people=[member(5, "decision_maker", mail=False)]))
    assert [effect for _, effect in walked.effects] == [
        MakeTask("small/by-post/1/a7/5", "by-post", "marketing", "task", "郵送する", None, None, None, 5)
    ]
    assert walked.journey.step == "call.day"


def test_where_nobody_has_the_role_the_way_of_nobody_is_taken() -> None:
    walked = go(at_start(program()), Facts({}, people=[member(5, "user")]))
    assert walked.ended is not None and walked.ended.args == ("誰もいない",)


def test_the_group_settles_when_all_its_letters_have_and_one_sent_is_enough() -> None:
    people = [member(3, "influencer"), member(5, "decision_maker")]
    rests = go(at_start(program()), Facts({}, people=people)).journey
    first, second = "small/summary/1/a7/5", "small/summary/1/a7/3"
    half = Facts({}, people=people, letters={first: LetterFact("stopped", MONDAY)})
    step = program().steps["summary.rest"]
    assert isinstance(step.decide(rests, half, Moment(MONDAY, CALENDAR, "seed")), Stay)
    both = Facts({}, people=people, letters={**half.letters, second: LetterFact("accepted", MONDAY)})
    verdict = step.decide(rests, both, Moment(MONDAY, CALENDAR, "seed"))
    assert isinstance(verdict, Go) and verdict.to == "call.day"
    none = Facts({}, people=people, letters={**half.letters, second: LetterFact("withdrawn", MONDAY)})
    verdict = step.decide(rests, none, Moment(MONDAY, CALENDAR, "seed"))
    assert isinstance(verdict, Go) and verdict.to == "by-post"


def test_a_step_waits_for_its_business_day_and_is_for_those_who_have_not_registered() -> None:
    journey = at_start(program())._replace(step="call.day")
    people = [member(3, "purchaser"), member(5, "decision_maker")]
    known = Facts({}, [Activity(1, "registered", MONDAY, MONDAY, "spring", person=3)], people=people)
    rests = go(journey, known)
    third = datetime(2026, 6, 3, 0, tzinfo=UTC)
    assert rests.journey.due == third
    walked = go(rests.journey, known, third)
    assert [(effect.kind, effect.person) for _, effect in walked.effects if isinstance(effect, MakeTask)] == [
        ("call", 5)
    ]


def test_a_holiday_stretches_the_play() -> None:
    holidays = BusinessCalendar(holidays={date(2026, 6, 2): "休み"})
    journey = at_start(program())._replace(step="call.day")
    walked = walk(program(), journey, Facts({}), MONDAY, holidays, "seed")
    assert walked.journey.due == datetime(2026, 6, 4, 0, tzinfo=UTC)
