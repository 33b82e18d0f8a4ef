"""How much is taken: bodies, time, and posts from one source. Nothing of a source is stored."""

from __future__ import annotations

import asyncio
import time

from starlette.requests import ClientDisconnect, Request

from hagukumi.channels.web.events import Wrong

MOST_BYTES = 64_000
BODY_SECONDS = 10.0
_WINDOW = 60.0
_MOST_SOURCES = 50_000


async def read_body(request: Request, most: int = MOST_BYTES, seconds: float = BODY_SECONDS) -> bytes:
    """The whole body, at most so many bytes. Raises Wrong when it is too large or comes too slowly."""
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length[:12]) > most:
        raise Wrong("too-large")
    try:
        async with asyncio.timeout(seconds):
            # Most bodies are there at once. Of others the first byte may be as late as any.
            message = await request.receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                return _bounded(message.get("body", b""), most)
            parts = [message.get("body", b"")]
            size = len(parts[0])
            while message["type"] == "http.request" and message.get("more_body"):
                message = await request.receive()
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most:
                    raise Wrong("too-large")
    except TimeoutError:
        raise Wrong("too-slow") from None
    if message["type"] != "http.request":
        raise ClientDisconnect
    return _bounded(b"".join(parts), most)


def _bounded(body: bytes, most: int) -> bytes:
    if len(body) > most:
        raise Wrong("too-large")
    return body


class Rate:
    """At most `most` within a minute from one source; kept in memory only, and not for long."""

    def __init__(self) -> None:
        self._seen: dict[str, list[float]] = {}

    def allows(self, source: str, most: int) -> bool:
        """Whether one more may come from this source now."""
        now = time.monotonic()
        if len(self._seen) >= _MOST_SOURCES:
            self._seen = {one: times for one, times in self._seen.items() if times[-1] > now - _WINDOW}
            if len(self._seen) >= _MOST_SOURCES:
                return False
        times = [at for at in self._seen.get(source, []) if at > now - _WINDOW]
        if len(times) >= most:
            self._seen[source] = times
            return False
        self._seen[source] = [*times, now]
        return True
