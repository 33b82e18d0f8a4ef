"""What became of our words at an account: how its people reacted, and how we were in contact. Pure.

Start with `reaction_of`, the decision-maker's, and `with_others`, the account's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from hagukumi.journeys.steps.outcomes import CONVERSATIONS, VISIT_MET, VISIT_REFUSED
from hagukumi.journeys.steps.visit import VISITED

Code = Literal["met", "replied", "viewed", "none", "refused"]
"""面談, 返信, 閲覧, 無反応, 拒否."""
CODES: tuple[Code, ...] = get_args(Code)
Way = Literal["mail", "phone", "visit", "post"]
VIEWS = frozenset({"clicked", "visited", "downloaded", "registered", "attended"})
REPLIES = frozenset({"replied", "submitted"})
REFUSALS = frozenset({"refused", "unsubscribed", "spam_report"})
NOT_WANTED = frozenset({"電話お断り", "NG"})
KINDS = tuple(sorted(VIEWS | REPLIES | REFUSALS | {"called", "met", VISITED}))
"""Kinds of acts by which somebody reacts."""
NOT_ATTENDED = "not_attended"
"""Outcome of a meeting at which who decides did not sit."""
_OF_VISITS: Mapping[str, Code] = {VISIT_MET: "met", VISIT_REFUSED: "refused"}
_ORDER: tuple[Code, ...] = ("none", "viewed", "replied", "met")


class Act(NamedTuple):
    """Something somebody there did: its kind and outcome as activities have them, and when (UTC)."""

    person: int
    kind: str
    outcome: str | None
    at: datetime


class Contact(NamedTuple):
    """How and when we were last in contact with somebody there (UTC)."""

    way: Way
    at: datetime


class Reaction(NamedTuple):
    """How the decision-maker of an account reacted since a day.

    at, person: of the act that says so; None for none. known: whether anybody is known to decide.
    contact, contact_at: our last contact with anybody there; None: there was none.
    """

    code: Code
    at: datetime | None = None
    person: int | None = None
    known: bool = True
    contact: Way | None = None
    contact_at: datetime | None = None


class Answer(NamedTuple):
    """How an account reacted. person: whoever did, where it was not who decides."""

    code: Code
    person: int | None = None


def with_others(own: Code, others: Iterable[Act]) -> Answer:
    """The account's reaction. own: of who decides, whose refusal stands; others refuse for themselves alone.

    Who was met was met, whether or not the decision-maker sat there.
    """
    best = Answer(own)
    if own == "refused":
        return best
    for act in sorted(others, key=lambda each: (each.at, each.person)):
        code: Code | None = "met" if act.kind == "met" else code_of(act)
        if code is not None and code != "refused" and _ORDER.index(code) > _ORDER.index(best.code):
            best = Answer(code, act.person)
    return best


def code_of(act: Act) -> Code | None:
    """What one act says; None where it says nothing, such as a call that nobody answered."""
    if act.kind in REFUSALS or (act.kind == "called" and act.outcome in NOT_WANTED):
        return "refused"
    if act.kind == VISITED:
        return _OF_VISITS.get(act.outcome or "")
    if act.kind == "met":
        return "replied" if act.outcome == NOT_ATTENDED else "met"
    if act.kind in REPLIES or (act.kind == "called" and act.outcome in CONVERSATIONS):
        return "replied"
    return "viewed" if act.kind in VIEWS else None


def reaction_of(acts: Iterable[Act], contacts: Iterable[Contact] = (), *, known: bool = True) -> Reaction:
    """The strongest reaction since the last refusal; a refusal that nothing followed but views stands."""
    said = sorted((act.at, act.person, code) for act in acts if (code := code_of(act)) is not None)
    last = max(contacts, key=lambda one: (one.at, one.way), default=None)
    best: tuple[Code, datetime | None, int | None] = ("none", None, None)
    for at, person, code in said:
        refused = best[0] == "refused"
        if code == "viewed" and refused:
            continue
        if code == "refused" or refused or _ORDER.index(code) >= _ORDER.index(best[0]):
            best = code, at, person
    return Reaction(*best, known, last and last.way, last and last.at)
