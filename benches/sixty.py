"""Sixty business days of the example company, from the market's making to the last reaction; where the time goes."""

from __future__ import annotations

import os
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from benches.clock import Watch
from hagukumi.channels.folder.outlet import Maildir
from hagukumi.demo.run import play
from hagukumi.journeys.shell import live, react
from hagukumi.letters.press import Press
from hagukumi.letters.sender import Sender
from hagukumi.starter import make_workspace
from hagukumi.workspace import DATABASE_VARIABLE

WHERE: tuple[tuple[Any, str, str], ...] = (
    (react, "gather", "gather"),
    (react, "take_turn", "take_turn"),
    (react, "write", "write"),
    (live, "depart_apart", "departures"),
    (Sender, "drain", "sending"),
    (Press, "__call__", "printing"),
    (Maildir, "deliver", "folder"),
)
"""Where time is taken: in what, its name there, and the name on the page. Printing and folder are parts of sending."""


def lived(people: int, days: int = 60, **_: Any) -> dict[str, Any]:
    """Letters sent a second of the days alone (engine and world); seconds of CPU by part, days a second besides."""
    os.environ.pop(DATABASE_VARIABLE, None)
    spent: defaultdict[str, float] = defaultdict(float)
    for owner, name, part in WHERE:
        setattr(owner, name, _timed(getattr(owner, name), part, spent))
    with tempfile.TemporaryDirectory(prefix="hagukumi-sixty-") as folder:
        workspace = make_workspace(Path(folder) / "w", "virtual")
        settings = workspace.settings_file
        settings.write_text(settings.read_text("utf-8") + "\nstarts_on: 2026-04-24\n", "utf-8")
        with Watch() as watch:
            played = play(workspace, days=days, people=people, accounts=max(1, people // 5), seed="bench")
        letters = sum(played.tally.letters.get(state, 0) for state in ("accepted", "delivered", "bounced"))
    seconds = played.seconds
    return watch.figures(letters) | {
        "days": days,
        "people": people,
        "engine": seconds.engine,
        "world": seconds.world,
        "before": seconds.build + seconds.imports + seconds.publish,
        "parts": dict(spent),
    }


def _timed(function: Any, part: str, spent: defaultdict[str, float]) -> Any:
    def called(*args: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return function(*args, **named)
        finally:
            spent[part] += time.process_time() - began

    return called
