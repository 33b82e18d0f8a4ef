"""Jumps: a score that rises fast, or crosses the line, by what a person did. Start at `jumps`.

Each event is judged at its own `counts_at`, so batches change nothing. Time and attributes alone never make a jump.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from hagukumi.journeys.core.facts import Activity
from hagukumi.journeys.core.values import Calendar
from hagukumi.journeys.core.verdict import Why
from models.scoring.points import Counted, Standing
from models.scoring.receipts import NO_NAMES, Names, figure, phrase
from models.scoring.rules import JumpRule
from models.scoring.words import REASONS, say

JumpKind = Literal["rise", "line"]
TALKS = frozenset({"called", "met"})
"""What came of talking to somebody earns points and asks for no further call: we were there."""
STRONGEST = 3
"""How many causes a reason names."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Jump(NamedTuple):
    """One jump, worth one task. Figures are whole tenths.

    then: at the start of the window. before, after: without and with the event. at: when the event counted (UTC).
    due: when the call is due. because: a code of words.REASONS; its arguments hold the sentence in both languages.
    """

    kind: JumpKind
    then: int
    before: int
    after: int
    at: datetime
    event: int
    due: datetime
    because: Why


def judge(rule: JumpRule, then: int, before: int, after: int) -> JumpKind | None:
    """Whether an event that carried a score from `before` to `after` tenths made a jump; a crossed line comes first.

    A rise is counted from `then`: the score at the start of the window, or at the last jump if that is later.
    """
    if after <= before:
        return None
    if rule.line is not None and before < _tenths(rule.line) <= after:
        return "line"
    return "rise" if after - then >= _tenths(rule.rise) else None


def jumps(
    standing: Standing,
    new: Collection[int],
    calendar: Calendar,
    last: datetime | None = None,
    names: Names = NO_NAMES,
) -> list[Jump]:
    """The jumps that the activities `new` (ids) made, in their order.

    last: when this person's last jump was (UTC); until its cool-down is over there is no other.
    """
    rule = standing.scorer.rules.jump
    if rule is None:
        return []
    fresh = [
        did for did, behaviour in standing.counted if did.id in new and behaviour.value > 0 and did.kind not in TALKS
    ]
    fresh.sort(key=lambda did: (did.counts_at, did.id))
    found = []
    for cause in fresh:
        if last is not None and cause.counts_at < rule.cool_down.after(last, calendar):
            continue
        jump = _jump(standing, rule, cause, calendar, last, names)
        if jump is not None:
            found.append(jump)
            last = jump.at
    return found


def tell(why: Why, lang: str) -> str:
    """A jump's reason as a sentence."""
    return say(REASONS[why.code], lang, why.args)


def _jump(
    standing: Standing, rule: JumpRule, cause: Activity, calendar: Calendar, last: datetime | None, names: Names
) -> Jump | None:
    at = cause.counts_at
    start = rule.window.before(at, calendar)
    if last is not None and last > start:
        start = last
    known = standing.known_before(cause, with_it=True)
    # Attributes stand at their present value on both sides: a corrected bed count is not interest.
    fit = standing.fit(at)
    before = standing.known_before(cause, with_it=False).tenths(at, fit)
    then, after = known.tenths(start, fit), known.tenths(at, fit)
    kind = judge(rule, then, before, after)
    if kind is None:
        return None
    days = max(1, (calendar.local(at).date() - calendar.local(start).date()).days)
    line = _tenths(rule.line) if kind == "line" and rule.line is not None else None
    # Whoever stood above the line a week ago, fell below it and came back is told from where they came back.
    since = before if line is not None and then >= line else then
    shown = round(since / 10)
    if line is not None and shown * 10 >= line:
        # A hair below the line is below it in whole points, too.
        shown = since // 10
    args = [str(shown), str(round(after / 10)), str(days)]
    args += [_causes(known, start, at, lang, calendar, names) for lang in ("ja", "en")]
    if line is not None:
        args.append(figure(line))
    because = Why(f"jump_{kind}", tuple(args))
    return Jump(kind, then, before, after, at, cause.id, rule.due.after(at, calendar), because)


def _causes(known: Standing, start: datetime, at: datetime, lang: str, calendar: Calendar, names: Names) -> str:
    groups: dict[tuple[int, str | None], list[Counted]] = {}
    for counted in sorted(known.counted, key=lambda counted: (counted[0].occurred_at, counted[0].id)):
        did, rule = counted
        if start < did.counts_at <= at and known.worth_of(counted, at) > 0:
            groups.setdefault((rule.number, did.content), []).append(counted)
    strongest = sorted(groups, key=lambda key: -sum(known.worth_of(c, at) for c in groups[key]))[:STRONGEST]
    told = []
    for key in sorted(strongest, key=lambda key: groups[key][0][0].occurred_at):
        rule = known.scorer.behaviour[key[0]]
        days = dict.fromkeys(_day(calendar.local(did.occurred_at), lang) for did, _ in groups[key])
        dates = (", " if lang == "en" else "、").join(days)
        said = phrase(rule.because, key[1], lang, names)
        told.append(f"{said} ({dates})" if lang == "en" else f"{said}({dates})")
    return ("; " if lang == "en" else "、").join(told)


def _day(local: datetime, lang: str) -> str:
    return f"{local.day} {MONTHS[local.month - 1]}" if lang == "en" else f"{local.month}/{local.day}"


def _tenths(points: Decimal) -> int:
    return int(points * 10)
