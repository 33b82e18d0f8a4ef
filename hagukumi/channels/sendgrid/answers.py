"""What SendGrid's answer means for a letter. Pure. Start with `meaning`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from hagukumi.channels.sendgrid.line import Answer
from hagukumi.letters.transport import Accepted, Lost, Refused, Said

SOONEST, LATEST = timedelta(seconds=1), timedelta(hours=1)
"""Between these lies what we let ourselves be asked to wait."""
LONGEST_WORDS = 500
OURS = ("from", "reply_to", "asm", "mail_settings", "tracking_settings", "ip_pool_name")
"""Fields that say the same in every letter: where one is wrong, the settings are to blame."""


def meaning(answer: Answer, sandbox: bool, now: datetime) -> Said:
    """What became of the letters of a call; now: the wall clock, for a limit given as a time of day."""
    match answer.status:
        case 202:
            return Accepted(answer.headers.get("x-message-id") or "accepted")
        case 200 if sandbox:
            return Accepted("sandbox")
        case 429:
            return Refused("429", retry_after=_wait(answer.headers, now), words=_words(answer))
        case 408 | 425:
            # Some of the call may have been read by then: nothing shows that it was not taken.
            return Lost(str(answer.status))
        case status if 300 <= status < 400 or status in (401, 403, 404, 405, 407):
            # The key, the address or the way there: nothing would be taken.
            return Refused(str(status), words=_words(answer), channel=True)
        case 400 if _about_settings(answer):
            return Refused("400", words=_words(answer), channel=True)
        case status if 400 <= status < 500:
            return Refused(str(status), permanent=True, words=_words(answer))
        case status:
            return Lost(str(status))


def _wait(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    asked = _after(headers.get("retry-after", ""), now) or _at(headers.get("x-ratelimit-reset", ""), now)
    return None if asked is None else min(max(asked, SOONEST), LATEST)


def _after(text: str, now: datetime) -> timedelta | None:
    """Retry-After: seconds, or a date."""
    try:
        return timedelta(seconds=float(text))
    except (ValueError, OverflowError):
        pass
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) - now


def _at(text: str, now: datetime) -> timedelta | None:
    """X-RateLimit-Reset: seconds since 1970."""
    try:
        return datetime.fromtimestamp(float(text), UTC) - now
    except (ValueError, OverflowError, OSError):
        return None


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    try:
        said = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return []
    errors = said.get("errors") if isinstance(said, dict) else None
    return [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []


def _words(answer: Answer) -> str:
    """Its own sentences; they may quote addresses."""
    said = (one.get("message") for one in _errors(answer))
    return " / ".join(one for one in said if isinstance(one, str))[:LONGEST_WORDS]


def _about_settings(answer: Answer) -> bool:
    fields = [one.get("field") for one in _errors(answer)]
    return any(isinstance(field, str) and field.split(".")[0] in OURS for field in fields)
