"""What may be done with the list: each act answers with the events it is made of, or why not. Pure.

Start with `sign` and `swap`. Nothing here replaces an account without somebody's name and reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from abm.drafting import Draft, Known, away, fillers
from abm.icp import Veto
from abm.programme import LocalDay, ProgrammeRules, Side, other_side, review_of, used_in
from abm.target_list import Event, TargetList


class Refused(NamedTuple):
    """Why an act was not done; what the sentence names. until: an instant, day: a local day."""

    code: Literal[
        "nothing-to-propose", "named-too-many", "not-named", "vetoed", "tier-unknown", "tier-full", "not-in-draft",
        "quarter-locked", "draft-short", "signed-already", "not-agreed", "not-on-list", "on-list", "account-locked",
        "swaps-used", "other-tier", "no-why", "lock-past", "not-locked",
    ]  # fmt: skip
    account: int | None = None
    number: int = 0
    of: int = 0
    veto: Veto | None = None
    until: datetime | None = None
    day: date | None = None


class Hand(NamedTuple):
    """Whose act it is, when, and why in their own words."""

    by: int
    at: datetime
    why: str = ""


Outcome = tuple[Event, ...] | Refused


def propose(rules: ProgrammeRules, targets: TargetList, ranked: Sequence[tuple[int, int]], hand: Hand) -> Outcome:
    """Marketing brings the best of (account, fit in tenths), but not who left lately; the others are withdrawn."""
    gone = away(rules, targets, hand.at)
    wanted = dict([each for each in ranked if each[0] not in gone][: rules.proposals])
    if not wanted:
        return Refused("nothing-to-propose")
    back = [
        Event("withdrawn", hand.at, hand.by, account) for account in sorted(targets.proposed) if account not in wanted
    ]
    new = [
        Event("proposed", hand.at, hand.by, account, tenths=tenths)
        for account, tenths in wanted.items()
        if targets.proposed.get(account) != tenths
    ]
    return (*back, *new)


def nominate(
    rules: ProgrammeRules, targets: TargetList, accounts: Sequence[int], known: Mapping[int, Known], hand: Hand
) -> Outcome:
    """Field sales names accounts; those named before by the same colleague change nothing."""
    mine = targets.names_of(hand.by)
    fresh = [account for account in dict.fromkeys(accounts) if account not in mine]
    for account in fresh:
        if known[account].vetoes:
            return Refused("vetoed", account, veto=known[account].vetoes[0])
    if len(mine) + len(fresh) > rules.nominations:
        return Refused("named-too-many", number=len(mine) + len(fresh), of=rules.nominations)
    return tuple(Event("named", hand.at, hand.by, account) for account in fresh)


def take_back(targets: TargetList, accounts: Sequence[int], hand: Hand) -> Outcome:
    """A colleague's own nominations are taken back."""
    mine = targets.names_of(hand.by)
    for account in accounts:
        if account not in mine:
            return Refused("not-named", account)
    return tuple(Event("unnamed", hand.at, hand.by, account) for account in dict.fromkeys(accounts))


def pick(
    rules: ProgrammeRules, targets: TargetList, account: int, tier: int, known: Mapping[int, Known], hand: Hand
) -> Outcome:
    """Sets an account's tier in the draft by hand; 0 leaves it out. known: of those set by hand before."""
    if not 0 <= tier <= len(rules.tiers):
        return Refused("tier-unknown", account, tier, len(rules.tiers))
    standing = targets.standing.get(account)
    locked = standing is not None and standing.locked(hand.at)
    if standing is not None and locked and tier != standing.tier:
        return Refused("account-locked", account, until=standing.locked_until)
    if account not in targets.proposed and account not in targets.named and standing is None:
        return Refused("not-in-draft", account)
    if tier:
        fixed = {each: one.tier for each, one in targets.standing.items() if one.locked(hand.at)}
        # What cannot stand any more takes no place: the draft is without it.
        gone = {each for each, one in known.items() if one.vetoes}
        picked = {each: number for each, number in targets.picked.items() if each not in gone}
        taken = [each for each, number in ({**picked, **fixed}).items() if number == tier and each != account]
        if len(taken) >= rules.tiers[tier - 1]:
            return Refused("tier-full", account, tier, rules.tiers[tier - 1])
    return (Event("picked", hand.at, hand.by, account, tier=tier, why=hand.why or None),)


def sign(
    rules: ProgrammeRules, targets: TargetList, proposal: Draft, side: Side, until: datetime, hand: Hand
) -> Outcome:
    """One side signs the draft. When both have signed the very same one, it is the list until `until`."""
    if targets.locked_until is not None and targets.locked_until > hand.at:
        return Refused("quarter-locked", until=targets.locked_until)
    if len(proposal.places) < rules.size:
        return Refused("draft-short", number=len(proposal.places), of=rules.size)
    before = targets.signed.get(side)
    if before is not None and before.digest == proposal.digest:
        return Refused("signed-already", until=before.at)
    signed = Event("signed", hand.at, hand.by, code=side, digest=proposal.digest)
    other = targets.signed.get(other_side(side))
    if other is None or other.digest != proposal.digest:
        return (signed,)
    return (signed, *_renewal(targets, proposal, hand), Event("agreed", hand.at, hand.by, until=until))


def _renewal(targets: TargetList, proposal: Draft, hand: Hand) -> Iterator[Event]:
    for account in proposal.leaving:
        yield Event("left", hand.at, hand.by, account, "renewal")
    for one in proposal.places:
        what: Literal["stayed", "joined"] = "stayed" if one.account in targets.standing else "joined"
        yield Event(what, hand.at, hand.by, one.account, tier=one.tier, tenths=one.tenths)


def swap(
    rules: ProgrammeRules,
    targets: TargetList,
    pair: tuple[int, int],
    known: Mapping[int, Known],
    day_of: LocalDay,
    hand: Hand,
) -> Outcome:
    """One account goes (pair[0]), another comes in its tier (pair[1]).

    Filling the place of one that has to leave anyway does not count against the swaps of a review period.
    """
    out, come = pair
    leaving = targets.standing.get(out)
    if not targets.agreed:
        return Refused("not-agreed")
    if leaving is None:
        return Refused("not-on-list", out)
    if come in targets.standing:
        return Refused("on-list", come)
    if not hand.why.strip():
        return Refused("no-why")
    if leaving.locked(hand.at):
        return Refused("account-locked", out, until=leaving.locked_until)
    if known[come].vetoes:
        return Refused("vetoed", come, veto=known[come].vetoes[0])
    has_to = bool(known[out].vetoes)
    review = review_of(rules.review, day_of(hand.at))
    used = used_in(review, targets.swaps, day_of)
    if not has_to and used >= rules.review.swaps:
        return Refused("swaps-used", number=used, of=rules.review.swaps, day=review.last)
    code = "gap" if has_to else "swap"
    return (
        Event("left", hand.at, hand.by, out, code, come, why=hand.why),
        Event("joined", hand.at, hand.by, come, code, out, leaving.tier, known[come].tenths, why=hand.why),
    )


def move(targets: TargetList, account: int, tier: int, other: int, hand: Hand) -> Outcome:
    """Two accounts that stand change tiers: one goes to `tier`, the other from there to its."""
    if not targets.agreed:
        return Refused("not-agreed")
    for each in (account, other):
        if each not in targets.standing:
            return Refused("not-on-list", each)
    if not hand.why.strip():
        return Refused("no-why")
    here, there = targets.standing[account], targets.standing[other]
    if there.tier != tier or here.tier == tier:
        wrong = other if there.tier != tier else account
        return Refused("other-tier", wrong, targets.standing[wrong].tier)
    return (
        Event("moved", hand.at, hand.by, account, other=other, tier=tier, why=hand.why),
        Event("moved", hand.at, hand.by, other, other=account, tier=here.tier, why=hand.why),
    )


def lock(targets: TargetList, account: int, until: datetime, hand: Hand) -> Outcome:
    """Until then the account may not be replaced, in a review or in the next agreement."""
    if account not in targets.standing:
        return Refused("not-on-list" if targets.agreed else "not-agreed", account)
    if not hand.why.strip():
        return Refused("no-why")
    if until <= hand.at:
        return Refused("lock-past", account)
    return (Event("locked", hand.at, hand.by, account, until=until, why=hand.why),)


def unlock(targets: TargetList, account: int, hand: Hand) -> Outcome:
    """The lock is taken away before its day."""
    standing = targets.standing.get(account)
    if standing is None or not standing.locked(hand.at):
        return Refused("not-locked", account)
    return (Event("unlocked", hand.at, hand.by, account, why=hand.why or None),)


def look(rules: ProgrammeRules, targets: TargetList, known: Mapping[int, Known], at: datetime) -> tuple[Event, ...]:
    """The weekly look: who has to leave and why, who would come for it. It replaces nobody.

    A candidate that was proposed before stays proposed as long as it may come.
    """
    if not targets.agreed:
        return ()
    here = sorted(targets.standing.items(), key=lambda pair: (pair[1].tier, pair[0]))
    found: list[Event] = []
    leaving: list[tuple[int, int | None]] = []
    for account, one in here:
        vetoes = known[account].vetoes if account in known else ()
        if not vetoes:
            found += [Event("recovered", at, None, account)] if one.gap is not None else []
            continue
        leaving.append((account, one.suggested))
        if one.gap not in vetoes:
            found.append(Event("gap", at, None, account, vetoes[0]))
    best = fillers(rules, targets, known, at)
    kept = [each for _, each in leaving if each in best]
    rest = iter([each for each in best if each not in kept])
    for account, before in leaving:
        come = before if before in kept else next(rest, None)
        if come != before:
            tenths = None if come is None else known[come].tenths
            found.append(Event("suggested", at, None, account, other=come, tenths=tenths))
    return (*found, Event("looked", at))
