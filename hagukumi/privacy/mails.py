"""Mail of others that names an erased person: what of it may stay. Pure. Start with `mention_free`."""

from __future__ import annotations

from typing import NamedTuple

from hagukumi.channels.inbound.mime import read_mime
from hagukumi.privacy.traces import Traces


class Kept(NamedTuple):
    """A mail without the words that name somebody: its text alone."""

    subject: str | None
    body: bytes


def mention_free(subject: str | None, body: bytes, traces: Traces, *, whole: bool) -> Kept | None:
    """The mail without them; None when it does not name them. `whole`: the body is MIME, else plain text."""
    text = body.decode("utf-8", "replace") if not whole else None
    if text is None:
        if not (traces.in_bytes(body) or named_in(body, traces) or traces.mentions(subject or "")):
            return None
        text = read_mime(body).text
    elif not (traces.mentions(text) or traces.mentions(subject or "")):
        return None
    return Kept(None if subject is None else traces.redacted(subject), traces.redacted(text).encode())


def named_in(raw: bytes, traces: Traces) -> bool:
    """Whether a mail's headers or text name them once they are decoded."""
    mail = read_mime(raw)
    heads = (value for values in (*mail.headers.values(), *mail.returned.values()) for value in values)
    blocks = (value for block in mail.blocks for values in block.values() for value in values)
    return any(map(traces.mentions, (mail.text, mail.subject, mail.sender or "", *heads, *blocks)))
