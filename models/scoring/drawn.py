"""Rows drawn from a table that is larger than what is looked at. Start with `spread`. Pure: seeds are fixed."""

from __future__ import annotations

import numpy as np

from models.scoring.tables import Floats, Index

MOST_ROWS = 200_000
"""A fit sees at most so many rows, drawn evenly from those it may see."""
RARE = 200
"""Fewer rows of an outcome in a sample than this would be left to chance."""


def sampled(rows: Index) -> Index:
    """At most MOST_ROWS of them, drawn with a fixed seed, in their order."""
    if len(rows) <= MOST_ROWS:
        return rows
    drawn = np.random.default_rng(0).choice(len(rows), MOST_ROWS, replace=False)
    return np.asarray(rows[np.sort(drawn)])


def spread(outcomes: Floats, most: int) -> Index:
    """At most so many rows, evenly over the table; of a rare outcome all rows, up to half of what is taken."""
    if len(outcomes) <= most:
        return np.arange(len(outcomes))
    rows = np.linspace(0, len(outcomes) - 1, most).astype(np.int64)
    if min(outcomes[rows].sum(), most - outcomes[rows].sum()) >= RARE:
        return rows
    rarer = np.flatnonzero(outcomes == float(outcomes.mean() < 0.5))
    kept = rarer[np.linspace(0, len(rarer) - 1, min(len(rarer), most // 2)).astype(np.int64)]
    others = rows[np.linspace(0, most - 1, most - len(kept)).astype(np.int64)]
    return np.unique(np.concatenate((kept, others)))
