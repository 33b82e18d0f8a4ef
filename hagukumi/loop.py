"""The running loop of a workspace: what comes in is acted upon at once, and each minute does what is due.

Start with `run_loop`. Two threads: one looks at the inbox and reacts, the other ticks, so that a minute with many
letters keeps nobody waiting who has just filled in a form; `hagukumi serve` gives each a process, and so a core.
Two loops at once do no harm.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from hagukumi.advertising import keep_audiences
from hagukumi.arriving import AWAY, Reading, work_off
from hagukumi.channels.web.visitors import sweep
from hagukumi.files import read_files, stamp_of
from hagukumi.fortnight import attend_to_review, resume_waiting
from hagukumi.mailroom import poll_mail
from hagukumi.mornings import MORNING, greet, latest, watch_model
from hagukumi.privacy.erase import Holding
from hagukumi.privacy.later import sweep_erased
from hagukumi.programme.audiences import unsettled
from hagukumi.steering import learn_networks, look_for_gaps
from hagukumi.ticking import react_arrived, tick
from hagukumi.wiring import Wired, sync_staff, wire
from hagukumi.words.environment import environment_lang
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import Workspace, find
from models.tables.engine import begin_read, begin_write
from models.tables.errors import DatabaseError

LOOK_SECONDS = 0.02
"""How often the inbox is looked at."""
FILES_SECONDS = 1.0
"""How often rules and settings are looked at for changes."""
MINUTE = 60.0
SWEEP_SECONDS = 3_600.0
ADS_REST_SECONDS = 900.0
"""After an ad platform has not taken a difference."""
PAUSE_SECONDS = 0.2
"""After a failure; twice as long each time, up to the longest."""
LONGEST_PAUSE = 10.0
GRACE_SECONDS = 1.5
"""How long a running minute may take to end after the signal; its transactions are whole either way."""
_log = logging.getLogger("hagukumi.loop")


Part = Literal["all", "arrivals", "ticks"]
"""What a process does: arrivals are what comes in and what no schedule does; ticks are what each minute is for."""


def run_loop(workspace: Workspace, stop: threading.Event, *, part: Part = "all") -> None:
    """Runs until `stop` is set. Raises NotDone or DatabaseError only when the workspace cannot be opened at first.

    Another process (one for the ticks, or Prefect's schedules) does the part that is left out.
    """
    arrivals = None if part == "ticks" else Arrivals(workspace)
    minutes = {"all": Minutes, "arrivals": Hours, "ticks": Ticks}[part](workspace)
    ticking = threading.Thread(target=_again_and_again, args=(minutes.once, stop), name="minutes", daemon=True)
    ticking.start()
    try:
        if arrivals is not None:
            _again_and_again(arrivals.once, stop)
        else:
            stop.wait()
    finally:
        minutes.hurry()
        ticking.join(GRACE_SECONDS)
        if arrivals is not None:
            arrivals.close()
        if not ticking.is_alive():
            minutes.close()


class _Opened:
    """The workspace with its rules as the files say them now."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._stamp = stamp_of(workspace)
        self._looked = time.monotonic()
        self.wired = wire(workspace)
        _touch(self.wired)

    def refresh(self) -> None:
        """Reads the files again when they changed. While they are wrong the last good rules count."""
        if time.monotonic() - self._looked < FILES_SECONDS:
            return
        self._looked = time.monotonic()
        stamp = stamp_of(self.workspace)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            again = Wired(self.workspace, read_files(self.workspace), self.wired.engine, self.wired.outlet)
            _touch(again)
        except NotDone as refusal:
            _log.warning("files not read again: %s", refusal.code)
            return
        self.wired = again
        _log.info("files read again")

    def close(self) -> None:
        """Gives the connections back."""
        self.wired.inbox.close()
        self.wired.engine.dispose()


class Arrivals(_Opened):
    """What comes in, acted upon at once."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.reading = Reading()

    def once(self) -> float:
        """One look. Returns the seconds until the next one."""
        self.refresh()
        done = work_off(self.wired, reading=self.reading, seconds=PAUSE_SECONDS)
        if done.read:
            react_arrived(self.wired)
        return 0.0 if done.more else LOOK_SECONDS


class Hours(_Opened):
    """What no schedule does: mail that came in, learning networks, and forgetting what is old."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._swept = 0.0
        self._scored: datetime | None = None
        self._ads_rest = 0.0
        self._looked_at_list: date | None = None
        self._reviewed: date | None = None

    @property
    def parts(self) -> tuple[Callable[[], None], ...]:
        """What is done, each by itself."""
        return (self._mail, self._sweep, self._morning, self._week, self._fortnight, self._ads)

    def once(self) -> float:
        """One minute. Returns the seconds until the next one begins."""
        self.refresh()
        trouble: Exception | None = None
        for part in self.parts:
            try:
                part()
            except Exception as found:
                # The others are not to blame; what is wrong is told at the end of the round.
                trouble = trouble or found
        if trouble is not None:
            raise trouble
        return MINUTE - time.time() % MINUTE

    def hurry(self) -> None:
        """Nothing here takes long."""

    def _mail(self) -> None:
        poll_mail(self.wired)

    def _sweep(self) -> None:
        if time.monotonic() - self._swept < SWEEP_SECONDS and self._swept:
            return
        self._swept = time.monotonic()
        now = self.wired.now if self.wired.identity.nature == "virtual" else datetime.now(UTC)
        with begin_write(self.wired.engine) as conn:
            sweep(conn, now)
        learn_networks(self.wired, now)
        if self.wired.logbook is not None:
            self.wired.logbook.forget(datetime.now(UTC))
        sweep_erased(Holding(self.workspace, self.wired.files.settings, self.wired.engine), now)

    def _morning(self) -> None:
        """Once a day scores and chances are brought up to the present."""
        morning = latest(self.wired.calendar, self.wired.now)
        if self._scored == morning:
            return
        if not greet(self.wired, morning).scored:
            # Somebody else was earlier; the model is looked at all the same.
            watch_model(self.wired)
        self._scored = morning

    def _week(self) -> None:
        """Once a week: who on the list of target accounts has to leave, and who could come."""
        local = self.wired.calendar.local(self.wired.now)
        if self._looked_at_list == local.date() or local.time() < MORNING:
            return
        self._looked_at_list = local.date()
        try:
            look_for_gaps(self.wired, only_when_due=True)
        except NotDone as refusal:
            _log.warning("the list of target accounts was not looked at: %s", refusal.code)

    def _fortnight(self) -> None:
        """Once a day: a review whose day has come is prepared, one that is late reminds and escalates."""
        local = self.wired.calendar.local(self.wired.now)
        if self._reviewed == local.date() or local.time() < MORNING:
            return
        self._reviewed = local.date()
        attend_to_review(self.wired)
        resume_waiting(self.wired)

    def _ads(self) -> None:
        """Audiences of ads: once a morning, and at once where somebody has refused; a platform that is away rests."""
        if time.monotonic() < self._ads_rest:
            return
        keep_audiences(self.wired, latest(self.wired.calendar, self.wired.now))
        with begin_read(self.wired.engine) as conn:
            if unsettled(conn):
                self._ads_rest = time.monotonic() + ADS_REST_SECONDS


class Minutes(Hours):
    """What each minute is for as well: walks, departures and the outlet."""

    @property
    def parts(self) -> tuple[Callable[[], None], ...]:
        """What is done, each by itself."""
        return (self._tick, *super().parts)

    def hurry(self) -> None:
        """Letters that are not claimed yet leave in a later minute."""
        house = self.wired.house()
        if house.sender is not None:
            house.sender.patience = timedelta()

    def _tick(self) -> None:
        try:
            # Mornings are seen to by the part of the hours; where both are one process, after this minute's letters.
            tick(self.wired, None, mornings=False)
        except NotDone as refusal:
            # Blanks in hagukumi.yaml and the like: letters wait, everything else goes on.
            _log.warning("the minute's tick was not done: %s", refusal.code)


class Ticks(Minutes):
    """The tick alone."""

    @property
    def parts(self) -> tuple[Callable[[], None], ...]:
        """What is done, each by itself."""
        return (self._tick,)


def _again_and_again(once: Callable[[], float], stop: threading.Event) -> None:
    """Whatever one round meets is logged and does not end the loop; a database that is away is waited for."""
    pause = PAUSE_SECONDS
    while not stop.is_set():
        try:
            rest = once()
            pause = PAUSE_SECONDS
        except AWAY as trouble:
            _log.warning("the database is busy or away (%s); again in %.1f s", type(trouble).__name__, pause)
            rest, pause = pause, min(pause * 2, LONGEST_PAUSE)
        except Exception as trouble:
            # The place, never the message: it may quote a name or an address.
            place = traceback.extract_tb(trouble.__traceback__)[-1]
            _log.error("%s at %s:%s; again in %.1f s", type(trouble).__name__, place.filename, place.lineno, pause)
            rest, pause = pause, min(pause * 2, LONGEST_PAUSE)
        if rest:
            stop.wait(rest)


def _touch(wired: Wired) -> None:
    """Reads all files that a round may need, so that a wrong one is known before it counts."""
    files = wired.files
    _ = (wired.terms, wired.scoring, files.forms, files.pieces, files.ng, files.roles, files.fields, files.machines)
    sync_staff(wired)


def main(arguments: list[str] | None = None) -> int:
    """`python -m hagukumi.loop --workspace DIR`: runs until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m hagukumi.loop", description=__doc__)
    parser.add_argument("-w", "--workspace", type=Path, help="ワークスペースのフォルダ / its folder")
    parser.add_argument(
        "--part",
        choices=("all", "arrivals", "ticks"),
        default="all",
        help="arrivals: 受け取ったもの、ticks: 毎分の処理 / what came in, or the minutes",
    )
    asked = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.INFO)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        run_loop(find(asked.workspace), stop, part=asked.part)
    except NotDone as refusal:
        sys.stderr.write(refusal.say(environment_lang()) + "\n")
        return 1
    except DatabaseError as trouble:
        sys.stderr.write((trouble.en if environment_lang() == "en" else trouble.ja) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
