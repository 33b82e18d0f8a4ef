"""Figures against their definitions, counted out the slow way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from models.scoring.figures import alift, auc, auc_interval, ece, figures, gains, psi, psi_of_numbers, reliability, top

CASES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9)), min_size=4, max_size=60).filter(
    lambda rows: 0 < sum(y for y, _ in rows) < len(rows)
)


@given(CASES)
def test_auc_and_brier_agree_with_scikit_learn_and_ties_count_half(rows: list[tuple[int, int]]) -> None:
    y, p = np.array([a for a, _ in rows]), np.array([b / 10 for _, b in rows])
    assert auc(y, p) == pytest.approx(roc_auc_score(y, p))
    assert figures(y, p).brier == pytest.approx(brier_score_loss(y, p))


@given(CASES)
def test_the_area_under_the_gains_curve_follows_from_the_auc(rows: list[tuple[int, int]]) -> None:
    """A known identity: ALIFT = rate / 2 + (1 - rate) * AUC."""
    y, p = np.array([a for a, _ in rows]), np.array([b / 10 for _, b in rows])
    rate = y.mean()
    assert alift(y, p) == pytest.approx(rate / 2 + (1 - rate) * auc(y, p))


@given(CASES)
def test_the_order_of_rows_with_equal_scores_changes_nothing(rows: list[tuple[int, int]]) -> None:
    y, p = np.array([a for a, _ in rows]), np.array([b / 10 for _, b in rows])
    again = figures(y[::-1], p[::-1])
    assert figures(y, p) == pytest.approx(again)


def test_gains_of_a_perfect_order_rise_at_once() -> None:
    taken, caught = gains([1, 1, 0, 0], [4, 3, 2, 1])
    assert taken.tolist() == [0, 0.25, 0.5, 0.75, 1] and caught.tolist() == [0, 0.5, 1, 1, 1]
    assert figures([1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1]).better_half == 1


def test_the_interval_holds_the_truth_nineteen_times_of_twenty() -> None:
    dice = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        y = dice.random(300) < 0.3
        s = dice.normal(size=300) + y
        interval = auc_interval(y, s)
        held += interval.low <= 0.7602 <= interval.high  # two normals one deviation apart: Phi(1 / sqrt 2)
    assert 180 <= held <= 199


def test_chances_that_are_true_have_hardly_any_calibration_error_and_doubled_ones_do() -> None:
    dice = np.random.default_rng(3)
    p = dice.random(20_000) * 0.5
    y = dice.random(20_000) < p
    assert ece(y, p) < 0.015
    assert ece(y, 2 * p) > 0.2
    assert sum(point.rows for point in reliability(y, p)) == 20_000


def test_equal_chances_stay_in_one_group() -> None:
    assert [point.rows for point in reliability([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5])] == [4]


def test_the_best_tenth_is_what_a_desk_would_call_first() -> None:
    y = np.array([1] * 8 + [0] * 2 + [0] * 90)
    assert top(y, -np.arange(100), 0.1) == pytest.approx(0.8)


def test_psi_is_nothing_for_the_same_population_and_large_for_another() -> None:
    dice = np.random.default_rng(7)
    old = dice.normal(size=5_000)
    assert psi_of_numbers(old, dice.normal(size=5_000)) < 0.02
    assert psi_of_numbers(old, dice.normal(1.0, size=5_000)) > 0.25
    assert psi_of_numbers(old, np.where(dice.random(5_000) < 0.3, np.nan, old)) > 0.25
    assert psi([10, 20, 0], [10, 20, 0]) == 0


def test_one_class_has_no_figures() -> None:
    with pytest.raises(ValueError, match="one class"):
        auc([1, 1], [0.1, 0.2])
