"""Days of a company whose senders die: faults, events, refusals, clocks set back, a backup put back.

Start at `Storm`.
"""

import gc
import multiprocessing
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, Engine, func, select

from hagukumi.channels.inbox import open_inbox
from hagukumi.letters.refusing import sign_refusal
from hagukumi.workspace import DATABASE_VARIABLE
from models.tables.engine import begin_read, open_engine
from models.tables.schema import letter, person
from models.tables.schema.letters import OPEN, WAITING
from tests.faults.process import KEY, FaultServer
from tests.storm.company import FIRST_DAY, Size, found
from tests.storm.hands import Death, Orders, work
from tests.storm.judge import Day, Life

KEY_VARIABLE = "HAGUKUMI_SENDGRID_KEY"
ROOT = Path(__file__).resolve().parents[2]
APART = timedelta(minutes=30)
"""Each day begins so much later than the one before, so that a day after the last letter has passed."""
FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["tests.storm.hands", "hagukumi.wiring", "hagukumi.channels.sendgrid.outlet"])


@dataclass(frozen=True, kw_only=True)
class Weather:
    """How bad it gets. faults: of the server; chance: of dying at a boundary; back: how far one clock is set back."""

    faults: str = "all=0.1"
    chance: float = 0.003
    events: bool = True
    senders: int = 2
    refusals: int = 10
    web_deaths: int = 1
    back: timedelta = timedelta(minutes=25)
    days: Sequence[int] = (0, 1, 2, 3, 4)
    backup_on: int | None = 1
    """Index of the day in the midst of which a backup is taken, and how many days later it is put back."""
    back_after: int = 2
    seed: str = "storm"
    most_seconds: float = 900.0


LAST_REFUSALS = 3
"""In the very last moment before the backup is put back."""


@dataclass
class Told:
    """What was done to the company."""

    deaths: int = 0
    crashes: int = 0
    web_deaths: int = 0
    clocks_back: int = 0
    restores: int = 0
    refusals: int = 0
    recovered: int = 0
    seconds: float = 0.0
    server: dict[str, Any] = field(default_factory=dict)


class Storm:
    """One company in one weather, on SQLite in its own folder. `tell` hears how each day ended."""

    def __init__(self, folder: Path, size: Size, weather: Weather, tell: Callable[[str], object] = str) -> None:
        self.folder, self.size, self.weather = folder, size, weather
        self.home = folder / "workspace"
        self.url = f"sqlite:///{self.home / 'var' / 'hagukumi.db'}"
        self.tell = tell
        self.told = Told()
        self.days: list[Day] = []
        self.refused: dict[str, float] = {}
        self.dice = random.Random(weather.seed)
        self.web: subprocess.Popen[bytes] | None = None

    def live(self) -> Life:
        """Lives all its days; what there is to judge."""
        began = time.monotonic()
        port = _free_port()
        events = {"hooks": f"http://127.0.0.1:{port}/hooks/sendgrid", "shares": "click=0.2"}
        server = FaultServer(self.folder, self.weather.faults, retry_after=1, **(events if self.weather.events else {}))
        with ExitStack() as stack:
            self.server = stack.enter_context(server)
            self._found()
            stack.callback(self._stop_web)
            self.web = self._start_web(port)
            for number, day in enumerate(self.weather.days):
                self._day(number, day, port)
            self.told.server = self.server.report()
            life = Life(self.server.log(), self.days, self._states(), self.refused, self._houses())
        self.told.seconds = time.monotonic() - began
        return life

    def _found(self) -> None:
        with at_home(self.url):
            wired = found(self.home, self.size, self.server.url, self.server.verification_key)
        self.secret = wired.identity.secret
        wired.engine.dispose()

    def _day(self, number: int, day: int, port: int) -> None:
        weather = self.weather
        if weather.backup_on is not None and number == weather.backup_on + weather.back_after:
            for _ in range(LAST_REFUSALS):
                self._refuse(port)
            self._stop_web()
            self._restore()
            self.web = self._start_web(port)
        at = FIRST_DAY + timedelta(days=day) + APART * number
        ahead = at - datetime.now(UTC)
        self.days.append(Day(time.time(), at.date()))
        stop = self.folder / f"stop-{number}"
        hands = [self._hand(ahead, stop, number, place, 0) for place in range(weather.senders)]
        lives = Counter[int]()
        quiet, latest = 0, time.monotonic() + weather.most_seconds
        errands = self._errands(number, port)
        while quiet < 3:
            time.sleep(0.2)
            if time.monotonic() > latest:
                raise AssertionError(f"day {number} did not end: {self._open(at)}")
            for place, hand in enumerate(hands):
                if not hand.is_alive():
                    self._buried(hand)
                    lives[place] += 1
                    # Once a day a process comes back with its clock set back.
                    back = weather.back if place == 0 and lives[place] == 1 else timedelta()
                    self.told.clocks_back += bool(back)
                    hands[place] = self._hand(ahead - back, stop, number, place, lives[place])
            if errands and self.dice.random() < 0.5:
                errands.pop()()
            idle = self._idle(datetime.now(UTC) + ahead)
            quiet = quiet + 1 if idle and not errands and self._told_all() else 0
        stop.touch()
        for hand in hands:
            hand.join(60)
            hand.kill()
            hand.join()
            hand.close()
        self.tell(f"day {number}: {len(self.server.log()):,} letters, {self.told.deaths} deaths so far")

    def _buried(self, hand: BaseProcess) -> None:
        """It was killed; whatever else ends a process is trouble of its own."""
        self.told.deaths += hand.exitcode == -signal.SIGKILL
        self.told.crashes += hand.exitcode != -signal.SIGKILL
        hand.close()

    def _told_all(self) -> bool:
        return not self.weather.events or self.server.flush_events(20)

    def _hand(self, ahead: timedelta, stop: Path, day: int, place: int, life: int) -> BaseProcess:
        seed = f"{self.weather.seed}/{day}/{place}/{life}"
        orders = Orders(self.home, self.url, ahead, Death(chance=self.weather.chance, seed=seed), stop)
        hand = FORK.Process(target=work, args=(orders,))
        hand.start()
        return hand

    def _errands(self, number: int, port: int) -> list[Callable[[], None]]:
        weather = self.weather
        errands: list[Callable[[], None]] = [lambda: self._refuse(port)] * weather.refusals
        if number < weather.web_deaths:
            errands.append(lambda: self._kill_web(port))
        if number == weather.backup_on:
            errands.append(self._backup)
        self.dice.shuffle(errands)
        return errands

    def _refuse(self, port: int) -> None:
        """Somebody who has got a letter wants no more."""
        log = self.server.log()
        if not log:
            return
        line = self.dice.choice(log)
        url = f"http://127.0.0.1:{port}/refuse/{sign_refusal(self.secret, line['key'])}"
        try:
            said = httpx.post(url, data={"List-Unsubscribe": "One-Click"}, timeout=20, trust_env=False)
        except httpx.TransportError:
            return
        if said.is_success:
            self.told.refusals += 1
            self.refused.setdefault(line["to"], time.time())

    def _kill_web(self, port: int) -> None:
        self._stop_web()
        self.told.web_deaths += 1
        self.web = self._start_web(port)

    def _stop_web(self) -> None:
        if self.web is not None:
            self.web.kill()
            self.web.wait()

    def _start_web(self, port: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "hagukumi.web", "-w", str(self.home), "--port", str(port)]
        environment = {**os.environ, DATABASE_VARIABLE: self.url, KEY_VARIABLE: KEY}
        web = subprocess.Popen(command, cwd=ROOT, env=environment)
        latest = time.monotonic() + 30
        while time.monotonic() < latest:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2, trust_env=False).is_success:
                    return web
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("the web process did not start")

    def _backup(self) -> None:
        """A copy of the database while everybody is at work."""
        with (
            sqlite3.connect(self.home / "var" / "hagukumi.db") as source,
            sqlite3.connect(self.folder / "backup") as to,
        ):
            source.backup(to)

    def _restore(self) -> None:
        """The copy is put back while nobody has the file open; what lies beside the database stays as it is."""
        # Engines that nobody uses any more have it open until they are collected.
        gc.collect()
        place = self.home / "var" / "hagukumi.db"
        for ending in ("-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.folder / "backup", place)
        self.told.restores += 1

    def _idle(self, now: datetime) -> bool:
        due, open_, inbox = self._open(now)
        return not due and not open_ and not inbox

    def _open(self, now: datetime) -> tuple[int, int, int]:
        c = letter.c
        with self._read() as (engine, conn):
            due = conn.scalar(select(func.count()).where(WAITING, c.next_try <= now)) or 0
            open_ = conn.scalar(select(func.count()).where(OPEN, c.state.in_(("granted", "sending")))) or 0
            inbox = open_inbox(engine)
            waiting = inbox.counts().waiting
            inbox.close()
        return due, open_, waiting

    def _states(self) -> dict[str, str]:
        with self._read() as (_, conn):
            self.told.recovered = conn.scalar(select(func.count()).where(letter.c.why == ["restored"])) or 0
            return dict(conn.execute(select(letter.c.key, letter.c.state)).tuples().all())

    def _houses(self) -> dict[str, str]:
        with self._read() as (_, conn):
            return {address: address.partition("@")[2] for address in conn.scalars(select(person.c.email_norm))}

    @contextmanager
    def _read(self) -> Iterator[tuple[Engine, Connection]]:
        """A look at the tables that leaves no connection behind."""
        engine = open_engine(self.url)
        try:
            with begin_read(engine) as conn:
                yield engine, conn
        finally:
            engine.dispose()


@contextmanager
def at_home(url: str) -> Iterator[None]:
    """The environment of whoever works for the company, for the length of the block."""
    before = {name: os.environ.get(name) for name in (DATABASE_VARIABLE, KEY_VARIABLE)}
    os.environ.update({DATABASE_VARIABLE: url, KEY_VARIABLE: KEY})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
