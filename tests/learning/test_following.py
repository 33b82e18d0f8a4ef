"""A calibration follows the newest rows where outcomes grow rarer or more frequent, and only there."""

import numpy as np

from models.scoring.calibration import Calibration, calibrate, sigmoid
from models.scoring.figures import ece, log_loss
from models.scoring.following import SHARES, followed, share_of
from models.scoring.learning import train
from models.scoring.tables import Floats, Index, Table, numbers
from models.scoring.validation import Course, Window, folds, rolling


def said_and_came(drift: float, rows: int = 6_000, seed: int = 0) -> tuple[Floats, Floats]:
    """What a model says (log-odds), and what comes true, whose log-odds fall by `drift` from the first to the last."""
    dice = np.random.default_rng(seed)
    said = dice.normal(-1.5, 1.0, rows)
    return said, (dice.random(rows) < sigmoid(said - drift * np.linspace(0, 1, rows))).astype(np.float64)


def calibrated(said: Floats, came: Floats) -> tuple[float, Floats, Floats]:
    """The chosen share, and the chances of the newest fifth without and with it."""
    older, newer = np.arange(4_800), np.arange(4_800, 6_000)

    def fitted(rows: Index) -> Calibration:
        return calibrate(said[rows], came[rows])

    share = share_of(said, came, older, 1_200, fitted)
    plain = fitted(older)
    return share, sigmoid(plain(said[newer])), sigmoid(followed(plain, said, came, older, share)(said[newer]))


def test_where_outcomes_grow_rarer_the_newest_rows_are_followed() -> None:
    said, came = said_and_came(2.0)
    share, plain, moved = calibrated(said, came)
    assert share in SHARES
    assert ece(came[4_800:], moved) < 0.6 * ece(came[4_800:], plain)
    assert log_loss(came[4_800:], moved) < log_loss(came[4_800:], plain)


def test_where_nothing_moves_hardly_anything_is_followed() -> None:
    for seed in range(10):
        said, came = said_and_came(0.0, seed=seed)
        _, plain, moved = calibrated(said, came)
        assert abs(float(moved.mean() - plain.mean())) < 0.02


def test_the_choice_never_sees_the_rows_that_test() -> None:
    said, came = said_and_came(2.0)
    share, _, moved = calibrated(said, came)
    turned = came.copy()
    turned[4_800:] = 1 - turned[4_800:]
    again, _, same = calibrated(said, turned)
    assert again == share and np.array_equal(moved, same)


def test_few_rows_move_little() -> None:
    said, came = said_and_came(0.0)
    plain = calibrate(said, came)
    none = np.zeros_like(came)
    far, little = (plain.ys[0] - followed(plain, said, none, np.arange(rows), 0.2).ys[0] for rows in (6_000, 100))
    assert far > 2 * little > 0
    assert followed(plain, said, came, np.arange(6_000), 0.0) == plain


def test_where_no_window_judges_what_came_after_it_nothing_is_followed() -> None:
    """Outcomes so rare that random folds stand in: they have seen what came later, and cannot look ahead."""
    dice = np.random.default_rng(4)
    rows, known, window = 5_400, 4_320, 720
    came = np.zeros(rows)
    for number in range(7):
        first, events = number * window, 120 if number < 2 else 9 if number < 6 else 14
        came[first + dice.choice(window, events, replace=False)] = 1
    table = Table.of([numbers("warm", dice.normal(size=rows) + came), numbers("noise", dice.normal(size=rows))])
    assert not rolling(known, came[:known])
    plain = Course(folds(came[:known]), (Window(np.arange(known), np.arange(known, rows)),))
    found = train(table, came, split="time", ordered=True)
    assert found.model.calibration == train(table, came, split="time", ordered=True, course=plain).model.calibration
