"""In which order the letters of a slot are asked: facility after facility. Pure. Start with `by_facility`.

So what a facility has heard is read once. Nobody's answer changes by it: what shares a limit keeps the total order
among itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from typing import NamedTuple


class Queued(NamedTuple):
    """A letter that may be asked. domain: of its mailbox, None where no domain matters."""

    key: str
    person: int
    account: int | None
    domain: str | None = None


def by_facility(letters: Iterable[Queued], bound: Collection[str] = ()) -> list[list[str]]:
    """Keys in groups that share nothing, in the order of their first letters; `letters` come in the total order.

    bound: domains whose rate these letters may use up: all letters to such a domain are one group.
    """
    rows, heads = [], _Heads()
    homes: dict[int | str, int] = {}
    for key, person, account, domain in letters:
        unit = -person if account is None else account
        if (home := homes.setdefault(person, unit)) != unit:
            heads.join(home, unit)
        if domain in bound and (home := homes.setdefault(domain or "", unit)) != unit:
            heads.join(home, unit)
        rows.append((key, unit))
    groups: dict[int, list[str]] = {}
    for key, unit in rows:
        groups.setdefault(heads.of(unit), []).append(key)
    return list(groups.values())


def take(groups: deque[list[str]], size: int) -> list[str]:
    """The next keys, at most `size`: whole groups, and a part of one only where it is larger than that."""
    some: list[str] = []
    while groups and len(some) + len(groups[0]) <= size:
        some += groups.popleft()
    if groups and not some:
        some, groups[0] = groups[0][:size], groups[0][size:]
    return some


class _Heads:
    """Units that belong together, each known by one of them."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def of(self, unit: int) -> int:
        while (above := self._above.get(unit, unit)) != unit:
            # Half the way at every step: chains stay short.
            self._above[unit] = self._above.get(above, above)
            unit = above
        return unit

    def join(self, one: int, other: int) -> None:
        self._above[self.of(one)] = self.of(other)
