"""The fault server as a process of its own beside a test. Start with `FaultServer`."""

import json
import os
import subprocess
import sys
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEY = "SG.key-of-the-tests"


class FaultServer:
    """Runs the server while a `with` lasts; `options` are those of its command line, `latency_ms=150` and so on.

    url: its address. verification_key: that of its events, if it posts any. It ends with whoever started it.
    """

    def __init__(self, folder: Path, faults: str = "", **options: Any) -> None:
        self.log_file, self.event_file = folder / "accepted.jsonl", folder / "events.jsonl"
        named = {"log": self.log_file, "faults": faults, "key": KEY, **options}
        if "hooks" in named:
            named.setdefault("event_log", self.event_file)
        self._command = [sys.executable, "-m", "tests.faults.server", "--until-input-ends"]
        for name, value in named.items():
            self._command += [f"--{name.replace('_', '-')}", str(value)]

    def __enter__(self) -> "FaultServer":
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._close()
            raise RuntimeError("the fault server did not start")
        started = json.loads(line)
        self.url: str = started["url"]
        self.verification_key: str = started["key"] or ""
        return self

    def __exit__(self, *trouble: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Of its process."""
        return self._process.pid

    def stop(self) -> dict[str, Any]:
        """Ends the server and returns its report; the second time an empty one."""
        if self._process.poll() is not None:
            self._close()
            return {}
        self._process.terminate()
        said, _ = self._process.communicate(timeout=20)
        report: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
        return report

    def kill(self) -> None:
        """Ends it as a crash would; the log stays true."""
        self._process.kill()
        self._process.wait()
        self._close()

    def log(self) -> list[dict[str, Any]]:
        """The accepted letters so far: at, key, to, hash (of the content), id, fault."""
        return _lines(self.log_file)

    def accepted(self) -> Counter[str]:
        """Letter key -> how many times it was accepted."""
        return Counter(line["key"] for line in self.log())

    def events(self) -> list[dict[str, Any]]:
        """Every event once, as it was made."""
        return _lines(self.event_file)

    def report(self) -> dict[str, Any]:
        """calls, accepted, answers (by status), played (by kind of fault), hooks."""
        return self._ask("/faults")

    def play(self, faults: str) -> None:
        """Another plan from now on, its dice thrown anew."""
        self._ask("/faults", faults.encode())

    def let_in(self, *keys: str) -> None:
        """The API keys that are valid from now on."""
        self._ask("/keys", json.dumps(keys).encode())

    def flush_events(self, seconds: float = 30) -> bool:
        """Posts every event at once; whether all were acknowledged within `seconds`."""
        return bool(self._ask("/events", str(seconds).encode(), seconds + 10)["all"])

    def _ask(self, path: str, body: bytes | None = None, patience: float = 10) -> dict[str, Any]:
        # Without the proxies of the environment.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + path, body, patience) as answer:
            said: dict[str, Any] = json.load(answer)
            return said

    def _close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


def _lines(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    # A line that is just being written has no end yet.
    return [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]]
