"""A process that sends until it is told to stop, and may be told where to die. Start with `work`.

It runs the product as it is: `die` only counts boundaries (before and after each commit, before and after each call)
and sends this very process SIGKILL at one of them.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, select

from hagukumi.arriving import AWAY, Reading, work_off
from hagukumi.letters.transport import Outgoing, Outlet, Said
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_read
from models.tables.schema import letter
from models.tables.schema.letters import OPEN, WAITING
from tests.faults.process import KEY


class Death(NamedTuple):
    """Where to die: at the boundary of that number (0: never), or at each with that chance, drawn from the seed."""

    at: int = 0
    chance: float = 0.0
    seed: str = ""


class Boundaries:
    """Counts the boundaries of this process in whatever thread, and dies at the one that was asked for."""

    def __init__(self, death: Death, trace: Path | None) -> None:
        self.death, self.trace, self.count = death, trace, 0
        self._lock = threading.Lock()

    def __call__(self, name: str) -> None:
        with self._lock:
            self.count += 1
            if self.trace is not None:
                with self.trace.open("a") as file:
                    file.write(f"{self.count} {name}\n")
            if self.count == self.death.at or self._drawn():
                os.kill(os.getpid(), signal.SIGKILL)

    def _drawn(self) -> bool:
        if not self.death.chance:
            return False
        drawn = blake2b(f"{self.death.seed}/{self.count}".encode(), digest_size=8).digest()
        return int.from_bytes(drawn, "big") < self.death.chance * 2**64


class Mortal:
    """An outlet whose calls are boundaries."""

    def __init__(self, outlet: Outlet, passed: Boundaries) -> None:
        self.outlet, self.passed = outlet, passed
        self.at_once, self.most, self.network = outlet.at_once, outlet.most, outlet.network

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        self.passed("before a call")
        said = self.outlet.call(letters)
        self.passed("after a call")
        return said

    def flush(self) -> None:
        self.outlet.flush()


class Orders(NamedTuple):
    """What a process is to do. ahead: how far its clock is ahead of the wall's. stop: a file that ends the work.

    until_idle: leave once nothing is left to be done by then.
    """

    folder: Path
    url: str
    ahead: timedelta
    death: Death = Death()
    stop: Path | None = None
    until_idle: bool = False
    trace: Path | None = None


def work(orders: Orders) -> None:
    """Reads the inbox, lives and sends, again and again."""
    os.environ[DATABASE_VARIABLE] = orders.url
    os.environ["HAGUKUMI_SENDGRID_KEY"] = KEY
    wired = wire(open_folder(orders.folder))
    passed = Boundaries(orders.death, orders.trace)
    _mortal(wired, passed)
    reading = Reading()
    while orders.stop is None or not orders.stop.exists():
        now = datetime.now(UTC) + orders.ahead
        try:
            work_off(wired, now=now, reading=reading, seconds=0.3)
            wired.house().live_now(now)
            if orders.until_idle and idle(wired, now):
                break
        except AWAY:
            # As the loop does: the others had the lock too long.
            time.sleep(0.2)
        time.sleep(0.02)
    wired.engine.dispose()


def _mortal(wired: Wired, passed: Boundaries) -> None:
    assert wired.outlet is not None
    wired.outlet = Mortal(wired.outlet, passed)
    dialect: Any = wired.engine.dialect
    commit = dialect.do_commit

    def mortal_commit(connection: Any) -> None:
        passed("before a commit")
        commit(connection)
        passed("after a commit")

    dialect.do_commit = mortal_commit
    book: Any = wired.logbook
    for name in ("note", "strike") if book is not None else ():
        setattr(book, name, _between(getattr(book, name), f"the logbook's {name}", passed))


def _between(work: Callable[..., None], name: str, passed: Boundaries) -> Callable[..., None]:
    def mortal(*given: Any) -> None:
        passed(f"before {name}")
        work(*given)
        passed(f"after {name}")

    return mortal


def idle(wired: Wired, now: datetime) -> bool:
    """Whether no letter may leave any more by `now`, none is under way, and nothing lies in the inbox."""
    c = letter.c
    with begin_read(wired.engine) as conn:
        due = conn.scalar(select(func.count()).where(WAITING, c.next_try <= now))
        open_ = conn.scalar(select(func.count()).where(OPEN, c.state.in_(("granted", "sending"))))
    return not due and not open_ and wired.inbox.counts().waiting == 0
