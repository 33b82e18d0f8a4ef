"""What waits in the outbox, in the total order (priority, due, key). Start with `waiting_at`. Imports models.tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from hagukumi.letters.granted import left_since, left_to
from hagukumi.letters.order import Queued, by_facility
from hagukumi.letters.rules import RAMP, Terms
from models.tables.bulk import among
from models.tables.prepared import Prepared
from models.tables.schema import account, letter, person
from models.tables.schema.letters import WAITING
from models.tables.types import Whole, from_micros, to_micros

_COLUMNS = (
    select(
        letter.c.key, letter.c.person_id, letter.c.account_id, letter.c.content, letter.c.written_at, letter.c.due,
        letter.c.scenario, letter.c.step, letter.c.visit, letter.c.journey_id, letter.c.version_id, letter.c.klass,
        letter.c.priority, letter.c.variant, letter.c.stood_still, letter.c.task_hold, letter.c.held_at,
        letter.c.held_for, person.c.email_norm, person.c.family_name, person.c.department, account.c.closed,
    )
    .join_from(letter, person, letter.c.person_id == person.c.id)
    .outerjoin(account, letter.c.account_id == account.c.id)
    .order_by(letter.c.priority, letter.c.due, letter.c.key)
)  # fmt: skip
_AT = Prepared(_COLUMNS.where(WAITING, letter.c.next_try <= bindparam("slot")).limit(bindparam("most", type_=Whole())))
_QUEUED = Prepared(
    select(letter.c.key, letter.c.person_id, letter.c.account_id, person.c.email_norm)
    .join_from(letter, person, letter.c.person_id == person.c.id)
    .where(WAITING, letter.c.next_try <= bindparam("slot"))
    .order_by(letter.c.priority, letter.c.due, letter.c.key)
    .limit(bindparam("most", type_=Whole()))
)
_AMONG = Prepared(_COLUMNS.where(WAITING, among(letter.c.key, "keys")))


class Asking(NamedTuple):
    """A row of the outbox, and the slot in which it is asked."""

    slot: datetime
    row: Any


def waiting_at(conn: Connection, slot: datetime, limit: int) -> list[Asking]:
    """Up to `limit` letters that may be asked in this slot, in the total order (priority, due, key)."""
    return [Asking(slot, row) for row in _AT.all(conn, {"slot": slot, "most": limit})]


def queued(conn: Connection, slot: datetime, most: int, terms: Terms) -> list[list[str]]:
    """The keys of the first `most` of those letters in the total order, in groups that share no limit: see order.py."""
    rows = _QUEUED.all(conn, {"slot": slot, "most": most})
    letters = [Queued(r[0], r[1], r[2], domain_of(r[3]) if terms.domain_rate else None) for r in rows]
    if letters and _warms_up(conn, slot, len(letters), terms):
        return [[one.key for one in letters]]
    return by_facility(letters, _bound(conn, slot, letters, terms))


def _warms_up(conn: Connection, slot: datetime, number: int, terms: Terms) -> bool:
    """Whether so many letters more may use up what the warm-up allows."""
    allowance = terms.allowance(slot)
    return allowance is not None and number + sum(left.number for left in left_since(conn, slot - RAMP)) > allowance


def _bound(conn: Connection, slot: datetime, letters: Sequence[Queued], terms: Terms) -> set[str]:
    """The domains whose rate these letters may use up."""
    if terms.domain_rate is None:
        return set()
    most, within = terms.domain_rate
    number = Counter(one.domain for one in letters if one.domain)
    for left in left_to(conn, number, slot - within):
        number[left.domain or ""] += left.number
    return {domain for domain, letters in number.items() if letters > most}


def waiting_among(conn: Connection, slots: Mapping[str, int]) -> list[Asking]:
    """Of these letters those that still wait, each with its slot (given in microseconds), by slot and total order."""
    rows = _AMONG.all(conn, {"keys": list(slots)})
    return sorted((Asking(from_micros(slots[row.key]), row) for row in rows), key=lambda asking: asking.slot)


def domain_of(address: str | None) -> str | None:
    """The mail domain of a normalised address."""
    return address.rpartition("@")[2] or None if address else None


def micros(at: datetime | None) -> int | None:
    """An instant as the table keeps it."""
    return None if at is None else to_micros(at)
