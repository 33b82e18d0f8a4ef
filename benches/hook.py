"""SendGrid's event webhook under load: events a second from the first post to the last consequence, and answers' waits.

Web, loop and a process that ticks and sends letters run beside the client, as in life. Start with `events`.
"""

from __future__ import annotations

import asyncio
import base64
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from benches.real import machine_cpu, past_key, prepare, served
from benches.web import _process, _waits
from hagukumi.channels.sendgrid.arguments import KEY
from hagukumi.channels.sendgrid.signature import SIGNATURE, TIMESTAMP

PATH = "/hooks/sendgrid"
SIZE = 100
"""Events a call."""
LETTERS = 10_000
"""People, each with a letter that events tell about."""
DUE = 1_000
"""Letters that leave in the minute that begins during each measurement."""
AHEAD = 20
"""Calls that may lie unread while more are posted as fast as they are worked off."""
LOOK_SECONDS = 0.005
CONNECTIONS = 8
SHARES = {"processed": 1.0, "delivered": 0.96, "bounce": 0.02, "deferred": 0.03, "open": 0.4, "click": 0.05}
"""Events a letter."""
_SIGNER = ec.derive_private_key(0x5EED, ec.SECP256R1())


def events(folder: str, count: int = 50_000, rate: int = 0, **_: Any) -> dict[str, Any]:
    """So many events at `rate` a second, or as fast as they are worked off; done when nothing is left to be read."""
    with served(folder, DUE, f', verification_key: "{_key()}"') as running:
        calls = _calls(count)
        watch = _Backlog(running.folder / "var" / "inbox.db")
        before, began, seen, machine = running.cpu(), time.perf_counter(), time.process_time(), machine_cpu()
        waits = asyncio.run(_post(running.port, calls, rate / SIZE if rate else 0, None if rate else watch))
        posted = time.perf_counter() - began
        while watch.lying() and time.perf_counter() - began < 120:
            time.sleep(0.01)
        wall, left = time.perf_counter() - began, watch.lying()
        spent = {name: used - before.get(name, 0.0) for name, used in running.cpu().items()}
        spent["load"] = time.process_time() - seen
        spent["others"] = max(0.0, machine_cpu() - machine - sum(spent.values()))
        stored = _count(running.database, "delivery_event")
        assert stored == count and not left, (stored, count, left)
        found = {"done": count, "wall": wall, "cpu": max(spent["receiving"], spent["working off"]), "posted": posted}
        return found | {"spent": spent, "sent": running.sent()} | _waits(waits)


def answered(folder: str, count: int = 25_000, rate: int = 2_500, **_: Any) -> dict[str, Any]:
    """How long calls wait for their answer at half the load asked for."""
    return events(folder, count, rate)


class _Backlog:
    """How much of what was answered is not worked off yet."""

    def __init__(self, inbox: Path) -> None:
        self._db = sqlite3.connect(inbox)

    def lying(self) -> int:
        """Calls, by their numbers alone: nobody is kept from their work by looking."""
        first, last = self._db.execute("SELECT min(id), max(id) FROM inbox").fetchone()
        return 0 if last is None else int(last) - int(first) + 1


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


def _key() -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(_SIGNER.public_key().public_bytes(serialization.Encoding.DER, form)).decode()


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
        "sg_message_id": f"LRzXl_NHStOGhQ4kofSm_A.recvd-{number}-1.0", KEY: past_key(who),
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


async def _post(
    port: int, calls: Sequence[tuple[bytes, bytes]], rate: float, backlog: _Backlog | None = None
) -> list[float]:
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
            while backlog is not None and backlog.lying() >= AHEAD:
                await asyncio.sleep(LOOK_SECONDS)
                due = time.perf_counter()
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
    with tempfile.TemporaryDirectory(prefix="hagukumi-hook-") as scratch:
        stock = str(Path(scratch) / "stock")
        prepare(stock, LETTERS)
        for name, found in (
            ("bare rows", floor_insert()),
            ("bare route", floor_route()),
            ("as fast as it goes", events(stock)),
            ("2,500 a second", answered(stock)),
        ):
            shown = {key: value for key, value in found.items() if key not in ("done", "wall", "waits")}
            waits = ", ".join(f"{key} {value:.1f} ms" for key, value in found.get("waits", {}).items())
            print(f"{name}: {found['done'] / found['wall']:,.0f} events/s; {waits}; {shown}", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["bare", "--port", port]:
            _bare(int(port))
        case _:
            main()
