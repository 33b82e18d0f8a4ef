"""What is told of a list of signals that came in. Start with `SignalReport`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple


class Replaced(NamedTuple):
    """An earlier list whose place this one takes, and the days or weeks' Mondays for which it does.

    rows_before, rows: how many rows the earlier list had for them, and this one has.
    """

    file_name: str
    first: date
    last: date
    periods: int
    rows_before: int
    rows: int


class Looked(NamedTuple):
    """A company that a person has to look at. maybe: key and name of the facility it might be."""

    id: int
    name: str
    state: str
    rows: int
    maybe: tuple[str, str] | None
    why: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class SignalReport:
    """read = signals + unchanged + rejected. first, last: days of the signals. counted_before: when this list was.

    given_way: of how many of its days or weeks a later list speaks since.

    unmapped: topics that no theme holds, with their rows. running_week: the Monday of the week that rows without a
    date count for.
    """

    source: str
    read: int = 0
    signals: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects_file: Path | None = None
    accounts: int = 0
    first: date | None = None
    last: date | None = None
    companies: list[Looked] = field(default_factory=list)
    unmapped: Counter[str] = field(default_factory=Counter)
    replaced: list[Replaced] = field(default_factory=list)
    skipped: tuple[str, ...] = ()
    counted_before: datetime | None = None
    given_way: int = 0
    running_week: date | None = None

    def as_json(self) -> dict[str, Any]:
        """The stable keys that others read."""
        return {
            "source": self.source,
            "read": self.read,
            "signals": self.signals,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
            "accounts": self.accounts,
            "first": _iso(self.first),
            "last": _iso(self.last),
            "unknown": [_looked(each) for each in self.companies if each.state == "unknown"],
            "doubtful": [_looked(each) for each in self.companies if each.state == "doubtful"],
            "unmapped": dict(self.unmapped.most_common()),
            "replaced": [
                {
                    "file": x.file_name,
                    "first": _iso(x.first),
                    "last": _iso(x.last),
                    "periods": x.periods,
                    "rows_before": x.rows_before,
                    "rows": x.rows,
                }
                for x in self.replaced
            ],
            "skipped": list(self.skipped),
            "counted_before": self.counted_before.isoformat() if self.counted_before else None,
            "given_way": self.given_way,
            "running_week": _iso(self.running_week),
        }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _looked(each: Looked) -> dict[str, Any]:
    return {
        "company": each.id,
        "name": each.name,
        "rows": each.rows,
        "maybe": each.maybe[0] if each.maybe else None,
        "why": [why[0] for why in each.why],
    }
