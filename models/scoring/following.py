"""A calibration that follows the newest rows, where older ones show that this would have helped. Start with `share_of`.

The share of outcomes moves: whoever calibrates by old rows says too much, or too little, of all new ones alike.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np

from models.scoring.calibration import Calibration, sigmoid
from models.scoring.figures import log_loss
from models.scoring.tables import Floats, Index

SHARES = (0.2, 0.1, 0.05)
"""Parts of the judged rows, the newest, that may say where the share of outcomes stands."""
PRIOR = 10.0
"""A shift counts as if so much information spoke for none: few rows move little."""
ORIGINS = np.linspace(0.4, 0.9, 6)
"""Moments, as parts of the judged rows, from which is looked ahead."""
EVENTS = 10
"""A look ahead counts when so many rows with, and without, the outcome are seen."""

Fitted = Callable[[Index], Calibration]
"""A calibration by these rows, ascending in time."""


def followed(calibration: Calibration, said: Floats, outcomes: Floats, rows: Index, share: float) -> Calibration:
    """The calibration, shifted so that it is right on average on the newest share of the rows; 0: as it is."""
    newest = rows[len(rows) - int(len(rows) * share) :]
    if not len(newest):
        return calibration
    x, y, shift = calibration(said[newest]), outcomes[newest], 0.0
    for _ in range(25):
        p = sigmoid(x + shift)
        step = float((y - p).sum() - PRIOR * shift) / float((p * (1 - p)).sum() + PRIOR)
        shift += max(-1.0, min(step, 1.0))
    return calibration._replace(ys=tuple(each + shift for each in calibration.ys))


def share_of(said: Floats, outcomes: Floats, rows: Index, ahead: int, fitted: Fitted) -> float:
    """Which newest share to follow: what would have been better, looked ahead from several moments; 0 for none.

    rows: judged by models of older rows, in order of time. ahead: how many rows a calibration has to hold for.
    """
    gains: dict[float, list[float]] = {share: [] for share in SHARES}
    for origin in ORIGINS:
        cut = int(len(rows) * origin)
        older, newer = rows[:cut], rows[cut : cut + ahead]
        if any(min(outcomes[part].sum(), (1 - outcomes[part]).sum()) < EVENTS for part in (older, newer)):
            continue
        plain = fitted(older)
        loss = log_loss(outcomes[newer], sigmoid(plain(said[newer])))
        for share, found in gains.items():
            moved = followed(plain, said, outcomes, older, share)
            found.append(loss - log_loss(outcomes[newer], sigmoid(moved(said[newer]))))
    best = max(SHARES, key=lambda share: float(np.mean(gains[share] or [0.0])))
    found = gains[best]
    if len(found) < 3:
        return 0.0
    # What is simpler stays unless the gain is sure: the looks ahead overlap, so one standard error would be little.
    error = float(np.std(found, ddof=1)) / sqrt(len(found))
    return best if float(np.mean(found)) > 2 * error else 0.0
