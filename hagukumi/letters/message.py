"""From a rendered letter to the bytes of a mail: multipart/alternative, UTF-8, headers that cannot be injected. Pure.

Start at `compose_bytes`; `compose` is the same message as an EmailMessage. There is deliberately no Auto-Submitted
header: absence replies (left the company, on leave until …) are news for inside sales.
"""

import base64
import hashlib
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

from hagukumi.letters.limits import CannotRender
from hagukumi.letters.render import Rendered

KEY_HEADER = "X-Hagukumi-Key"


class Mailbox(NamedTuple):
    """A name and an address, both as entered."""

    name: str
    email: str


# Control characters, line and paragraph separators, and the marks that turn the reading direction.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}@[^@\s<>\"(),:;\[\]\\]{1,253}")
_PLAIN_WORDS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~\-]*")
_SAFE_URL = re.compile(r"https?://[!-;=?-~]+")
_KEPT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")
WORD_BYTES = 42
"""Bytes of UTF-8 in one encoded word, so that it stays below 75 characters."""


def message_id(key: str, domain: str) -> str:
    """<key@domain>: the key in letters, digits, `-`, `+` for `/` and `_xx` for any other byte; long ones are hashed."""
    local = "".join(sign if sign in _KEPT else _spelled(sign) for sign in key)
    if len(local) > 200:
        local = "h." + hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=32).hexdigest()
    return f"<{local}@{domain}>"


def _spelled(sign: str) -> str:
    return "+" if sign == "/" else "".join(f"_{byte:02x}" for byte in sign.encode("utf-8", "replace"))


def key_of(identifier: str) -> str | None:
    """The letter key in a Message-ID made by `message_id`, or None (hashed, or not ours)."""
    local = identifier.strip().removeprefix("<").rpartition("@")[0]
    if not re.fullmatch(r"(?:[A-Za-z0-9+-]|_[0-9a-f]{2})+", local):
        return None
    try:
        return unquote(local.replace("+", "/").replace("_", "%"), errors="strict")
    except UnicodeDecodeError:
        return None


def compose_bytes(
    rendered: Rendered,
    sender: Mailbox,
    recipient: Mailbox,
    key: str,
    at: datetime,
    refuse_url: str | None = None,
    reply_to: Mailbox | None = None,
) -> bytes:
    """The message with LF line ends (SMTP adds the CR).

    Raises CannotRender(control_character | bad_address | bad_link) naming the header that would have been unsafe.
    """
    if at.tzinfo is None:
        raise ValueError("`at` has no time zone")
    from_line = _mailbox("From", sender)
    domain = from_line.rpartition("@")[2].rstrip(">")
    headers = [
        f"From: {from_line}",
        f"To: {_mailbox('To', recipient)}",
        f"Subject: {_encoded(_checked('Subject', rendered.subject), 9)}",
        f"Date: {format_datetime(at.astimezone(UTC))}",
        f"Message-ID: {message_id(key, domain)}",
        f"{KEY_HEADER}: {quote(key, safe='/:@.,+=-_~', errors='replace')}",
    ]
    if reply_to is not None:
        headers.append(f"Reply-To: {_mailbox('Reply-To', reply_to)}")
    headers += _refusal(refuse_url)
    # Base64 holds no hyphen after a line end, so a fixed boundary cannot be met inside a part.
    boundary = "=_" + hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=12).hexdigest()
    parts = [_part("plain", rendered.text), _part("html", rendered.html)]
    body = b"".join(b"--" + boundary.encode() + b"\n" + part for part in parts)
    headers += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{boundary}"', "", ""]
    return "\n".join(headers).encode("ascii") + body + b"--" + boundary.encode() + b"--\n"


def compose(
    rendered: Rendered,
    sender: Mailbox,
    recipient: Mailbox,
    key: str,
    at: datetime,
    refuse_url: str | None = None,
    reply_to: Mailbox | None = None,
) -> EmailMessage:
    """The same message as `compose_bytes`, as an object to look into."""
    raw = compose_bytes(rendered, sender, recipient, key, at, refuse_url, reply_to)
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _part(subtype: str, text: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n'
    return head.encode() + base64.encodebytes(text.encode("utf-8", "replace"))


def _refusal(url: str | None) -> list[str]:
    if url is None:
        return []
    if not _SAFE_URL.fullmatch(url):
        raise CannotRender("bad_link", {"header": "List-Unsubscribe"})
    lines = [f"List-Unsubscribe: <{url}>"]
    if url.startswith("https:"):
        # RFC 8058: one click works over https only.
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return lines


def _checked(header: str, text: str) -> str:
    if _CONTROL.search(text):
        raise CannotRender("control_character", {"header": header})
    return text


@lru_cache(maxsize=256)
def _domain(domain: str) -> str:
    try:
        return domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        raise CannotRender("bad_address", {"header": "domain"}) from None


def envelope_address(header: str, mailbox: Mailbox) -> str:
    """The address in ASCII, an international domain as xn--…, as envelopes and headers have it.

    Raises CannotRender(control_character | bad_address) naming the header.
    """
    address = _checked(header, mailbox.email).strip()
    if not _ADDRESS.fullmatch(address):
        raise CannotRender("bad_address", {"header": header})
    local, _, domain = address.rpartition("@")
    return f"{local}@{_domain(domain)}"


def _mailbox(header: str, mailbox: Mailbox) -> str:
    name = _checked(header, mailbox.name).strip()
    angle = f"<{envelope_address(header, mailbox)}>"
    if not name:
        return angle
    if name.isascii() and "=?" not in name:
        words = name if _PLAIN_WORDS.fullmatch(name) else '"' + re.sub(r'([\\"])', r"\\\1", name) + '"'
        return f"{words} {angle}" if len(words) < 200 else angle
    words = _encoded(name, 0)
    return f"{words}\n {angle}" if len(name) > 12 else f"{words} {angle}"


def _encoded(text: str, used: int) -> str:
    """RFC 2047, base64 of UTF-8, one encoded word a line and never a character torn apart; `used` columns are taken."""
    if text.isascii() and len(text) < 900 and "=?" not in text:
        return text
    words: list[str] = []
    piece, room = b"", WORD_BYTES - used
    for character in text.encode("utf-8", "replace").decode():
        raw = character.encode()
        if len(piece) + len(raw) > max(room, 12):
            words.append(_word(piece))
            piece, room = b"", WORD_BYTES
        piece += raw
    words.append(_word(piece))
    return "\n ".join(words)


def _word(raw: bytes) -> str:
    return "=?utf-8?b?" + base64.b64encode(raw).decode() + "?="
