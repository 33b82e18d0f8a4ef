"""The list of target accounts as a value, and what happened to it: every change is an event. Pure.

Start with `TargetList`; `follow` makes the next list from one event, `replay` the present one from all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar, assert_never

from abm.icp import Veto
from abm.programme import Side

What = Literal[
    "proposed", "withdrawn", "named", "unnamed", "picked", "signed", "left", "joined", "stayed", "moved", "agreed",
    "locked", "unlocked", "gap", "recovered", "suggested", "looked",
]  # fmt: skip
Left = Literal["swap", "gap", "renewal"]
"""Why an account left: exchanged for a better one, because it had to, or because the next agreement is without it."""
_V = TypeVar("_V")


class Event(NamedTuple):
    """One change. Ids are those of accounts and staff; instants are UTC.

    by: None where the programme itself looked. code: of `left` a Left, of `gap` a Veto, of `signed` a Side.
    other: the account that comes for this one, went for it, or changed tiers with it. tenths: its fit then.
    until: of a lock or an agreement. digest: of the draft that was signed. why: as a person wrote it.
    """

    what: What
    at: datetime
    by: int | None = None
    account: int | None = None
    code: str | None = None
    other: int | None = None
    tier: int | None = None
    tenths: int | None = None
    until: datetime | None = None
    digest: str | None = None
    why: str | None = None


class Standing(NamedTuple):
    """An agreed account. tier: from 1. tenths: its fit when it came.

    gap: why it has to leave, since when, and the candidate proposed for its place; it stands until somebody acts.
    """

    tier: int
    since: datetime
    tenths: int
    locked_until: datetime | None = None
    gap: Veto | None = None
    gap_since: datetime | None = None
    suggested: int | None = None

    def locked(self, at: datetime) -> bool:
        """Whether it may not be replaced."""
        return self.locked_until is not None and self.locked_until > at


class Signature(NamedTuple):
    """Who signed which draft, and when."""

    by: int
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class TargetList:
    """What stands, and what the next agreement is being made of.

    round: number of the agreement in the making. proposed: fit in tenths by account. named: who of field sales named
    an account. picked: tiers set by hand, 0 for "not this one". favoured, declined: what was named for the agreement
    that stands, and left out of it by hand.
    left: when an account that stands no more left. swaps: when accounts were exchanged that did not have to leave.
    """

    round: int = 1
    standing: Mapping[int, Standing] = field(default_factory=dict)
    left: Mapping[int, datetime] = field(default_factory=dict)
    proposed: Mapping[int, int] = field(default_factory=dict)
    named: Mapping[int, frozenset[int]] = field(default_factory=dict)
    picked: Mapping[int, int] = field(default_factory=dict)
    favoured: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()
    signed: Mapping[Side, Signature] = field(default_factory=dict)
    locked_until: datetime | None = None
    swaps: tuple[datetime, ...] = ()
    looked_at: datetime | None = None

    @property
    def agreed(self) -> bool:
        """Whether there has been an agreement."""
        return self.round > 1

    def names_of(self, staff: int) -> frozenset[int]:
        """The accounts that one colleague has named."""
        return frozenset(account for account, names in self.named.items() if staff in names)


def replay(events: Iterable[Event]) -> TargetList:
    """The list that these events lead to, from the first one on."""
    targets = TargetList()
    for event in events:
        targets = follow(targets, event)
    return targets


def follow(targets: TargetList, event: Event) -> TargetList:
    """The list after one event."""
    match event.what:
        case "proposed" | "withdrawn" | "named" | "unnamed" | "picked" | "signed" | "agreed":
            return _making(targets, event)
        case (
            "left"
            | "joined"
            | "stayed"
            | "moved"
            | "locked"
            | "unlocked"
            | "gap"
            | "recovered"
            | "suggested"
            | "looked"
        ):
            return _standing(targets, event)
        case _:
            assert_never(event.what)


def _making(targets: TargetList, event: Event) -> TargetList:
    """What prepares the next agreement, and the agreement itself."""
    account, by = event.account or 0, event.by or 0
    names = targets.named.get(account, frozenset())
    match event.what:
        case "proposed":
            return replace(targets, proposed={**targets.proposed, account: event.tenths or 0})
        case "withdrawn":
            return replace(targets, proposed=_without(targets.proposed, account))
        case "named":
            return replace(targets, named={**targets.named, account: names | {by}})
        case "unnamed":
            rest = _without(targets.named, account)
            return replace(targets, named=rest if names <= {by} else {**rest, account: names - {by}})
        case "picked":
            return replace(targets, picked={**targets.picked, account: event.tier or 0})
        case "signed":
            side: Side = "marketing" if event.code == "marketing" else "sales"
            return replace(targets, signed={**targets.signed, side: Signature(by, event.at, event.digest or "")})
        case _:
            declined = frozenset(each for each, tier in targets.picked.items() if tier == 0)
            return replace(
                targets, round=targets.round + 1, locked_until=event.until, favoured=frozenset(targets.named),
                declined=declined, proposed={}, named={}, picked={}, signed={},
            )  # fmt: skip


def _standing(targets: TargetList, event: Event) -> TargetList:
    """What happens to the accounts that were agreed upon."""
    account = event.account or 0
    match event.what:
        case "looked":
            return replace(targets, looked_at=event.at)
        case "left":
            swaps = (*targets.swaps, event.at) if event.code == "swap" else targets.swaps
            rest = _without(targets.standing, account)
            return replace(targets, standing=rest, left={**targets.left, account: event.at}, swaps=swaps)
        case "joined":
            new = Standing(event.tier or 0, event.at, event.tenths or 0)
            return replace(targets, left=_without(targets.left, account), standing={**targets.standing, account: new})
        case _:
            changed = _changed(targets.standing[account], event)
            return replace(targets, standing={**targets.standing, account: changed})


def _changed(one: Standing, event: Event) -> Standing:
    match event.what:
        case "stayed" | "moved":
            return one._replace(tier=event.tier or one.tier)
        case "locked":
            return one._replace(locked_until=event.until)
        case "unlocked":
            return one._replace(locked_until=None)
        case "gap":
            return one._replace(gap=_veto(event.code), gap_since=event.at)
        case "recovered":
            return one._replace(gap=None, gap_since=None, suggested=None)
        case _:
            return one._replace(suggested=event.other)


def _veto(code: str | None) -> Veto:
    match code:
        case "competitor" | "customer" | "in_deal" | "refused":
            return code
        case _:
            raise ValueError(f"{code} is no veto")


def _without(values: Mapping[int, _V], account: int) -> dict[int, _V]:
    return {each: value for each, value in values.items() if each != account}
