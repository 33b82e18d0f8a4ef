"""Enrols and walks the people of one scenario, or family of scenarios. Each has a deployment of its own."""

from __future__ import annotations

from prefect import flow, task

from flows.opening import BATCH, RETRIED, opened, published, tell
from hagukumi.journeys.shell.write import Written
from hagukumi.ticking import due_batches, walk_people


@task(**RETRIED)
def walk(workspace: str, people: list[int]) -> Written:
    """Lets these people take their turns; harmless when somebody else has done it meanwhile."""
    return walk_people(opened(workspace), people)


@flow
def nurture(scenario: str, workspace: str = "") -> None:
    """Whoever is due in `scenario` goes on, and whoever came in meanwhile enters. `workspace` is its folder."""
    wired, report = opened(workspace), Written()
    for name in published(wired, scenario):
        for people in due_batches(wired, name, BATCH):
            report.add(walk(workspace, people))
    told = {
        ("新しく入った方", "entered"): report.enrolled,
        ("進めた回数", "walks"): report.walked,
        ("用意したメール", "letters prepared"): report.letters,
        ("新しいタスク", "new tasks"): report.tasks,
        ("終えた方", "left"): report.left,
    }
    tell(f"nurture-{scenario}", f"育成 / nurture: {scenario}", workspace, told)
