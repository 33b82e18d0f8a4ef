"""A facility's points from its people, with the same receipt. Start with `account_receipt`.

The strongest person counts whole, everybody else a share. Each person's own terms stand in full, followed by one term
for what the share takes off: so every point leads to its event, and the sum is exact to 0.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from hagukumi.journeys.core.values import Share, Words
from models.scoring.receipts import Receipt, Term, figure
from models.scoring.rules import AccountRule
from models.scoring.words import ACCOUNT, say

WHOLE = 10_000


class Member(NamedTuple):
    """One of the facility's people: id, whether a role is known, the person's own receipt."""

    person: int
    known: bool
    receipt: Receipt


class Part(NamedTuple):
    """What one person adds, in tenths: the terms of the own receipt, then what a share takes off."""

    person: int | None
    tenths: int
    terms: tuple[Term, ...]


class AccountReceipt(NamedTuple):
    """A facility's points; `tenths` is exactly the sum of the parts, a part that of its terms."""

    tenths: int
    parts: tuple[Part, ...]

    @property
    def points(self) -> float:
        """Points, in steps of 0.1."""
        return self.tenths / 10


def account_receipt(members: Iterable[Member], rule: AccountRule) -> AccountReceipt:
    """The facility's points. Who is strongest is asked after people without a role were weighed; ties: the first id."""
    weighed = [(_share(each.receipt.tenths, _of(each, rule)), each) for each in members]
    ranked = sorted(weighed, key=lambda pair: (-pair[0], pair[1].person))
    parts = [_part(each, rule, first=number == 0) for number, (_, each) in enumerate(ranked)]
    total = sum(part.tenths for part in parts)
    if rule.ceiling is not None and total > rule.ceiling * 10:
        over = int(rule.ceiling * 10) - total
        parts.append(Part(None, over, (Term(over, "ceiling", _words("ceiling", figure(int(rule.ceiling * 10)))),)))
        total += over
    return AccountReceipt(total, tuple(part for part in parts if part.terms))


def account_tenths(members: Iterable[tuple[int, bool]], rule: AccountRule) -> int:
    """The same figure from people's points alone: (tenths, whether a role is known), in the order of their ids."""
    some = [(tenths, _basis(known, rule)) for tenths, known in members]
    kept = [_share(tenths, basis) for tenths, basis in some]
    total = first = max(kept, default=0)
    strongest = kept.index(first) if kept else 0
    for number, (tenths, basis) in enumerate(some):
        if number != strongest and tenths:
            total += _share(tenths, basis * rule.others.points // WHOLE)
    return total if rule.ceiling is None else min(total, int(rule.ceiling * 10))


def _basis(known: bool, rule: AccountRule) -> int:
    return WHOLE if known else rule.unknown_role.points


def _of(member: Member, rule: AccountRule) -> int:
    return _basis(member.known, rule)


def _part(member: Member, rule: AccountRule, *, first: bool) -> Part:
    own = member.receipt.tenths
    basis = _of(member, rule) * (WHOLE if first else rule.others.points) // WHOLE
    kept = _share(own, basis)
    terms = member.receipt.terms
    if kept != own:
        code = "unknown" if first else "share" if member.known else "both"
        terms = (*terms, Term(kept - own, code, _words(code, _percent(Share(basis)))))
    return Part(member.person, kept, terms)


def _share(tenths: int, basis: int) -> int:
    """Tenths times basis points, in whole tenths, half to even as everywhere."""
    return round(tenths * basis / WHOLE)


def _percent(share: Share) -> str:
    return f"{share.points / 100:g}%"


def _words(code: str, amount: str) -> Words:
    return Words(say(ACCOUNT[code], "ja", (amount,)), say(ACCOUNT[code], "en", (amount,)))
