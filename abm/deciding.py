"""What people may decide about the proposals of a review, and whether it can be finished. Pure.

Start with `decide`, `outdated` and `unfinished`. Nothing here decides for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, NamedTuple, assert_never

from abm.drafting import Known
from abm.icp import Veto
from abm.programme import ReviewRules
from abm.review import Course
from abm.target_list import TargetList

State = Literal["open", "approved", "changed", "rejected", "gone"]
"""Of an account in a review; gone: it left the list meanwhile, by somebody's hand."""
What = Literal["approved", "changed", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One account of the review. proposed: what the review proposes; decided: what counts, None while it is open.

    A rejected proposal has no course: nothing is done. done: it was carried out.
    """

    id: int
    account: int
    key: str
    proposed: Course
    decided: Course | None = None
    state: State = "open"
    done: bool = False


class No(NamedTuple):
    """Why something is not decided, or the review not finished; what the sentence names.

    accounts: those of the review that it is about. come: who would have come for it.
    """

    code: Literal[
        "undecided", "done", "gone", "no-why", "no-day", "past", "nothing-to-change", "play-unknown", "no-other",
        "not-on-list", "on-list", "taken", "account-locked", "vetoed", "swaps-used",
    ]  # fmt: skip
    accounts: tuple[int, ...] = ()
    number: int = 0
    of: int = 0
    veto: Veto | None = None
    until: datetime | None = None
    name: str = ""
    come: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a decision has to fit into. at: now; today: its local day. used: swaps of this period so far.

    known: of every account in question and of every candidate. plays: those that could be started.
    """

    rules: ReviewRules
    targets: TargetList
    known: Mapping[int, Known]
    plays: Collection[str]
    used: int
    at: datetime
    today: date

    def fresh(self, targets: TargetList, used: int) -> Room:
        """The same with the list as it is now."""
        return replace(self, targets=targets, used=used)


def decide(room: Room, items: Sequence[Item], item: Item, what: What, course: Course | None, why: str) -> No | None:
    """Whether this may be decided; None: it may. course: None where the proposal is rejected."""
    if item.done:
        return No("done", (item.account,))
    if item.state == "gone":
        return No("gone", (item.account,))
    if what != "approved" and not why.strip():
        return No("no-why", (item.account,))
    if course is None:
        return None
    others = [each for each in items if each.id != item.id]
    return _fits(room, others, item, course)


def outdated(room: Room, items: Sequence[Item]) -> frozenset[int]:
    """Accounts that are undecided and cannot be approved as proposed any more: who would come stands by now, say."""
    return frozenset(
        item.account
        for item in items
        if item.state == "open"
        and not item.done
        and _fits(room, [each for each in items if each.id != item.id], item, item.proposed) is not None
    )


def unfinished(room: Room, items: Sequence[Item]) -> No | None:
    """Why the review cannot be finished now; None: it can. Looks at what is not carried out yet."""
    rest = [each for each in items if not each.done and each.state != "gone"]
    undecided = tuple(each.account for each in rest if each.state == "open")
    if undecided:
        return No("undecided", undecided, len(undecided), len(items))
    for item in rest:
        if item.decided is not None:
            others = [each for each in rest if each.id != item.id]
            no = _fits(room, others, item, item.decided)
            if no is not None:
                return no
    return None


def counted(room: Room, items: Iterable[Item]) -> int:
    """Swaps that are decided, not carried out yet, and count: the account would not have to leave."""
    return sum(
        item.decided is not None
        and item.decided.decision == "swap"
        and not item.done
        and not room.known[item.account].vetoes
        for item in items
    )


def _fits(room: Room, others: Sequence[Item], item: Item, course: Course) -> No | None:
    match course.decision:
        case "go_on":
            return None
        case "change":
            if course.play is None and course.channel is None and course.role is None:
                return No("nothing-to-change", (item.account,))
            if course.play is not None and course.play not in room.plays:
                return No("play-unknown", (item.account,), name=course.play)
            return None
        case "freeze":
            if course.until is None:
                return No("no-day", (item.account,))
            return No("past", (item.account,)) if course.until < room.today else None
        case "swap":
            return _swap(room, others, item, course.other)
        case _:
            assert_never(course.decision)


def _swap(room: Room, others: Sequence[Item], item: Item, come: int | None) -> No | None:
    """The same that the act of swapping asks, and that no two places are filled by one."""
    standing = room.targets.standing.get(item.account)
    if come is None:
        return No("no-other", (item.account,))
    if standing is None:
        return No("not-on-list", (item.account,))
    if come in room.targets.standing:
        return No("on-list", (item.account,), come=come)
    if any(each.decided is not None and each.decided.other == come and not each.done for each in others):
        return No("taken", (item.account,), come=come)
    if standing.locked(room.at):
        return No("account-locked", (item.account,), until=standing.locked_until)
    if room.known[come].vetoes:
        return No("vetoed", (item.account,), veto=room.known[come].vetoes[0], come=come)
    if not room.known[item.account].vetoes:
        number = room.used + counted(room, others)
        if number >= room.rules.swaps:
            return No("swaps-used", (item.account,), number, room.rules.swaps)
    return None
