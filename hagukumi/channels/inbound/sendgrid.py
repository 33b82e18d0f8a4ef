"""SendGrid's inbound parse: what it posts becomes raw MIME. Pure. Start with `from_sendgrid`.

Two forms: raw (`email` holds the whole mail, to be preferred) and parsed (headers, text, html, charsets, attachments).
https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.message import EmailMessage, Message
from email.policy import SMTP
from io import BytesIO
from typing import Any, NamedTuple

from hagukumi.channels.inbound.charsets import decode

LARGEST = 30_000_000
"""Bytes of a post; SendGrid drops mails larger than that itself."""
_OURS = re.compile(rb"(?:mime-version|content-type|content-transfer-encoding)[ \t]*:", re.IGNORECASE)
_REPORTS = ("message/delivery-status", "message/rfc822", "text/rfc822-headers", "message/feedback-report")


class File(NamedTuple):
    """An attached file of a post."""

    kind: str
    data: bytes


class Unusable(Exception):
    """A post that holds no mail."""


def read_form(body: bytes, content_type: str) -> tuple[dict[str, bytes], list[File]]:
    """Fields and files of a multipart/form-data post, as bytes. Raises Unusable."""
    from python_multipart import parse_form
    from python_multipart.exceptions import MultipartParseError

    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        # The parser takes other forms too, but leaves their escapes as they are.
        raise Unusable
    fields: dict[str, bytes] = {}
    files: list[File] = []

    def on_field(field: Any) -> None:
        fields[(field.field_name or b"").decode("utf-8", "replace")] = field.value or b""

    def on_file(file: Any) -> None:
        file.file_object.seek(0)
        files.append(File(str(getattr(file, "content_type", None) or ""), file.file_object.read()))
        file.close()

    headers = {"Content-Type": content_type.encode("latin-1", "replace")}
    try:
        parse_form(headers, BytesIO(body), on_field, on_file)
    except (MultipartParseError, ValueError) as trouble:
        raise Unusable from trouble
    return fields, files


def from_sendgrid(form: Mapping[str, bytes], files: list[File] | None = None) -> bytes:
    """The mail as raw MIME. Raises Unusable when the form holds none."""
    if form.get("email"):
        return form["email"]
    if not any(form.get(name) for name in ("headers", "text", "html", "from")):
        raise Unusable
    charsets = _charsets(form.get("charsets", b""))
    body = EmailMessage(SMTP)
    told = {name: decode(form[name], charsets.get(name, "utf-8")) for name in ("text", "html") if form.get(name)}
    body.set_content(told.get("text", ""), charset="utf-8", cte="base64")
    if "html" in told:
        body.add_alternative(told["html"], subtype="html", charset="utf-8", cte="base64")
    whole = _with_reports(body, files or [])
    return _head(form, charsets) + whole.as_bytes()


def _charsets(given: bytes) -> dict[str, str]:
    try:
        found = json.loads(given or b"{}")
    except ValueError:
        return {}
    return {str(name): str(charset) for name, charset in found.items()} if isinstance(found, dict) else {}


def _head(form: Mapping[str, bytes], charsets: Mapping[str, str]) -> bytes:
    """The headers as they came, without those that described the body as it was; made anew when they are missing."""
    given = re.sub(rb"\r?\n", b"\r\n", form.get("headers", b"").strip())
    if given:
        fields = re.split(rb"\r\n(?![ \t])", given)
        kept = [field for field in fields if field and not _OURS.match(field)]
        return b"\r\n".join(kept) + b"\r\n"
    message = Message()
    for name in ("from", "to", "subject"):
        text = decode(form.get(name, b""), charsets.get(name, "utf-8"))
        message[name.title()] = re.sub(r"[\r\n]+", " ", text)
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in message.raw_items())


def _with_reports(body: EmailMessage, files: list[File]) -> Message:
    """Parts of a delivery report come as attachments: without them a bounce could not be read."""
    reports = [file for file in files if file.kind.partition(";")[0].strip().lower() in _REPORTS]
    if not reports:
        return body
    whole = Message()
    whole["MIME-Version"] = "1.0"
    whole["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="=_hagukumi"'
    parts = [body.as_bytes()]
    parts += [
        f"Content-Type: {file.kind.partition(';')[0]}\r\n\r\n".encode("ascii", "replace") + file.data
        for file in reports
    ]
    text = b"".join(b"\r\n--=_hagukumi\r\n" + part for part in parts) + b"\r\n--=_hagukumi--\r\n"
    whole.set_payload(text.decode("ascii", "surrogateescape"))
    return whole
