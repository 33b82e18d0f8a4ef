"""`python -m flows [-w DIR]`: tells Prefect's server of the flows and their schedules, and runs what becomes due.

The server is the one in PREFECT_API_URL; `hagukumi serve --with-schedules` starts one beside it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx

from abm.programme import ReviewRules
from hagukumi.files import read_files
from hagukumi.workspace import Workspace, find

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

MOST_WAIT_SECONDS = 120.0
PAUSE_SECONDS = 1.0
NURTURE_EVERY = timedelta(minutes=5)
DELIVER_EVERY = timedelta(minutes=1)
AT_ONCE = 3
"""Flow runs side by side; each is a process."""
MOST_AT_ONCE = 200
"""Runs Prefect's server tells of in one answer."""
RESCORE_AT = "15 6 * * *"
"""Early in the morning, in the workspace's zone."""
AUDIENCES_EVERY = timedelta(minutes=15)
"""How soon a refusal reaches ad platforms; where nothing has changed a run does nothing."""
INTAKE_AT = "30 6 * * 1"
"""On Monday morning; when a week of the programme begins is told by abm.yaml."""


REVIEW_AT = "064500"
"""In the morning of a review's day, after the intake."""


def families(workspace: Workspace) -> list[str]:
    """The scenarios by the first part of their names: industry-hospital and industry-clinic are one schedule."""
    return sorted({file.stem.partition("-")[0] for file in workspace.scenarios.glob("*.yaml")})


def deployments(workspace: Workspace, every: timedelta | None) -> list[RunnerDeployment]:
    """One of nurture for each family of scenarios, then the others. `every` replaces the usual intervals."""
    from prefect.schedules import Cron, RRule

    from flows.abm_intake import abm_intake
    from flows.abm_review import abm_review
    from flows.audiences import audiences
    from flows.deliver import deliver
    from flows.nurture import nurture
    from flows.rescore import rescore

    folder = str(workspace.folder)
    made = [
        nurture.to_deployment(name, interval=every or NURTURE_EVERY, parameters={"scenario": name, "workspace": folder})
        for name in families(workspace)
    ]
    own = {"workspace": folder}
    made.append(deliver.to_deployment("deliver", interval=every or DELIVER_EVERY, parameters=own))
    zone = workspace.read_settings().zone
    morning = Cron(RESCORE_AT, timezone=zone)
    made.append(rescore.to_deployment("rescore", schedule=morning, parameters=own))
    monday = Cron(INTAKE_AT, timezone=zone)
    made.append(abm_intake.to_deployment("abm_intake", schedule=monday, parameters=own))
    made.append(audiences.to_deployment("audiences", interval=every or AUDIENCES_EVERY, parameters=own))
    fortnight = RRule(fortnights(read_files(workspace).programme.review), timezone=zone)
    made.append(abm_review.to_deployment("abm_review", schedule=fortnight, parameters=own))
    # Outside of an event loop these are deployments, never coroutines.
    return cast("list[RunnerDeployment]", made)


def fortnights(rules: ReviewRules) -> str:
    """When reviews are prepared: the first day of abm.yaml decides which of the two weeks, and on which weekday.

    A holiday does not move it: what is prepared then meets on the next business day.
    """
    return f"DTSTART:{rules.starts_on:%Y%m%d}T{REVIEW_AT}\nRRULE:FREQ=DAILY;INTERVAL={rules.every.amount}"


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


def forget_late(api: str) -> int:
    """Deletes runs that were due while nobody served; the next one does all of it. Returns how many."""
    late = {
        "flows": {"name": {"any_": ["nurture", "deliver", "rescore", "abm-intake", "abm-review", "audiences"]}},
        "flow_runs": {
            "state": {"type": {"any_": ["SCHEDULED"]}},
            "expected_start_time": {"before_": datetime.now(UTC).isoformat()},
        },
        "limit": MOST_AT_ONCE,
    }
    gone, end = 0, time.monotonic() + MOST_WAIT_SECONDS
    with httpx.Client(base_url=api, timeout=30) as client:
        while time.monotonic() < end:
            try:
                found = client.post("/flow_runs/filter", json=late).raise_for_status().json()
                gone += sum(client.delete(f"/flow_runs/{run['id']}").is_success for run in found)
            except httpx.HTTPError:
                # A server that has just started is busy with the same runs. What stays late is run once more.
                time.sleep(PAUSE_SECONDS)
                continue
            if len(found) < MOST_AT_ONCE:
                break
    return gone


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

    forget_late(api)
    every = timedelta(seconds=given.every) if given.every else None
    serve(*deployments(workspace, every), limit=AT_ONCE, pause_on_shutdown=False, print_starting_message=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
