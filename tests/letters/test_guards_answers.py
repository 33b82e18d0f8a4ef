"""Answers of the guards compared whole: until when, with which values in the sentence, on which clocks."""

from dataclasses import replace
from datetime import date

import pytest

from hagukumi.journeys.core.effects import LetterClass
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.departure import CLASSES, Depart, Hold, OpenTask, PastSend, Situation, Stop
from hagukumi.letters.guards import GUARDS, fresh_until, guards_of
from hagukumi.letters.rules import Cap, TaskHold, our_calendar, terms_of
from tests.letters.departures import (
    MONDAY,
    OUR_TERMS,
    PROVEN,
    RULES,
    answer,
    asked_again,
    decide,
    free,
    granted,
    jst,
    letter,
)

HOURS168 = Span(168, SpanUnit.HOURS)
SMALL = terms_of(replace(RULES, account_cap=Cap(letters=1, within=HOURS168)), our_calendar(RULES))


def hold(code: str, until: str, *args: str, still: bool = False, task: bool = False) -> Hold:
    """A hold as a plan stores it: the local time is the first value of its sentence."""
    return Hold(jst(until), Why(code, (until, *args)), still, task)


@pytest.mark.parametrize("klass", CLASSES)
def test_the_guards_of_a_class_are_those_that_name_it_in_their_order(klass: LetterClass) -> None:
    assert guards_of(klass) == tuple(guard.ask for guard in GUARDS if klass in guard.classes)
    # A letter of nurture is spared the freeze of a play, and nothing else.
    assert len(guards_of("nurture")) == len(GUARDS) - 1


@pytest.mark.parametrize(
    ("situation", "verdict"),
    [
        (free(), Depart("interest")),
        (free(paused="interest"), hold("hold_paused", "2026-06-02 09:00", "interest", still=True)),
        (free(may_send=False), hold("hold_opt_outs_unsettled", "2026-06-02 09:00", still=True)),
        (free(task=OpenTask()), hold("hold_task", "2026-06-04 10:00", task=True)),
        (free(in_conversation=True), hold("hold_conversation", "2026-06-04 10:00", task=True)),
        (free(content_withdrawn=True), Stop(Why("stop_content_withdrawn", ("interest/case",)))),
        (free(surname=False), Stop(Why("stop_no_surname"))),
    ],
)
def test_a_situation_has_one_answer(situation: Situation, verdict: object) -> None:
    assert decide(letter(), MONDAY, situation).verdict == verdict


def test_a_pause_before_the_morning_is_asked_about_at_the_opening() -> None:
    paused = free(paused="ALL")
    early = letter(written="2026-06-01 08:00")
    assert decide(early, "2026-06-01 08:00", paused).verdict == hold(
        "hold_paused", "2026-06-01 09:00", "ALL", still=True
    )


def test_limits_say_how_much_they_allow() -> None:
    before = [granted(letter("a", account=5), "2026-06-01 09:00")]
    assert decide(letter("b"), MONDAY, grants=before).verdict == hold("hold_cap", "2026-06-02 09:00", "2")
    other = letter("b", 2, account=5)
    account = decide(other, MONDAY, terms=SMALL, grants=before).verdict
    assert account == hold("hold_account_cap", "2026-06-08 09:00", "1", still=True)
    industry = letter("b", 2, account=5, scenario="industry")
    assert decide(industry, MONDAY, grants=before).verdict == hold(
        "hold_voice", "2026-06-02 09:00", "interest", still=True
    )


def test_a_repetition_says_what_was_sent_and_on_which_local_day() -> None:
    # Half past midnight in Japan is still the day before in UTC.
    past = [PastSend("mailbox-1", "interest/case", jst("2026-05-05 00:30"))]
    why = Why("stop_same_content", ("interest/case", date(2026, 5, 5).isoformat()))
    assert decide(letter(), MONDAY, past=past).verdict == Stop(why)


def test_a_repetition_after_a_year_does_not_hide_a_recent_one() -> None:
    past = [PastSend("mailbox-1", "interest/case", jst(day)) for day in ("2025-05-01 10:00", "2026-05-01 10:00")]
    assert answer(letter(), past=past) == "stop_same_content"
    assert answer(letter(), past=past[:1]) == "depart"
    edge = [PastSend("mailbox-1", "interest/case", jst("2025-05-31 10:00"))]
    assert answer(letter(), past=edge) == "depart"
    assert answer(letter(written="2026-06-01 09:59"), "2026-06-01 09:59", past=edge) == "stop_same_content"


def test_a_ground_withdrawn_this_minute_no_longer_stands() -> None:
    withdrawn = PROVEN[0]._replace(withdrawn_at=jst(MONDAY))
    assert answer(letter(), situation=free(grounds=(withdrawn,))) == "stop_no_ground"


def test_of_two_holds_the_one_that_ends_later_is_named_whichever_guard_says_it() -> None:
    tasked = free(task=OpenTask())
    # Almost all of the three days are used up; the cap lasts longer.
    waiting = letter("b", task_hold=(3 * 24 - 1) * 3600 * 1_000_000)
    before = [granted(letter("a"), "2026-06-01 09:00")]
    assert decide(waiting, MONDAY, tasked, grants=before).verdict == hold(
        "hold_cap", "2026-06-02 09:00", "2", task=True
    )
    assert decide(waiting, MONDAY, tasked).verdict == hold("hold_task", "2026-06-01 11:00", task=True)


def test_a_hold_for_a_task_may_be_given_in_hours() -> None:
    short = terms_of(replace(RULES, task_hold=TaskHold(at_most=Span(5, SpanUnit.HOURS))), our_calendar(RULES))
    tasked = free(task=OpenTask())
    assert decide(letter(), MONDAY, tasked, short).verdict == hold("hold_task", "2026-06-01 15:00", task=True)


def test_a_hold_for_a_task_runs_on_business_days_only() -> None:
    tasked, friday, monday = free(task=OpenTask()), "2026-06-05 12:00", "2026-06-08 12:00"
    waiting = letter(written=friday, fresh_for=Span(20, SpanUnit.BUSINESS_DAYS))
    waiting = asked_again(waiting, friday, decide(waiting, friday, tasked))
    second = decide(waiting, monday, tasked)
    assert second.task_hold == 24 * 3600 * 1_000_000
    assert second.verdict == hold("hold_task", "2026-06-10 12:00", task=True)


def test_time_that_stood_still_is_given_back_on_the_clock_of_the_letter() -> None:
    day = 24 * 3600 * 1_000_000
    waiting = letter(written="2026-06-01 10:00", stood_still=day)
    # Five business days end on Monday 8 June; one more on Tuesday. From a Friday, one more is Monday.
    assert fresh_until(waiting, OUR_TERMS) == jst("2026-06-09 10:00")
    friday = letter(written="2026-05-29 10:00", stood_still=day)
    assert fresh_until(friday, OUR_TERMS) == jst("2026-06-08 10:00")
    by_hours = friday._replace(fresh_for=Span(24, SpanUnit.HOURS))
    assert fresh_until(by_hours, OUR_TERMS) == jst("2026-05-31 10:00")
