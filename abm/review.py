"""What the fortnightly review proposes for each account, from the facts alone, with its reason and a receipt. Pure.

Start with `propose`. What people decide about a proposal stands in deciding.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple, assert_never, get_args

from abm.icp import Veto
from abm.programme import ReviewRules
from hagukumi.journeys.core.verdict import Why

Decision = Literal["go_on", "change", "freeze", "swap"]
Reaction = Literal["met", "replied", "viewed", "none", "refused"]
Channel = Literal["mail", "phone", "post", "visit"]
Act = Literal[
    "follow_up", "answer", "call", "visit", "post", "mail", "find", "play_on", "wake", "introduce", "check",
]  # fmt: skip
"""What somebody does next; words/review.py says what each is called, DESKS whose it is."""
Desk = Literal["IS", "FS", "MA"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
ACTS: tuple[Act, ...] = get_args(Act)
DESKS: Mapping[Act, Desk] = {
    "follow_up": "FS", "answer": "IS", "call": "IS", "visit": "FS", "post": "MA", "mail": "MA", "find": "FS",
    "play_on": "MA", "wake": "FS", "introduce": "FS", "check": "FS",
}  # fmt: skip
TO_PEOPLE: frozenset[Act] = frozenset({"follow_up", "answer", "call", "visit", "post", "mail"})
"""Acts that are for somebody there; the others are about the account."""
NOBODY = "nobody"
"""The committee's code for an account of which we know nobody."""
DECIDES, INFLUENCES = "decision_maker", "influencer"
WANTED: Mapping[str, str] = {DECIDES: "summary", INFLUENCES: "checklist"}
"""The kind of content that somebody of this role is given."""
BY_REACTION: Mapping[Reaction, Act] = {"met": "follow_up", "replied": "answer"}
BY_CHANNEL: Mapping[Channel, Act] = {"mail": "mail", "phone": "call", "post": "post", "visit": "visit"}


class Snapshot(NamedTuple):
    """How an account stood at a review; the next one is compared with it.

    priority, intent: tenths. heat, stage: as intent tells them. roles: of its people. missing: codes of the committee.
    quiet: reviews in a row, this one included, in which nobody reacted. tried: plays it has been in.
    """

    priority: int | None = None
    rank: int | None = None
    intent: int | None = None
    heat: str | None = None
    stage: str | None = None
    theme: str | None = None
    roles: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reaction: Reaction = "none"
    quiet: int = 0
    play: str | None = None
    step: str | None = None
    tried: tuple[str, ...] = ()


class Contact(NamedTuple):
    """How often we came to the account by a channel since the last review, and the local day of the last time."""

    channel: str
    times: int
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a proposal is made of. tier: from 1. before: at its last review; None: it is its first one.

    plays: those there are, and what each lacks to be ready for this account. reach: channels by which somebody there
    can be reached; refuses: those that the facility refuses.
    gap: why it has to leave. locked_until, frozen_until, later: the last local day; `later` is what they themselves
    said (come back in October). suggested: the candidate the weekly look has found for it.
    """

    account: int
    key: str
    tier: int
    now: Snapshot
    before: Snapshot | None = None
    contacts: tuple[Contact, ...] = ()
    plays: Mapping[str, tuple[str, ...]]
    reach: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()
    gap: Veto | None = None
    suggested: int | None = None
    locked_until: date | None = None
    frozen_until: date | None = None
    later: date | None = None


class Spare(NamedTuple):
    """A candidate that could come, and what it is worth in tenths, by the same measure as `Snapshot.priority`."""

    account: int
    tenths: int | None


class Days(NamedTuple):
    """The day on which the review is looked at, and that of the next one."""

    today: date
    next: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What becomes of an account. other: who comes (swap). until: the last day (freeze). play, channel, role: how."""

    decision: Decision
    other: int | None = None
    until: date | None = None
    play: str | None = None
    channel: Channel | None = None
    role: str | None = None


class Ground(NamedTuple):
    """A rule that was asked, whether it held, and the figures that it looked at."""

    rule: str
    held: bool
    args: tuple[str, ...] = ()


class Asked(NamedTuple):
    """Content that is missing for the account: its kind and theme."""

    kind: str
    theme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the review proposes for an account, why, and every rule that was asked until one held."""

    account: int
    course: Course
    why: tuple[Why, ...]
    receipt: tuple[Ground, ...]
    act: Act


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


def changes(before: Snapshot | None, now: Snapshot) -> tuple[Why, ...]:
    """What is different from the last review; empty where it is the first one."""
    if before is None:
        return ()
    said = [
        Why(f"changed_{name}", (shown(old), shown(new)))
        for name, shown in _COMPARED.items()
        if (old := getattr(before, name)) != (new := getattr(now, name))
    ]
    said += [Why("role_came", (role,)) for role in now.roles if role not in before.roles]
    said += [Why("role_went", (role,)) for role in before.roles if role not in now.roles]
    if before.play != now.play:
        said.append(Why("changed_play", (before.play or "-", now.play or "-")))
    elif now.play is not None and now.step is not None and before.step != now.step:
        said.append(Why("changed_step", (now.play, before.step or "-", now.step or "-")))
    return tuple(said)


def quiet_now(before: Snapshot | None, reaction: Reaction, contacts: Collection[Contact], *, frozen: bool) -> int:
    """Reviews in a row in which we came and nobody reacted; where we did not come, the number stays."""
    if reaction != "none":
        return 0
    known = 0 if before is None else before.quiet
    return known if frozen or not contacts else known + 1


def asked_for(now: Snapshot, here: Collection[tuple[str, str]]) -> Asked | None:
    """Content that somebody of the committee should be given and that does not exist. here: (kind, theme)."""
    if not now.theme:
        return None
    missing = (kind for role, kind in WANTED.items() if role in now.roles and (kind, now.theme) not in here)
    kind = next(missing, None)
    return None if kind is None else Asked(kind, now.theme)


def next_act(now: Snapshot, gap: Veto | None, course: Course) -> Act:
    """What somebody should do next. gap: why the account has to leave."""
    match course.decision:
        case "swap":
            return "introduce"
        case "freeze":
            return "wake" if gap is None else "check"
        case "change":
            if course.channel is not None:
                return BY_CHANNEL[course.channel]
            return "play_on" if course.play is not None else "call" if course.role in now.roles else "find"
        case "go_on":
            by_reaction = BY_REACTION.get(now.reaction)
            if by_reaction is not None:
                return by_reaction
            if DECIDES not in now.roles:
                return "find"
            return "play_on" if now.play is not None and now.reaction == "none" else "call"
        case _:
            assert_never(course.decision)


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
    reaction = case.facts.now.reaction
    if reaction not in ("met", "replied"):
        return _Ruling((reaction,))
    return _Ruling((reaction,), Course(decision="go_on"), (Why("reacted", (reaction,)),))


def _hopeless(case: _Case) -> _Ruling:
    """Long without a reaction, while somebody clearly better waits; locked accounts and the last swap are respected."""
    one, rules = case.facts, case.rules
    best = max((each for each in case.spare if each.tenths is not None), key=_worth, default=None)
    worth = one.now.priority
    offered = None if best is None else best.tenths
    args = (str(one.now.quiet), str(rules.hopeless), _points(worth), _points(offered), str(case.swaps))
    if (
        one.now.quiet < rules.hopeless
        or best is None
        or offered is None
        or worth is None
        or offered < worth + rules.margin * 10
        or case.swaps < 1
        or _locked(one, case.days.today)
    ):
        return _Ruling(args)
    why = (Why("quiet_for", (str(one.now.quiet),)), Why("better", (_points(offered), _points(worth))))
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
    """Something was tried and is over: what they viewed is taken up, else the next play begins."""
    one = case.facts
    args = (one.now.play or "-", one.now.reaction)
    if one.now.play is not None or one.now.reaction != "none":
        return _Ruling(args)
    return _other_way(case, args, Why("play_over"))


def _steady(case: _Case) -> _Ruling:
    now = case.facts.now
    spent = now.quiet >= case.rules.quiet
    code = "viewed" if now.reaction == "viewed" else "nothing_left" if spent else "give_time"
    return _Ruling((now.reaction,), Course(decision="go_on"), (Why(code),))


_RULES: tuple[tuple[str, Callable[[_Case], _Ruling]], ...] = (
    ("gap", _gap), ("refused", _refused), ("frozen", _frozen), ("later", _later), ("reacted", _reacted),
    ("hopeless", _hopeless), ("nobody", _nobody), ("idle", _idle), ("quiet", _quiet), ("over", _over),
    ("steady", _steady),
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


def _points(tenths: int | None) -> str:
    return "-" if tenths is None else f"{tenths / 10:.1f}"


def _said(value: object) -> str:
    return "-" if value is None else str(value)


_COMPARED: Mapping[str, Callable[[Any], str]] = {
    "priority": _points, "rank": _said, "intent": _points, "heat": _said, "stage": _said, "theme": _said,
}  # fmt: skip
