"""The ways to live through a company: batches, cuts, processes, rehearsals. Start with `WAYS` and `lived`."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from hagukumi.letters.planner import SLOT, next_slot
from hagukumi.outlets import Nowhere
from hagukumi.ticking import tick
from hagukumi.wiring import Wired
from hagukumi.workspace import open_folder
from models.tables.pace import Pace
from models.tables.rehearsal import rehearsal
from tests.proofs.company import Company, Hands, Outcome, differences, opened, outcome_of


class Way(NamedTuple):
    """batch: most people and letters a transaction. cuts: further ticks at odd instants. slots: a tick for each minute
    in which anything is due. dry: ticks are rehearsed first, on a copy, and the copy's outcome is compared."""

    name: str
    batch: int | None = None
    cuts: bool = False
    slots: bool = False
    processes: int = 1
    dry: bool = False


PLAIN = Way("plain")
WAYS = (
    Way("minute by minute", slots=True),
    Way("batches of one", batch=1),
    Way("batches of ten thousand, ticks cut at odd instants", batch=10_000, cuts=True),
    Way("rehearsed", dry=True),
    Way("two processes at once", processes=2),
)


class Fixed(Pace):
    """A pace that does not change."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size

    def held(self, seconds: float) -> None:
        """Whatever it took."""


def lived(way: Way, folder: Path, url: str | None, company: Company) -> Outcome:
    """What comes of the company when it is lived this way over the database at `url` (None: its own)."""
    wired = company.found(folder / "w", url)
    with ExitStack() as stack:
        stack.callback(wired.engine.dispose)
        hands = Hands(way.cuts)
        _set_pace(wired, way.batch)
        if way.processes > 1:
            crew = [stack.enter_context(_worker(wired.workspace.folder, url, way.batch)) for _ in range(way.processes)]
            hands = Hands(way.cuts, _Together(crew))
        if way.slots:
            hands = Hands(way.cuts, _slot_by_slot)
        if way.dry:
            hands = Hands(way.cuts, _Rehearsed())
        company.live(wired, hands)
        return outcome_of(wired)


def _set_pace(wired: Wired, batch: int | None) -> None:
    if batch is not None:
        house = wired.house()
        house.pace, house.departing = Fixed(batch), Fixed(batch)


def _slot_by_slot(wired: Wired, until: datetime) -> None:
    """Nobody lives ahead of anybody: each tick ends with the next minute in which somebody or some letter is due."""
    house = wired.house()
    while True:
        tick(wired, wired.now)
        due = house.next_due()
        if due is None or next_slot(due) >= until:
            break
        tick(wired, max(next_slot(due), next_slot(wired.now) + SLOT))
    tick(wired, until)


class _Rehearsed:
    """Ticks on a copy first; the real tick has to bring the same. Not each one: copies take long."""

    def __init__(self) -> None:
        self.ticks = 0

    def __call__(self, wired: Wired, until: datetime) -> None:
        self.ticks += 1
        if self.ticks % 6:
            tick(wired, until)
            return
        with rehearsal(wired.engine) as engine:
            copy = replace(wired, engine=engine, outlet=Nowhere(), alone=True)
            tick(copy, until)
            dry = outcome_of(copy)
        tick(wired, until)
        found = differences(dry, outcome_of(wired))
        assert not found, found


@dataclass
class _Together:
    """Several processes tick at the same moment."""

    crew: list[ProcessPoolExecutor]

    def __call__(self, wired: Wired, until: datetime) -> None:
        for done in [one.submit(_tick, until) for one in self.crew]:
            done.result()


_here: list[Wired] = []


def _worker(folder: Path, url: str | None, batch: int | None) -> ProcessPoolExecutor:
    spawned = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=spawned, initializer=_begin, initargs=(str(folder), url, batch))


def _begin(folder: str, url: str | None, batch: int | None) -> None:
    wired = opened(open_folder(Path(folder)), url)
    _set_pace(wired, batch)
    _here.append(wired)


def _tick(until: datetime) -> None:
    tick(_here[0], until)
