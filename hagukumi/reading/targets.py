"""The list of target accounts as it is stored, and its history. Start with `read_targets`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Connection, Row, func, select

from abm.programme import Side
from abm.target_list import Event, Signature, Standing, TargetList
from models.tables.bulk import where_in
from models.tables.schema import account, agreement, legal_entity, nomination, proposal, staff, target, target_event

SIDES: tuple[Side, ...] = ("marketing", "sales")


class Named(NamedTuple):
    """What people call a facility; legal_entity as entered, or None."""

    key: str
    name: str
    legal_entity: str | None = None

    @property
    def full(self) -> str:
        """With its legal entity behind it."""
        return f"{self.name}({self.legal_entity})" if self.legal_entity else self.name


class Told(NamedTuple):
    """An event with its number, and key and name of the colleague (None: the programme itself)."""

    id: int
    event: Event
    by_key: str | None
    by_name: str | None


def read_targets(conn: Connection) -> TargetList:
    """The list as of now; the same as a replay of all its events."""
    rounds = conn.execute(select(agreement).order_by(agreement.c.round)).all()
    done = [row for row in rounds if row.agreed_at is not None]
    number = len(done) + 1
    rows = conn.execute(select(target)).all()
    proposals = conn.execute(select(proposal).where(proposal.c.round == number)).all()
    before = proposal.c.round == number - 1
    declined = conn.scalars(select(proposal.c.account_id).where(before, proposal.c.tier == 0))
    e = target_event.c
    swaps = conn.scalars(select(e.at).where(e.what == "left", e.code == "swap").order_by(e.id))
    return TargetList(
        round=number,
        standing={
            row.account_id: Standing(
                row.tier, row.since, row.fit, row.locked_until, row.gap, row.gap_since, row.suggested_id
            )
            for row in rows
            if row.left_at is None
        },
        left={row.account_id: row.left_at for row in rows if row.left_at is not None},
        proposed={row.account_id: row.fit for row in proposals if row.fit is not None},
        named=named_for(conn, number),
        picked={row.account_id: row.tier for row in proposals if row.tier is not None},
        favoured=frozenset(named_for(conn, number - 1)),
        declined=frozenset(declined),
        signed=_signatures(rounds[-1]) if len(rounds) == number else {},
        locked_until=done[-1].locked_until if done else None,
        swaps=tuple(swaps),
        looked_at=last_look(conn),
    )


def read_events(conn: Connection, about: int | None = None, limit: int | None = None) -> list[Told]:
    """What happened, the oldest first; about: to this account, or in exchange for it. limit: the latest so many."""
    c = target_event.c
    query = (
        select(target_event, staff.c.key.label("by_key"), staff.c.name.label("by_name"))
        .select_from(target_event.outerjoin(staff, staff.c.id == c.by_staff_id))
        .order_by(c.id.desc())
        .limit(limit)
    )
    if about is not None:
        query = query.where((c.account_id == about) | (c.other_id == about))
    return [_told(row) for row in reversed(conn.execute(query).all())]


def named(conn: Connection, accounts: Collection[int]) -> dict[int, Named]:
    """What facilities are called, by id."""
    c = account.c
    query = (
        select(c.id, c.key, c.name, legal_entity.c.name.label("entity"))
        .select_from(account.outerjoin(legal_entity, c.legal_entity_id == legal_entity.c.id))
        .where(where_in(c.id, accounts))
    )
    return {row.id: Named(row.key, row.name, row.entity) for row in conn.execute(query)}


def staff_names(conn: Connection) -> dict[int, tuple[str, str]]:
    """Key and name of our own people, also of those who have left."""
    return {row.id: (row.key, row.name) for row in conn.execute(select(staff.c.id, staff.c.key, staff.c.name))}


def has_targets(conn: Connection) -> bool:
    """Whether any account stands on the list."""
    return conn.scalar(select(target.c.account_id).where(target.c.left_at.is_(None)).limit(1)) is not None


def signed_by(conn: Connection) -> dict[Side, Signature]:
    """The signatures of the agreement that stands; empty before the first one."""
    c = agreement.c
    row = conn.execute(select(agreement).where(c.agreed_at.is_not(None)).order_by(c.round.desc()).limit(1)).first()
    return {} if row is None else _signatures(row)


def last_look(conn: Connection) -> datetime | None:
    """When the programme looked for gaps last; None: never."""
    c = target_event.c
    latest: datetime | None = conn.scalar(select(func.max(c.at)).where(c.what == "looked"))
    return latest


def named_for(conn: Connection, number: int) -> dict[int, frozenset[int]]:
    """Who named which account for this agreement."""
    found: dict[int, set[int]] = defaultdict(set)
    for row in conn.execute(select(nomination).where(nomination.c.round == number)):
        found[row.account_id].add(row.staff_id)
    return {each: frozenset(names) for each, names in found.items()}


def _signatures(row: Row[tuple[object, ...]]) -> dict[Side, Signature]:
    said: dict[Side, Sequence[object]] = {
        "marketing": (row.marketing_staff_id, row.marketing_at, row.marketing_digest),
        "sales": (row.sales_staff_id, row.sales_at, row.sales_digest),
    }
    return {side: Signature(*cast("tuple[int, datetime, str]", said[side])) for side in SIDES if said[side][0]}


def _told(row: Row[tuple[object, ...]]) -> Told:
    event = Event(
        row.what, row.at, row.by_staff_id, row.account_id, row.code, row.other_id, row.tier, row.fit, row.until,
        row.digest, row.why,
    )  # fmt: skip
    return Told(row.id, event, row.by_key, row.by_name)
