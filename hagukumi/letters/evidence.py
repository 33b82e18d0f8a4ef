"""Evidence of grounds: which stood when a letter left, and how long the law wants it kept. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from hagukumi.letters.departure import Ground
from hagukumi.letters.guards import ADVERTISING, proven

MONTHS, MONTHS_TOKUSHOHO = 1, 36
"""After the last mail: 特定電子メール法 (施行規則 4条) a month, 特定商取引法 (施行規則) three years."""
NEEDS_GROUND = tuple(sorted(ADVERTISING))
"""Classes of letter that no law lets go without a ground."""


def ground_of(row: Any) -> Ground:
    """The ground in a row of `consent` or `locked_evidence`."""
    captured = None if row.captured_on is None else row.captured_on.date()
    return Ground(row.ground, row.got_at, row.got_by, row.got_where, row.source, row.page, captured, row.withdrawn_at)


def stood(ground: Ground, at: datetime) -> bool:
    """Whether the ground had been got and not been withdrawn by then, and can be proven."""
    if ground.withdrawn_at is not None and ground.withdrawn_at <= at:
        return False
    got = ground.got_at is None or ground.got_at <= at
    # Only the day of a capture is known, and the zone may be ahead of UTC.
    captured = ground.captured_on is None or ground.captured_on <= (at + timedelta(hours=14)).date()
    return got and captured and proven(ground)


def ground_at(grounds: Iterable[Ground], at: datetime) -> int | None:
    """The place of the first ground on which an advertising letter could leave then, or None."""
    return next((place for place, ground in enumerate(grounds) if stood(ground, at)), None)


def keep_until(last_sent: datetime, zone: tzinfo, *, tokushoho: bool) -> datetime:
    """The instant (UTC) from which evidence may go: the whole last day of its time is over in `zone`."""
    day = last_sent.astimezone(zone).date()
    last = _months_later(day, MONTHS_TOKUSHOHO if tokushoho else MONTHS)
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
