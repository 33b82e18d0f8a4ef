"""Lives the example: a market is made, its lists come in, scenarios open, sixty days pass. Start with `play`."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from hagukumi import approving, steering, wiring
from hagukumi.demo.campaign import Campaign, Campaigned
from hagukumi.demo.days import Days, Progress
from hagukumi.demo.judging import Judged, judge
from hagukumi.demo.lists import Brought, bring_in, make_market
from hagukumi.files import scenario_files
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.shell.publish import Published
from hagukumi.reading.tally import Tally, tally
from hagukumi.ticking import tick
from hagukumi.wiring import Wired
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import DATABASE_VARIABLE, Workspace
from hagukumi.world.build import ACCOUNTS, PEOPLE
from hagukumi.world.event_log import write_events
from models.tables.engine import begin_read

FIRST, SECOND = "sato", "kobayashi"
"""Who approves letters: keys of staff.yaml."""
DAYS = 60
"""Business days."""


class Seconds(NamedTuple):
    """Wall seconds by part. world: people, machines and desks; engine: ticks alone; programme: target accounts."""

    build: float
    imports: float
    publish: float
    engine: float
    programme: float
    world: float

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self)


class Played(NamedTuple):
    """What the example was, for the report. Instants are UTC; days are business days. brought: in the order of time.

    by: source id -> who really did it (human, or the class of a gateway). campaign: what became of target accounts.
    """

    wired: Wired
    start: datetime
    end: datetime
    days: int
    brought: tuple[Brought, ...]
    published: tuple[Published, ...]
    tally: Tally
    by: Mapping[str, str]
    judged: Judged
    campaign: Campaigned
    seconds: Seconds


def play(
    workspace: Workspace,
    told: Progress = lambda part, share: None,
    *,
    days: int = DAYS,
    people: int = PEOPLE,
    accounts: int = ACCOUNTS,
    seed: str | None = None,
    programme: bool = True,
) -> Played:
    """Rebuilds the workspace's var/ and lives `days` business days in it; `seed` is else the workspace's own.

    programme: whether target accounts are agreed upon and a play runs in the last weeks.
    Raises NotDone for a workspace that is not virtual.
    """
    watch = _Watch()
    rebuild(workspace)
    wired = wiring.wire(workspace)
    start = wired.now
    told("build", 0)
    end = wired.calendar.add_business_days(start, days)
    first, last = (wired.calendar.day_of(at) for at in (start, end))
    folder = workspace.var / "world"
    market = make_market(folder, seed or wired.identity.seed, people, accounts, first, (last - first).days)
    build = watch.lap()
    brought = []
    for number, (kind, file, mapping) in enumerate(market.lists):
        told("import", number / len(market.lists))
        brought.append(bring_in(wired, kind, file, mapping))
    imports = watch.lap()
    told("publish", 0)
    published = publish_all(wired)
    publishing = watch.lap()
    campaign = Campaign(wired, market, end)
    lived = Days(wired, market, campaign.tick if programme else tick)
    lived.live(start, end, told)
    write_events(lived.by, folder)
    with begin_read(wired.engine) as conn:
        counted = tally(conn, start)
        judged = judge(conn, lived.by, start)
    brought += lived.sales.brought
    ticks, acts = lived.engine_seconds, campaign.seconds
    seconds = Seconds(build, imports, publishing, ticks - acts, acts, watch.lap() - ticks)
    return Played(
        wired, start, end, days, tuple(brought), published, counted, lived.by, judged, campaign.told(), seconds
    )


def rebuild(workspace: Workspace) -> None:
    """Empties var/ of a virtual workspace. Raises NotDone for a real one and for a database that stands elsewhere."""
    if workspace.nature != "virtual":
        raise NotDone(
            "demo-real",
            f"{workspace.folder} は実運用のワークスペースです。見本が作り直すのは仮想のものだけです。",
            f"{workspace.folder} is a real workspace; the example rebuilds virtual ones only. Nothing was changed.",
        )
    if os.environ.get(DATABASE_VARIABLE):
        raise NotDone(
            "demo-database",
            f"{DATABASE_VARIABLE} が設定されています。見本は var/ に作るため、外してからお試しください: "
            f"env -u {DATABASE_VARIABLE} make demo",
            f"{DATABASE_VARIABLE} is set, and the example lives in var/. Run: env -u {DATABASE_VARIABLE} make demo",
        )
    if workspace.var.is_dir():
        for entry in workspace.var.iterdir():
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def publish_all(wired: Wired) -> tuple[Published, ...]:
    """Approves the letters of every scenario of the workspace, as far as that is asked for, and opens them."""
    programs = _programs(wired)
    _approve(wired, {name for program, _ in programs for name in program.contents})
    return tuple(steering.publish_scenario(wired, program, source) for program, source in programs)


def _approve(wired: Wired, names: set[str]) -> None:
    """Marketing looks at every letter and its papers; the sales leader, who is shown a copy, has the second eyes.

    The copy is handed over by word of mouth: the outbox of the example holds what customers got, and nothing else.
    """
    if not wired.terms.checks:
        return
    points = {point.id for point in wired.files.approval.points}
    second = approving.colleague(wired, SECOND)
    for letter in approving.unapproved(wired, names):
        seen = approving.approve(wired, letter, approving.BY_ONE, FIRST, points)
        # A paper has no copy that could be sent: its draft is looked at.
        seen = approving.copied(wired, seen, second) if "copy" in letter.needed else seen
        approving.approve(wired, seen, ("eyes",), SECOND, points)


def _programs(wired: Wired) -> list[tuple[Program, str]]:
    """Every scenario of the workspace and its source, those with the first word on a person first."""
    found = []
    for path in scenario_files(wired.workspace):
        compiled = wired.files.compile_file(path)
        if compiled.program is None:
            name = str(path.relative_to(wired.workspace.folder))
            raise NotDone(
                "demo-broken",
                f"{name} に誤りがあります。「.venv/bin/hagukumi check {name}」で場所と直し方をご確認ください。",
                f"{name} has errors. Run `.venv/bin/hagukumi check {name}` to see where, and what to do.",
            )
        found.append((compiled.program, path.read_text("utf-8-sig")))
    found.sort(key=lambda pair: (pair[0].priority, pair[0].name))
    return found


class _Watch:
    """Tells the seconds since it was last asked."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def lap(self) -> float:
        """Seconds since then."""
        before, self._since = self._since, time.perf_counter()
        return self._since - before
