"""What the flows share: the workspace, opened once a process, how a task is retried, and how a run tells of itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from sqlalchemy import select

from hagukumi.wiring import Wired, wire
from hagukumi.workspace import find
from models.tables.engine import begin_read
from models.tables.schema import scenario_version

BATCH = 5_000
"""People a task: a task costs some ten milliseconds, so it takes thousands."""
RETRIED: dict[str, Any] = {"retries": 3, "retry_delay_seconds": [1, 5, 20], "cache_policy": NO_CACHE}
"""A batch that fails (a locked database, a lost connection) is tried again; what it had stored is not done twice."""


@lru_cache(maxsize=4)
def opened(workspace: str) -> Wired:
    """The workspace in this folder ("": found as the command line finds it). Raises NotDone."""
    return wire(find(Path(workspace) if workspace else None))


def published(wired: Wired, family: str) -> list[str]:
    """Scenarios of a family that people are or may be inside: `industry` and all whose name begins with `industry-`."""
    with begin_read(wired.engine) as conn:
        names = conn.scalars(select(scenario_version.c.scenario).distinct().order_by(scenario_version.c.scenario))
        return [name for name in names if name == family or name.startswith(f"{family}-")]


def tell(key: str, title: str, workspace: str, lines: Mapping[tuple[str, str], int]) -> None:
    """Leaves a page in Prefect's UI that says in Japanese and English what the run did."""
    wired = opened(workspace)
    rows = [f"| {ja} / {en} | {number:,} |" for (ja, en), number in lines.items()]
    head = f"## {title}\n\n{wired.files.settings.name} — {wired.now.astimezone(wired.calendar.zone):%Y-%m-%d %H:%M}\n"
    create_markdown_artifact("\n".join([head, "| | |", "|---|---:|", *rows]), key=key, description=title)
