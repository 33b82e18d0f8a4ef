"""The example's market: its people, and what they do of their own accord for a year of days."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benches.clock import Watch
from hagukumi.world.background import background
from hagukumi.world.build import build
from hagukumi.world.lists import write_background


def activity(people: int, accounts: int, days: int = 365, **_: Any) -> dict[str, Any]:
    """Days lived by people, a second; the people stand already. `written` is the CPU time of the file of columns."""
    truth = build("bench", people, accounts).truth
    with Watch() as watch:
        events = background(truth, 0, days)
    with tempfile.TemporaryDirectory() as folder, Watch() as writing:
        write_background(truth, events, Path(folder))
    return watch.figures(people * days) | {"events": len(events), "written": writing.cpu}


def market(people: int, accounts: int, **_: Any) -> dict[str, Any]:
    """Rows of people a second, from the seed to their truth, without any file."""
    with Watch() as watch:
        build("bench", people, accounts)
    return watch.figures(people)
