"""Which moments teach: nobody on both sides, no outcome that is not known yet, nothing that overlaps what it judges."""

from __future__ import annotations

import numpy as np

from models.scoring.moments import DAY
from models.scoring.sampling import EVERY, HORIZON, WEEK, course_of, moments_of, never


def test_moments_end_where_their_outcome_is_not_known_yet() -> None:
    people = [1, 2, 3, 4]
    now = 365 * DAY
    found = moments_of(people, np.zeros(4, np.int64), never(people), never(people), {0: [3 * DAY, 300 * DAY]}, now)
    assert found.at.max() <= now - HORIZON and found.outcome.sum() == 0
    assert 3 * DAY in found.at.tolist(), "a jump is a moment"
    slots = [int(at // WEEK) for person, at in zip(found.person, found.at, strict=True) if person == 1]
    assert set(np.diff(slots)) == {EVERY}


def test_an_outcome_counts_when_it_came_within_the_horizon() -> None:
    became = np.array([200 * DAY])
    found = moments_of([1], np.zeros(1, np.int64), became, never([1]), {}, 400 * DAY)
    near = found.at >= 200 * DAY - HORIZON
    assert (found.outcome == near).all() and near.any() and not near.all()
    assert found.at.max() < 200 * DAY, "who is an SQL already is nobody to predict"


def test_who_turned_out_to_be_no_lead_is_not_asked_any_more() -> None:
    found = moments_of([1], np.zeros(1, np.int64), never([1]), np.array([100 * DAY]), {}, 400 * DAY)
    assert found.at.max() < 100 * DAY


def test_nobody_teaches_and_is_judged_at_once_and_outcomes_were_known() -> None:
    dice = np.random.default_rng(3)
    at = np.sort(dice.integers(0, 600 * DAY, 6_000))
    people = dice.integers(0, 500, 6_000)
    course = course_of(people, at, (dice.random(6_000) < 0.1).astype(np.float64))
    assert course.gap and len(course.windows) > 3
    for window in (*course.windows, *course.last):
        assert not set(people[window.train]) & set(people[window.test])
        assert at[window.train].max() + HORIZON <= at[window.test].min()
    judged = np.sort(np.concatenate([window.test for window in course.last]))
    assert judged.tolist() == list(range(judged[0], len(at))), "every newest row is judged once"


def test_a_short_history_keeps_people_apart_and_says_so() -> None:
    dice = np.random.default_rng(3)
    at, people = np.sort(dice.integers(0, 40 * DAY, 3_000)), dice.integers(0, 500, 3_000)
    course = course_of(people, at, (dice.random(3_000) < 0.2).astype(np.float64))
    assert not course.gap
    for window in (*course.windows, *course.last):
        assert not set(people[window.train]) & set(people[window.test])
