"""Which accounts the next agreement would hold, in which tier and why; and who would fill a gap. Pure.

Start with `draft`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from abm.icp import Veto
from abm.programme import ProgrammeRules
from abm.target_list import TargetList

CODE = 8
"""Signs of a draft's digest that people are shown."""


class Known(NamedTuple):
    """What is known about a facility now: its key, its fit in tenths, which vetoes hold.

    priority: tenths by which it was ranked last; None: it never was.
    """

    key: str
    tenths: int
    vetoes: tuple[Veto, ...] = ()
    priority: int | None = None


class Place(NamedTuple):
    """An account's place in the draft: its tier (0: left over), and what speaks for it.

    tenths: its fit; score: its priority, or its fit where nobody was ranked, with what being named and standing add.
    named: who named it. locked: it has to stay. picked: its tier was set by hand.
    """

    account: int
    tier: int
    tenths: int
    score: int
    named: tuple[int, ...] = ()
    stands: bool = False
    locked: bool = False
    picked: bool = False


class Draft(NamedTuple):
    """What would be signed: places by tier and score; spare: next in order; left_out: by hand; vetoed: with the reason.

    leaving: accounts that stand now and would not then. digest: names exactly these accounts in these tiers.
    """

    places: tuple[Place, ...]
    spare: tuple[Place, ...]
    left_out: tuple[int, ...]
    vetoed: tuple[tuple[int, Veto], ...]
    leaving: tuple[int, ...]
    digest: str

    @property
    def code(self) -> str:
        """What people are shown of the digest, and say when they sign."""
        return self.digest[:CODE]


def in_question(targets: TargetList) -> frozenset[int]:
    """The accounts about which a draft has to know something."""
    return frozenset({*targets.proposed, *targets.named, *targets.picked, *targets.standing})


def draft(rules: ProgrammeRules, targets: TargetList, known: Mapping[int, Known], at: datetime) -> Draft:
    """The list as it would be signed at `at`: locked accounts first, then tiers set by hand, then by score.

    What stands is in question without being proposed anew.
    """
    kept = {account for account, one in targets.standing.items() if one.locked(at)}
    pool = in_question(targets) & {*known}
    out = {account for account, tier in targets.picked.items() if tier == 0} - kept
    vetoed = {account: known[account].vetoes[0] for account in pool - kept if known[account].vetoes}
    worth = _worths({account: known[account] for account in pool})
    ranked = sorted(
        (_place(rules, targets, account, known[account], worth[account], at) for account in pool - out - {*vetoed}),
        key=lambda one: (not one.locked, not one.picked, -one.score, -one.tenths, known[one.account].key),
    )
    places = _tiered(rules, targets, ranked[: rules.size], known)
    stay = {one.account for one in places}
    return Draft(
        places,
        tuple(ranked[rules.size :]),
        tuple(sorted(out & pool)),
        tuple(sorted(vetoed.items())),
        tuple(sorted({*targets.standing} - stay)),
        digest_of(places),
    )


def digest_of(places: Sequence[Place]) -> str:
    """The same for the same accounts in the same tiers."""
    said = ",".join(f"{one.account}:{one.tier}" for one in sorted(places))
    return blake2b(said.encode(), digest_size=16).hexdigest()


def away(rules: ProgrammeRules, targets: TargetList, at: datetime) -> frozenset[int]:
    """Accounts that left lately: they come back by a person's word alone."""
    since = at - timedelta(days=rules.rests_for.amount)
    return frozenset(account for account, when in targets.left.items() if when > since)


def fillers(rules: ProgrammeRules, targets: TargetList, known: Mapping[int, Known], at: datetime) -> list[int]:
    """Accounts that may come for one that has to leave: the first by priority, by fit where nobody was ranked.

    Whoever left comes back not by itself within the time an agreement stands, nor what was left out by hand.
    """
    taken = away(rules, targets, at) | targets.declined | {*targets.standing}
    free = [each for each, one in known.items() if not one.vetoes and each not in taken]

    def order(account: int) -> tuple[bool, int, int, str]:
        one = known[account]
        named = rules.named_adds * 10 if account in targets.favoured else 0
        first = one.tenths if one.priority is None else one.priority
        return one.priority is None, -(first + named), -one.tenths, one.key

    return sorted(free, key=order)


def _worths(known: Mapping[int, Known]) -> dict[int, int]:
    """By what they are ordered, in tenths: priority, where any has one; until then fit."""
    if all(one.priority is None for one in known.values()):
        return {account: one.tenths for account, one in known.items()}
    return {account: one.priority or 0 for account, one in known.items()}


def _place(rules: ProgrammeRules, targets: TargetList, account: int, one: Known, worth: int, at: datetime) -> Place:
    named = tuple(sorted(targets.named.get(account, ())))
    standing = targets.standing.get(account)
    score = worth + (rules.named_adds * 10 if named else 0) + (rules.stays_adds * 10 if standing else 0)
    locked = standing is not None and standing.locked(at)
    return Place(account, 0, one.tenths, score, named, standing is not None, locked, account in targets.picked)


def _tiered(
    rules: ProgrammeRules, targets: TargetList, chosen: Sequence[Place], known: Mapping[int, Known]
) -> tuple[Place, ...]:
    """Tiers that are fixed (locked or set by hand) first, the others from the top by score."""
    room = list(rules.tiers)
    placed: list[Place] = []
    free: list[Place] = []
    for one in chosen:
        wanted = targets.standing[one.account].tier if one.locked else targets.picked.get(one.account, 0)
        if 1 <= wanted <= len(room) and room[wanted - 1]:
            room[wanted - 1] -= 1
            placed.append(one._replace(tier=wanted))
        else:
            free.append(one)
    for one in sorted(free, key=lambda one: (-one.score, -one.tenths, known[one.account].key)):
        tier = next((number for number, left in enumerate(room, 1) if left), len(room))
        room[tier - 1] -= 1
        placed.append(one._replace(tier=tier))
    return tuple(sorted(placed, key=lambda one: (one.tier, -one.score, -one.tenths, known[one.account].key)))
