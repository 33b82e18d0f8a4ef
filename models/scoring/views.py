"""Other views of one person's points: by theme, which theme warms, fit A-D x behaviour 1-4. Start with `Views`.

A theme's points are what the person would have had nothing but content of this theme been touched: the same rules,
half-lives and caps; no attributes, and never below 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from models.scoring.points import Standing

LETTERS = "ABCD"


class ThemePoints(NamedTuple):
    """Tenths of a theme at an instant, and at one before it."""

    theme: str
    tenths: int
    before: int

    @property
    def rise(self) -> int:
        """Tenths it has gained since."""
        return self.tenths - self.before


class Grade(NamedTuple):
    """Fit "A" (best) to "D", behaviour 1 (warmest) to 4, and the tenths both come from."""

    fit: str
    behaviour: int
    fit_tenths: int
    behaviour_tenths: int

    def __str__(self) -> str:
        return f"{self.fit}{self.behaviour}"


class Views(NamedTuple):
    """A standing as conditions on themes and the grade ask for it."""

    standing: Standing

    def theme_points(self, theme: str, now: datetime) -> float:
        """Points of a theme at `now`, in steps of 0.1."""
        return _of_theme(self.standing.about(theme), now) / 10

    def next_theme_line(self, theme: str, now: datetime, line: float) -> datetime | None:
        """When time alone carries the theme's points over `line`; below 0 they stay 0, so maybe too early."""
        return self.standing.about(theme).next_behaviour_line(now, line)

    def grade(self, now: datetime) -> str | None:
        """The grade at `now`, such as "A1"."""
        found = grade_of(self.standing, now)
        return None if found is None else str(found)

    def next_grade(self, now: datetime) -> datetime | None:
        """When time alone may next change the grade."""
        return next_grade(self.standing, now)


def themes_of(standing: Standing, now: datetime, before: datetime) -> list[ThemePoints]:
    """Themes with points now or then, the strongest first."""
    names = standing.scorer.themes
    known = {names.get(did.content or "") for did, _ in standing.counted}
    found = []
    for theme in sorted(name for name in known if name):
        own = standing.about(theme)
        each = ThemePoints(theme, _of_theme(own, now), _of_theme(own, before))
        if each.tenths or each.before:
            found.append(each)
    return sorted(found, key=lambda each: (-each.tenths, each.theme))


def _of_theme(own: Standing, now: datetime) -> int:
    return max(own.behaviour(now), 0)


def warming(themes: Sequence[ThemePoints]) -> ThemePoints | None:
    """The theme that has gained most; None when none has gained anything."""
    best = max(themes, key=lambda each: (each.rise, each.tenths), default=None)
    return best if best is not None and best.rise > 0 else None


def grade_of(standing: Standing, now: datetime) -> Grade | None:
    """The grade at `now`; None when the rules have no lines for it."""
    rules = standing.scorer.rules.grades
    if rules is None:
        return None
    fit, behaviour = standing.fit(now), standing.behaviour(now)
    return Grade(LETTERS[place(fit, rules.fit)], place(behaviour, rules.behaviour) + 1, fit, behaviour)


def place(tenths: int, lines: Sequence[Decimal]) -> int:
    """The first of the descending `lines` that is reached, from 0; their number when none is."""
    return next((number for number, line in enumerate(lines) if tenths >= line * 10), len(lines))


def next_grade(standing: Standing, now: datetime) -> datetime | None:
    """When time alone may next change the grade: the earliest instant at which behaviour leaves one of its lines."""
    rules = standing.scorer.rules.grades
    lines = () if rules is None else rules.behaviour
    changes = (standing.next_behaviour_line(now, float(line)) for line in lines)
    return min((at for at in changes if at is not None), default=None)
