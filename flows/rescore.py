"""Brings stored scores up to the present: time lowers them even where nobody does anything."""

from __future__ import annotations

from prefect import flow, task

from flows.opening import BATCH, RETRIED, opened, tell
from hagukumi.mornings import rescore as rescore_people
from hagukumi.mornings import stale_scores


@task(**RETRIED)
def score(workspace: str, people: list[int]) -> int:
    """Works these scores out anew; no journey walks and no task is made by it."""
    return rescore_people(opened(workspace), people)


@flow
def rescore(workspace: str = "") -> None:
    """All scores as of now. `workspace` is its folder."""
    batches = stale_scores(opened(workspace), BATCH)
    done = sum(score(workspace, people) for people in batches)
    told = {("計算し直した点数", "scores worked out"): done, ("まとまり", "batches"): len(batches)}
    tell("rescore", "点数の更新 / rescore", workspace, told)
