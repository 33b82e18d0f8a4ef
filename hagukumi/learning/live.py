"""Probabilities of those who changed, said in batches while the engine runs. Start with `Chances`.

Without a model nothing is read and nothing heavy is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select

from hagukumi.learning.shelf import Shelf
from models.tables.bulk import chunks
from models.tables.collector import collector_resting
from models.tables.engine import begin_read
from models.tables.pace import Pace
from models.tables.schema import model
from models.tables.types import to_micros

if TYPE_CHECKING:
    from models.scoring.features import Builder

BATCH = 2_000
"""People a prediction while the engine runs."""
LARGE = 20_000
"""People a prediction when everybody is scored."""
MANY = 50_000
"""From so many people on all acts are read in one pass, instead of each person's by the index."""
_ANY = select(model.c.version).where(model.c.state.in_(("champion", "challenger"))).limit(1)


@dataclass
class Chances:
    """Scores with the models in play. `builder` is made when first needed.

    What was noted and not yet scored is lost with the process; the next morning's round finds it by its age.
    """

    shelf: Shelf
    builder: Callable[[], Builder]
    _noted: dict[int, datetime] = field(default_factory=dict)

    def note(self, engine: Engine, moved: Mapping[int, datetime]) -> None:
        """These people's scores moved at these instants; they are scored when enough have come together."""
        self._noted.update(moved)
        if len(self._noted) >= BATCH:
            self.flush(engine)

    def flush(self, engine: Engine) -> int:
        """Scores whoever was noted, each as of their own instant. Returns how many."""
        noted, self._noted = self._noted, {}
        return self._score(engine, {who: to_micros(at) for who, at in sorted(noted.items())}, LARGE, weekly=False)

    def everybody(self, engine: Engine, people: Sequence[int], now: datetime) -> int:
        """Scores these people as of now; of a seventh of them it is kept what was said. Returns how many."""
        at = to_micros(now)
        return self._score(engine, dict.fromkeys(sorted(people), at), LARGE, weekly=True)

    def _score(self, engine: Engine, at: Mapping[int, int], size: int, *, weekly: bool) -> int:
        if not at:
            return 0
        with begin_read(engine) as conn:
            if conn.scalar(_ANY) is None:
                return 0
        from hagukumi.learning.reading import read_everybodys
        from hagukumi.learning.scoring import MOST_AT_ONCE, score_people

        builder, acts, pace = self.builder(), None, Pace(MOST_AT_ONCE)
        if len(at) >= MANY:
            with begin_read(engine) as conn, collector_resting():
                acts = read_everybodys(conn, max(at.values()), builder)
        return sum(
            score_people(
                engine, self.shelf, builder, {one: at[one] for one in some}, weekly=weekly, acts=acts, pace=pace
            )
            for some in chunks(at, size)
        )
