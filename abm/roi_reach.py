"""Whether roi.yaml calculates for whom icp.yaml calls ideal: kinds, themes and sizes that it leaves out. Pure.

Start with `gaps`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from abm.icp import Criterion, IcpRules
from abm.roi import RoiRules, Size
from hagukumi.journeys.core.facts import Facts
from hagukumi.journeys.core.moment import Moment
from models.scoring.points import NO_CALENDAR, NOBODY

_LARGEST = 999
"""Sizes that are tried; whoever is larger is looked at singly anyway."""
_HALF, _FULL = 5_000, 10_000
"""Shares of a criterion's weight."""
_ONCE = Moment(datetime(2000, 1, 1, tzinfo=UTC), NO_CALENDAR, "")


class Gap(NamedTuple):
    """A kind and theme without a calculation (returned: None), or sizes that the returned one does not reach."""

    kind: str
    theme: str
    returned: int | None = None
    sizes: tuple[int, int] = (0, 0)


def gaps(rules: RoiRules, icp: IcpRules, kinds: Collection[str], themes: Collection[str]) -> Iterator[Gap]:
    """Kinds that earn at least half their points have a calculation for each theme; ideal ones at each ideal size."""
    about_kind = [each for each in icp.criteria if "kind" in _asked(each)]
    told: set[int] = set()
    for kind in kinds:
        share = min((_share(each, {"kind": kind}) for each in about_kind), default=0)
        for theme in themes if share >= _HALF else ():
            rule = rules.of(kind, theme)
            if rule is None:
                yield Gap(kind, theme)
                continue
            number = rules.returns.index(rule)
            missing = [n for n in _ideal(icp, kind, rule.size) if not rule.at_least <= n <= rule.at_most]
            if share == _FULL and missing and number not in told:
                told.add(number)
                yield Gap(kind, theme, number, (missing[0], missing[-1]))


def _ideal(icp: IcpRules, kind: str, size: Size) -> list[int]:
    """The sizes that earn all points a size can earn."""
    about = [each for each in icp.criteria if size in _asked(each) and "kind" not in _asked(each)]
    if not about:
        return []
    return [n for n in range(1, _LARGEST + 1) if all(_share(each, {"kind": kind, size: n}) == _FULL for each in about)]


def _asked(criterion: Criterion) -> set[str]:
    return {name for each in criterion.levels for name in each.when.needs().attributes}


def _share(criterion: Criterion, attributes: dict[str, Any]) -> int:
    facts = Facts(attributes=attributes)
    level = next((each for each in criterion.levels if each.when.holds(NOBODY, facts, _ONCE)), None)
    return 0 if level is None else level.share.points
