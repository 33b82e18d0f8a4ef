"""How a review comes to its proposals: rules asked from the top, the first that holds proposes. Pure.

Start with `propose`; what proposals are made of stands in review.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from abm.programme import ReviewRules
from abm.review import (
    CHANNELS,
    DECIDES,
    INFLUENCES,
    NOBODY,
    Channel,
    Course,
    Days,
    Facts,
    Ground,
    Proposal,
    Spare,
    next_act,
    points,
)
from hagukumi.journeys.core.verdict import Why


class _Case(NamedTuple):
    """What a rule sees of one account: what is left of candidates and swaps as well."""

    rules: ReviewRules
    facts: Facts
    spare: Sequence[Spare]
    swaps: int
    days: Days


class _Ruling(NamedTuple):
    """What a rule says: the figures it looked at, and what follows; course None: it does not hold."""

    args: tuple[str, ...]
    course: Course | None = None
    why: tuple[Why, ...] = ()


def propose(
    rules: ReviewRules, facts: Sequence[Facts], spare: Sequence[Spare], swaps: int, days: Days
) -> list[Proposal]:
    """A proposal for each account, in their order. swaps: how many are left in this period.

    Who has to leave gets a candidate first, then who is worth least; no candidate and no swap is given out twice.
    """
    made: dict[int, Proposal] = {}
    free, left = list(spare), swaps
    for one in sorted(facts, key=_urgency):
        kept = {each.suggested for each in facts if each.gap and each.account != one.account} - {one.suggested}
        pool = [each for each in free if each.account not in kept]
        proposal = _proposal(_Case(rules, one, pool, left, days))
        made[one.account] = proposal
        if proposal.course.decision == "swap":
            free = [each for each in free if each.account != proposal.course.other]
            left -= one.gap is None
    return [made[one.account] for one in facts]


def _urgency(one: Facts) -> tuple[bool, int, int, str]:
    worth = -1 if one.now.priority is None else one.now.priority
    return one.gap is None, one.tier if one.gap else 0, worth, one.key


def _proposal(case: _Case) -> Proposal:
    receipt: list[Ground] = []
    for name, rule in _RULES:
        said = rule(case)
        receipt.append(Ground(name, said.course is not None, said.args))
        if said.course is not None:
            act = next_act(case.facts.now, case.facts.gap, said.course)
            return Proposal(
                account=case.facts.account, course=said.course, why=said.why, receipt=tuple(receipt), act=act
            )
    raise AssertionError("the last rule always holds")


def _gap(case: _Case) -> _Ruling:
    """Who has to leave is exchanged; where that cannot be, it rests until it can."""
    one, days = case.facts, case.days
    if one.gap is None:
        return _Ruling(("-",))
    args = (one.gap,)
    if _locked(one, days.today):
        until = one.locked_until
        return _Ruling(args, Course(decision="freeze", until=until), (Why("gap", args), Why("locked", (_day(until),))))
    if not case.spare:
        course = Course(decision="freeze", until=days.next)
        return _Ruling(args, course, (Why("gap", args), Why("no_candidate")))
    accounts = [each.account for each in case.spare]
    other = one.suggested if one.suggested in accounts else accounts[0]
    return _Ruling(args, Course(decision="swap", other=other), (Why("gap", args), Why("fills_gap")))


def _refused(case: _Case) -> _Ruling:
    one = case.facts
    args = (one.now.reaction,)
    if one.now.reaction != "refused":
        return _Ruling(args)
    until = case.days.today + timedelta(days=case.rules.freeze_for.amount)
    return _Ruling(args, Course(decision="freeze", until=until), (Why("refused"),))


def _frozen(case: _Case) -> _Ruling:
    until = case.facts.frozen_until
    if until is None or until < case.days.next or case.facts.now.reaction in ("met", "replied"):
        return _Ruling((_day(until),))
    return _Ruling((_day(until),), Course(decision="freeze", until=until), (Why("still_frozen", (_day(until),)),))


def _later(case: _Case) -> _Ruling:
    """They said when it would make sense; before that day we leave them alone."""
    until = case.facts.later
    if until is None or until < case.days.next:
        return _Ruling((_day(until),))
    return _Ruling((_day(until),), Course(decision="freeze", until=until), (Why("later", (_day(until),)),))


def _reacted(case: _Case) -> _Ruling:
    """Whoever reacted is answered; where it was not who decides, the proposal says so."""
    one = case.facts
    reaction = one.now.reaction
    if reaction not in ("met", "replied"):
        return _Ruling((reaction,))
    if one.now.decider in (None, reaction):
        return _Ruling((reaction,), Course(decision="go_on"), (Why("reacted", (reaction,)),))
    why = Why("met_others") if reaction == "met" else Why("replied_others")
    return _Ruling((reaction,), Course(decision="go_on", role=one.reacted), (why,))


def _hopeless(case: _Case) -> _Ruling:
    """Long without a reaction, while somebody better waits."""
    quiet, most = case.facts.now.quiet, case.rules.hopeless
    return _for_better(case, (str(quiet), str(most)), case.rules.margin, Why("quiet_for", (str(quiet),)), quiet >= most)


def _overtaken(case: _Case) -> _Ruling:
    """Somebody is so far ahead that nothing is waited for."""
    return _for_better(case, (str(case.rules.overtaken),), case.rules.overtaken, Why("overtaken"))


def _for_better(case: _Case, looked_at: tuple[str, ...], margin: int, because: Why, holds: bool = True) -> _Ruling:
    """A swap for the best candidate that is ahead by the margin; locked accounts and the last swap are respected."""
    one = case.facts
    best = max((each for each in case.spare if each.tenths is not None), key=_worth, default=None)
    worth, offered = one.now.priority, None if best is None else best.tenths
    args = (*looked_at, points(worth), points(offered), str(case.swaps))
    if best is None or offered is None or worth is None or offered < worth + margin * 10:
        return _Ruling(args)
    if not holds or case.swaps < 1 or _locked(one, case.days.today):
        return _Ruling(args)
    why = (because, Why("better", (points(offered), points(worth))))
    return _Ruling(args, Course(decision="swap", other=best.account), why)


def _nobody(case: _Case) -> _Ruling:
    """Before anything else somebody there has to be known."""
    args = ("nobody" if NOBODY in case.facts.now.missing else "somebody",)
    if NOBODY not in case.facts.now.missing:
        return _Ruling(args)
    return _Ruling(args, Course(decision="change", role=DECIDES), (Why("nobody"),))


def _idle(case: _Case) -> _Ruling:
    """Nobody has come to them since the last review, and no play runs."""
    one = case.facts
    times = sum(each.times for each in one.contacts)
    args = (str(times), one.now.play or "-")
    if times or one.now.play is not None:
        return _Ruling(args)
    return _other_way(case, args, Why("no_contact"))


def _quiet(case: _Case) -> _Ruling:
    one = case.facts
    args = (str(one.now.quiet), str(case.rules.quiet))
    if one.now.quiet < case.rules.quiet:
        return _Ruling(args)
    return _other_way(case, args, Why("quiet_for", (str(one.now.quiet),)))


def _over(case: _Case) -> _Ruling:
    """Something was tried and is over, or we came without a play: views are taken up, else the next play begins."""
    one = case.facts
    args = (one.now.play or "-", one.now.reaction)
    if one.now.play is not None or one.now.reaction != "none":
        return _Ruling(args)
    return _other_way(case, args, Why("play_over" if one.now.tried else "no_play"))


def _steady(case: _Case) -> _Ruling:
    now = case.facts.now
    spent = now.quiet >= case.rules.quiet
    code = "viewed" if now.reaction == "viewed" else "nothing_left" if spent else "give_time"
    return _Ruling((now.reaction,), Course(decision="go_on"), (Why(code),))


_RULES: tuple[tuple[str, Callable[[_Case], _Ruling]], ...] = (
    ("gap", _gap), ("refused", _refused), ("frozen", _frozen), ("later", _later), ("reacted", _reacted),
    ("hopeless", _hopeless), ("overtaken", _overtaken), ("nobody", _nobody), ("idle", _idle), ("quiet", _quiet),
    ("over", _over), ("steady", _steady),
)  # fmt: skip
"""Asked from the top; the first that holds proposes. The last one always does."""
RULES = tuple(name for name, _ in _RULES)


def _other_way(case: _Case, args: tuple[str, ...], because: Why) -> _Ruling:
    """The next play that is ready and was not tried; else a channel by which nobody came; else it does not hold."""
    one = case.facts
    tried = {*one.now.tried, one.now.play}
    play = next((each for each in case.rules.plays if each not in tried and one.plays.get(each) == ()), None)
    if play is not None:
        return _Ruling(args, Course(decision="change", play=play), (because, Why("next_play", (play,))))
    channel = _fresh(one)
    if channel is None:
        return _Ruling(args)
    role = next((each for each in (DECIDES, INFLUENCES) if each in one.now.roles), None)
    course = Course(decision="change", channel=channel, role=role)
    return _Ruling(args, course, (because, Why("next_channel", (channel,))))


def _fresh(one: Facts) -> Channel | None:
    used = {each.channel for each in one.contacts}
    return next((each for each in CHANNELS if each in one.reach - one.refuses - used), None)


def _locked(one: Facts, today: date) -> bool:
    return one.locked_until is not None and one.locked_until >= today


def _worth(one: Spare) -> int:
    return one.tenths or 0


def _day(day: date | None) -> str:
    return "-" if day is None else day.isoformat()
