"""How well machines are told from people, by class of scanner and by kind of human. Start with `count`.

Only clicks on links that a reader sees are counted: these are what a wrong mark costs, and a missed one buys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from math import sqrt

from sqlalchemy import Connection, select

from hagukumi.letters.links import TRAP
from hagukumi.world.happening import HUMAN
from models.tables.schema import activity, person

SCANNERS = ("declared", "burst", "all_links", "late_single", "opens_only")
HUMANS = ("fast", "egress", "normal")
KindOf = Callable[[str], str]
"""A person's key -> fast, egress (behind an address that companies share) or normal."""


@dataclass(slots=True)
class Row:
    """One class: how many clicks (opens, for opens_only), how many of them marked and why, how many marked late.

    late: they had counted before something told them apart.
    """

    seen: int = 0
    marked: int = 0
    late: int = 0
    causes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Row) -> None:
        """Takes in another count of the same class."""
        self.seen += other.seen
        self.marked += other.marked
        self.late += other.late
        self.causes += other.causes

    @property
    def share(self) -> float:
        """Marked of seen: recall for scanners, false exclusion for humans."""
        return self.marked / self.seen if self.seen else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies with 95 % (Wilson)."""
        return wilson(self.marked, self.seen)


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Wilson's interval of a share, 95 %."""
    if not tries:
        return 0.0, 1.0
    z, share = 1.959964, hits / tries
    middle = share + z * z / (2 * tries)
    wide = z * sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    whole = 1 + z * z / tries
    return max(0.0, (middle - wide) / whole), min(1.0, (middle + wide) / whole)


def count(
    conn: Connection, by: Mapping[str, str], kind_of: KindOf, counted: Collection[int] = frozenset()
) -> dict[str, Row]:
    """Class -> row. by: source id -> who really did it; counted: clicks that had counted at some time."""
    rows = {name: Row() for name in (*SCANNERS, *HUMANS, "opens")}
    c = activity.c
    query = select(c.id, c.kind, c.source_id, c.machine, c.detail, person.c.key)
    query = query.join_from(activity, person, c.person_id == person.c.id).where(c.kind.in_(("clicked", "opened")))
    for each in conn.execute(query):
        who = by.get(each.source_id or "")
        if who is None or (each.detail or {}).get("link") == TRAP:
            continue
        opened = each.kind == "opened"
        if who == HUMAN:
            name = "opens" if opened else kind_of(each.key)
        elif opened != (who == "opens_only"):
            continue
        else:
            name = who
        row = rows[name]
        row.seen += 1
        if each.machine is not None:
            row.marked += 1
            row.late += each.id in counted
            row.causes[each.machine] += 1
    return rows
