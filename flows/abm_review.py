"""The fortnightly review: prepared, then suspended until people have decided and `abm review finish` resumes it."""

from __future__ import annotations

from uuid import uuid4

from prefect import flow, task
from prefect.flow_runs import suspend_flow_run
from prefect.runtime import deployment, flow_run
from prefect.settings import PREFECT_API_URL

from flows.opening import RETRIED, opened, tell
from hagukumi.fortnight import awaited, prepare_review, remind_review
from hagukumi.programme.reviewing import Prepared


@task(**RETRIED)
def prepare(workspace: str) -> Prepared | None:
    """The review that is open, prepared once however often this runs; None where none is due."""
    wired = opened(workspace)
    done = prepare_review(wired, only_when_due=True)
    remind_review(wired)
    return done


@flow
def abm_review(workspace: str = "") -> None:
    """Runs from the top again when it is resumed. `workspace` is its folder; the schedule's day is that of abm.yaml."""
    done = prepare(workspace)
    told = {("見直しの回", "review"): done.held.number if done else 0, ("新規", "new"): int(bool(done and done.new))}
    tell("abm-review", "ABMの見直し / review of the target accounts", workspace, told)
    # Without a deployment nobody could start it again: the review is open all the same.
    if done is None or not deployment.id:
        return
    if awaited(opened(workspace), done.held.number, str(flow_run.id), PREFECT_API_URL.value() or ""):
        # A key of its own each time: resumed by hand while the review is open, it suspends again.
        suspend_flow_run(timeout=None, key=uuid4().hex)
