"""Chance that depends on nothing but the seed, a stream and a place in it. Pure. Start with `draws`.

Philox counts: any block of a stream is drawn alone, and is the same on every machine. Nothing here may call exp, log or
a power, whose last digit differs between processors.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

BLOCK = 1_024
"""Rows of a block."""

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


def draws(seed: str, stream: str, block: int, rows: int, columns: int) -> Floats:
    """Numbers in [0, 1), rows x columns: the first rows of one block of a stream. More rows change none of these."""
    key = int.from_bytes(blake2b(stream.encode(), key=blake2b(seed.encode()).digest(), digest_size=16).digest(), "big")
    raw = np.random.Philox(counter=block << 64, key=key).random_raw(rows * columns)
    return ((raw >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(rows, columns)


def table(seed: str, stream: str, rows: int, columns: int) -> Floats:
    """Numbers in [0, 1) for all rows, block after block."""
    if not rows:
        return np.zeros((0, columns))
    blocks = range(-(-rows // BLOCK))
    return np.concatenate([draws(seed, stream, each, min(BLOCK, rows - each * BLOCK), columns) for each in blocks])


def pick(lots: Floats, shares: tuple[float, ...]) -> Whole:
    """For each lot the place of its share; shares are weights and need not add up to 1."""
    rising = np.cumsum(np.asarray(shares, dtype=np.float64))
    found = np.searchsorted(rising, lots * rising[-1], side="right")
    return np.minimum(found, len(shares) - 1).astype(np.int64)


def one(lot: float, count: int) -> int:
    """A whole number below `count`."""
    return min(int(lot * count), count - 1)
