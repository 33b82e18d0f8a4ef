"""A webinar as a calendar file (RFC 5545): one event, in UTC, the same bytes for the same event. Pure.

Start at `calendar_file`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
WIDTH = 75
"""Octets of a line; longer ones are folded."""
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f]")


class Event(NamedTuple):
    """One event. `uid` stays the same when its time changes, so that calendars move it. Times are UTC."""

    uid: str
    starts: datetime
    ends: datetime
    stamped: datetime
    title: str
    text: str
    url: str
    organiser: str
    email: str


def calendar_file(event: Event) -> bytes:
    """The file, with CRLF line ends and folded lines."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hagukumi//Webinars//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_instant(event.stamped)}",
        f"DTSTART:{_instant(event.starts)}",
        f"DTEND:{_instant(event.ends)}",
        f"SUMMARY:{_text(event.title)}",
        f"DESCRIPTION:{_text(event.text)}",
        f"LOCATION:{_text(event.url)}",
        f"URL:{_CONTROL.sub('', event.url)}",
        f"ORGANIZER;CN={_quoted(event.organiser)}:mailto:{_CONTROL.sub('', event.email)}",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROL.sub("", escaped.replace("\r\n", "\n")).replace("\n", "\\n")


def _quoted(text: str) -> str:
    return '"' + _CONTROL.sub("", text).replace('"', "'").replace("\n", " ") + '"'


def _folded(line: str) -> bytes:
    """At most 75 octets a line, no character torn apart; what follows begins with a blank."""
    parts: list[bytes] = []
    piece = b""
    for sign in line:
        raw = sign.encode()
        if len(piece) + len(raw) > (WIDTH if not parts else WIDTH - 1):
            parts.append(piece)
            piece = b""
        piece += raw
    parts.append(piece)
    return b"\r\n ".join(parts) + b"\r\n"
