"""A key stands in no log, no answer and no file of ours, even where the provider quotes it back."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from hagukumi.wiring import wire
from hagukumi.workspace import open_folder
from tests.incidents.conftest import STAFF, STORY
from tests.shell.conftest import SETTINGS, Workshop, make_folder

SECRET = "SG.recognisable-0123456789.never-to-be-seen"


class Refusing(BaseHTTPRequestHandler):
    """Answers as a provider that does not know the key, and says it back."""

    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        given = str(self.headers.get("Authorization"))
        self.asked.append(given)
        body = f'{{"errors": [{{"message": "the key {given} is invalid"}}]}}'.encode()
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_wrong_key_is_seen_nowhere(provider: str, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "w", "real")
    (folder / "scenarios/rules/defaults.yaml").unlink()
    settings = SETTINGS.replace("starts_on: 2026-04-01\n", "")
    (folder / "hagukumi.yaml").write_text(
        f"{settings}outlet: sendgrid\nsendgrid: {{key_file: key.txt, url: '{provider}'}}\n", "utf-8"
    )
    (folder / "staff.yaml").write_text(STAFF, "utf-8")
    (folder / "key.txt").write_text(SECRET, "utf-8")
    (folder / "key.txt").chmod(0o600)
    workshop = Workshop(wire(open_folder(folder)))
    workshop.publish(STORY)
    workshop.engine.dispose()
    told = ""
    for command in (
        ["import", "optouts", "--sign-none"],
        ["doctor"],
        ["tick"],
        ["deliver"],
        ["test-send", "story/first", "--to", "kobayashi"],
        ["doctor", "--json"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "hagukumi", "-w", str(folder), *command],
            capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "HAGUKUMI_DATABASE_URL": ""},
        )  # fmt: skip
        told += done.stdout + done.stderr
    assert f"Bearer {SECRET}" in Refusing.asked, "it was really used"
    assert SECRET not in told and "never-to-be-seen" not in told
    for file in (folder / "var").rglob("*"):
        if file.is_file():
            assert b"never-to-be-seen" not in file.read_bytes(), file
