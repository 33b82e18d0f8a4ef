"""One fault server and one Prism for the tests of this room."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.process import KEY, FaultServer
from tests.sendgrid.contract import ABSENT, DESCRIPTION, ROOT, strict

PRISM = ROOT / ".venv" / "prism" / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"


@pytest.fixture(scope="session")
def _faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultServer]:
    with FaultServer(tmp_path_factory.mktemp("faults")) as server:
        yield server


@pytest.fixture
def faults(_faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> FaultServer:
    """A server that answers as SendGrid does, without any fault until one is asked for; its key is ours."""
    monkeypatch.setenv("HAGUKUMI_SENDGRID_KEY", KEY)
    _faults.play("")
    _faults.let_in(KEY)
    return _faults


@pytest.fixture(scope="session")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of Prism serving the strict description: a call that breaks it is answered with what is wrong."""
    if not DESCRIPTION.exists():
        pytest.skip(ABSENT)
    if not PRISM.exists() or shutil.which("node") is None:
        pytest.skip("Prism is not installed: tools/install-prism does it")
    folder = tmp_path_factory.mktemp("prism")
    description = folder / "strict.json"
    description.write_text(json.dumps(strict()), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(PRISM), "mock", "--host", "127.0.0.1", "--port", str(port), "--errors", str(description)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ})
        try:
            _wait(server, port, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
            return
        except httpx.TransportError:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Prism did not start:\n{log.read_text()}") from None
            time.sleep(0.1)
