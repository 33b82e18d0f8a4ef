"""The dice: the same arguments throw the same number, any other argument another, and all numbers are as likely."""

from itertools import combinations

from tests.journeys.scenes import moment

THROWN = moment().chance("interest", "try", "p1")


def test_a_throw_depends_on_nothing_but_its_arguments_and_the_seed() -> None:
    assert moment("2026-07-01 10:00").chance("interest", "try", "p1") == THROWN
    # Pinned: another number would draw everybody's arm anew.
    assert THROWN == 0.5958893235950226


def test_each_argument_matters() -> None:
    throws = [
        THROWN,
        moment().chance("industry", "try", "p1"),
        moment().chance("interest", "other", "p1"),
        moment().chance("interest", "try", "p2"),
        moment(seed="another").chance("interest", "try", "p1"),
    ]
    assert all(one != other for one, other in combinations(throws, 2))


def test_a_long_seed_is_as_good_as_a_short_one() -> None:
    assert 0 <= moment(seed="育" * 100).chance("interest", "try", "p1") < 1
    assert moment(seed="x" * 64).chance("a", "b", "c") == moment(seed="x" * 65).chance("a", "b", "c")
    assert moment(seed="x" * 63).chance("a", "b", "c") != moment(seed="x" * 64).chance("a", "b", "c")


def test_throws_lie_in_the_unit_interval_and_are_uniform_enough() -> None:
    throws = [moment().chance("interest", "try", f"p{number}") for number in range(5_000)]
    assert all(0 <= throw < 1 for throw in throws)
    tenths = [sum(int(throw * 10) == tenth for throw in throws) for tenth in range(10)]
    # 500 each, give or take five standard deviations.
    assert all(390 < count < 610 for count in tenths), tenths
