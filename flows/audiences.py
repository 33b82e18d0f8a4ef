"""Audiences of ads kept in step: once a morning, and soon after somebody has refused."""

from __future__ import annotations

from prefect import flow, task

from flows.opening import RETRIED, opened, tell
from hagukumi.advertising import keep_audiences
from hagukumi.mornings import latest


@task(**RETRIED)
def keep(workspace: str) -> int:
    """Does nothing where nothing has changed. Returns how many were handed over or taken out."""
    wired = opened(workspace)
    return keep_audiences(wired, latest(wired.calendar, wired.now)) or 0


@flow
def audiences(workspace: str = "") -> None:
    """Handed over as audiences.yaml says. `workspace` is its folder."""
    told = {("渡した・外した件数", "handed over or taken out"): keep(workspace)}
    tell("audiences", "広告の配信対象 / audiences of ads", workspace, told)
