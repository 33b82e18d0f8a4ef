"""Raw MIME as a Mail: headers and text in Unicode, and what a report of delivery says. Pure. Start with `read_mime`.

The standard library's compat32 policy is used on purpose: its newer policies raise on broken headers.
"""

from __future__ import annotations

import binascii
import hashlib
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from hagukumi.channels.inbound.charsets import decode
from hagukumi.channels.inbound.markup import text_of
from hagukumi.pipeline.addresses import normalised

READ = 1_000_000
"""Bytes of a mail that are looked into; the rest is attachments."""
_PARTS, _DEPTH = 200, 20
LONGEST = 100_000  # characters of text
_IDENTIFIER = re.compile(r"<[^<>\s]{1,998}>")
_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
Headers = dict[str, list[str]]


@dataclass(slots=True)
class Mail:
    """A mail, read. `sender` is a normalised address; `returned` the headers of a letter of ours that came back."""

    headers: Headers
    subject: str = ""
    text: str = ""
    sender: str | None = None
    sender_name: str = ""
    report: str = ""
    blocks: list[Headers] = field(default_factory=list)
    returned: Headers = field(default_factory=dict)
    source_id: str = ""
    calendar: bool = False

    def header(self, name: str) -> str:
        """The first value of a header, or ''."""
        return self.headers.get(name, [""])[0]

    @property
    def message_id(self) -> str | None:
        """Message-ID with its brackets, or None."""
        found = _IDENTIFIER.search(self.header("message-id"))
        return found[0] if found else None

    @property
    def answers(self) -> list[str]:
        """Message-IDs it answers, the nearest first."""
        near = _IDENTIFIER.findall(self.header("in-reply-to"))
        far = _IDENTIFIER.findall(self.header("references"))
        return list(dict.fromkeys([*near, *reversed(far)]))[:50]

    @property
    def date(self) -> datetime | None:
        """When it says it was written (UTC)."""
        try:
            said = parsedate_to_datetime(self.header("date"))
            return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            return None


def read_mime(raw: bytes) -> Mail:
    """The mail in `raw`. Whatever the bytes are, something is read and nothing is raised."""
    try:
        mail = _read(raw[:READ])
    except Exception:  # broken in a way the standard library does not foresee: then all of it is text
        mail = Mail({}, text=decode(raw[:LONGEST]))
    mail.source_id = _source_id(raw, mail)
    return mail


def _source_id(raw: bytes, mail: Mail) -> str:
    told = mail.message_id
    stuff = b"id\0" + told.encode() if told else b"raw\0" + raw.replace(b"\r\n", b"\n")
    return "mail:" + hashlib.blake2b(stuff, digest_size=16).hexdigest()


def _read(raw: bytes) -> Mail:
    # Some spools put the envelope before the headers.
    message = message_from_bytes(re.sub(rb"\A(?:From [^\n]*\n|\s*\n)+", b"", raw))
    mail = Mail(_headers(message))
    mail.subject = " ".join(mail.header("subject").split())[:1000]
    mail.sender_name, mail.sender = _sender(mail)
    mail.report = str(message.get_param("report-type", "") or "").lower()
    plain: list[str] = []
    marked: list[str] = []
    for part in _parts(message):
        _take(part, mail, plain, marked)
    mail.text = ("\n".join(plain) if any(text.strip() for text in plain) else "\n".join(map(text_of, marked)))[:LONGEST]
    return mail


def _sender(mail: Mail) -> tuple[str, str | None]:
    for name in ("from", "reply-to", "sender"):
        for shown, address in getaddresses(mail.headers.get(name, [])[:1])[:1]:
            known = normalised(address)
            if known is not None:
                return shown, known
    return mail.header("from")[:200], None


def _parts(message: Message) -> Iterator[Message]:
    """The parts in order; letters enclosed in it are not entered."""
    waiting, seen = [(message, 0)], 0
    while waiting and seen < _PARTS:
        part, depth = waiting.pop(0)
        seen += 1
        yield part
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list) and depth < _DEPTH:
            waiting[:0] = [(each, depth + 1) for each in inside if isinstance(each, Message)]


def _take(part: Message, mail: Mail, plain: list[str], marked: list[str]) -> None:
    kind = part.get_content_type()
    if kind in ("message/delivery-status", "message/global-delivery-status"):
        mail.blocks += _blocks(part)
    elif kind in ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"):
        mail.returned = mail.returned or _enclosed(part)
    elif kind == "text/calendar":
        mail.calendar = True
    elif _is_attachment(part):
        return
    elif kind == "text/html":
        marked.append(_body(part))
    elif part.get_content_maintype() == "text":
        plain.append(_body(part))


def _is_attachment(part: Message) -> bool:
    said = _flat(part.get("content-disposition", ""))
    return said.lower().startswith("attachment") or part.get_filename() is not None


def _blocks(part: Message) -> list[Headers]:
    inside = part.get_payload()
    if isinstance(inside, list):
        return [found for each in inside if isinstance(each, Message) and (found := _headers(each))]
    texts = _body(part).replace("\r\n", "\n").split("\n\n")
    return [found for text in texts if (found := _headers(message_from_bytes(text.encode("utf-8", "replace"))))]


def _enclosed(part: Message) -> Headers:
    inside = part.get_payload()
    if isinstance(inside, list) and inside and isinstance(inside[0], Message):
        return _headers(inside[0])
    return _headers(message_from_bytes(_bytes_of(part)[:100_000]))


def _bytes_of(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _bytes(text: str) -> bytes:
    """What the parser made of 8-bit bytes, as the bytes they were."""
    return text.encode("utf-8", "surrogateescape")


def _body(part: Message) -> str:
    return decode(_bytes_of(part), _flat(part.get_param("charset") or ""))


def _flat(value: Any) -> str:
    """A parameter or header as text; RFC 2231 gives triples."""
    if isinstance(value, tuple):
        return str(value[-1] or "")
    return str(value or "")


def _headers(message: Message) -> Headers:
    found: Headers = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower().strip(), []).append(_header(str(value)))
    return found


def _header(value: str) -> str:
    flat = re.sub(r"[\r\n]+[ \t]*", " ", value)[:20_000]
    if not flat.isascii():
        flat = decode(_bytes(flat))
    elif "\x1b" in flat:
        flat = decode(flat.encode())
    return _words(flat) if "=?" in flat else flat.replace("\x00", "�")


def _words(value: str) -> str:
    """RFC 2047. Words of one charset are joined before they are decoded: programs tear characters apart."""
    said, end = [], 0
    charset, data = "", b""
    for found in _WORD.finditer(value):
        between = value[end : found.start()]
        name = found[1].partition("*")[0].lower()
        if data and (between.strip() or name != charset):
            said.append(decode(data, charset))
            data = b""
        if between.strip() or not end:
            said.append(between)
        charset, data, end = name, data + _unpacked(found[2], found[3]), found.end()
    return "".join([*said, decode(data, charset), value[end:]]).replace("\x00", "�")


def _unpacked(form: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if form in "qQ":
        return quopri.decodestring(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return b""
