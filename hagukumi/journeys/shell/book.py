"""All programs an engine needs at once: those that take people in, and those that people are still inside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, select

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.program import Needs, Program
from hagukumi.journeys.core.turn import Rules, Scoring
from hagukumi.journeys.core.values import Span, Words
from hagukumi.journeys.shell.scoring import PointScoring
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.pipeline.webinars import Webinar
from models.scoring.points import Scorer
from models.tables.schema import scenario_version, stop_switch, suspension

Compile = Callable[[str], Program]
"""Turns the stored source of a version into its program."""


Intent = Callable[[Connection, Sequence[int], datetime], Mapping[int, Mapping[str, Any]]]
"""Account -> its theme of most interest and its temperature at an instant."""


class Chances(Protocol):
    """Whoever says how likely people become SQLs, outside of the engine's transactions and in batches of its own."""

    def note(self, engine: Engine, moved: Mapping[int, datetime]) -> None:
        """The scores of these people moved at these instants."""

    def flush(self, engine: Engine) -> int:
        """Scores whoever was noted. Returns how many."""


@dataclass(slots=True)
class Book:
    """Programs by hash and by version id, the calendar, the dice and the score's rules of one workspace."""

    calendar: BusinessCalendar
    seed: str
    compile: Compile
    fresh_for: Span
    scoring: Scoring | None = None
    scoring_needs: Needs = field(default_factory=Needs)
    chances: Chances | None = None
    by_hand: Scoring | None = None
    suspension: int | None = None
    intent: Intent | None = None
    machines: MachineRules = field(default_factory=MachineRules)
    webinars: Mapping[str, Webinar] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    open: tuple[Program, ...] = ()
    plays: tuple[Program, ...] = ()
    paused: frozenset[str] = frozenset()

    @property
    def scorer(self) -> Scorer | None:
        """The point rules; None without any, or where the score comes from elsewhere."""
        return self.scoring.scorer if isinstance(self.scoring, PointScoring) else None

    @property
    def titles(self) -> dict[str, Words]:
        """What plays are called that are or were published, by the latest version."""
        latest = sorted((number, self.programs[hash_]) for number, hash_ in self.hashes.items())
        return {one.name: one.title for _, one in latest if one.subject == "account"}

    def read(self, conn: Connection) -> None:
        """Takes in versions published and switches thrown since the last reading."""
        live: list[Program] = []
        c = scenario_version.c
        known = set(self.hashes)
        for row in conn.execute(select(c.id, c.hash, c.live).order_by(c.id)):
            if row.id not in known:
                self.add(row.id, row.hash, self.compile(self._source(conn, row.id)))
            if row.live:
                live.append(self.programs[row.hash])
        live.sort(key=lambda program: (program.priority, program.name))
        self.open = tuple(program for program in live if program.subject == "person")
        self.plays = tuple(program for program in live if program.subject == "account")
        self.paused = frozenset(conn.scalars(select(stop_switch.c.scope)))
        self.suspension = conn.scalar(select(suspension.c.id).where(suspension.c.ended_at.is_(None)))

    def add(self, version_id: int, hash_: str, program: Program) -> None:
        """Takes in one version."""
        # What is stored is the version; the templates' hashes that went into it are not at hand here.
        self.programs[hash_] = replace(program, hash=hash_)
        self.hashes[version_id] = hash_
        self.ids[hash_] = version_id

    def hash_of(self, version_id: int) -> str:
        """The hash of a version. Raises KeyError for one that was never published."""
        return self.hashes[version_id]

    def hour_of(self, at: datetime) -> int:
        """The hour of our day."""
        return self.calendar.local(at).hour

    def rules(self) -> Rules:
        """The book as the core reads it."""
        trusted = self.suspension is None or self.by_hand is None
        scoring = self.scoring if trusted else self.by_hand
        begins = {name: one.begins(self.calendar) for name, one in self.webinars.items()}
        return Rules(self.calendar, self.seed, self.programs, self.open, scoring, self.paused, begins)

    def needs_of(self, versions: Collection[str], *, enrolling: bool) -> Needs:
        """What must be gathered for journeys of these versions, and for people who may enter a scenario."""
        needs = Needs()
        for version in versions:
            needs = needs.and_(self.programs[version].needs)
        if enrolling:
            for program in self.open:
                needs = needs.and_(program.needs)
        if needs.points or enrolling:
            needs = needs.and_(self.scoring_needs)
        return needs

    def _source(self, conn: Connection, version_id: int) -> str:
        source: str = conn.scalars(select(scenario_version.c.source).where(scenario_version.c.id == version_id)).one()
        return source
