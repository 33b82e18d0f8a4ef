"""A real workspace on the wall clock, served by `hagukumi serve`, whose coming minute brings letters to be sent.

Start with `prepare`, then `served`. The provider is the fault server of the tests without faults.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from benches.stock import PEOPLE
from benches.web import _listens, _until
from benches.whole import DAYS, SCENARIO, SENDER
from hagukumi.channels.sendgrid.outlet import KEY_VARIABLE
from hagukumi.letters.approvals import give
from hagukumi.outlets import Nowhere
from hagukumi.steering import publish_scenario
from hagukumi.ticking import tick
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import find
from models.tables.bulk import insert_many
from models.tables.engine import begin_write
from models.tables.schema import account, consent, letter, person
from models.tables.schema import workspace as own
from models.tables.types import to_micros
from tests.faults.process import KEY, FaultServer

LATENCY = 150
"""Milliseconds the provider takes for a letter."""
A_FACILITY = 5
PAST = timedelta(days=40)
"""The letters that events are about: so long ago that no cap counts them."""
FIRST_TICK = 3.0
"""Seconds until the loop has done its first minute, which finds nothing to do."""
LEAD = 1.0
"""Seconds by which the load begins before the minute."""
MINUTE = 60.0


def prepare(folder: str, people: int, **_: Any) -> dict[str, Any]:
    """Founds it in `folder`: so many people who got a letter each, and rest in a scenario before the next one."""
    wired = _founded(Path(folder))
    began = wired.now - PAST
    houses = people // A_FACILITY
    at = to_micros(began)
    with begin_write(wired.engine) as conn:
        places = [(n, f"a{n}", f"架空病院{n}", f"架空病院{n}", "hospital", at, at) for n in range(1, houses + 1)]
        insert_many(
            conn, account, ("id", "key", "name", "name_norm", "kind", "created_at", "changed_at"), places, raw=True
        )
        insert_many(conn, person, (*PEOPLE, "role", "account_id"), _people(people, houses, at), raw=True)
        names = ("person_id", "channel", "ground", "got_at", "source")
        insert_many(conn, consent, names, [(n, "mail", "consent", at, "form") for n in range(1, people + 1)], raw=True)
        names = ("key", "person_id", "account_id", "content", "state", "due", "written_at", "granted_at", "sent_at",
                 "settled_at")  # fmt: skip
        past = [
            (past_key(n), n, n % houses + 1, "issue/case", "accepted", at, at, at, at, at) for n in range(1, people + 1)
        ]
        insert_many(conn, letter, names, past, raw=True)
    _opened(wired)
    entered = tick(Wired(wired.workspace, wired.files, wired.engine, Nowhere()), None)
    assert entered.lived.written.enrolled == people, entered
    wired.engine.dispose()
    return {}


def past_key(number: int) -> str:
    """The letter that this person got."""
    return f"past/a/1/p{number}/{number}"


def _people(number: int, houses: int, at: int) -> Iterator[tuple[Any, ...]]:
    for n in range(1, number + 1):
        mail = f"reader-{n}@h{n % houses + 1}.example"
        yield n, f"k{n}", mail, mail, "青葉", "花子", "ja", "lead", at, at, "user", n % houses + 1


def _founded(place: Path) -> Wired:
    """A real workspace, its blanks filled in, open at all hours, with one scenario of its own."""
    subprocess.run([sys.executable, "-m", "hagukumi", "init", str(place)], check=True, capture_output=True)
    settings = place / "hagukumi.yaml"
    text = settings.read_text("utf-8")
    for name, value in SENDER.items():
        text = re.sub(rf"(?m)^  {name}: ''", f"  {name}: {value}", text)
    text = text.replace("base_url: ''", "base_url: https://hagukumi.example")
    notice = "  notice_url: https://hagukumi.example/notice\n  notice_version: 2026-04\n"
    text = text.replace("  links: plain\n", f"  links: plain\n{notice}")
    text = text.replace("outlet: folder", "outlet: sendgrid") + "\nweb: {forms_per_minute: 1000000}\n"
    settings.write_text(text, "utf-8")
    rules = place / "scenarios" / "rules" / "defaults.yaml"
    rules.write_text(rules.read_text("utf-8").replace("send_hours: 9:00-18:00", "send_hours: 0:00-23:59"), "utf-8")
    for other in (place / "scenarios").glob("*.yaml"):
        other.unlink()
    file = place / "scenarios" / "bench.yaml"
    file.write_text(SCENARIO, "utf-8")
    return wire(find(place))


def _opened(wired: Wired) -> None:
    """The scenario open to everybody who is there, and its texts approved."""
    file = wired.workspace.scenarios / "bench.yaml"
    compiled = wired.files.compile_file(file)
    assert compiled.program is not None, compiled.problems
    publish_scenario(wired, compiled.program, SCENARIO)
    with begin_write(wired.engine) as conn:
        conn.execute(update(own).values(optouts_settled="signed-none"))
        checks = dict.fromkeys(wired.terms.checks, "bench")
        for name in compiled.program.contents:
            give(conn, (name, wired.files.library.pin(name).hash), checks, now=wired.now)


@dataclass(frozen=True)
class Served:
    """A workspace that is being served: its web's port, and the processes by what they do."""

    folder: Path
    port: int
    processes: Mapping[str, int]

    @property
    def database(self) -> Path:
        """The main file."""
        return self.folder / "var" / "hagukumi.db"

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far of what they do (Linux)."""
        found = {}
        for name, pid in self.processes.items():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            found[_PARTS.get(name, name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return found

    def sent(self) -> int:
        """Letters of the scenario that have left."""
        db = sqlite3.connect(self.database)
        number: int = db.execute(
            "SELECT count(*) FROM letter WHERE state = 'accepted' AND scenario = 'bench'"
        ).fetchone()[0]
        db.close()
        return number


_PARTS = {"web": "receiving", "loop": "working off", "ticks": "tick and sender"}


@contextmanager
def served(
    stock: str, letters: int, settings: str = "", before: Callable[[Served], None] = lambda running: None
) -> Iterator[Served]:
    """Serves a copy of `stock`; the block begins LEAD seconds before a minute in which so many letters become due."""
    with tempfile.TemporaryDirectory(prefix="hagukumi-served-") as scratch:
        folder = Path(scratch) / "w"
        shutil.copytree(stock, folder)
        with FaultServer(Path(scratch), latency_ms=LATENCY) as provider:
            file = folder / "hagukumi.yaml"
            kept = [line for line in file.read_text("utf-8").splitlines(True) if not line.startswith("sendgrid:")]
            file.write_text(f'{"".join(kept)}\nsendgrid: {{url: "{provider.url}"{settings}}}\n', "utf-8")
            with _running(folder, provider.pid) as running:
                before(running)
                _make_due(running.database, letters)
                yield running


def machine_cpu() -> float:
    """CPU seconds that the whole machine has worked so far (Linux)."""
    user, nice, system, _idle, _wait, *others = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + sum(others)) / os.sysconf("SC_CLK_TCK")


def _make_due(database: Path, letters: int) -> None:
    """So many journeys are over with waiting at the coming minute; returns shortly before it."""
    minute = (time.time() + LEAD + FIRST_TICK) // MINUTE * MINUTE + MINUTE
    db = sqlite3.connect(database, timeout=10)
    with db:
        due = int(minute * 1_000_000)
        since = due - DAYS // timedelta(microseconds=1)
        db.execute("UPDATE journey SET due = ?, since = ? WHERE person_id <= ?", (due, since, letters))
    db.close()
    time.sleep(max(0.0, minute - LEAD - time.time()))


@contextmanager
def _running(folder: Path, provider: int) -> Iterator[Served]:
    from benches.web import _free

    port = _free()
    command = [sys.executable, "-m", "hagukumi", "serve", "-w", str(folder), "--port", str(port)]
    main = subprocess.Popen(
        command, env={**os.environ, KEY_VARIABLE: KEY}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until(lambda: _listens(port), 30)
        time.sleep(FIRST_TICK)
        yield Served(folder, port, {**_children(main.pid), "provider": provider})
    finally:
        main.send_signal(signal.SIGTERM)
        main.wait(20)


def _children(parent: int) -> dict[str, int]:
    """The processes that `serve` keeps, by their modules' names."""
    found = {}
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        name = next(word for word in words if word.startswith(b"hagukumi.")).decode().removeprefix("hagukumi.")
        found["ticks" if b"ticks" in words else name] = int(pid)
    return found
