"""Who decides at an account: the roles of its people, the way of the decision, and what is not known yet. Pure.

Start with `Committee`; `missing_of` tells the gaps of one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.roles import Role

Source = Literal["sales", "imported", "rules"]
STANCES: frozenset[Role] = frozenset({"champion", "opponent"})
"""How somebody stands to us; it stands beside what they have to say in the decision."""
WEIGHT: tuple[Role, ...] = (
    "decision_maker", "veto", "influencer", "purchaser", "user", "gatekeeper", "dealer", "champion", "opponent",
)  # fmt: skip
"""Of several roles the first of these is the one by which a person is written to."""
Gap = Literal[
    "nobody", "no_decision_maker", "decision_maker_left", "decision_maker_unreachable", "no_veto", "one_voice",
    "no_champion", "path_left", "no_path", "no_budget_month",
]  # fmt: skip
GAPS: tuple[Gap, ...] = get_args(Gap)
"""What may be missing, the gravest first."""
PERSON_GAPS: frozenset[Gap] = frozenset(GAPS) - {"no_path", "no_budget_month"}
"""Gaps that a person has to be found for; each becomes a task."""


class Seat(NamedTuple):
    """A role that somebody has. why: by the rules their reason, by sales what they said; by: id of the colleague."""

    person: int
    role: Role
    source: Source
    why: Words | None = None
    by: int | None = None
    at: datetime | None = None


class Step(NamedTuple):
    """One step of the way a decision takes: somebody by id, a role, or what it is called (理事会)."""

    text: str = ""
    role: Role | None = None
    person: int | None = None


class Member(NamedTuple):
    """One of an account's people as coverage needs to know them: how they can be reached, and whether they left."""

    person: int
    roles: frozenset[Role]
    ways: frozenset[str] = frozenset()
    left: bool = False


class Committee(NamedTuple):
    """An account's committee. seats: of those present, by weight of the role; path: in its order; month: 1 to 12.

    missing: what is not known, the gravest first. doubled: records that look like one person and count as one.
    """

    account: int
    seats: tuple[Seat, ...] = ()
    path: tuple[Step, ...] = ()
    budget_month: int | None = None
    missing: tuple[Gap, ...] = ()
    doubled: tuple[tuple[int, ...], ...] = ()

    def holding(self, *roles: Role) -> tuple[int, ...]:
        """The people who hold one of these roles, each once, in the order of the seats."""
        return tuple(dict.fromkeys(seat.person for seat in self.seats if seat.role in roles))


class Record(NamedTuple):
    """Somebody's record as it is compared. sure: sales has spoken of this very record."""

    person: int
    name: str
    title: str
    sure: bool = False


def doubles(records: Sequence[Record]) -> tuple[tuple[int, ...], ...]:
    """Records of one account with the same name and title, the one that counts first; two that sales knows are two."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for one in records:
        if one.name and one.title:
            groups.setdefault((one.name, one.title), []).append(one)
    found = []
    for some in groups.values():
        if len(some) > 1 and sum(one.sure for one in some) <= 1:
            found.append(tuple(one.person for one in sorted(some, key=lambda one: (not one.sure, one.person))))
    return tuple(sorted(found))


def as_one(
    seats: Sequence[Seat], members: Sequence[Member], doubled: Sequence[Sequence[int]]
) -> tuple[list[Seat], list[Member]]:
    """The same with doubled records as one: what any of them tells belongs to the one that counts."""
    counts = {other: some[0] for some in doubled for other in some[1:]}
    theirs = {(seat.person, seat.role) for seat in seats if seat.person not in counts}
    kept: list[Seat] = []
    for seat in seats:
        one = seat._replace(person=counts.get(seat.person, seat.person))
        if seat.person not in counts or (one.person, one.role) not in theirs:
            theirs.add((one.person, one.role))
            kept.append(one)
    people: dict[int, Member] = {}
    for each in sorted(members, key=lambda each: each.person in counts):
        number = counts.get(each.person, each.person)
        first = people.get(number, each)
        roles, ways = first.roles | each.roles, first.ways | each.ways
        people[number] = Member(number, roles, ways, first.left and each.left)
    return kept, list(people.values())


def ordered(seats: Sequence[Seat]) -> tuple[Seat, ...]:
    """Seats by the weight of their role, then by person."""
    return tuple(sorted(seats, key=lambda seat: (WEIGHT.index(seat.role), seat.person)))


def main_role(roles: Sequence[Role]) -> Role | None:
    """The role by which somebody with these is written to; None without any."""
    return min(roles, key=WEIGHT.index, default=None)


def after_saying(before: Collection[Role], said: Collection[Role]) -> tuple[Role, ...]:
    """The roles somebody has once sales has said these, by weight; `before`: those said by sales until then.

    What is said of the part in the decision takes the place of what was said of it, and a stance that of a stance.
    """
    kept: set[Role] = set()
    for part in (frozenset(WEIGHT) - STANCES, STANCES):
        kept |= (part & frozenset(said)) or (part & frozenset(before))
    return tuple(role for role in WEIGHT if role in kept)


def missing_of(
    kind: str | None, members: Sequence[Member], path: Sequence[Step] = (), budget_month: int | None = None
) -> tuple[Gap, ...]:
    """What a sales leader would ask about an account of this kind, the gravest first."""
    found = set(_missing(kind, members, path))
    if not path:
        found.add("no_path")
    if budget_month is None:
        found.add("no_budget_month")
    return tuple(gap for gap in GAPS if gap in found)


def _missing(kind: str | None, members: Sequence[Member], path: Sequence[Step]) -> Iterator[Gap]:
    here = [one for one in members if not one.left]
    left = {one.person for one in members if one.left}
    known = [one for one in here if one.roles]
    if any(step.person in left for step in path):
        yield "path_left"
    if any("opponent" in one.roles for one in known) and not any("champion" in one.roles for one in known):
        yield "no_champion"
    if not here:
        yield "nobody"
        return
    deciding = [one for one in known if "decision_maker" in one.roles]
    if not deciding:
        gone = any("decision_maker" in one.roles for one in members if one.left)
        yield "decision_maker_left" if gone else "no_decision_maker"
    elif not any(one.ways for one in deciding):
        yield "decision_maker_unreachable"
    if kind == "hospital" and not any("veto" in one.roles for one in known):
        yield "no_veto"
    if len(known) <= 1:
        yield "one_voice"
