"""What the page says of the account programme. Start with `intent`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

DAY, RANKING = 10, 10
"""Seconds for a day's 100,000 signals, and for ranking 100,000 accounts with ten million."""
DIFFERENCE = 10
"""Seconds for the difference of an audience of a million."""
Table = Callable[[str, list[str], list[list[str]]], Iterable[str]]


def intent(bench: dict[str, Any], say: Callable[[str], str], table: Table) -> Iterable[str]:
    """Seconds beside bare SQL for the same rows."""
    rows = []
    for name, most in (("day", DAY), ("again", DAY), ("ranking", RANKING), ("ranking again", RANKING)):
        one = bench.get(f"intent/{name}")
        if one is None:
            continue
        title = say(f"intent {name}").format(**{key: f"{one[key]:,}" for key in ("signals", "accounts")})
        met = say("met") if one["seconds"] <= most else say("missed")
        shown = [f"{one['seconds']:.1f} s", f"{one['floor']:.1f} s", f"{one['memory']:.0f} MB"]
        rows.append([title, f"≤ {most} s", *shown, met])
    if rows:
        head = ("what", "target", "learning wall", "points floor", "peak memory")
        yield from table(say("intent"), [*map(say, head), ""], rows)


def audiences(bench: dict[str, Any], say: Callable[[str], str], table: Table) -> Iterable[str]:
    """Seconds beside bare SQL, and the difference in memory."""
    rows = []
    for name in ("day", "again", "memory"):
        one = bench.get(f"audiences/{name}")
        if one is None:
            continue
        title = say(f"audiences {name}").format(**{key: f"{one[key]:,}" for key in ("people", "changed")})
        met = say("met") if one["seconds"] <= DIFFERENCE else say("missed")
        floor = f"{one['floor']:.1f} s" if one["floor"] is not None else "–"
        rows.append([title, f"≤ {DIFFERENCE} s", f"{one['seconds']:.1f} s", floor, f"{one['memory']:.0f} MB", met])
    if rows:
        head = ("what", "target", "learning wall", "points floor", "peak memory")
        yield from table(say("audiences"), [*map(say, head), ""], rows)
