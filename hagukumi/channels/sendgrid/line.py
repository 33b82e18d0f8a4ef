"""The line to SendGrid: kept-alive connections, time-outs, bounded concurrency, no retries. Start with `Line.post`.

What matters is whether the call may have been read: NotReached says surely not, NoAnswer says nobody knows.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    SSLError,
)
from urllib3.exceptions import TimeoutError as TimedOut

CONNECT_WITHIN = 5.0
IDLE_AT_MOST = 10.0
"""Seconds. A server closes idle connections; one that it is just closing would swallow a call."""
BODY_WITHIN = 2.0
"""Seconds. The status has said what matters; a body that trickles is not waited for."""
LARGEST_ANSWER = 64 * 1024


class Answer(NamedTuple):
    """What came back: status, headers by lower-case name, and the body as far as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NotReached(Exception):
    """No connection was made, so the call surely was not read. code: what stood in the way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoAnswer(Exception):
    """The call went out, in part at least, and no answer can be read: nobody knows what became of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Careful(HTTPConnection):
    """Says apart what goes wrong before a call is sent, and is not used again after having been idle."""

    _used = 0.0

    def connect(self) -> None:
        try:
            super().connect()
        except Exception as trouble:
            raise NotReached(_of_connecting(trouble)) from None

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # urllib3's answer is no http.client one
        answer = super().getresponse()
        self._used = time.monotonic()
        return answer

    @property
    def is_connected(self) -> bool:
        return time.monotonic() - self._used < IDLE_AT_MOST and super().is_connected


class _CarefulSecure(_Careful, HTTPSConnection):
    """The same over TLS."""


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Careful


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _CarefulSecure


class Line:
    """Calls to one address; at most `at_once` are under way. answer_within: seconds of silence that end a call."""

    def __init__(self, url: str, at_once: int, answer_within: float) -> None:
        place = urlsplit(url)
        kind = _SecurePool if place.scheme == "https" else _Pool
        self._pool = kind(
            place.hostname or "",
            place.port,
            timeout=urllib3.Timeout(connect=CONNECT_WITHIN, read=answer_within),
            maxsize=at_once,
            block=True,
        )
        self._path = place.path.rstrip("/") + "/v3/mail/send"

    def post(self, body: bytes, key: str) -> Answer:
        """One call with this API key. Raises NotReached, NoAnswer; neither holds anything of the call."""
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "User-Agent": "hagukumi",
            "Accept-Encoding": "identity",
        }
        try:
            answer = self._pool.urlopen(
                "POST", self._path, body, headers, retries=False, redirect=False, preload_content=False
            )
        except HTTPError as trouble:
            raise NoAnswer(_of_waiting(trouble)) from None
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, named, _read(answer))

    def close(self) -> None:
        """Closes idle connections."""
        self._pool.close()


def _read(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The body, or what of it came in time; the connection is kept only where all of it did."""
    until, parts, size, whole = time.monotonic() + BODY_WITHIN, [], 0, False
    try:
        while size < LARGEST_ANSWER and time.monotonic() < until:
            part = answer.read1(LARGEST_ANSWER)
            if not part:
                whole = True
                break
            parts.append(part)
            size += len(part)
    except (HTTPError, OSError):
        pass
    if whole:
        answer.release_conn()
    else:
        answer.close()
    return b"".join(parts)


def _of_connecting(trouble: Exception) -> str:
    match trouble:
        case NameResolutionError():
            return "dns"
        case NewConnectionError():
            # Before the next case: urllib3 makes it a kind of time-out.
            return "refused" if isinstance(trouble.__cause__, ConnectionRefusedError) else "unreachable"
        case ConnectTimeoutError() | TimeoutError():
            return "connect-timeout"
        case SSLError() | OSError():
            return "tls"
        case _:
            return "unreachable"


def _of_waiting(trouble: HTTPError) -> str:
    match trouble:
        case TimedOut():
            return "timeout"
        case ProtocolError(args=(_, http.client.RemoteDisconnected())):
            return "broken"
        case ProtocolError(args=(_, http.client.HTTPException())):
            return "not-http"
        case _:
            return "broken"
