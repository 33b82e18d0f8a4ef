"""Our own people as staff.yaml declares them. Pure types; journeys/shell/staff.py brings them into the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from hagukumi.journeys.core.fields import entry

StaffRole = Literal["is", "fs", "cs", "marketer", "abm", "leader", "manager"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days away, both included."""

    first: date = entry("休みの最初の日", "first day away")
    last: date = entry("休みの最後の日", "last day away")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One colleague. Tasks of a desk go to those who have its role."""

    key: str = entry("変わらない名前(半角の英数字)", "a name that never changes (ASCII)")
    name: str = entry("氏名", "full name")
    email: str | None = entry("メールアドレス", "mail address", None)
    role: StaffRole = entry(
        "役割(is: インサイドセールス、fs: フィールドセールス、cs、marketer、abm、leader、manager)",
        "role: is (inside sales), fs (field sales), cs, marketer, abm, leader, manager",
    )
    team: str | None = entry("チーム", "team", None)
    working_days: tuple[Weekday, ...] = entry("勤務する曜日", "working days", WEEKDAYS[:5])
    capacity: int | None = entry(
        "1日に新しく受け持つタスクの数(省略すると上限なし)", "new tasks a day; no limit if left out", None
    )
    absent: Absence | None = entry("休暇", "days away", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffList:
    """staff.yaml."""

    staff: tuple[Member, ...] = entry("担当者の一覧", "everybody who works with the program", ())


USUAL = 10
"""New tasks a day that somebody is taken to work who has set no limit."""


class Room(NamedTuple):
    """New tasks that a desk can work a business day: `people` together, `assumed` of them without a limit of their own.

    Days off in the week count, absences do not.
    """

    a_day: int
    people: int
    assumed: int


def room_of(staff: Sequence[Member], role: StaffRole = "is") -> Room:
    """The room of those who have this role; a desk without anybody is taken for one person."""
    mine = [member for member in staff if member.role == role]
    days = len(WEEKDAYS[:5])
    whole = sum(
        (USUAL if member.capacity is None else member.capacity) * len({*member.working_days} & {*WEEKDAYS[:5]})
        for member in mine
    )
    return Room(max(whole // days, 1) if mine else USUAL, len(mine), sum(one.capacity is None for one in mine))
