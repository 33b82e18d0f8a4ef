"""Asks the outbox for the planner: what waits, what is known about each letter, what was granted before.

Imports models.tables; the planner itself knows no table. Start with `ask`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from hagukumi.journeys.core.values import Span
from hagukumi.letters.approvals import Approvals
from hagukumi.letters.departure import Held, SharedHistory, Situation, Waiting
from hagukumi.letters.granted import About, history
from hagukumi.letters.play_letters import plays_waiting
from hagukumi.letters.rules import Terms
from hagukumi.letters.situations import situations
from hagukumi.letters.waiting import Asking, domain_of
from hagukumi.pipeline.approval import Check
from models.tables.keys import keyed_hash
from models.tables.prepared import Prepared
from models.tables.schema import workspace

FreshFor = Callable[[int, str], Span | None]
"""(version id, step) -> the step's own freshness, or None for the default."""


_HOUSE = Prepared(select(workspace.c.nature, workspace.c.optouts_settled, workspace.c.secret))


class Asked(NamedTuple):
    """One round of letters for the planner."""

    letters: list[tuple[Waiting, Situation]]
    history: SharedHistory


def ask(
    conn: Connection, waiting: Sequence[Asking], terms: Terms, fresh_for: FreshFor
) -> Iterator[tuple[datetime, Asked]]:
    """What is known about these letters, slot by slot. Letters of different slots share no facility and no person."""
    if not waiting:
        return
    slot, rows = waiting[0].slot, [asking.row for asking in waiting]
    (house,) = _HOUSE.all(conn)
    addresses = {r.person_id: keyed_hash(house.secret, r.email_norm) for r in rows if r.email_norm}
    letters = [_waiting(row, addresses.get(row.person_id), fresh_for, terms) for row in rows]
    may_send = house.nature == "virtual" or house.optouts_settled is not None
    approvals = Approvals(conn, terms.checks, {(row.version_id, row.content) for row in rows if row.content})
    unapproved = [approvals.missing(row.version_id, row.content) for row in rows]
    known = situations(conn, rows, letters, slot, terms, unapproved, may_send=may_send)
    cases = list(zip(letters, known, strict=True))
    shared = history(conn, letters, slot, terms)
    plays = plays_waiting(conn, {one.account for one in letters if one.account is not None})
    slots: dict[datetime, list[tuple[Waiting, Situation]]] = defaultdict(list)
    for asking, case in zip(waiting, cases, strict=True):
        slots[asking.slot].append(case)
    if len(slots) == 1:
        yield slot, Asked(cases, _with_plays(shared, plays, slot, terms))
        return
    about = About(shared)
    for each, some in slots.items():
        yield each, Asked(some, _with_plays(about.those(one for one, _ in some), plays, each, terms))


def _with_plays(
    shared: SharedHistory, plays: Sequence[tuple[Waiting, datetime]], slot: datetime, terms: Terms
) -> SharedHistory:
    """A play that can still speak to its account that day keeps the voice of the day."""
    if not plays:
        return shared
    today = terms.calendar.day_of(slot)
    due = [one for one, again in plays if terms.calendar.day_of(again) <= today]
    return shared._replace(plays_due=due)


def ask_about(
    conn: Connection, row: Row[Any], waiting: Waiting, slot: datetime, terms: Terms, unapproved: tuple[Check, ...]
) -> Asked:
    """One letter that stands in no outbox; `row` is one of `preview.draft_for`."""
    (house,) = _HOUSE.all(conn)
    may_send = house.nature == "virtual" or house.optouts_settled is not None
    (situation,) = situations(conn, [row], [waiting], slot, terms, [unapproved], may_send=may_send)
    return Asked([(waiting, situation)], history(conn, [waiting], slot, terms))


def _waiting(row: Any, address: str | None, fresh_for: FreshFor, terms: Terms) -> Waiting:
    marks = (row.held_for or "").split(",")
    last = None if row.held_at is None else Held(row.held_at, "still" in marks, "task" in marks)
    return Waiting(
        key=row.key, person=row.person_id, account=row.account_id, address=address, content=row.content,
        written_at=row.written_at, due=row.due, scenario=row.scenario or "", step=row.step or "", visit=row.visit or 1,
        journey=row.journey_id, klass=row.klass, priority=row.priority, variant=row.variant,
        fresh_for=fresh_for(row.version_id, row.step) if row.version_id else None, stood_still=row.stood_still,
        task_hold=row.task_hold, last=last, domain=domain_of(row.email_norm) if terms.outlet else None,
    )  # fmt: skip
