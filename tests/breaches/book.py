"""What the checker reads: the letters that left, the people, and the rule files as plain YAML. Start with `Book`."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jpholiday
import yaml

JAPAN = ZoneInfo("Asia/Tokyo")
LEFT = ("accepted", "delivered", "bounced", "unknown")
"""States of letters that have left the house, or may have."""
AUTOMATIC = frozenset({"nurture", "play"})
ADVERTISING = AUTOMATIC | {"personal"}


@dataclass(frozen=True)
class Sent:
    """A letter that left. Instants are aware and UTC."""

    key: str
    person: int
    account: int | None
    mailbox: str | None
    scenario: str
    step: str
    visit: int
    klass: str
    content: str
    at: datetime
    written: datetime
    stood_still: timedelta
    version: int | None
    journey: int | None
    domain: str | None = None
    granted: datetime | None = None

    @property
    def house(self) -> tuple[str, int]:
        """Who hears it: the account, or the person alone."""
        return ("person", self.person) if self.account is None else ("account", self.account)

    @property
    def day(self) -> date:
        return self.at.astimezone(JAPAN).date()


class Book:
    """The workspace as this checker reads it: a folder with scenarios/rules/defaults.yaml, and a database."""

    def __init__(self, folder: Path, database: Path | None = None) -> None:
        self.folder = folder
        self.rules = yaml.safe_load((folder / "scenarios/rules/defaults.yaml").read_text("utf-8"))
        self.database = sqlite3.connect(f"file:{database or folder / 'var/hagukumi.db'}?mode=ro", uri=True)
        self.database.row_factory = sqlite3.Row
        self.days = Days(self.rules)

    def rows(self, query: str) -> list[sqlite3.Row]:
        return self.database.execute(query).fetchall()

    @cached_property
    def sent(self) -> list[Sent]:
        """All letters that left, in the order of time."""
        states = ", ".join(f"'{state}'" for state in LEFT)
        rows = self.rows(f"SELECT * FROM letter WHERE state IN ({states}) ORDER BY sent_at, key")
        return [
            Sent(
                row["key"], row["person_id"], row["account_id"], row["address_hash"], row["scenario"] or "",
                row["step"] or "", row["visit"] or 1, row["klass"], row["content"], instant(row["sent_at"]),
                instant(row["written_at"]), timedelta(microseconds=row["stood_still"]), row["version_id"],
                row["journey_id"], row["domain"], instant(row["granted_at"] or row["sent_at"]),
            )
            for row in rows
        ]  # fmt: skip

    @cached_property
    def people(self) -> dict[int, sqlite3.Row]:
        return {row["id"]: row for row in self.rows("SELECT * FROM person")}

    def by(self, key: Callable[[Sent], Any], klasses: frozenset[str]) -> list[list[Sent]]:
        """The letters of these classes in groups, each in the order of time; those whose key is None are left out."""
        groups = defaultdict(list)
        for one in self.sent:
            if one.klass in klasses and key(one) is not None:
                groups[key(one)].append(one)
        return list(groups.values())


class Days:
    """Business days and days for letters, as defaults.yaml has them."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self.silent = [_range(text) for text in rules.get("no_send_days") or []]
        self.closed = [_range(text) for text in rules.get("closed_days") or []]
        self.works = cache(self._works)

    def _works(self, day: date) -> bool:
        return (
            day.weekday() < 5 and not jpholiday.is_holiday(day) and not any(_lies_in(day, one) for one in self.closed)
        )

    def letters_may_leave(self, day: date) -> bool:
        return self.works(day) and not any(_lies_in(day, one) for one in self.silent)

    def business_time(self, start: datetime, end: datetime) -> timedelta:
        """The part of the time from start to end that lies on business days, 24 hours each."""
        total, at = timedelta(), start.astimezone(JAPAN)
        end = end.astimezone(JAPAN)
        while at < end:
            midnight = datetime.combine(at.date() + timedelta(days=1), time(), JAPAN)
            if self.works(at.date()):
                total += min(midnight, end) - at
            at = midnight
        return total


def _range(text: object) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """12-29..01-04 as ((12, 29), (1, 4)); with years three numbers each."""
    first, _, last = str(text).partition("..")
    one, other = (tuple(int(part) for part in day.split("-")) for day in (first, last or first))
    return one, other


def _lies_in(day: date, given: tuple[tuple[int, ...], tuple[int, ...]]) -> bool:
    first, last = given
    here = (day.year, day.month, day.day)[-len(first) :]
    return first <= here <= last if first <= last else here >= first or here <= last


def instant(micros: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros)


def span(text: str) -> tuple[int, str]:
    """168時間 as (168, "h"); h, d and b (business days)."""
    number, unit = re.findall(r"^\s*(\d+)\s*(\S.*)$", str(text))[0]
    units = {"時間": "h", "hours": "h", "hour": "h", "日": "d", "days": "d", "day": "d", "営業日": "b"}
    return int(number), units.get(unit, "b" if unit.startswith("business") else unit)


def sliding(text: str) -> timedelta:
    number, unit = span(text)
    return timedelta(hours=number) if unit == "h" else timedelta(days=number)
