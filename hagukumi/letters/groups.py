"""The letters of one step of a play leave on the same day: who cannot is waited for, at most one business day.

Pure; imports guards.py. Start with `decided`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.departure import PASS, Decision, Hold, Situation, Stop, Verdict, Waiting
from hagukumi.letters.guards import Desk

Case = tuple[Waiting, Situation]
Judge = Callable[[Waiting, Situation], Verdict]
Decide = Callable[[Waiting, Situation, Verdict | None], Decision]
"""The decision upon a letter: by this verdict, else by what the guards say now, which counts it if it leaves."""

WAITED_FOR = 1
"""Business days from the writing of the letters for which the group waits."""
LEFT = Stop(Why("stop_group_left"))


def decided(cases: Sequence[Case], desk: Desk, judge: Judge, decide: Decide) -> list[Decision]:
    """The decisions upon the letters of one group that are asked in this slot, in the order given.

    Others of the group are known by `Situation.siblings`. Who misses the day on which the group leaves never leaves.
    """
    calendar = desk.terms.calendar
    today = calendar.day_of(desk.slot)

    def later(at: datetime) -> bool:
        return calendar.day_of(at) > today

    keys = {letter.key for letter, _ in cases}
    others = [one for _, situation in cases for key, one in situation.siblings.items() if key not in keys]
    if any(one.left is not None and calendar.day_of(one.left) < today for one in others):
        return [decide(*case, LEFT) for case in cases]
    gone = any(one.left is not None for one in others)
    verdicts = [judge(*case) for case in cases]
    waits = any(isinstance(one, Hold) and later(one.until) for one in verdicts)
    waits = waits or any(one.again is not None and later(one.again) for one in others)
    limit = calendar.add_business_days(cases[0][0].due, WAITED_FOR)
    ready = any(one is PASS for one in verdicts)
    if waits and ready and not gone and desk.slot < limit:
        return _waiting(cases, verdicts, limit, decide)
    made = []
    for (letter, situation), verdict in zip(cases, verdicts, strict=True):
        missed = isinstance(verdict, Hold) and later(verdict.until) and (ready or gone)
        made.append(decide(letter, situation, LEFT if missed else _daily(verdict, desk)))
    return made


def _waiting(cases: Sequence[Case], verdicts: Sequence[Verdict], limit: datetime, decide: Decide) -> list[Decision]:
    """The group waits for those that are held, and all of it is asked again together."""
    until = min([limit, *(one.until for one in verdicts if isinstance(one, Hold))])
    made = []
    for (letter, situation), verdict in zip(cases, verdicts, strict=True):
        if verdict is PASS:
            verdict = Hold(until, Why("hold_group"))
        elif isinstance(verdict, Hold):
            verdict = verdict._replace(until=min(verdict.until, limit))
        made.append(decide(letter, situation, verdict))
    return made


def _daily(verdict: Verdict, desk: Desk) -> Verdict | None:
    """Whose group is held altogether is asked again the next sending day at the latest; None: as the guards say."""
    if isinstance(verdict, Hold):
        return verdict._replace(until=min(verdict.until, desk.opening))
    return verdict if isinstance(verdict, Stop) else None
