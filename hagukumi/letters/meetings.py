"""Where lives meet: people of one facility at the slot in which its next letter is asked; others never do.

So on a virtual clock each facility (a person without one counts as such) lives ahead by itself, to its own next slot.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Connection, bindparam, case, func, literal_column, select, type_coerce

from models.tables.schema import letter, person
from models.tables.schema.letters import WAITING
from models.tables.types import Whole

MINUTE = 60_000_000
_UNTIL = bindparam("until", type_=Whole())
_FIRST = bindparam("first", type_=Whole())
_WHOLE_MINUTE = f"((min(letter.next_try) + {MINUTE - 1}) / {MINUTE}) * {MINUTE}"


class Reach(NamedTuple):
    """How far time may go. All in microseconds; first: no slot before it can be departed in any more.

    apart: facilities live by themselves. Not so where a letter was written for another facility than its person's.
    """

    until: int
    first: int
    apart: bool = True


def given(reach: Reach) -> dict[str, int]:
    """The parameters of statements over `meeting`."""
    return {"until": reach.until, "first": reach.first}


@lru_cache(maxsize=2)
def meeting(apart: bool) -> CTE:
    """Facility (`unit`) and the slot in microseconds where its people meet next, for those who meet by `until`."""
    next_ = literal_column(_WHOLE_MINUTE, Whole())
    slot = case((next_ < _FIRST, _FIRST), else_=next_).label("slot")
    waits = select(unit_of_letter(apart).label("unit"), slot)
    waits = waits.where(WAITING, type_coerce(letter.c.next_try, Whole()) <= _UNTIL)
    return (waits.group_by(literal_column("1")) if apart else waits.having(func.count() > 0)).cte("meeting")


def unit_of_letter(apart: bool) -> ColumnElement[int]:
    """Who hears a letter; everybody is one where they do not live apart."""
    return func.coalesce(letter.c.account_id, -letter.c.person_id) if apart else literal_column("0", Whole())


def unit_of_person(apart: bool) -> ColumnElement[int]:
    """Whom a person meets."""
    return func.coalesce(person.c.account_id, -person.c.id) if apart else literal_column("0", Whole())


@lru_cache(maxsize=2)
def _waiting(apart: bool) -> Any:
    c = letter.c
    next_try = type_coerce(c.next_try, Whole())
    query = select(c.key, unit_of_letter(apart), next_try).where(WAITING, next_try <= _UNTIL)
    return query.order_by(c.priority, c.due, c.key)


def next_meetings(conn: Connection, reach: Reach) -> list[tuple[str, int]]:
    """Every letter that is asked at its facility's next slot, with that slot, in the order of departure."""
    rows = conn.execute(_waiting(reach.apart), {"until": reach.until}).all()
    first: dict[int, int] = {}
    for _, unit, next_try in rows:
        slot = max(-(-next_try // MINUTE) * MINUTE, reach.first)
        first[unit] = min(slot, first.get(unit, slot))
    meetings = [
        (key, first[unit]) for key, unit, next_try in rows if next_try <= first[unit] and first[unit] <= reach.until
    ]
    return sorted(meetings, key=lambda meeting: meeting[1])


_ASTRAY = (
    select(letter.c.key)
    .join_from(letter, person, letter.c.person_id == person.c.id)
    .where(WAITING, func.coalesce(letter.c.account_id, 0) != func.coalesce(person.c.account_id, 0))
    .limit(1)
)


def live_apart(conn: Connection) -> bool:
    """Whether no waiting letter ties two facilities together: its person has moved since it was written."""
    return conn.scalar(_ASTRAY) is None
