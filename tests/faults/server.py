"""A server that answers as SendGrid does, in trouble too: `python -m tests.faults.server --log FILE --faults 429=0.02`.

Every accepted letter is one line of the log, written before any answer leaves: the log is true whoever dies.
Tests start it by process.py; faults are those of plan.py; events come by hooks.py.
"""

import argparse
import asyncio
import contextlib
import hashlib
import os
import random
import signal
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

import httptools
import orjson

from tests.faults.checks import MOST_BYTES, answer, error, wrong
from tests.faults.hooks import Hooks, Manner
from tests.faults.plan import KINDS, Plan, parse

SEND = "/v3/mail/send"
WORDS = {
    200: "OK", 202: "Accepted", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed",
    413: "Payload Too Large", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip


class House:
    """What the server knows: its keys, its plan of faults, its log and what happened so far."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.keys = set(options.key)
        self.plan = Plan(parse(options.faults), options.seed)
        self.seed = options.seed
        self.latency = options.latency_ms / 1000
        self.retry_after = options.retry_after
        self.trickle = options.trickle
        self.idle = options.idle
        self.rate = options.rate
        self.played: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.calls = self.accepted = self.connections = 0
        self._log = _append(options.log)
        self._ids = random.Random(options.seed)
        self._second, self._in_second = 0, 0
        manner = Manner(
            options.hooks, parse_shares(options.shares), options.copies, options.repeated, options.late, options.rhythm
        )
        log = _append(options.event_log) if options.event_log else None
        self.hooks = Hooks(manner, options.seed, log) if options.hooks else None

    def too_many(self) -> bool:
        """Whether this second has had its calls (--rate)."""
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._in_second = second, 0
        self._in_second += 1
        return bool(self.rate) and self._in_second > self.rate

    def accept(self, body: dict[str, Any], fault: str | None) -> str:
        """Writes the letters of a call down; returns the X-Message-Id."""
        id_ = self._ids.randbytes(16).hex()[:22]
        told = orjson.dumps([body.get(name) for name in ("from", "subject", "content")])
        content = hashlib.blake2b(told, digest_size=16).hexdigest()
        at = time.time()
        lines, letters = [], []
        for block in body["personalizations"]:
            arguments = block.get("custom_args", {})
            to = block["to"][0]["email"]
            line = {
                "at": at,
                "key": arguments.get("hagukumi_key"),
                "to": to,
                "hash": content,
                "id": id_,
                "fault": fault,
            }
            lines.append(orjson.dumps(line))
            letters.append({
                "email": to, "id": id_, "custom_args": arguments, "categories": body.get("categories", []),
                "asm": body.get("asm", {}).get("group_id"),
            })  # fmt: skip
        # One write without a buffer of ours: it outlasts this process, however it ends.
        os.write(self._log, b"\n".join(lines) + b"\n")
        self.accepted += len(lines)
        if self.hooks is not None:
            self.hooks.accepted(letters)
        return id_

    def report(self) -> dict[str, Any]:
        """Counts: calls, letters accepted, answers by status, faults played by kind, events."""
        return {
            "calls": self.calls, "accepted": self.accepted, "connections": self.connections,
            "answers": dict(self.answers), "played": dict(self.played),
            "hooks": self.hooks.report() if self.hooks else None,
        }  # fmt: skip


class Connection(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self, house: House) -> None:
        self.house = house

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        self.transport = cast(asyncio.Transport, transport)
        self.house.connections += 1
        self.idle: asyncio.TimerHandle | None = None
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """It went."""
        if self.idle is not None:
            self.idle.cancel()

    def _begin(self) -> None:
        self.parser = httptools.HttpRequestParser(self)
        self.parts: list[bytes] = []
        self.authorization = ""
        self.url = b""

    def data_received(self, data: bytes) -> None:
        """Bytes of a call."""
        if self.idle is not None:
            self.idle.cancel()
            self.idle = None
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self._say(400, answer(error("Bad Request")))
            self.transport.close()

    def on_url(self, url: bytes) -> None:
        """Part of the address."""
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        if name.lower() == b"authorization":
            self.authorization = value.decode("latin-1")
        if name.lower() == b"expect":
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """Part of the body."""
        self.parts.append(body)

    def on_message_complete(self) -> None:
        """The call is whole."""
        url, method, raw = self.url.decode(), self.parser.get_method().decode(), b"".join(self.parts)
        authorization = self.authorization
        self._begin()
        if url != SEND:
            asyncio.get_running_loop().create_task(self._control(method, url, raw))
        elif method != "POST":
            self._say(405, answer(error("method not allowed")))
        else:
            self._send(authorization, raw)

    def _send(self, authorization: str, raw: bytes) -> None:
        house = self.house
        house.calls += 1
        if authorization.removeprefix("Bearer ") not in house.keys:
            message = "The provided authorization grant is invalid, expired, or revoked"
            return self._later(401, answer(error(message)))
        if len(raw) > MOST_BYTES:
            return self._later(413, answer(error("content too large")))
        if house.too_many():
            return self._later(429, answer(error("too many requests")), self._wait())
        try:
            body = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return self._later(400, answer(error("Bad Request")))
        if errors := wrong(body):
            return self._later(400, answer(*errors))
        if body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return self._later(200, None)
        fault = house.plan.draw()
        if fault is None:
            return self._later(202, None, [("X-Message-Id", house.accept(body, None))])
        house.played[fault] += 1
        id_ = house.accept(body, fault) if KINDS[fault] else ""
        self._at(house.latency, self._play, fault, id_)

    def _play(self, fault: str, id_: str) -> None:
        kind = fault.removesuffix("-after")
        match kind:
            case "429":
                self._say(429, answer(error("too many requests")), self._wait())
            case "500" | "503":
                self._say(int(kind), answer(error("internal server error")))
            case "timeout":
                pass
            case "reset":
                # Closing without lingering makes the reset that a died peer makes.
                peer = self.transport.get_extra_info("socket")
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.transport.abort()
            case "close":
                self.transport.close()
            case "wrong-status":
                self.transport.write(b"SENDGRID 202 ???\r\n\r\n")
                self.transport.close()
            case "wrong-json":
                self._write(202, b"<html>{not json", [("X-Message-Id", id_)])
            case "wrong-json-400":
                self._write(400, b'{"errors": [{"message', [])
            case "slow-body":
                self._trickle(id_)
            case _:
                raise AssertionError(fault)

    def _wait(self) -> list[tuple[str, str]]:
        return [("Retry-After", str(self.house.retry_after)), ("X-RateLimit-Remaining", "0")]

    def _trickle(self, id_: str) -> None:
        self.transport.write(_head(202, 60, [("X-Message-Id", id_)]))
        for number in range(60):
            self._at(self.house.trickle * (number + 1), self.transport.write, b" ")

    def _later(self, status: int, body: Any, headers: Sequence[tuple[str, str]] = ()) -> None:
        self._at(self.house.latency, self._say, status, body, headers)

    def _at(self, seconds: float, what: Any, *arguments: Any) -> None:
        def act() -> None:
            if not self.transport.is_closing():
                what(*arguments)

        if seconds:
            asyncio.get_running_loop().call_later(seconds, act)
        else:
            act()

    def _say(self, status: int, body: Any, headers: Sequence[tuple[str, str]] = ()) -> None:
        self._write(status, b"" if body is None else orjson.dumps(body), headers)

    def _write(self, status: int, body: bytes, headers: Sequence[tuple[str, str]]) -> None:
        self.house.answers[str(status)] += 1
        self.transport.write(_head(status, len(body), headers) + body)
        if self.house.idle:
            self.idle = asyncio.get_running_loop().call_later(self.house.idle, self.transport.close)

    async def _control(self, method: str, url: str, raw: bytes) -> None:
        house = self.house
        match method, url:
            case "GET", "/faults":
                self._say(200, house.report())
            case "POST", "/faults":
                house.plan = Plan(parse(raw.decode()), house.seed)
                self._say(200, {})
            case "POST", "/keys":
                house.keys = set(orjson.loads(raw))
                self._say(200, {})
            case "GET", "/verification-key" if house.hooks is not None:
                self._say(200, {"key": house.hooks.verification_key})
            case "POST", "/events" if house.hooks is not None:
                self._say(200, {"all": await house.hooks.flush(float(raw or b"30"))})
            case _:
                self._say(404, answer(error("not found")))


def _head(status: int, length: int, headers: Sequence[tuple[str, str]]) -> bytes:
    more = "".join(f"{name}: {value}\r\n" for name, value in headers)
    kind = "Content-Type: application/json\r\n" if length else ""
    return (
        f"HTTP/1.1 {status} {WORDS[status]}\r\nServer: nginx\r\n{kind}Content-Length: {length}\r\n{more}\r\n"
    ).encode()


def _append(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def parse_shares(text: str) -> dict[str, float]:
    """`bounce=0.1,open=0.5`: shares of letters with these events."""
    return {name: float(share) for name, _, share in (part.partition("=") for part in filter(None, text.split(",")))}


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = said.add_argument
    add("--port", type=int, default=0, help="0: any that is free; the address is the first line printed")
    add("--log", required=True, help="accepted letters, one JSON line each")
    add("--key", action="append", default=[], help="API keys that are valid")
    add("--faults", default="", help=f"shares of calls, 429=0.02,reset-after=0.1 or all=0.2; kinds: {', '.join(KINDS)}")
    add("--seed", type=int, default=1)
    add("--latency-ms", type=float, default=0)
    add("--retry-after", type=int, default=1, help="seconds asked for by a 429")
    add("--rate", type=int, default=0, help="calls a second above which the answer is 429; 0: no limit")
    add("--trickle", type=float, default=0.5, help="seconds between the bytes of a slow body")
    add("--idle", type=float, default=0, help="seconds after which an idle connection is closed; 0: never")
    add("--hooks", default="", help="address to which events of accepted letters are posted")
    add("--event-log", default="", help="every event once, one JSON line each")
    add("--shares", default="", help="shares of letters with an event: bounce=0.02,open=0.4")
    add("--copies", type=int, default=46, help="most times one event arrives")
    add("--repeated", type=float, default=0.3, help="share of events that arrive more than once")
    add("--late", type=float, default=0.3, help="mean seconds between the events of a letter")
    add("--rhythm", type=float, default=0.2, help="seconds between posts")
    add("--until-input-ends", action="store_true", help="leave when standard input is closed")
    return said.parse_args(arguments)


async def serve(given: argparse.Namespace) -> None:
    """Serves until SIGTERM, SIGINT or the end of the input; then prints the report."""
    loop = asyncio.get_running_loop()
    house, done = House(given), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    server = await loop.create_server(lambda: Connection(house), "127.0.0.1", given.port, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    started = {"url": f"http://127.0.0.1:{port}", "key": house.hooks.verification_key if house.hooks else None}
    print(orjson.dumps(started).decode(), flush=True)
    posting = loop.create_task(house.hooks.run()) if house.hooks is not None else None
    if given.until_input_ends:
        loop.add_reader(sys.stdin.fileno(), _until_end, done)
    await done.wait()
    server.close()
    if posting is not None:
        posting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await posting
    print(orjson.dumps(house.report()).decode(), flush=True)


def _until_end(done: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1):
        done.set()


def main() -> None:
    """Runs the server on uvloop."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(options()))


if __name__ == "__main__":
    main()
