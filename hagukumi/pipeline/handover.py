"""What makes an SQL of a hand-over: BANT and who attends, by desk.yaml. Pure. Start with `lacks`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.desk import ATTENDANCES, Attendance, Budget, SqlRule

Lack = Literal["budget", "budget_provisional", "authority", "need", "attendance", "timing", "timing_late"]

LACKS: Mapping[Lack, Words] = {
    "budget": Words("予算(仮でも)", "budget (at least provisional)"),
    "budget_provisional": Words("予算の確保", "a secured budget"),
    "authority": Words("決裁の権限・経路", "authority"),
    "need": Words("はっきりした課題", "a clear need"),
    "attendance": Words("決裁者の同席の意向", "a decision-maker willing to attend"),
    "timing": Words("導入の時期", "timing"),
    "timing_late": Words("導入の時期が先すぎます", "timing too far away"),
}
"""What an SQL may lack, as people read it."""


class Bant(NamedTuple):
    """What is known so far. months: until they want to have it; None: not known."""

    budget: Budget
    authority: bool
    need: bool
    attendance: Attendance
    months: int | None = None


def lacks(rule: SqlRule, known: Bant) -> tuple[Lack, ...]:
    """What is missing to an SQL, in the order of BANT; nothing: it is one."""
    found: list[Lack] = []
    if rule.budget != "none" and known.budget == "none":
        found.append("budget")
    elif rule.budget == "secured" and known.budget != "secured":
        found.append("budget_provisional")
    if rule.authority and not known.authority:
        found.append("authority")
    if rule.need and not known.need:
        found.append("need")
    if rule.within_months is not None:
        if known.months is None:
            found.append("timing")
        elif known.months > rule.within_months:
            found.append("timing_late")
    if ATTENDANCES.index(known.attendance) < ATTENDANCES.index(rule.attendance):
        found.append("attendance")
    return tuple(found)
