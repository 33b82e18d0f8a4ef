"""SendGrid's event webhook under load: events a second from the first post to the last consequence, and answers' waits.

Web, loop and a process that ticks and sends letters run beside the client, as in life. Start with `events`.
"""

from __future__ import annotations

import asyncio
import base64
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from benches.web import _lying, _process, _waits
from benches.whole import DAYS, _welcome, _workspace
from hagukumi.channels.sendgrid.arguments import KEY
from hagukumi.channels.sendgrid.signature import SIGNATURE, TIMESTAMP
from hagukumi.wiring import Wired, tick, wire
from hagukumi.workspace import find
from models.tables.bulk import insert_many
from models.tables.engine import begin_write
from models.tables.schema import letter
from models.tables.types import to_micros

PATH = "/hooks/sendgrid"
SIZE = 100
"""Events a call."""
LETTERS = 10_000
A_MINUTE = 100
"""Letters that leave in each minute of the other process, which lives through a minute a second."""
CONNECTIONS = 8
SHARES = {"processed": 1.0, "delivered": 0.96, "bounce": 0.02, "deferred": 0.03, "open": 0.4, "click": 0.05}
"""Events a letter."""
_SIGNER = ec.derive_private_key(0x5EED, ec.SECP256R1())


def events(count: int = 50_000, rate: int = 0, **_: Any) -> dict[str, Any]:
    """So many events, as fast as they are answered or at `rate` a second; done when nothing is left to be read."""
    with _stock() as folder, _beside(folder) as port:
        calls = _calls(count)
        began, seen = time.perf_counter(), time.process_time()
        waits = asyncio.run(_post(port, calls, rate / SIZE if rate else 0))
        posted = time.perf_counter() - began
        while _lying(folder) and time.perf_counter() - began < 120:
            time.sleep(0.02)
        wall = time.perf_counter() - began
        left, sent = _lying(folder), _sent(folder)
        stored = _count(folder / "var" / "hagukumi.db", "delivery_event")
        cpu = time.process_time() - seen
        assert stored == count, (stored, count)
        return {"done": count, "wall": wall, "cpu": cpu, "posted": posted, "left": left, "sent": sent} | _waits(waits)


def answered(count: int = 25_000, rate: int = 2_500, **_: Any) -> dict[str, Any]:
    """How long calls wait for their answer at half the load asked for."""
    return events(count, rate)


def floor_insert(count: int = 50_000, **_: Any) -> dict[str, Any]:
    """The same events as bare rows: one executemany a call, one commit each, nobody beside."""
    calls = [orjson.loads(body) for _, body in _calls(count)]
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE e (id TEXT PRIMARY KEY, key TEXT, kind TEXT, at INTEGER) STRICT")
        began, cpu = time.perf_counter(), time.process_time()
        for call in calls:
            rows = [(one["sg_event_id"], one[KEY], one["event"], one["timestamp"]) for one in call]
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO e VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
            db.execute("COMMIT")
        figures = {"done": count, "wall": time.perf_counter() - began, "cpu": time.process_time() - cpu}
        db.close()
    return figures


def floor_route(count: int = 50_000, **_: Any) -> dict[str, Any]:
    """The same calls at a bare route that reads the body and answers, nobody beside."""
    with tempfile.TemporaryDirectory() as folder, _process(["benches.hook", "bare"], folder) as port:
        calls = _calls(count)
        began, cpu = time.perf_counter(), time.process_time()
        waits = asyncio.run(_post(port, calls, 0))
        return {"done": count, "wall": time.perf_counter() - began, "cpu": time.process_time() - cpu} | _waits(waits)


@contextmanager
def _stock() -> Iterator[Path]:
    """A virtual workspace with letters that were sent, and others that are about to be."""
    with tempfile.TemporaryDirectory(prefix="hagukumi-hook-") as scratch:
        wired = _workspace(Path(scratch))
        file = wired.workspace.settings_file
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        key = base64.b64encode(_SIGNER.public_key().public_bytes(serialization.Encoding.DER, form)).decode()
        text = "".join(line for line in file.read_text("utf-8").splitlines(True) if not line.startswith("sendgrid:"))
        file.write_text(f"{text}\nsendgrid: {{verification_key: {key}}}\n", "utf-8")
        _welcome(wired, LETTERS)
        _send(wired)
        wired.engine.dispose()
        yield wired.workspace.folder


def _send(wired: Wired) -> None:
    at = to_micros(wired.now)
    names = ("key", "person_id", "content", "state", "due", "written_at", "granted_at", "sent_at", "settled_at")
    rows = [(f"past/a/1/p{n}/{n}", n, "interest/case", "accepted", at, at, at, at, at) for n in range(1, LETTERS + 1)]
    with begin_write(wired.engine) as conn:
        insert_many(conn, letter, names, rows, raw=True)
        # A hundred of them are due in each minute.
        minute = 60_000_000
        conn.exec_driver_sql(f"UPDATE journey SET due = due + (person_id / {A_MINUTE}) * {minute}")


@contextmanager
def _beside(folder: Path) -> Iterator[int]:
    """Web, loop and the sending process over this workspace; the web's port."""
    others = [[sys.executable, "-m", "hagukumi.loop", "-w", str(folder), "--arrivals-only"],
              [sys.executable, "-m", "benches.hook", "ticking", str(folder)]]  # fmt: skip
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in others]
    try:
        with _process(["hagukumi.web", "-w", str(folder)], str(folder)) as port:
            time.sleep(3)
            yield port
    finally:
        for one in running:
            one.send_signal(signal.SIGTERM)
        for one in running:
            one.wait(20)


def _ticking(folder: Path) -> None:
    """Lives through a minute a second: people walk, letters are granted and leave for the folder."""
    wired = wire(find(folder))
    at = wired.now + DAYS - timedelta(hours=1)
    while True:
        began = time.perf_counter()
        tick(wired, at)
        at += timedelta(minutes=1)
        time.sleep(max(0.0, 1 - (time.perf_counter() - began)))


def _sent(folder: Path) -> int:
    db = sqlite3.connect(folder / "var" / "hagukumi.db")
    number: int = db.execute("SELECT count(*) FROM letter WHERE state = 'accepted' AND scenario = 'bench'").fetchone()[
        0
    ]
    db.close()
    return number


def _count(file: Path, table: str) -> int:
    db = sqlite3.connect(file)
    number: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    db.close()
    return number


def _calls(count: int) -> list[tuple[bytes, bytes]]:
    """Heads and bodies of signed calls; the events of many letters mixed, each with an id of its own."""
    dice, made = random.Random(7), []
    kinds, weights = list(SHARES), list(SHARES.values())
    for number in range(count):
        kind = dice.choices(kinds, weights)[0]
        who = dice.randrange(1, LETTERS + 1)
        made.append(_event(kind, who, number))
    calls = []
    for start in range(0, count, SIZE):
        body = b"[" + b",\r\n".join(made[start : start + SIZE]) + b"]\r\n"
        stamp = str(int(time.time()))
        signed = base64.b64encode(_SIGNER.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SIGNATURE}: {signed}\r\n{TIMESTAMP}: {stamp}\r\n"
        calls.append((f"{head}Content-Length: {len(body)}\r\n\r\n".encode(), body))
    return calls


def _event(kind: str, who: int, number: int) -> bytes:
    told: dict[str, Any] = {
        "email": f"reader-{who}@aobadai.example", "timestamp": int(time.time()), "event": kind,
        "smtp-id": f"<{number}@ismtpd>", "category": ["nurture", "bench"], "sg_event_id": f"ZXZlbnQt{number:012d}",
        "sg_message_id": f"LRzXl_NHStOGhQ4kofSm_A.recvd-{number}-1.0", KEY: f"past/a/1/p{who}/{who}",
    }  # fmt: skip
    match kind:
        case "delivered":
            told |= {"response": "250 2.0.0 OK 1600112492", "tls": 1}
        case "bounce":
            told |= {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 user unknown"}
        case "deferred":
            told |= {"response": "451 try again later", "attempt": "2"}
        case "open" | "click":
            told |= {"useragent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "sg_machine_open": False}
            told |= {"ip": f"198.51.100.{who % 250}", "url": "https://hagukumi.example/case"}
        case _:
            pass
    return orjson.dumps(told)


async def _post(port: int, calls: Sequence[tuple[bytes, bytes]], rate: float) -> list[float]:
    """Seconds of each call, from when it was due to its answer. Raises RuntimeError for any that was refused."""
    waits: list[float] = []
    rest = iter(enumerate(calls))
    began = time.perf_counter()

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number, (head, body) in rest:
            due = began + number / rate if rate else time.perf_counter()
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            writer.write(head + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            if answer[9:12] != b"200":
                raise RuntimeError(answer[:200].decode())
            lower = answer.lower()
            start = lower.index(b"content-length:") + 15
            await reader.readexactly(int(lower[start : lower.index(b"\r\n", start)]))
            waits.append(time.perf_counter() - due)
        writer.close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return sorted(waits)


def _bare(port: int) -> None:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def take(request: Request) -> Response:
        await request.body()
        return Response(b"{}", 200)

    app = Starlette(routes=[Route(PATH, take, methods=["POST"])])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def main() -> None:
    """Prints everything once."""
    for name, found in (
        ("bare rows", floor_insert()),
        ("bare route", floor_route()),
        ("as fast as it goes", events()),
        ("2,500 a second", answered()),
    ):
        shown = {key: value for key, value in found.items() if key not in ("done", "wall", "waits")}
        waits = ", ".join(f"{key} {value:.1f} ms" for key, value in found.get("waits", {}).items())
        print(f"{name}: {found['done'] / found['wall']:,.0f} events/s; {waits}; {shown}", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["bare", "--port", port]:
            _bare(int(port))
        case ["ticking", folder]:
            _ticking(Path(folder))
        case _:
            main()
