"""The points of models.scoring as the core's turn asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from hagukumi.journeys.core.effects import MakeTask
from hagukumi.journeys.core.facts import Activity, Standing
from hagukumi.journeys.core.subject import Jumped
from hagukumi.journeys.core.values import Calendar
from hagukumi.journeys.core.verdict import Why
from models.scoring.hand import HandRule
from models.scoring.jumps import jumps
from models.scoring.points import Scorer
from models.scoring.points import Standing as PointsStanding
from models.scoring.receipts import Names
from models.scoring.views import Views


class PointScoring:
    """Points, jumps and their tasks by the rules of scenarios/rules/points.yaml. `names`: content -> its titles."""

    def __init__(self, scorer: Scorer, names: Names) -> None:
        self.scorer = scorer
        self.names = names
        self.kinds = frozenset(scorer.by_kind)

    def of(self, attributes: Mapping[str, Any], activities: Sequence[Activity]) -> Standing:
        """The standing of one person."""
        return self.scorer.of(attributes, activities)

    def views(self, standing: Standing) -> Views:
        """The points of its themes, and its grade."""
        return Views(cast(PointsStanding, standing))

    def jump(self, standing: Standing, event: Activity, last: datetime | None, calendar: Calendar) -> Jumped | None:
        """The jump that `event` makes, or None."""
        found = jumps(cast(PointsStanding, standing), {event.id}, calendar, last, self.names)
        if not found:
            return None
        one = found[0]
        return Jumped(one.at, one.before / 10, one.after / 10, one.because, one.event)

    def by_hand(self, event: Activity, person: int) -> MakeTask | None:
        """Nothing: scores are trusted."""
        return None

    def task(self, jumped: Jumped, person: int) -> MakeTask | None:
        """A call, due as the rules say. One event makes one task however often it is looked at."""
        rule = self.scorer.rules.jump
        due = None if rule is None else rule.due
        return MakeTask(f"jump/{person}/{jumped.event}", "", "inside_sales", "call", jumped.why.code, due, None)


class Suspended(PointScoring):
    """The same while scores are not trusted: jumps are noted and make no task, hand rules ask for calls instead."""

    def __init__(self, scorer: Scorer, names: Names, rules: Sequence[HandRule]) -> None:
        super().__init__(scorer, names)
        self.rules = tuple(rules)

    def task(self, jumped: Jumped, person: int) -> MakeTask | None:
        """Nobody is called because of a score."""
        return None

    def by_hand(self, event: Activity, person: int) -> MakeTask | None:
        """What the first rule that fits asks for."""
        rule = next((rule for rule in self.rules if rule.fits(event)), None)
        if rule is None:
            return None
        why = Why("by_hand", (rule.because.ja, rule.because.en))
        return MakeTask(f"hand/{person}/{event.id}", "", "inside_sales", "call", why.code, rule.due, None, why)
