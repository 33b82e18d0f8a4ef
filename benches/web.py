"""The HTTP entrance under load: events a second beside the bare floor, and how soon a form is a task.

Web and loop run as processes of their own, as in life; the client is a third. All of it is bounded in count and time.
`python -m benches.web` prints the figures.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CONNECTIONS = 128
SECONDS = 10.0
MOST = 200_000
"""Requests of one measurement, at most."""
RATE = 2_000
FORMS, FORMS_A_SECOND = 500, 50
HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\r\n"


def floor(seconds: float = SECONDS, **_: Any) -> dict[str, Any]:
    """An empty Starlette route with one SQLite commit, unpaced."""
    with tempfile.TemporaryDirectory() as folder, _process(["benches.web", "floor-server", folder], folder) as port:
        before = _cpu_of(port)
        return _hammer(port, "/", lambda: b"{}", 1, seconds) | {"server_cpu": _cpu_of(port) - before}


def events(seconds: float = SECONDS, rate: int = 0, size: int = 1, known: float = 0.1, **_: Any) -> dict[str, Any]:
    """/v1/events while the loop runs: as fast as it goes, or at `rate` requests a second; `size` events each.

    A tenth of the browsers is tied to people we know: their views are activities, and are reacted to.
    """
    with _workspace() as (folder, url), _served(folder) as port:
        browsers = _browsers(port, url, known)
        made = _batches(browsers, size)
        before = _cpu_of(port)
        found = _hammer(port, "/v1/events", lambda: next(made), size, seconds, rate)
        found["server_cpu"] = _cpu_of(port) - before
        began = time.perf_counter()
        while _lying(folder) and time.perf_counter() - began < 60:
            time.sleep(0.05)
        return found | {"behind": time.perf_counter() - began, "left": _lying(folder)}


def forms(count: int = FORMS, rate: int = FORMS_A_SECOND, **_: Any) -> dict[str, Any]:
    """How long after its post a form that makes a jump is a task: from sending the request to the stored task."""
    with _workspace() as (folder, url), _served(folder) as port:
        people = [
            {"name": f"青葉 {n}", "email": f"p{n}@aobadai.example", "company": f"第{n % 80}青葉病院"}
            for n in range(count)
        ]
        for one in people:
            one |= {"title": "事務長", "letters": "on"}
        asyncio.run(_load(port, "/v1/forms/roi-simulation", iter(map(_json, people)), len(people), rate * 4))
        _until(lambda: not _lying(folder), 60)
        time.sleep(1)
        db = sqlite3.connect(url)
        owners = dict(db.execute("SELECT email_norm, id FROM person"))
        db.close()
        watcher = _Watcher(url)
        answered = asyncio.run(_load(port, "/v1/forms/contact", iter(map(_json, people)), len(people), rate))
        sent = {owners[one["email"]]: began for one, (began, _, _) in zip(people, answered, strict=True)}
        _until(lambda: len(watcher.seen) >= len(people), 20)
        watcher.stop()
        waits = sorted(watcher.seen[who] - began for who, began in sent.items() if who in watcher.seen)
        wall = max(began for began, _, _ in answered) - answered[0][0]
        return {"done": len(waits), "wall": wall, "cpu": wall, "sent": len(people)} | _waits(waits)


def _lead(number: int) -> dict[str, str]:
    where = number % 80
    name = {"name": f"青葉 {number}", "email": f"p{number}@h{where}.example", "company": f"第{where}青葉病院"}
    return name | {"title": "事務長", "letters": "on"}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class _Watcher:
    """Looks for new tasks every few milliseconds from another process, as long as the measurement takes."""

    def __init__(self, url: str, table: str = "task") -> None:
        """`table`: where rows of a person appear in the order of their ids."""
        import threading

        self.seen: dict[int, float] = {}
        self._db, self._ended, self._table = url, threading.Event(), table
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        db = sqlite3.connect(self._db)
        last = db.execute(f"SELECT coalesce(max(id), 0) FROM {self._table}").fetchone()[0]
        while not self._ended.wait(0.003):
            rows = db.execute(f"SELECT id, person_id FROM {self._table} WHERE id > ?", (last,)).fetchall()
            at = time.perf_counter()
            for id_, who in rows:
                self.seen.setdefault(who, at)
                last = max(last, id_)
        db.close()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()


def _hammer(
    port: int, path: str, body: Callable[[], bytes], size: int, seconds: float, rate: int = 0
) -> dict[str, Any]:
    bodies = iter(body, None)
    most = min(MOST, int(rate * seconds)) if rate else MOST
    began = time.process_time()
    answered = asyncio.run(_load(port, path, bodies, most, rate, seconds))
    cpu = time.process_time() - began
    wall = answered[-1][1] - answered[0][0]
    bad = sum(status not in (200, 202) for *_, status in answered)
    waits = sorted(ended - started for started, ended, _ in answered)
    done = (len(answered) - bad) * size
    return {"done": done, "wall": wall, "cpu": cpu, "requests": len(answered), "refused": bad} | _waits(waits)


def _waits(waits: Sequence[float]) -> dict[str, Any]:
    if not waits:
        return {}
    found = {"p50": waits[len(waits) // 2], "p99": waits[int(len(waits) * 0.99)], "most": waits[-1]}
    return {"waits": {name: seconds * 1000 for name, seconds in found.items()}}


async def _load(
    port: int,
    path: str,
    bodies: Iterator[bytes],
    most: int,
    rate: int,
    seconds: float = 120.0,
    media: str = "application/json",
) -> list[tuple[float, float, int]]:
    """(when a request was due, when it was answered, its status). With a rate waiting in our own line counts too."""
    done: list[tuple[float, float, int]] = []
    began = time.perf_counter()
    taken = 0

    async def work() -> None:
        nonlocal taken
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while taken < most and time.perf_counter() - began < seconds:
            due = began + taken / rate if rate else time.perf_counter()
            taken += 1
            body = next(bodies)
            head = HEAD.format(path=path, media=media, length=len(body)).encode()
            if rate and (rest := due - time.perf_counter()) > 0:
                await asyncio.sleep(rest)
            writer.write(head + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            status = int(answer[9:12])
            lower = answer.lower()
            start = lower.index(b"content-length:") + 15
            await reader.readexactly(int(lower[start : lower.index(b"\r\n", start)]))
            done.append((due, time.perf_counter(), status))
        writer.close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    done.sort()
    return done


def _batches(browsers: Sequence[str], size: int) -> Iterator[bytes]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    consent = {"notice_version": "2026-04", "at": at}
    number = 0
    while True:
        told = [
            {"id": f"e{number}-{n}", "kind": "page_view", "at": at, "url": "https://hagukumi.example/pricing"}
            for n in range(size)
        ]
        yield json.dumps({"visitor": browsers[number % len(browsers)], "consent": consent, "events": told}).encode()
        number += 1


def _browsers(port: int, url: str, known: float, count: int = 1_000) -> list[str]:
    """Browsers, some of them tied to people by a form."""
    browsers = [secrets.token_hex(16) for _ in range(count)]
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    posts = [
        {
            "name": f"青葉 {n}",
            "email": f"b{n}@aobadai.example",
            "hk_visitor": browser,
            "hk_notice": "2026-04",
            "hk_at": at,
        }
        for n, browser in enumerate(browsers[: int(count * known)])
    ]
    asyncio.run(_load(port, "/v1/forms/contact", iter(map(_json, posts)), len(posts), 200))
    db = sqlite3.connect(url)
    _until(
        lambda: db.execute("SELECT count(*) FROM visitor WHERE person_id IS NOT NULL").fetchone()[0] == len(posts), 60
    )
    db.close()
    return browsers


@contextmanager
def _workspace() -> Iterator[tuple[Path, str]]:
    """A virtual workspace with its scenarios open, and its database's file."""
    from hagukumi.starter import make_workspace
    from hagukumi.steering import publish_scenario
    from hagukumi.wiring import wire

    with tempfile.TemporaryDirectory(prefix="hagukumi-web-") as scratch:
        workspace = make_workspace(Path(scratch) / "w", "virtual")
        file = workspace.settings_file
        file.write_text(file.read_text("utf-8") + "\nweb: {forms_per_minute: 1000000}\n", "utf-8")
        wired = wire(workspace)
        for path in sorted(workspace.scenarios.glob("*.yaml")):
            compiled = wired.files.compile_file(path)
            if compiled.program is not None:
                publish_scenario(wired, compiled.program, path.read_text("utf-8"))
        wired.engine.dispose()
        yield workspace.folder, str(workspace.var / "hagukumi.db")


@contextmanager
def _served(folder: Path) -> Iterator[int]:
    """Web and loop over this workspace; the web's port."""
    loop = subprocess.Popen(
        [sys.executable, "-m", "hagukumi.loop", "-w", str(folder)], stderr=subprocess.DEVNULL, env=dict(os.environ)
    )
    try:
        with _process(["hagukumi.web", "-w", str(folder)], str(folder)) as port:
            time.sleep(2)
            yield port
    finally:
        loop.send_signal(signal.SIGTERM)
        loop.wait(10)


@contextmanager
def _process(command: list[str], folder: str) -> Iterator[int]:
    port = _free()
    process = subprocess.Popen([sys.executable, "-m", *command, "--port", str(port)], env=dict(os.environ))
    _PIDS[port] = process.pid
    try:
        _until(lambda: _listens(port), 30)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


_PIDS: dict[int, int] = {}


def _cpu_of(port: int) -> float:
    """CPU seconds that the server on this port has used (Linux)."""
    fields = Path(f"/proc/{_PIDS[port]}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _lying(folder: Path) -> int:
    db = sqlite3.connect(folder / "var" / "inbox.db")
    number: int = db.execute("SELECT count(*) FROM inbox WHERE why IS NULL").fetchone()[0]
    db.close()
    return number


def _until(done: Callable[[], bool], seconds: float) -> None:
    latest = time.monotonic() + seconds
    while not done():
        if time.monotonic() > latest:
            raise TimeoutError("it did not happen in time")
        time.sleep(0.02)


def _floor_server(folder: str, port: int) -> None:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    db = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, body BLOB)")

    async def take(request: Request) -> Response:
        body = await request.body()
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO raw (body) VALUES (?)", (body,))
        db.execute("COMMIT")
        return Response(b"{}", 202)

    app = Starlette(routes=[Route("/", take, methods=["POST"])])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def main() -> None:
    """Prints everything once."""
    for name, case in (
        ("floor: empty route, one commit a request", lambda: floor()),
        ("single events, as fast as it goes", lambda: events()),
        (f"single events, {RATE:,} a second", lambda: events(rate=RATE)),
        ("batches of 20, as fast as it goes", lambda: events(size=20)),
        (f"batches of 20, {RATE:,} events a second", lambda: events(size=20, rate=RATE // 20)),
        (f"forms, {FORMS_A_SECOND} a second, post to task", lambda: forms()),
    ):
        found = case()
        shown = {key: value for key, value in found.items() if key not in ("done", "wall", "waits")}
        waits = ", ".join(f"{key} {value:.1f} ms" for key, value in found.get("waits", {}).items())
        print(f"{name}: {found['done'] / found['wall']:,.0f}/s; {waits}; {shown}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["floor-server"]:
        _floor_server(sys.argv[2], int(sys.argv[4]))
    else:
        main()
