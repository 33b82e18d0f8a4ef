"""How much of each week lies within the last five working days, and within the fifteen before. Pure.

Windows move with our working hours only: over a weekend, a holiday or a night nothing warms or cools. Start with
`shares`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

DAY = 1_000
"""Parts of a working day."""
LAST, ALL = 5 * DAY, 20 * DAY
"""How far back the window of now reaches, and with it that of before, which is three times as long."""
SHARES = 60
"""Parts of a week."""


class Worked(NamedTuple):
    """gone: thousandths of working days gone of the running week. days: working days of weeks before, newest first."""

    gone: int
    days: tuple[int, ...]


class Share(NamedTuple):
    """How many sixtieths of a week lie within the last five working days, and within the fifteen before."""

    now: int
    before: int


def shares(worked: Worked) -> Iterator[Share]:
    """Of the running week and of each before it. A week's signs are taken as spread evenly over its working days."""
    age = 0
    for length in (worked.gone, *(days * DAY for days in worked.days)):
        now = _younger(age, length, LAST)
        yield Share(now, _younger(age, length, ALL) - now)
        age += length


def _younger(age: int, length: int, mark: int) -> int:
    if not length:
        return SHARES if age < mark else 0
    return (min(max(mark - age, 0), length) * SHARES + length // 2) // length
