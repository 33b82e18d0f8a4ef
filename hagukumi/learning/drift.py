"""Whether the model in use still fits those it scores, and whether what it said came true. Start with `examine`."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import sqrt
from typing import Any, Literal, NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine, insert, or_, select, true, update

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.shell.owners import next_of
from hagukumi.learning.comparing import heard
from hagukumi.learning.reading import read_history
from hagukumi.learning.scoring import LEADS
from hagukumi.learning.shelf import Shelf
from hagukumi.learning.suspending import suspend
from hagukumi.words.chances import alarm_why
from models.scoring.drift import ANOTHER, CALM, drift_of
from models.scoring.features import Builder
from models.scoring.moments import cut
from models.scoring.sampling import HORIZON_DAYS
from models.tables.engine import begin_read, begin_write
from models.tables.schema import alarm, person, staff
from models.tables.types import to_micros

Code = Literal["drift", "calibration", "early"]
NEWEST = timedelta(weeks=8)
"""How much of what was said is looked at: the newest weeks whose days are over."""
MOST = 5_000
"""Leads whose features are compared with those that taught."""
FEWEST = 200
"""With fewer leads a PSI says nothing."""
SURE, OFF, EXPECTED = 3.0, 1.5, 10.0
"""Calibration is alarming when it is off by half, by three standard errors, with ten outcomes expected or seen."""
CALM_SURE, CALM_OFF = 2.0, 1.25
"""It is over when it is off by less than one of these, and as many outcomes were expected or seen."""


DUE = 1
"""Business days within which marketing should have looked."""


class Truth(NamedTuple):
    """What was said of people once each, and what happened within the days: expected and seen outcomes."""

    days: int
    people: int
    expected: float
    seen: int

    @property
    def tells(self) -> bool:
        """Whether enough was expected or seen to say anything."""
        return max(self.expected, self.seen) >= EXPECTED

    @property
    def alarming(self) -> bool:
        """Whether more or fewer came true than chance explains, by a margin that matters."""
        return self.tells and self._beyond(SURE, OFF)

    @property
    def calm(self) -> bool:
        """Whether enough came true as it was said; neither alarming nor calm: too little is known, or it is close."""
        return self.tells and not self._beyond(CALM_SURE, CALM_OFF)

    def _beyond(self, sure: float, most: float) -> bool:
        off = max(self.seen, 0.5) / max(self.expected, 0.5)
        far = abs(self.seen - self.expected) / sqrt(max(self.expected, 1.0))
        return far > sure and not 1 / most < off < most


class Health(NamedTuple):
    """How a model does. scores: PSI of what it says; features: theirs, the most moved first. None, (): too few."""

    version: str
    scores: float | None
    features: tuple[tuple[str, float], ...]
    ripe: Truth
    early: Truth

    @property
    def moved(self) -> tuple[tuple[str, float], ...]:
        """The features that are other ones than those that taught."""
        return tuple((name, psi) for name, psi in self.features if psi > ANOTHER)

    @property
    def alarms(self) -> tuple[Code, ...]:
        """What speaks against it. Features alone move for many reasons; it counts when the scores have moved too."""
        found: list[Code] = []
        if self.scores is not None and self.scores > ANOTHER:
            found.append("drift")
        if self.ripe.alarming:
            found.append("calibration")
        if self.early.alarming:
            found.append("early")
        return tuple(found)

    @property
    def over(self) -> tuple[Code, ...]:
        """What is surely not alarming any more: with too few people to compare nothing is."""
        calm: dict[Code, bool] = {
            "drift": self.scores is not None and self.scores < CALM,
            "calibration": self.ripe.calm,
            "early": self.early.calm,
        }
        return tuple(code for code, gone in calm.items() if gone)

    def figures(self) -> dict[str, Any]:
        """As an alarm keeps them."""
        return {
            "psi": None if self.scores is None else round(self.scores, 3),
            "features": [[name, round(psi, 3)] for name, psi in self.moved[:5]],
            "ripe": self.ripe._asdict() | {"expected": round(self.ripe.expected, 1)},
            "early": self.early._asdict() | {"expected": round(self.early.expected, 1)},
        }

    def for_card(self) -> dict[str, Any]:
        """As a model card shows it: every feature's PSI."""
        features = [{"column": name, "psi": round(psi, 3)} for name, psi in self.features]
        return self.figures() | {"features": features, "alarms": list(self.alarms)}


class Rung(NamedTuple):
    """An alarm that has just been kept."""

    id: int
    code: Code


def examine(engine: Engine, shelf: Shelf, builder: Builder, now: datetime, version: str | None = None) -> Health | None:
    """The model in use, or another version in play; None without it (or when its file is refused: said elsewhere)."""
    with begin_read(engine) as conn:
        playing = [one for one in shelf.in_play(conn) if (one.speaks if version is None else one.version == version)]
        if not playing:
            return None
        (one,) = playing
        scores, features = _moved(conn, one.stored, builder, now)
        early = one.stored.card["early"]
        ripe = _truth(conn, one.version, now, HORIZON_DAYS, 1.0)
        soon = _truth(conn, one.version, now, int(early["days"]), float(early["share"]))
    return Health(one.version, scores, features, ripe, soon)


def _truth(conn: Connection, version: str, now: datetime, days: int, share: float) -> Truth:
    until = now - timedelta(days=days)
    told = heard(conn, version, until - NEWEST, until, days, once=True)
    return Truth(days, len(told.people), float(told.said.sum()) * share, int(told.happened.sum()))


def _moved(conn: Connection, stored: Any, builder: Builder, now: datetime) -> tuple[float | None, Any]:
    """PSI between those who taught and a sample of today's leads: of the scores, and of each feature."""
    c = person.c
    leads = c.stage.in_(sorted(stage for stage in LEADS if stage))
    ids = list(conn.scalars(select(c.id).where(c.merged_into.is_(None), leads).order_by(c.id)))
    if len(ids) < FEWEST:
        return None, ()
    some = ids[:: -(-len(ids) // MOST)]
    at = to_micros(now)
    known = cut(read_history(conn, some, at, at, builder), np.arange(len(some)), np.full(len(some), at))
    table, model = builder.table(known), stored.model
    drift = drift_of(stored.card["reference"], model.encoding, model.encoding.matrix(table), model.log_odds(table))
    moved = sorted(((psi, name) for name, psi in drift.features.items()), reverse=True)
    return drift.scores, tuple((name, psi) for psi, name in moved)


def ring(
    engine: Engine, health: Health, now: datetime, calendar: BusinessCalendar, *, suspends: bool = False
) -> list[Rung]:
    """Keeps what is alarming as a task for marketing. Returns the new ones.

    An alarm is told once: it is not told again before it has ended, whether somebody has looked or not. One that is
    over, or is about a model that is not in use any more, ends, and nobody has to look at it.
    suspends: whether a new one suspends scores at once, unless they are suspended already.
    """
    c, fresh = alarm.c, list[Rung]()
    with begin_write(engine) as conn:
        open_ = conn.execute(select(c.id, c.code, c.model).where(c.ended_at.is_(None))).all()
        known = {row.code for row in open_ if row.model == health.version}
        _end(conn, [row.id for row in open_ if row.model != health.version or row.code in health.over], now)
        for code in health.alarms:
            if code not in known:
                row = {"model": health.version, "code": code, "at": now, "figures": health.figures()}
                row["due"] = calendar.add_business_days(now, DUE)
                fresh.append(Rung(conn.execute(insert(alarm).values(**row).returning(c.id)).scalar_one(), code))
        _give(conn, now, calendar)
        if suspends and fresh:
            # In one transaction: an alarm that is known but has suspended nothing would never do so.
            led_to = suspend(conn, alarm_why(fresh[0].code), "alarm", now)
            conn.execute(update(alarm).where(c.id.in_([one.id for one in fresh])).values(suspension_id=led_to))
    return fresh


def _give(conn: Connection, now: datetime, calendar: BusinessCalendar) -> None:
    """What is nobody's, or belongs to somebody who has left us, goes to whoever of marketing has the fewest tasks."""
    c, present = alarm.c, select(staff.c.id).where(staff.c.active == true())
    nobodys = or_(c.owner_staff_id.is_(None), c.owner_staff_id.not_in(present))
    if conn.scalar(select(c.id).where(c.seen_at.is_(None), nobodys).limit(1)) is not None:
        owner = next_of(conn, "MA", now, calendar)
        conn.execute(update(alarm).where(c.seen_at.is_(None), nobodys).values(owner_staff_id=owner))


def _end(conn: Connection, alarms: list[int], now: datetime) -> None:
    if alarms:
        c = alarm.c
        conn.execute(update(alarm).where(c.id.in_(alarms)).values(ended_at=now))
        unseen = update(alarm).where(c.id.in_(alarms), c.seen_at.is_(None))
        conn.execute(unseen.values(seen_at=now, seen_by="settled"))
