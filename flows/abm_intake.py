"""The weekly look at the list of target accounts: who has to leave, and who could come. It replaces nobody."""

from __future__ import annotations

from prefect import flow, task

from flows.opening import RETRIED, opened, tell
from hagukumi.steering import look_for_gaps


@task(**RETRIED)
def look(workspace: str) -> int:
    """Records gaps and proposes candidates, once a week however often it runs. Returns how many have to leave."""
    return look_for_gaps(opened(workspace), only_when_due=True)


@flow
def abm_intake(workspace: str = "") -> None:
    """Candidates for the gaps of the list. `workspace` is its folder."""
    told = {("要入れ替え", "have to leave"): look(workspace)}
    tell("abm-intake", "ABMの週次確認 / weekly look at the target list", workspace, told)
