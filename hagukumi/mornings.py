"""The round of every morning: scores, chances and the ranking brought up to the present, the model looked at.

Start with `greet`. The tick, the loop and a schedule do the same, and whoever comes second finds nothing to do.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from datetime import time as clock
from typing import TYPE_CHECKING, NamedTuple

from hagukumi.calendar import BusinessCalendar
from hagukumi.database import identity
from hagukumi.journeys.shell.rescore import rescore as rescore_now
from hagukumi.journeys.shell.rescore import stale_scores as stale
from hagukumi.programme.covering import cover
from hagukumi.programme.ranking import rank_accounts
from hagukumi.reading.targets import has_targets
from hagukumi.wiring import Wired, scales, sync_staff
from hagukumi.words.refusal import NotDone
from models.tables.bulk import chunks
from models.tables.engine import begin_read

if TYPE_CHECKING:
    from hagukumi.learning.drift import Health

MORNING = clock(6)
"""From then on, on our clock, scores are brought up to the present."""
TOGETHER = 20_000
"""People scored at a time."""
_log = logging.getLogger("hagukumi.mornings")


class Greeted(NamedTuple):
    """What the round of a morning did: how many people were scored, how many tasks were made."""

    scored: int
    tasks: int


def stale_scores(wired: Wired, size: int, morning: datetime | None = None) -> list[list[int]]:
    """People whose stored score is not of today (as of that morning), at most `size` together."""
    with begin_read(wired.engine) as conn:
        return list(chunks(stale(conn, identity(conn).now, morning), size))


def greet(wired: Wired, morning: datetime) -> Greeted:
    """The round of a morning: scores and chances are brought up to the present, for time alone moves them.

    Then accounts are ranked, and whoever is missing in their committees is asked for. Done a second time, or by two at
    once, it changes nothing.
    """
    done = 0
    if wired.scoring is not None:
        done = sum(rescore(wired, people) for people in stale_scores(wired, TOGETHER, morning))
        if done:
            watch_model(wired)
    return Greeted(done, attend_to_accounts(wired, morning))


def attend_to_accounts(wired: Wired, morning: datetime) -> int:
    """Once a list was agreed upon: ranks all accounts, asks for whoever is missing; how many tasks that made.

    What cannot be done is logged.
    """
    with begin_read(wired.engine) as conn:
        if not has_targets(conn):
            return 0
    try:
        by = scales(wired)
        rank_accounts(wired.engine, by, since=morning)
        return cover(wired.engine, by.board).made
    except NotDone as refusal:
        # Whatever is wrong with the rules of the programme, letters leave all the same.
        _log.warning("accounts were not ranked: %s", refusal.code)
        return 0


def between(calendar: BusinessCalendar, start: datetime, end: datetime) -> list[datetime]:
    """The instants (UTC) between these two, both included, at which a morning's round is due."""
    day, last = calendar.day_of(start), calendar.day_of(end)
    days = (day + timedelta(days=number) for number in range((last - day).days + 1))
    return [at for each in days if start <= (at := calendar.instant(each, MORNING)) <= end]


def rounds(wired: Wired, start: datetime, end: datetime) -> list[datetime]:
    """The rounds a virtual workspace makes between these two: every morning while a model's words or figures are kept.

    Without one the last says all: points fade by themselves, whenever they are worked out.
    """
    mornings = between(wired.calendar, start, end)
    with begin_read(wired.engine) as conn:
        if has_targets(conn):
            return mornings
        if wired.scoring is None:
            return []
        speaks = bool(wired.shelf.in_play(conn))
    return mornings if speaks else mornings[-1:]


def latest(calendar: BusinessCalendar, now: datetime) -> datetime:
    """The round of which morning should be done by now."""
    return between(calendar, now - timedelta(days=2), now)[-1]


def rescore(wired: Wired, people: Sequence[int]) -> int:
    """Works their scores out as of now; nobody walks and no task is made by it. Returns how many."""
    with begin_read(wired.engine) as conn:
        wired.book.read(conn)
    now = wired.now
    done = rescore_now(wired.engine, wired.book, people, now)
    if wired.scoring is not None:
        wired.chances.everybody(wired.engine, people, now)
    return done


def watch_model(wired: Wired) -> tuple[str, ...]:
    """Looks whether the model in use still fits; meant for once a day. Returns the codes of new alarms."""
    from hagukumi.learning.shelf import champion

    with begin_read(wired.engine) as conn:
        if wired.scoring is None or champion(conn) is None:
            return ()
    from hagukumi.learning.drift import examine

    health = examine(wired.engine, wired.shelf, wired.features, wired.now)
    fresh = () if health is None else ring(wired, health)
    if health is not None and fresh:
        _log.warning("model %s: %s", health.version, ", ".join(fresh))
    return fresh


def ring(wired: Wired, health: Health) -> tuple[str, ...]:
    """Keeps what is alarming, each a task for marketing. Returns the codes of new alarms.

    Where hagukumi.yaml says so, scores are suspended at once, whoever has looked.
    """
    from hagukumi.learning import drift

    sync_staff(wired)
    suspends = wired.files.settings.scoring.on_alarm == "suspend"
    fresh = drift.ring(wired.engine, health, wired.now, wired.calendar, suspends=suspends)
    return tuple(one.code for one in fresh)
