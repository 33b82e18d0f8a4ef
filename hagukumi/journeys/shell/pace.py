"""How many people one transaction takes, so that SQLite's only lock is never held long. Start with `Pace`."""

from __future__ import annotations

LOCK_SECONDS = 0.012
"""A batch aims at holding the lock so long; 20 ms is promised to the others."""
SMALLEST, FIRST, LARGEST = 50, 150, 1_000


class Pace:
    """The size of the next batch, from how long the last ones held the lock. Sizes change nobody's letters."""

    def __init__(self, largest: int = LARGEST) -> None:
        self.largest = largest
        self.size = min(FIRST, largest)

    def held(self, seconds: float) -> None:
        """Takes in how long a batch of `size` held the lock."""
        fitting = int(self.size * LOCK_SECONDS / max(seconds, 1e-6))
        self.size = max(min(SMALLEST, self.largest), min(self.largest, self.size * 2, (self.size + fitting) // 2))
