"""`python -m flows [-w DIR]`: tells Prefect's server of the flows and their schedules, and runs what becomes due.

The server is the one in PREFECT_API_URL; `hagukumi serve --with-schedules` starts one beside it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx

from hagukumi.workspace import Workspace, find

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

MOST_WAIT_SECONDS = 120.0
NURTURE_EVERY = timedelta(minutes=5)
DELIVER_EVERY = timedelta(minutes=1)
RESCORE_AT = "15 6 * * *"
"""Early in the morning, in the workspace's zone."""


def families(workspace: Workspace) -> list[str]:
    """The scenarios by the first part of their names: industry-hospital and industry-clinic are one schedule."""
    return sorted({file.stem.partition("-")[0] for file in workspace.scenarios.glob("*.yaml")})


def deployments(workspace: Workspace, every: timedelta | None) -> list[RunnerDeployment]:
    """One of nurture for each family of scenarios, deliver, rescore. `every` replaces the usual intervals."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron

    from flows.deliver import deliver
    from flows.nurture import nurture
    from flows.rescore import rescore

    folder = str(workspace.folder)
    # A run that has not ended is not overtaken by the next one: the next one does what is due by then.
    alone = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    made = [
        nurture.to_deployment(
            name,
            interval=every or NURTURE_EVERY,
            parameters={"scenario": name, "workspace": folder},
            concurrency_limit=alone,
        )
        for name in families(workspace)
    ]
    own = {"workspace": folder}
    made.append(
        deliver.to_deployment("deliver", interval=every or DELIVER_EVERY, parameters=own, concurrency_limit=alone)
    )
    zone = workspace.read_settings().zone
    morning = Cron(RESCORE_AT, timezone=zone)
    made.append(rescore.to_deployment("rescore", schedule=morning, parameters=own, concurrency_limit=alone))
    # Outside of an event loop these are deployments, never coroutines.
    return cast("list[RunnerDeployment]", made)


def wait_for(api: str, seconds: float = MOST_WAIT_SECONDS) -> bool:
    """Whether the server answers within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(f"{api}/health", timeout=5).status_code == 200:
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    return False


def main(arguments: list[str] | None = None) -> int:
    """Serves until it is told to end; 1 without a server."""
    parser = argparse.ArgumentParser(prog="python -m flows", description="予定を動かします / runs the schedules")
    parser.add_argument("-w", "--workspace", type=Path, metavar="DIR")
    parser.add_argument("--every", type=float, metavar="SECONDS", help="nurture と deliver の間隔 / their interval")
    given = parser.parse_args(arguments)
    workspace = find(given.workspace)
    api = os.environ.get("PREFECT_API_URL", "")
    if not api or not wait_for(api):
        print(
            "Prefect のサーバーが応答しません。PREFECT_API_URL をご確認ください。 / "
            "Prefect's server does not answer: look at PREFECT_API_URL.",
            file=sys.stderr,
        )
        return 1
    from prefect import serve

    every = timedelta(seconds=given.every) if given.every else None
    serve(*deployments(workspace, every), pause_on_shutdown=False, print_starting_message=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
