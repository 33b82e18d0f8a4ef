"""What is known of a play's letters beyond each by itself: its group, whether the play stands still, what is due.

Imports models.tables. Start with `Plays` and `plays_waiting`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, text

from hagukumi.letters.departure import ALONE, COUNTED_STATES, Sibling, Waiting
from models.tables.bulk import among
from models.tables.prepared import Prepared
from models.tables.schema import journey, letter
from models.tables.types import from_micros

# Written as the index has it: only then it serves.
_IS_PLAY = text("letter.klass = 'play' AND letter.state IN ('queued', 'held')")
_KLASS = text("letter.klass = 'play'")
_GROUPS = Prepared(
    select(letter.c.key, letter.c.state, letter.c.next_try, letter.c.granted_at).where(
        among(letter.c.account_id, "accounts"), _KLASS, among(letter.c.journey_id, "journeys")
    )
)
_MEMORIES = Prepared(select(journey.c.id, journey.c.memory).where(among(journey.c.id, "journeys")))
_WAITING = Prepared(
    select(
        letter.c.key, letter.c.person_id, letter.c.account_id, letter.c.content, letter.c.written_at, letter.c.due,
        letter.c.scenario, letter.c.priority, letter.c.next_try,
    )
    .where(_IS_PLAY, among(letter.c.account_id, "accounts"))
    .order_by(letter.c.key)
)  # fmt: skip


class Plays:
    """For one round of letters; nothing is read where none of them is a play's."""

    def __init__(self, conn: Connection, waiting: Sequence[Waiting]) -> None:
        own = [one for one in waiting if one.klass == "play"]
        self._groups: defaultdict[str, dict[str, Sibling]] = defaultdict(dict)
        self._frozen: dict[int, datetime] = {}
        if not own:
            return
        journeys = sorted({one.journey for one in own if one.journey is not None})
        accounts = sorted({one.account for one in own if one.account is not None})
        for row in _GROUPS.all(conn, {"accounts": accounts, "journeys": journeys}):
            if row.state in ("queued", "held"):
                self._groups[row.key.rpartition("/")[0]][row.key] = Sibling(again=row.next_try)
            elif row.state in COUNTED_STATES:
                self._groups[row.key.rpartition("/")[0]][row.key] = Sibling(left=row.granted_at)
        for row in _MEMORIES.all(conn, {"journeys": journeys}):
            if row.memory and row.memory.get("frozen") is not None:
                self._frozen[row.id] = from_micros(row.memory["frozen"])

    def siblings(self, one: Waiting) -> Mapping[str, Sibling]:
        """The others of its group."""
        if one.group is None:
            return ALONE
        return {key: other for key, other in self._groups[one.group].items() if key != one.key}

    def frozen(self, one: Waiting) -> datetime | None:
        """Until when its play stands still."""
        return self._frozen.get(one.journey or 0) if one.klass == "play" else None


def plays_waiting(conn: Connection, accounts: Collection[int]) -> list[tuple[Waiting, datetime]]:
    """Letters of plays that wait at these accounts, each with when it is asked."""
    found = _WAITING.all(conn, {"accounts": sorted(accounts)}) if accounts else []
    return [
        (
            Waiting(
                row.key, row.person_id, row.account_id, None, row.content, row.written_at, row.due, row.scenario,
                klass="play", priority=row.priority,
            ),
            row.next_try,
        )
        for row in found
    ]  # fmt: skip
