"""`hagukumi serve` with a key that is refused, then exchanged: the new one counts at once, and none is to be seen."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from hagukumi.ticking import tick
from hagukumi.wiring import Wired
from hagukumi.workspace import CHECKOUT
from models.tables.schema import letter, metadata
from tests.faults.process import FaultServer
from tests.health.posting import found, minutes_pass
from tests.hooks.signed import HOOK, OTHER_KEY, body_of, event, headers_of, shown
from tests.shell.conftest import Workshop
from tests.web.site import free_port, until

OLD, NEW = "SG.recognisable-old.never-to-be-seen", "SG.recognisable-new.never-to-be-seen"
UNSEEN = b"never-to-be-seen"
PATIENCE = 150.0
"""Seconds, of a busy machine; the loop's next minute is among them."""


class Running:
    """A served workspace, the provider, and what the processes say."""

    def __init__(self, wired: Wired, provider: FaultServer, port: int, said: Path) -> None:
        self.wired, self.provider, self.said = wired, provider, said
        self.hook = f"http://127.0.0.1:{port}{HOOK}"
        serve = ["-m", "hagukumi", "-w", str(wired.workspace.folder), "serve", "--port", str(port)]
        with said.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, *serve], cwd=CHECKOUT, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                env={name: value for name, value in os.environ.items() if not name.startswith("HAGUKUMI_")},
            )  # fmt: skip

    def post(self, body: bytes, headers: dict[str, str]) -> int | None:
        """The status of a call; None while nobody listens."""
        try:
            return httpx.post(self.hook, content=body, headers=headers, timeout=10, trust_env=False).status_code
        except httpx.TransportError:
            return None

    def states(self) -> set[str]:
        with self.wired.engine.connect() as conn:
            return set(conn.scalars(select(letter.c.state)))

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def write_key(folder: Path, key: str) -> None:
    file = folder / "key.new"
    file.write_text(key + "\n", "utf-8")
    file.chmod(0o600)
    file.rename(folder / "key.txt")


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """Two letters are due; the provider knows the new key, the file has the old one."""
    for name in ("HAGUKUMI_DATABASE_URL", "HAGUKUMI_SENDGRID_KEY"):
        monkeypatch.delenv(name, raising=False)
    with FaultServer(tmp_path, key=NEW) as provider:
        wired = found(tmp_path / "w", provider.url, shown(), ", key_file: key.txt")
        write_key(wired.workspace.folder, OLD)
        for _ in range(2):
            Workshop(wired).person()
        tick(wired, None)
        minutes_pass(wired)
        run = Running(wired, provider, free_port(), tmp_path / "said.log")
        try:
            yield run
        finally:
            run.end()
            wired.engine.dispose()


def test_a_refused_key_is_exchanged_while_it_serves_and_no_key_is_seen_anywhere(running: Running) -> None:
    provider = running.provider
    until(lambda: provider.report()["answers"].get("401"), PATIENCE)
    assert provider.log() == [] and "accepted" not in running.states()
    until(lambda: running.states() == {"queued"}, PATIENCE)
    pid = running.process.pid
    write_key(running.wired.workspace.folder, NEW)
    minutes_pass(running.wired, 60)
    until(lambda: len(provider.log()) == 2, PATIENCE)
    until(lambda: running.states() == {"accepted"}, PATIENCE)

    body = body_of(*(event("delivered", line["key"]) for line in provider.log()))
    until(lambda: running.post(body, headers_of(body)) == 200, PATIENCE)
    assert running.post(body, headers_of(body, key=OTHER_KEY)) == 403
    until(lambda: running.states() == {"delivered"}, PATIENCE)
    assert running.process.poll() is None and running.process.pid == pid
    running.end()
    assert running.process.returncode == 0

    assert b"hook-signature" in running.said.read_bytes(), "what the processes log is in this file"
    searched = [running.said, *(each for each in running.wired.workspace.var.rglob("*") if each.is_file())]
    assert len(searched) > 3
    assert [file for file in searched if UNSEEN in file.read_bytes()] == []
    with running.wired.engine.connect() as conn:
        for table in metadata.sorted_tables:
            assert UNSEEN.decode() not in repr(conn.execute(select(table)).all()), table.name
