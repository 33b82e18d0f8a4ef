"""Decisions compared whole, and the shared limits where persons, mailboxes, plays and visits differ."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.departure import Decision, Depart, Held, Hold, SharedHistory, Waiting
from hagukumi.letters.planner import plan
from hagukumi.letters.rules import Cap, Terms, our_calendar, terms_of
from tests.letters.departures import (
    MONDAY,
    OUR_TERMS,
    RULES,
    answer,
    answers,
    decide,
    free,
    granted,
    jst,
    letter,
    spoken,
)

DAY = 24 * 3600 * 1_000_000


def at_account(name: str, person: int, **more: Any) -> Waiting:
    return letter(name, person, account=5, **more)


def play(name: str, person: int, **more: Any) -> Waiting:
    return at_account(name, person, scenario="play-x", klass="play", **more)


def capped(letters: int) -> Terms:
    """Our terms with so many letters a week for an account."""
    cap = Cap(letters=letters, within=Span(168, SpanUnit.HOURS))
    return terms_of(replace(RULES, account_cap=cap), our_calendar(RULES))


def test_a_departure_is_decided_with_its_voice_and_its_clocks() -> None:
    one = letter(stood_still=7, task_hold=9)
    fresh = jst("2026-06-08 10:00") + timedelta(microseconds=7)
    assert decide(one) == Decision(one.key, Depart("interest"), 7, 9, fresh)


def test_a_letter_before_its_time_keeps_its_clocks() -> None:
    one = letter(due=jst("2026-06-01 10:05"), stood_still=7, task_hold=9)
    verdict = Hold(jst("2026-06-01 10:05"), Why("hold_not_due", ("2026-06-01 10:05",)))
    assert decide(one) == Decision(one.key, verdict, 7, 9, jst("2026-06-08 10:00") + timedelta(microseconds=7))


def test_clocks_are_whole_microseconds() -> None:
    for fresh_for in (None, Span(48, SpanUnit.HOURS)):
        one = letter(fresh_for=fresh_for, last=Held(jst("2026-06-01 09:00"), stands_still=True, for_task=True))
        decision = decide(one)
        assert (decision.stood_still, decision.task_hold) == (DAY // 24, DAY // 24)
        assert type(decision.stood_still) is type(decision.task_hold) is int


def test_only_the_clocks_that_a_hold_touches_run() -> None:
    last = Held(jst("2026-05-31 10:00"), stands_still=True)
    still = decide(letter(last=last, stood_still=1, task_hold=2))
    # Sunday does not count on a clock of business days.
    assert (still.stood_still, still.task_hold) == (1 + 10 * DAY // 24, 2)
    for_task = decide(letter(last=Held(jst("2026-05-31 10:00"), for_task=True), stood_still=1, task_hold=2))
    assert (for_task.stood_still, for_task.task_hold) == (1, 2 + 10 * DAY // 24)
    neither = decide(letter(last=Held(jst("2026-05-31 10:00")), stood_still=1, task_hold=2))
    assert (neither.stood_still, neither.task_hold) == (1, 2)


def test_a_person_who_changed_the_mailbox_is_still_one_person() -> None:
    before = [granted(letter("a", address="old-mailbox"), "2026-06-01 09:00")]
    assert answer(letter("b"), grants=before) == "hold_cap until 2026-06-02 09:00"
    assert answer(letter("b", 2), grants=before) == "depart"


def test_past_letters_may_be_read_in_any_order() -> None:
    later, earlier = granted(letter("a"), "2026-06-01 09:30"), granted(letter("b"), "2026-05-28 09:00")
    for grants in ([later, earlier], [earlier, later]):
        assert answer(letter("c"), grants=grants) == "hold_cap until 2026-06-04 09:00"
    two = [granted(letter("a"), "2026-06-01 09:30"), granted(letter("b"), "2026-05-20 09:00")]
    assert answer(letter("c"), grants=two) == "hold_cap until 2026-06-02 09:30"


def test_a_letter_by_hand_is_not_the_voice_of_the_account() -> None:
    by_hand = [granted(at_account("by-hand", 1, scenario="industry", klass="personal"), "2026-06-01 09:00")]
    assert answer(at_account("b", 2), grants=by_hand) == "depart"


def test_two_visits_in_one_slot_say_the_same_but_a_day_apart() -> None:
    slot, visits = jst(MONDAY), [letter("case", visit=1), letter("case", visit=2)]
    decisions = plan(slot, [(one, free()) for one in visits], SharedHistory(), OUR_TERMS)
    assert [spoken(decision) for decision in decisions] == ["depart", "hold_cap until 2026-06-02 10:00"]


def test_the_same_step_of_a_scenario_counts_each_letter_for_the_account() -> None:
    letters = [at_account("case", person, content=f"c{person}") for person in (1, 2, 3)]
    said = answers(MONDAY, letters, terms=capped(2))
    assert said["case-3"] == "hold_account_cap until 2026-06-08 10:00"


def test_a_further_letter_of_a_step_of_a_play_takes_no_new_place() -> None:
    heard = [granted(play("s", 1), "2026-05-29 10:00"), granted(play("t", 2), "2026-05-29 11:00")]
    full = capped(2)
    assert answer(play("s", 3, content="c3"), terms=full, grants=heard) == "depart"
    assert answer(play("t", 3, content="c3"), terms=full, grants=heard) == "depart"
    assert answer(play("u", 3), terms=full, grants=heard) == "hold_account_cap until 2026-06-05 10:00"
    assert answer(play("s", 3, visit=2), terms=full, grants=heard) == "hold_account_cap until 2026-06-05 10:00"


def test_only_a_play_speaks_for_its_step() -> None:
    heard = [granted(play("s", 1), "2026-05-29 10:00")]
    by_a_scenario = play("s", 3, content="c3")._replace(klass="nurture")
    assert answer(by_a_scenario, terms=capped(1), grants=heard) == "hold_account_cap until 2026-06-05 10:00"


def test_a_step_that_has_left_the_window_needs_a_place_again() -> None:
    heard = [granted(play("s", 1), "2026-05-25 10:00"), granted(play("t", 2), "2026-05-29 11:00")]
    late = play("s", 3, content="c3")
    assert answer(late, terms=capped(1), grants=heard) == "hold_account_cap until 2026-06-05 11:00"
    early = late._replace(written_at=jst("2026-06-01 09:59"), due=jst("2026-06-01 09:59"))
    assert answer(early, "2026-06-01 09:59", terms=capped(1), grants=heard) == "depart"


def test_among_plays_the_one_of_higher_priority_keeps_the_voice() -> None:
    first = play("z", 1, priority=1, key="z")
    second = at_account("a", 2, scenario="play-y", klass="play", priority=9, key="a")
    nurture = at_account("n", 3, priority=0)
    said = answers(MONDAY, [second, first, nurture])
    voice = "hold_voice until 2026-06-02 09:00"
    assert said == {"n-3": voice, "z-1": "depart", "a-2": voice}
