"""A calibration repairs chances that are too bold, keeps the order of rows, and survives a file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scoring.calibration import AS_IT_IS, Calibration, calibrate, sigmoid
from models.scoring.figures import ece
from models.scoring.tables import Floats


def bold(rows: int, rate: float = -1.0) -> tuple[Floats, Floats]:
    """Log-odds twice as far from the middle as the truth."""
    dice = np.random.default_rng(11)
    truth = dice.normal(rate, 1.2, rows)
    return 2 * truth + 0.7, (dice.random(rows) < sigmoid(truth)).astype(np.float64)


@pytest.mark.parametrize(("rows", "kind"), [(600, "platt"), (20_000, "isotonic")])
def test_bold_chances_become_true_ones(rows: int, kind: str) -> None:
    x, y = bold(2 * rows)
    found = calibrate(x[:rows], y[:rows])
    assert found.kind == kind
    before, after = (ece(y[rows:], sigmoid(part)) for part in (x[rows:], found(x[rows:])))
    assert after < 0.05 and after < before / 2


@given(st.integers(0, 10_000), st.sampled_from([300, 8_000]))
def test_the_order_of_rows_never_turns_round(seed: int, rows: int) -> None:
    dice = np.random.default_rng(seed)
    x = dice.normal(size=rows)
    y = (dice.random(rows) < sigmoid(np.sin(3 * x))).astype(np.float64)
    line = calibrate(x, y)(np.linspace(-50, 50, 2_001))
    assert (np.diff(line) >= 0).all() and line[-1] > line[0]


def test_one_class_leaves_everything_as_it_is() -> None:
    assert calibrate([0.1, 0.2, 0.3], [1, 1, 1]) == AS_IT_IS
    assert AS_IT_IS([0.4, -3.0]).tolist() == [0.4, -3.0]


def test_a_calibration_survives_a_file_and_a_falling_one_is_refused() -> None:
    x, y = bold(20_000)
    found = calibrate(x, y)
    assert Calibration.from_data(found.as_data()) == found
    with pytest.raises(ValueError, match="rising"):
        Calibration.from_data({"kind": "isotonic", "xs": [0, 1], "ys": [1, 0], "slope": 1.0})
