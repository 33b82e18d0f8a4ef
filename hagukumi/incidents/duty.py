"""The duty to report when somebody else's data were seen (個人情報保護法26条): its dates and when it exists. Pure.

Start with `reports_due`. All days are calendar days: weekends and holidays count.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from hagukumi.journeys.core.values import Words

Report = Literal["quick", "full"]
REPORTS: tuple[Report, ...] = ("quick", "full")
TITLES: dict[Report, Words] = {"quick": Words("速報", "the quick report"), "full": Words("確報", "the full report")}
QUICK_FROM, QUICK_UNTIL = 3, 5
FULL, FULL_WRONGFUL = 30, 60
_OFFICE_CLOSED = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))

WHEN_IT_EXISTS = (
    Words(
        "要配慮個人情報(病歴・健診結果など)が含まれる",
        "it includes data that need special care (medical history, results of check-ups)",
    ),
    Words(
        "財産的被害のおそれがある(カード番号、パスワードなど)",
        "money may be lost through it (card numbers, passwords)",
    ),
    Words("不正の目的によるおそれがある(不正アクセス、持ち出しなど)", "somebody may have meant harm (break-in, theft)"),
    Words("1,000人を超える方の情報が含まれる", "it is about more than 1,000 people"),
)
"""One of these is enough (施行規則7条)."""


class Dates(NamedTuple):
    """Until when reports are due. aim: the first day of the usual 3 to 5 for the quick one."""

    aim: date
    quick: date
    full: date


def reports_due(known: date, *, wrongful: bool, holiday: Callable[[date], str | None]) -> Dates:
    """The dates, the day it was known being the first. wrongful: 60 days for the full report.

    A full report that falls due on a day when the office is closed is due on the next day that it is open; the quick
    one is not put off.
    """
    full = known + timedelta(days=(FULL_WRONGFUL if wrongful else FULL) - 1)
    while full.weekday() >= 5 or holiday(full) or (full.month, full.day) in _OFFICE_CLOSED:
        full += timedelta(days=1)
    return Dates(known + timedelta(days=QUICK_FROM - 1), known + timedelta(days=QUICK_UNTIL - 1), full)
