"""The row as a value: keys that are unique for ever, and moves that keep everything else."""

from typing import Any

from hagukumi.journeys.core.facts import CLICKS_SETTLE, counts_at
from hagukumi.journeys.core.journey import Journey
from tests.journeys.scenes import MONDAY, did, journey, jst, known

FULL: dict[str, Any] = {
    "id": 7,
    "version": "v1",
    "subject": "a5",
    "person": 3,
    "visit": 2,
    "entered_at": jst("2026-05-01 10:00"),
    "arms": {"try": "a"},
    "rounds": {"tips": 4},
    "goal_at": jst("2026-05-20 10:00"),
}


def full() -> Journey:
    return journey("first", **FULL)


def test_a_key_names_scenario_step_visit_subject_and_person() -> None:
    assert full().key("first") == "interest/first/2/a5/3"
    assert full().key("first", None) == "interest/first/2/a5/3"


def test_a_key_inside_a_repeat_carries_the_round() -> None:
    assert full().key("tip", "tips") == "interest/tip/2.4/a5/3"
    assert full().key("tip", "others") == "interest/tip/2.0/a5/3"


def test_a_letter_is_named_by_its_step_or_by_repeat_and_step() -> None:
    assert full().letter_keys("first") == (full().key("first"),)
    assert full().letter_keys("tips:tip") == (full().key("tip", "tips"),)


def test_a_move_changes_step_and_since_and_forgets_when_it_was_due() -> None:
    later = jst("2026-06-02 10:00")
    assert full().moved("second", later) == full()._replace(step="second", since=later, due=None)


def test_a_rest_changes_only_when_it_is_due() -> None:
    later = jst("2026-06-02 10:00")
    assert full().resting_until(later) == full()._replace(due=later)
    assert full().resting_until(None) == full()._replace(due=None)


def test_only_a_click_needs_time_to_settle() -> None:
    now = jst(MONDAY)
    assert counts_at("clicked", now) == now + CLICKS_SETTLE == jst("2026-06-01 10:01")
    assert counts_at("visited", now) == now


def test_activities_are_seen_oldest_first_and_never_before_they_count() -> None:
    visits = [did("visited", f"2026-06-01 0{n}:00", n) for n in (7, 8, 9)]
    facts = known(visits[0], did("opened", "2026-06-01 07:30"), *visits[1:])
    assert list(facts.seen("visited", jst("2026-06-01 08:00"))) == visits[:2]
    assert list(facts.seen("visited", jst("2026-06-01 06:59"))) == []


def test_a_letter_is_known_from_the_moment_it_settled() -> None:
    facts = known(letter=("accepted", MONDAY))
    (key,) = facts.letters
    assert facts.letter(key, jst("2026-06-01 09:59")) is None
    assert facts.letter(key, jst(MONDAY)) == facts.letters[key]
    assert facts.letter("another", jst(MONDAY)) is None


def test_nobody_has_points_and_nothing_crosses_a_line_where_no_rule_says_so() -> None:
    assert known().points(jst(MONDAY)) == 0.0
    assert known().next_line(jst(MONDAY), 60.0) is None
