"""Departures in slots of a minute: the total order, and the limits that letters, persons and mailboxes share."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.letters.departure import CLASSES, Hold, OpenTask, SharedHistory, Waiting
from hagukumi.letters.planner import departures_possible, next_slot, plan
from hagukumi.letters.rules import Cap, our_calendar, terms_of
from tests.letters.departures import (
    MONDAY,
    OUR_TERMS,
    RULES,
    answer,
    answers,
    asked_again,
    decide,
    free,
    granted,
    jst,
    letter,
)

TUESDAY_MORNING = "hold_voice until 2026-06-02 09:00"


def at_account(name: str, person: int, **more: Any) -> Waiting:
    return letter(name, person, account=5, **more)


def test_departures_stand_in_the_order_of_priority_due_and_key() -> None:
    letters = [
        letter("third", 1, key="b"),
        letter("fourth", 2, key="か"),
        letter("last", 3, key="\U0001f331"),  # beyond the BMP: sorts after か as UTF-8 does, before it as UTF-16 does
        letter("fifth", 4, key="\uff21"),
        letter("second", 5, key="z", due=jst("2026-06-01 09:59")),
        letter("first", 6, key="zz", priority=0),
    ]
    order = list(answers(MONDAY, letters))
    assert order == ["first-6", "second-5", "third-1", "fourth-2", "fifth-4", "last-3"]
    by_bytes = sorted(letters, key=lambda one: (one.priority, one.due, one.key.encode()))
    assert [f"{one.step}-{one.person}" for one in by_bytes] == order


def test_two_letters_of_one_person_in_one_slot_leave_a_day_apart() -> None:
    letters = [letter("a"), letter("b")]
    assert answers(MONDAY, letters) == {"a-1": "depart", "b-1": "hold_cap until 2026-06-02 10:00"}


def test_two_persons_with_one_mailbox_share_its_cap() -> None:
    letters = [letter("a", 1), letter("b", 2, address="mailbox-1")]
    assert answers(MONDAY, letters) == {"a-1": "depart", "b-2": "hold_cap until 2026-06-02 10:00"}


def test_two_triggers_that_meet_at_one_mailbox_send_the_content_once() -> None:
    letters = [letter("case", 1), letter("case", 2, address="mailbox-1")]
    assert answers(MONDAY, letters) == {"case-1": "depart", "case-2": "stop_same_content"}


def test_midnight_is_no_gate_through_the_cap() -> None:
    at_night = terms_of(RULES, our_calendar(RULES))._replace(sending=OUR_TERMS.calendar)
    last = [granted(letter("a"), "2026-06-01 17:59")]
    assert answer(letter("b"), "2026-06-02 09:00", terms=at_night, grants=last) == "hold_cap until 2026-06-02 17:59"
    late = [granted(letter("a"), "2026-06-01 23:59")]
    assert answer(letter("b"), "2026-06-02 09:00", grants=late) == "hold_cap until 2026-06-03 09:00"
    assert answer(letter("b"), "2026-06-03 00:00", grants=late).startswith("hold_hours")


def test_the_third_letter_waits_until_the_first_is_168_hours_old() -> None:
    two = [granted(letter("a"), "2026-06-01 10:00"), granted(letter("b"), "2026-06-03 10:00")]
    waiting = letter("c", written="2026-06-04 10:00")
    assert answer(waiting, "2026-06-04 10:00", grants=two) == "hold_cap until 2026-06-08 10:00"
    assert answer(waiting, "2026-06-08 09:59", grants=two) == "hold_cap until 2026-06-08 10:00"
    assert answer(waiting, "2026-06-08 10:00", grants=two) == "depart"


def test_a_cap_that_ends_on_a_weekend_is_held_to_monday_morning() -> None:
    friday = [granted(letter("a"), "2026-06-05 17:00")]
    assert answer(letter("b", written="2026-06-05 17:30"), "2026-06-05 17:30", grants=friday) == (
        "hold_cap until 2026-06-08 09:00"
    )


def test_the_seconds_of_a_sent_letter_count() -> None:
    sent = granted(letter("a"), MONDAY)
    sent = sent._replace(at=sent.at + timedelta(seconds=1))
    assert answer(letter("b"), "2026-06-02 10:00", grants=[sent]) == "hold_cap until 2026-06-02 10:01"


def test_a_notice_neither_waits_for_the_cap_nor_takes_a_place() -> None:
    assert answers(MONDAY, [letter("a", klass="notice", priority=0), letter("b")]) == {"a-1": "depart", "b-1": "depart"}


def test_a_personal_letter_takes_a_place_without_waiting_for_one() -> None:
    letters = [letter("a"), letter("by-hand", klass="personal", priority=9), letter("c", 2)]
    assert answers(MONDAY, letters)["by-hand-1"] == "depart"
    assert answer(letter("b"), grants=[granted(letter("by-hand", klass="personal"), MONDAY)]).startswith("hold_cap")


def test_an_account_hears_one_voice_a_day_and_that_voice_may_speak_to_several() -> None:
    letters = [
        at_account("a", 1, scenario="industry"),
        at_account("b", 2, scenario="interest"),
        at_account("c", 3, scenario="industry"),
        letter("d", 4, scenario="interest"),
    ]
    assert answers(MONDAY, letters) == {"a-1": "depart", "b-2": TUESDAY_MORNING, "c-3": "depart", "d-4": "depart"}


def test_the_voice_of_the_morning_keeps_the_day() -> None:
    morning = [granted(at_account("a", 1, scenario="industry"), "2026-06-01 09:00")]
    assert answer(at_account("b", 2), grants=morning) == TUESDAY_MORNING
    assert answer(at_account("b", 2, scenario="industry"), grants=morning) == "depart"
    assert answer(at_account("b", 2), "2026-06-02 09:00", grants=morning) == "depart"


def test_a_voice_whose_letter_never_left_is_free_again() -> None:
    morning = [granted(at_account("a", 1, scenario="industry"), "2026-06-01 09:00", "rejected")]
    assert answer(at_account("b", 2), grants=morning) == "depart"


def test_a_play_with_a_letter_due_today_gets_the_voice() -> None:
    play = at_account("p", 2, scenario="play-x", klass="play", priority=9)
    assert answers(MONDAY, [at_account("a", 1), play]) == {"a-1": TUESDAY_MORNING, "p-2": "depart"}


def test_a_play_due_in_the_afternoon_keeps_the_voice_of_the_morning() -> None:
    due = at_account("p", 2, scenario="play-x", klass="play", due=jst("2026-06-01 16:00"))
    assert answer(at_account("a", 1), plays_due=[due]) == TUESDAY_MORNING
    assert answers(MONDAY, [at_account("a", 1), due])["a-1"] == TUESDAY_MORNING
    tomorrow = due._replace(due=jst("2026-06-02 09:00"))
    assert answer(at_account("a", 1), plays_due=[tomorrow]) == "depart"


def test_a_play_that_cannot_leave_today_gets_no_voice() -> None:
    play = at_account("p", 2, scenario="play-x", klass="play")
    assert answers(MONDAY, [at_account("a", 1), play._replace(address=None)])["a-1"] == "depart"
    capped = [granted(letter("q", 2), "2026-05-29 17:00")]
    assert answers(MONDAY, [at_account("a", 1), play], grants=capped)["a-1"] == TUESDAY_MORNING
    capped = [granted(letter("q", 2), "2026-05-29 17:00"), granted(letter("r", 2), "2026-05-28 17:00")]
    assert answers(MONDAY, [at_account("a", 1), play], grants=capped)["a-1"] == "depart"


def test_voices_can_be_switched_off() -> None:
    silent = terms_of(replace(RULES, voice=False), our_calendar(RULES))
    letters = [at_account("a", 1, scenario="industry"), at_account("b", 2, scenario="interest")]
    assert answers(MONDAY, letters, terms=silent) == {"a-1": "depart", "b-2": "depart"}


def test_the_account_cap_waits_for_the_oldest_letter_to_leave_the_window() -> None:
    hours168 = Span(168, SpanUnit.HOURS)
    small = terms_of(replace(RULES, account_cap=Cap(letters=2, within=hours168)), our_calendar(RULES))
    letters = [at_account(name, n) for n, name in enumerate("abc", 1)]
    assert answers(MONDAY, letters, terms=small)["c-3"] == "hold_account_cap until 2026-06-08 10:00"
    before = [granted(at_account("x", 8), "2026-05-26 12:00"), granted(at_account("y", 9), "2026-05-28 12:00")]
    assert answer(at_account("a", 1), terms=small, grants=before) == "hold_account_cap until 2026-06-02 12:00"
    assert answer(at_account("a", 1), "2026-06-02 12:00", terms=small, grants=before) == "depart"


def test_the_letters_of_one_step_of_a_play_count_once_for_the_account() -> None:
    small = terms_of(replace(RULES, account_cap=Cap(letters=2, within=Span(168, SpanUnit.HOURS))), our_calendar(RULES))
    step = [letter("s", n, account=5, scenario="play-x", klass="play", content=f"c{n}") for n in range(1, 6)]
    other = letter("t", 9, account=5, scenario="play-x", klass="play", priority=6)
    third = letter("u", 10, account=5, scenario="play-x", klass="play", priority=7)
    said = answers(MONDAY, [*step, other, third], terms=small)
    assert [said[f"s-{n}"] for n in range(1, 6)] == ["depart"] * 5
    assert said["t-9"] == "depart"
    assert said["u-10"].startswith("hold_account_cap")


def test_a_letter_held_across_its_freshness_goes_stale() -> None:
    waiting = letter(written="2026-04-27 10:00")
    tasked = free(task=OpenTask())
    assert answer(waiting, "2026-05-08 09:59") == "depart"  # Golden Week does not age it
    assert answer(waiting, "2026-05-08 10:00") == "stop_stale"
    assert answer(waiting, "2026-05-07 12:00", tasked) == "hold_task until 2026-05-08 10:00"
    assert answer(waiting._replace(fresh_for=Span(1, SpanUnit.BUSINESS_DAYS)), "2026-04-28 10:00") == "stop_stale"
    for klass in ("personal", "notice", "apology"):
        assert answer(waiting._replace(klass=klass), "2026-05-08 10:00") == "depart"


def test_a_pause_does_not_age_a_letter() -> None:
    waiting, at = letter(), "2026-06-05 18:00"
    for following in ("2026-06-08 09:00", "2026-06-09 09:00", "2026-06-10 09:00"):
        decision = decide(waiting, at, free(paused="interest"))
        assert isinstance(decision.verdict, Hold) and decision.verdict.until == jst(following)
        waiting, at = asked_again(waiting, at, decision), following
    resumed = decide(waiting, "2026-06-10 09:00")
    # From Friday 18:00 to Wednesday 09:00 the clock stood: 63 hours without the weekend.
    assert resumed.stood_still == 63 * 3600 * 1_000_000
    assert resumed.fresh_until == jst("2026-06-08 10:00") + timedelta(days=3, hours=-9)
    waiting = waiting._replace(stood_still=resumed.stood_still, last=None)
    assert answer(waiting, "2026-06-11 00:59").startswith("hold_hours")
    assert answer(waiting, "2026-06-11 01:00") == "stop_stale"


def test_waiting_for_the_accounts_turn_does_not_age_a_letter() -> None:
    waiting, at = at_account("b", 2), MONDAY
    for day in range(2, 6):
        busy = [granted(at_account("a", 1, scenario="industry"), at)]
        decision = decide(waiting, at, grants=busy)
        assert isinstance(decision.verdict, Hold) and decision.verdict.stands_still
        waiting, at = asked_again(waiting, at, decision), f"2026-06-0{day} 09:00"
    assert decide(waiting, at).fresh_until == jst("2026-06-12 09:00")


def test_outside_hours_and_under_the_cap_a_letter_does_age() -> None:
    decision = decide(letter(), "2026-06-01 18:00")
    assert isinstance(decision.verdict, Hold) and not decision.verdict.stands_still
    again = asked_again(letter(), "2026-06-01 18:00", decision)
    assert decide(again, "2026-06-02 09:00").fresh_until == jst("2026-06-08 10:00")


def test_while_the_cap_outlasts_the_voice_only_the_voices_time_stands_still() -> None:
    waiting = at_account("b", 2, written="2026-05-26 12:00")
    shared = [
        granted(at_account("a", 1, scenario="industry"), "2026-06-01 09:00"),
        granted(at_account("x", 2, scenario="industry"), "2026-05-28 10:00"),
        granted(at_account("y", 2, scenario="industry"), "2026-05-29 10:00"),
    ]
    decision = decide(waiting, MONDAY, grants=shared)
    assert isinstance(decision.verdict, Hold)
    assert decision.verdict.stands_still and decision.verdict.until == jst("2026-06-02 09:00")
    # Fresh until Tuesday 12:00 and 23 hours longer: stale before the cap is free on Thursday.
    waiting = asked_again(waiting, MONDAY, decision)
    assert answer(waiting, "2026-06-02 09:00", grants=shared) == "hold_cap until 2026-06-03 11:00"


def test_asking_too_early_changes_nothing() -> None:
    waiting, once = letter(), decide(letter(), "2026-06-01 18:00", free(paused="ALL"))
    for at in ("2026-06-01 18:00", "2026-06-01 20:00", "2026-06-02 03:00"):
        decision = decide(waiting, at, free(paused="ALL"))
        assert decision.verdict == once.verdict
        waiting = asked_again(waiting, at, decision)
    assert decide(waiting, "2026-06-02 09:00").stood_still == 15 * 3600 * 1_000_000


def test_slots_are_whole_minutes() -> None:
    minute = jst(MONDAY)
    assert next_slot(minute) == minute
    assert next_slot(minute + timedelta(microseconds=1)) == minute + timedelta(minutes=1)
    with pytest.raises(ValueError, match="whole minutes"):
        plan(minute + timedelta(seconds=1), [], SharedHistory(), OUR_TERMS)


def test_the_engine_can_ask_whether_a_slot_is_worth_planning() -> None:
    assert departures_possible(jst(MONDAY), OUR_TERMS)
    for at in ("2026-06-01 18:00", "2026-06-06 10:00", "2026-08-13 10:00", "2026-05-04 10:00"):
        assert not departures_possible(jst(at), OUR_TERMS)


def test_an_empty_slot_has_no_decisions() -> None:
    assert plan(jst(MONDAY), [], SharedHistory(), OUR_TERMS) == []
    assert set(CLASSES) >= {"nurture", "play"}
