"""A batch of SendGrid's event webhook taken apart: one `Event` each, whatever stands in it. Pure. Start with `split`.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

from hagukumi.channels.inbox import Split, Unreadable
from hagukumi.channels.sendgrid.arguments import KEY, TEST, WORKSPACE

OTHER = "other"
"""Kind of an event that says none, or none that could be a word."""
_KIND = re.compile(r"[a-z0-9_.-]{1,40}")
_ID = re.compile(r"[\x21-\x7e]{1,200}")
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])[245]\d\d(?![\d.])")
_LONGEST_KEY = 1_000
_MILLISECONDS = 100_000_000_000
"""Marketing campaigns tell milliseconds."""
_DROPS = {
    "bounced address": "bounced_address", "unsubscribed address": "unsubscribed_address",
    "spam reporting address": "spam_reporting_address", "invalid": "invalid_address",
    "invalid smtpapi header": "invalid_header", "spam content": "spam_content",
    "recipient list over package quota": "over_quota",
}  # fmt: skip
_PLAIN = frozenset({
    "email", "timestamp", "event", "sg_event_id", "sg_message_id", "smtp-id", "category", "asm_group_id", "attempt",
    "sg_machine_open", "sg_content_type", "ip", "useragent", "url", "url_offset", "tls", "cert_err", "send_at", "type",
    "pool", "hagukumi_key", "hagukumi_workspace", "hagukumi_scenario", "hagukumi_content", "hagukumi_class",
})  # fmt: skip
"""Fields that the columns tell, or that tell nothing about the letter."""
_ANSWERED = frozenset({"processed", "delivered", "open", "click"})
_OF_A_PERSON = ("ip", "useragent")


class Event(NamedTuple):
    """One event. `key` and `workspace` are our own arguments; `at` is None when it says no time one can believe.

    kind: SendGrid's word, but `blocked` for a bounce of that type. code: 5.1.1, 250, or why it was dropped.
    """

    id: str
    kind: str
    at: datetime | None
    key: str | None
    workspace: str | None
    code: str | None
    told: Mapping[str, Any]

    @property
    def trial(self) -> bool:
        """Whether it is about a test copy."""
        return TEST in self.told

    def text(self, name: str) -> str:
        """A field as text; nothing when it is none."""
        found = self.told.get(name)
        return _storable(found) if isinstance(found, str) else ""

    def numbers(self) -> dict[str, Any]:
        """Codes and numbers worth keeping."""
        found: dict[str, Any] = {}
        for name, kept in (("attempt", "attempt"), ("asm_group_id", "group")):
            if name in self.told and (number := _whole(self.told[name])) is not None:
                found[kept] = number
        if self.told.get("sg_machine_open") is True:
            found["machine_open"] = True
        if "bounce_classification" in self.told:
            found["class"] = re.sub(r"[^a-z0-9]+", "_", self.text("bounce_classification").lower())[:40].strip("_")
        return found

    def whole(self) -> bytes | None:
        """What the columns do not tell, as JSON: all of it but the reader's address and browser; None: nothing."""
        if self.kind in _ANSWERED and self.told.keys() <= _PLAIN | {"response"}:
            return None
        return _dumped({name: value for name, value in self.told.items() if name not in _OF_A_PERSON})

    def all(self) -> bytes:
        """The event as it came, as JSON."""
        return _dumped(self.told)


def split(body: bytes) -> Split:
    """The events of a batch; an element that is no event makes it odd. Raises Unreadable when it is no JSON list."""
    given = _loaded(body)
    if not isinstance(given, list):
        raise Unreadable("sendgrid-form")
    return Split([_event(each) for each in given if isinstance(each, dict)], _odd(given))


def _odd(given: list[Any]) -> str | None:
    return None if all(isinstance(each, dict) for each in given) else "sendgrid-element"


def _loaded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        # Servers' answers are quoted with whatever bytes they had; one of them spoils no batch.
        return json.loads(body.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        raise Unreadable("sendgrid-json") from None


def _event(told: dict[str, Any]) -> Event:
    kind = str(told.get("event", "")).strip().lower()
    kind = kind if _KIND.fullmatch(kind) else OTHER
    if kind == "bounce" and str(told.get("type", "")).lower() == "blocked":
        kind = "blocked"
    named = told.get("sg_event_id")
    id_ = named if isinstance(named, str) and _ID.fullmatch(named) else _hashed(told)
    key, workspace = _argument(told.get(KEY)), _argument(told.get(WORKSPACE))
    return Event(id_, kind, _instant(told.get("timestamp")), key, workspace, _code(kind, told), told)


def _hashed(told: Mapping[str, Any]) -> str:
    return "h." + hashlib.blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=20).hexdigest()


def _argument(given: Any) -> str | None:
    if not isinstance(given, str) or not 0 < len(given) <= _LONGEST_KEY:
        return None
    return given if given == _storable(given) else None


def _storable(text: str) -> str:
    """Without what no database takes: U+0000, and half of a pair of surrogates, which `json` lets pass."""
    plain = text if text.isascii() else text.encode("utf-8", "replace").decode()
    return plain.replace("\x00", "")


def _instant(given: Any) -> datetime | None:
    seconds = _whole(given)
    if seconds is None or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _whole(given: Any) -> int | None:
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= 18:
        return int(given)
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return int(given) if abs(given) < 10**18 else None


def _code(kind: str, told: Mapping[str, Any]) -> str | None:
    match kind:
        case "dropped":
            return _DROPS.get(str(told.get("reason", "")).strip().lower(), OTHER)
        case "bounce" | "blocked":
            said = str(told.get("reason", ""))[:2_000]
            status = _STATUS.search(str(told.get("status", ""))[:100])
            nearer = _STATUS.search(said)
            # The code of the last server says more than the 5.0.0 of the first.
            if nearer is not None and (status is None or status[0].endswith(".0.0")):
                status = nearer
            found = status or _REPLY.search(said)
        case "deferred" | "delivered":
            said = str(told.get("response", ""))[:2_000]
            found = _REPLY.search(said) or _STATUS.search(said)
        case _:
            return None
    return found[0] if found is not None else None


def _dumped(told: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(told)
    except (TypeError, orjson.JSONEncodeError):
        return json.dumps(told).encode()
