"""Tables that the tests of learning share: a made one whose truth is known, and the real ones beside the checkout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.scoring.tables import Floats, Table, numbers, words

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def real(folder: str, name: str) -> Path:
    """A file of real data that nobody here wrote; the test is skipped where it is missing."""
    path = DATA / folder / name
    if not path.is_file():
        pytest.skip(f"needs ../shared/data/{folder}/{name}")
    return path


def leads(rows: int = 3_000, seed: int = 1) -> tuple[Table, Floats]:
    """Leads whose chance is known: visits and trade warm them, with an interaction; the rest says nothing."""
    dice = np.random.default_rng(seed)
    visits = dice.poisson(3, rows).astype(np.float64)
    trade = dice.choice(["hospital", "clinic", "care"], rows, p=[0.5, 0.3, 0.2])
    size = np.where(dice.random(rows) < 0.2, np.nan, dice.lognormal(4, 1, rows))
    noise = dice.normal(size=rows)
    known = np.nan_to_num(size, nan=50.0)
    log_odds = -2.2 + 0.5 * visits + 1.2 * (trade == "hospital") - 0.8 * (trade == "care") + (known > 100) * 0.6
    outcomes = (dice.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    table = Table.of(
        [numbers("visits", visits), words("trade", trade.tolist()), numbers("beds", size), numbers("noise", noise)]
    )
    return table, outcomes
