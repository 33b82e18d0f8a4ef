"""Letters that leave by SendGrid's API, one a call, from the granted row to the stored answer. Start with `letters`.

The provider is the fault server of the tests without faults, a process of its own. The floor: the same number of posts
of a ready-made body by bare urllib3 threads to the same server, nothing rendered, nothing stored.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import urllib3

from benches.clock import Watch
from benches.one import peak
from benches.stock import PEOPLE
from benches.whole import SCENARIO, SENDER
from hagukumi.channels.sendgrid.arguments import KEY as KEY_ARGUMENT
from hagukumi.channels.sendgrid.message import body
from hagukumi.channels.sendgrid.outlet import KEY_VARIABLE
from hagukumi.letters.claims import addressed
from hagukumi.settings import SendGrid
from hagukumi.steering import publish_scenario
from hagukumi.wiring import Wired, wire
from hagukumi.workspace import find
from models.tables.bulk import insert_many
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, letter, refusal
from models.tables.schema import person as people_table
from models.tables.types import to_micros
from tests.faults.process import KEY, FaultServer

A_FACILITY = 20
REFUSED = 20_000
"""Refusals of others: the last look asks among them before every call."""
GRANTED = datetime(2026, 6, 1, 1, tzinfo=UTC)
"""Monday 10:00 in Japan."""
LETTER = (
    "key", "scenario", "version_id", "step", "visit", "person_id", "account_id", "address_hash", "content", "due",
    "state", "next_try", "written_at", "voice", "granted_at", "outlet", "domain",
)  # fmt: skip
_FIRST = "bench/hot/1/p1/1"


def prepare(folder: str, number: int, **_: Any) -> dict[str, Any]:
    """Founds a real workspace in `folder` with so many granted letters, a person each."""
    place = Path(folder)
    subprocess.run([sys.executable, "-m", "hagukumi", "init", str(place)], check=True, capture_output=True)
    settings = place / "hagukumi.yaml"
    text = settings.read_text("utf-8")
    for name, value in SENDER.items():
        text = re.sub(rf"(?m)^  {name}: ''", f"  {name}: {value}", text)
    text = text.replace("base_url: ''", "base_url: https://hagukumi.example")
    settings.write_text(text.replace("outlet: folder", "outlet: sendgrid"), "utf-8")
    file = place / "scenarios" / "bench.yaml"
    file.write_text(SCENARIO, "utf-8")
    wired = wire(find(place))
    compiled = wired.files.compile_file(file)
    assert compiled.program is not None, compiled.problems
    publish_scenario(wired, compiled.program, SCENARIO)
    _fill(wired, number)
    wired.engine.dispose()
    return {}


def _fill(wired: Wired, number: int) -> None:
    at = to_micros(GRANTED)
    houses = number // A_FACILITY + 1
    with begin_write(wired.engine) as conn:
        rows = ((n, f"a{n}", f"架空病院{n}", f"架空病院{n}", "hospital", at, at) for n in range(1, houses + 1))
        insert_many(
            conn, account, ("id", "key", "name", "name_norm", "kind", "created_at", "changed_at"), rows, raw=True
        )
        insert_many(conn, people_table, (*PEOPLE, "account_id"), _people(number, houses, at), raw=True)
        letters = (
            (f"bench/hot/1/p{n}/{n}", "bench", 1, "hot", 1, n, n % houses + 1, f"hash{n:028d}", "interest/case", at,
             "granted", at, at, "bench", at, "sendgrid", f"h{n % houses + 1}.example")
            for n in range(1, number + 1)
        )  # fmt: skip
        insert_many(conn, letter, LETTER, letters, raw=True)
        others = (("mail", f"other{n:027d}", "asked", at, "form") for n in range(REFUSED))
        insert_many(conn, refusal, ("channel", "address_hash", "cause", "at", "source"), others, raw=True)


def _people(number: int, houses: int, at: int) -> Iterator[tuple[Any, ...]]:
    for n in range(1, number + 1):
        mail = f"p{n}@h{n % houses + 1}.example"
        yield n, f"k{n}", mail, mail, "青葉", "花子", "ja", "lead", at, at, n % houses + 1


def letters(folder: str, number: int, latency: int, at_once: int, **_: Any) -> dict[str, Any]:
    """Sends all of a copy of `folder`; `server` is the CPU seconds of the provider, latency its milliseconds."""
    with tempfile.TemporaryDirectory(prefix="hagukumi-sending-") as scratch:
        place = Path(scratch) / "w"
        shutil.copytree(folder, place)
        with _provider(Path(scratch), latency) as (server, used):
            wired = _wired(place, server.url, at_once)
            sender = wired.house().sender
            assert sender is not None
            with Watch() as watch:
                sent = sender.drain(wired.now)
            wired.engine.dispose()
            # What the provider has taken, each letter once.
            taken = server.accepted()
        assert sent.accepted == number == len(taken) == taken.total(), (sent, len(taken), taken.total())
    return watch.figures(number) | {"server": used[0]}


def posts(folder: str, number: int, latency: int, at_once: int, **_: Any) -> dict[str, Any]:
    """The floor: so many posts of one body by so many threads."""
    with tempfile.TemporaryDirectory(prefix="hagukumi-sending-") as scratch:
        whole = _ready_made(Path(folder))
        with _provider(Path(scratch), latency) as (server, used):
            pool = urllib3.PoolManager(maxsize=at_once, block=True).connection_from_url(server.url)
            headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
            rest, bad = iter(range(number)), []

            def work() -> None:
                for _ in rest:
                    answer = pool.urlopen("POST", "/v3/mail/send", whole, headers, retries=False)
                    if answer.status != 202:
                        bad.append(answer.status)

            threads = [threading.Thread(target=work) for _ in range(at_once)]
            with Watch() as watch:
                for one in threads:
                    one.start()
                for one in threads:
                    one.join()
            taken = server.accepted().total()
            pool.close()
        assert not bad and taken == number, (bad[:3], taken)
    return watch.figures(number) | {"server": used[0], "bytes": len(whole)}


def queue(folder: str, seconds: int, at_once: int, **_: Any) -> dict[str, Any]:
    """Sends from a long queue for so many seconds, as a drain does until its patience ends; `before`: MB without it."""
    with (
        tempfile.TemporaryDirectory(prefix="hagukumi-sending-") as scratch,
        _provider(Path(scratch), 0) as (server, used),
    ):
        wired = _wired(Path(folder), server.url, at_once)
        sender = wired.house().sender
        assert sender is not None
        before = peak()
        with Watch() as watch:
            sent = replace(sender, patience=timedelta(seconds=seconds)).drain(wired.now)
        wired.engine.dispose()
        taken = server.accepted()
    assert sent.accepted == len(taken) == taken.total() > 0, (sent, len(taken), taken.total())
    return watch.figures(sent.accepted) | {"server": used[0], "before": before}


@contextmanager
def _provider(folder: Path, latency: int) -> Iterator[tuple[FaultServer, list[float]]]:
    """The provider, and the CPU seconds it took, which are known once the block has ended."""
    used: list[float] = []
    before = _children()
    with FaultServer(folder, latency_ms=latency) as server:
        yield server, used
    used.append(_children() - before)


def _children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _wired(place: Path, url: str, at_once: int) -> Wired:
    os.environ[KEY_VARIABLE] = KEY
    settings = place / "hagukumi.yaml"
    kept = "".join(line for line in settings.read_text("utf-8").splitlines(True) if not line.startswith("sendgrid:"))
    settings.write_text(f'{kept}sendgrid: {{url: "{url}", calls_per_second: 100000, at_once: {at_once}}}\n', "utf-8")
    return wire(find(place))


def _ready_made(folder: Path) -> bytes:
    """The body of the first letter, as the outlet would post it."""
    wired = wire(find(folder))
    with begin_read(wired.engine) as conn:
        row = addressed(conn, [_FIRST])[0]
    made = body([wired.press(row).outgoing], SendGrid(), wired.workspace.id)
    assert KEY_ARGUMENT.encode() in made
    wired.engine.dispose()
    return made
