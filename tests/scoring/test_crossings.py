"""When time alone carries the points over a line: never late, exact where it is known."""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from hagukumi.journeys.core.facts import Activity, Change
from models.scoring.crossings import side
from models.scoring.points import Standing, compile_points
from models.scoring.rules import PointRules
from tests.scoring.examples import DECIDER, NOW, PRACTICE, behaviour, did, rules, some_activities, some_rules

SCORER = compile_points(PRACTICE)
MICROSECOND = timedelta(microseconds=1)


def crossing(standing: Standing, now: datetime, line: float) -> datetime:
    at = standing.next_line(now, line)
    assert at is not None
    return at


def stands(standing: Standing, at: datetime, line: float) -> int:
    return side(standing.tenths(at), line)


def test_twenty_points_leave_the_line_of_ten_when_their_tenth_is_lost() -> None:
    standing = compile_points(rules(behaviour("clicked", "20", 14))).of({}, [did("clicked")])
    to_the_line = crossing(standing, NOW, 10.0)
    # 10.05 rounds to 10.0 (half to even): 14 days × log2(20 / 10.05) = 13.8993 days
    assert abs(to_the_line - NOW - timedelta(days=13.89926)) < timedelta(seconds=10)
    below = crossing(standing, to_the_line, 10.0)
    assert (standing.points(below - MICROSECOND), standing.points(below)) == (10.0, 9.9)
    assert standing.next_line(below, 10.0) is None


def test_a_refusal_that_fades_lets_the_points_rise_again() -> None:
    standing = SCORER.of({**DECIDER}, [did("refused", timedelta(days=10))])
    at = crossing(standing, NOW, 10.0)
    assert at > NOW + timedelta(days=400)
    assert standing.points(at - MICROSECOND) < 10.0 == standing.points(at)


def test_a_fall_and_a_later_rise_are_both_seen() -> None:
    scorer = compile_points(rules(behaviour("clicked", "20", 1), behaviour("refused", "-15", 3), attributes=()))
    standing = scorer.of({}, [did("clicked", number=1), did("refused", number=2)])
    assert standing.points(NOW) == 5.0
    down = crossing(standing, NOW, 0.0)
    assert standing.points(down) == 0.0
    up = crossing(standing, crossing(standing, down, -3.0), -3.0)
    assert NOW < down < up


def test_points_held_by_a_cap_or_by_the_floor_cross_when_they_come_loose() -> None:
    capped = SCORER.of({}, [did("clicked", number=number) for number in range(8)])
    at = crossing(capped, NOW, 20.0)
    assert (capped.points(at - MICROSECOND), capped.points(at)) == (20.0, 19.2)
    assert SCORER.of({}, [did("refused")]).next_line(NOW, 0.0) is None


def test_what_counts_later_is_a_crossing_too() -> None:
    settling = did("submitted", counts_at=NOW + timedelta(seconds=60))
    assert SCORER.of(DECIDER, [settling]).next_line(NOW, 30.0) == NOW + timedelta(seconds=60)


def test_nobody_is_ever_woken_for_points_that_do_not_move() -> None:
    assert SCORER.of(DECIDER, []).next_crossing(NOW) is None


def test_the_next_crossing_is_the_earliest_over_all_lines() -> None:
    standing = SCORER.of(DECIDER, [did("submitted", number=n) for n in range(3)])
    assert standing.points(NOW) == 80.0
    assert standing.next_crossing(NOW) == crossing(standing, NOW, 60.0) < crossing(standing, NOW, 30.0)


LINES = st.integers(-200, 400).map(lambda tenths: tenths / 10)


@given(
    some_rules(longest_half_life=2),
    some_activities(timedelta(days=4), 5),
    LINES,
    st.none() | st.integers(1, 3000),
    st.integers(0, 59),
)
@settings(max_examples=60)
def test_the_next_crossing_is_never_late_and_never_early_by_the_minute(
    point_rules: PointRules, history: list[Activity], line: float, promoted: int | None, second: int
) -> None:
    changes = [] if promoted is None else [Change(NOW + timedelta(minutes=promoted), "role", "user")]
    standing = compile_points(point_rules).of(DECIDER, history, changes)
    own = stands(standing, NOW, line)
    found = standing.next_line(NOW, line)
    end = NOW + timedelta(days=2) if found is None else min(found, NOW + timedelta(days=2))
    at = NOW + timedelta(seconds=second)
    while at < end:
        assert stands(standing, at, line) == own, at
        at += timedelta(minutes=1)
    if found is not None:
        assert found > NOW
        assert stands(standing, found, line) != own
        assert stands(standing, found - MICROSECOND, line) == own


@given(some_rules(), some_activities(), LINES)
def test_walking_from_crossing_to_crossing_ends(point_rules: PointRules, history: list[Activity], line: float) -> None:
    standing = compile_points(point_rules).of(DECIDER, history)
    at, seen = NOW, 0
    while (following := standing.next_line(at, line)) is not None:
        assert following > at
        at, seen = following, seen + 1
        assert seen < 500
    for later in (timedelta(days=1), timedelta(days=100), timedelta(days=4000)):
        assert stands(standing, at + later, line) == stands(standing, at, line)


def test_lines_with_a_tenth_are_compared_exactly() -> None:
    standing = compile_points(rules(behaviour("clicked", "0.7", None), floor=Decimal(0))).of({}, [did("clicked")])
    assert stands(standing, NOW, 0.7) == 0
