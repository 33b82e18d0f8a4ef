"""What the fortnightly review knows of each account and may propose for it, as values. Pure.

Start with `Facts` and `Proposal`. How a proposal comes about stands in proposing.py, what people decide in deciding.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, assert_never, get_args

from abm.icp import Veto
from abm.reaction import Code as Reaction
from hagukumi.journeys.core.verdict import Why

Decision = Literal["go_on", "change", "freeze", "swap"]
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
    reaction: of the account, the strongest of anybody's; decider: of who decides there (None: kept before the two were
    told apart, it is the same). quiet: reviews in a row, this one included, in which nobody reacted.
    tried: plays it has been in.
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
    decider: Reaction | None = None


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
    reacted: the role of whoever reacted, where it was not who decides.
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
    reacted: str | None = None


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


def points(tenths: int | None) -> str:
    """Tenths of a point as reasons say them; "-" for None."""
    return "-" if tenths is None else f"{tenths / 10:.1f}"


def _said(value: object) -> str:
    return "-" if value is None else str(value)


_COMPARED: Mapping[str, Callable[[Any], str]] = {
    "priority": points, "rank": _said, "intent": points, "heat": _said, "stage": _said, "theme": _said,
}  # fmt: skip
