"""Reviews as they are stored: what was proposed, decided and carried out. Start with `open_review` and `items_of`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, func, select

from abm.deciding import Item, What
from abm.review import Act, Asked, Contact, Course, Ground, Snapshot
from hagukumi.journeys.core.verdict import Why
from models.tables.schema import review, review_decision, review_item


class Candidate(NamedTuple):
    """Who could come, as of the preparation; fit and priority in tenths."""

    account: int
    fit: int
    priority: int | None


class Held(NamedTuple):
    """A review. held_on: its local day. since: what happened since then is looked at. run: Prefect's, if one waits.

    finished_by, finishing_by: ids of staff.
    """

    number: int
    held_on: date
    since: datetime
    prepared_at: datetime
    candidates: tuple[Candidate, ...]
    finished_at: datetime | None
    finished_by: int | None
    finishing_by: int | None
    reminded_at: datetime | None
    escalated_at: datetime | None
    run: str | None
    run_api: str | None

    @property
    def open(self) -> bool:
        """Whether it is not finished."""
        return self.finished_at is None


class Decided(NamedTuple):
    """What somebody decided about a proposal. course: None where it was rejected."""

    id: int
    at: datetime
    by: int
    what: What
    course: Course | None
    act: Act | None
    owner: int | None
    due: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One account in a review, as it was proposed and as it stands. owner: id of staff. decided: the latest."""

    item: Item
    tier: int
    now: Snapshot
    contacts: tuple[Contact, ...]
    changed: tuple[Why, ...]
    why: tuple[Why, ...]
    receipt: tuple[Ground, ...]
    act: Act | None
    owner: int | None
    due: datetime | None
    asks: Asked | None
    decided: Decided | None
    done_at: datetime | None
    done: tuple[Why, ...]


def open_review(conn: Connection) -> Held | None:
    """The review that is not finished; there is one at most."""
    return _one(conn, review.c.finished_at.is_(None))


def latest_review(conn: Connection) -> Held | None:
    """The one with the highest number, finished or not."""
    return _one(conn)


def review_at(conn: Connection, number: int) -> Held | None:
    """The review of this number."""
    return _one(conn, review.c.number == number)


def items_of(conn: Connection, number: int) -> list[Line]:
    """The accounts of a review, in the order in which they were put in."""
    c = review_item.c
    rows = conn.execute(select(review_item).where(c.review == number).order_by(c.id)).all()
    d = review_decision.c
    mine = select(c.decision_id).where(c.review == number, c.decision_id.is_not(None))
    decided = {row.id: _decided(row) for row in conn.execute(select(review_decision).where(d.id.in_(mine)))}
    return [_line(row, decided.get(row.decision_id)) for row in rows]


def undecided(conn: Connection, number: int) -> int:
    """How many accounts of a review nobody has decided about yet."""
    c = review_item.c
    query = select(func.count()).select_from(review_item).where(c.review == number, c.state == "open")
    return conn.execute(query).scalar_one()


def line_of(conn: Connection, id_: int) -> Line:
    """One account of a review, by the id of its item. Raises NoResultFound."""
    row = conn.execute(select(review_item).where(review_item.c.id == id_)).one()
    if row.decision_id is None:
        return _line(row, None)
    return _line(
        row, _decided(conn.execute(select(review_decision).where(review_decision.c.id == row.decision_id)).one())
    )


def before_of(conn: Connection, number: int) -> dict[int, Line]:
    """By account its line in the latest finished review before this number in which it stood."""
    c = review_item.c
    query = (
        select(review_item)
        .join(review, review.c.number == c.review)
        .where(c.review < number, c.state != "gone", review.c.finished_at.is_not(None))
        .order_by(c.review, c.id)
    )
    rows = {row.account_id: row for row in conn.execute(query)}
    d = review_decision.c
    ids = [row.decision_id for row in rows.values() if row.decision_id is not None]
    decided = {row.id: _decided(row) for row in conn.execute(select(review_decision).where(d.id.in_(ids)))}
    return {account: _line(row, decided.get(row.decision_id)) for account, row in rows.items()}


def decisions_about(conn: Connection, account: int) -> list[tuple[int, Decided]]:
    """(review, decision) of all that was ever decided about an account, the oldest first."""
    query = (
        select(review_decision, review_item.c.review)
        .join(review_item, review_item.c.id == review_decision.c.item_id)
        .where(review_item.c.account_id == account)
        .order_by(review_decision.c.id)
    )
    return [(row.review, _decided(row)) for row in conn.execute(query)]


def facts_json(tier: int, now: Snapshot, contacts: Sequence[Contact], changed: Sequence[Why]) -> dict[str, Any]:
    """What a review keeps of an account: codes, numbers and days."""
    return {
        "tier": tier,
        "now": now._asdict(),
        "contacts": [[each.channel, each.times, each.last.isoformat()] for each in contacts],
        "changed": whys_json(changed),
    }


def whys_json(whys: Sequence[Why]) -> list[list[str]]:
    """Reasons as tables keep them."""
    return [[why.code, *why.args] for why in whys]


def receipt_json(receipt: Sequence[Ground]) -> list[list[Any]]:
    """Rules asked, as tables keep them."""
    return [[each.rule, each.held, *each.args] for each in receipt]


def _one(conn: Connection, *where: ColumnElement[bool]) -> Held | None:
    row = conn.execute(select(review).where(*where).order_by(review.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    return Held(
        row.number, date.fromordinal(row.held_on), row.since, row.prepared_at,
        tuple(Candidate(*each) for each in row.candidates), row.finished_at,
        row.finished_by_staff_id, row.finishing_by_staff_id, row.reminded_at, row.escalated_at, row.run, row.run_api,
    )  # fmt: skip


def _course(row: Row[Any]) -> Course:
    until = None if row.until is None else date.fromordinal(row.until)
    return Course(
        decision=row.decision, other=row.other_id, until=until, play=row.play, channel=row.channel, role=row.role
    )


def _decided(row: Row[Any]) -> Decided:
    course = None if row.decision is None else _course(row)
    return Decided(row.id, row.at, row.by_staff_id, row.what, course, row.act, row.owner_staff_id, row.due, row.why)


def _line(row: Row[Any], decided: Decided | None) -> Line:
    facts: Mapping[str, Any] = row.facts
    item = Item(
        id=row.id, account=row.account_id, key="", proposed=_course(row), state=row.state,
        decided=None if decided is None or row.state == "open" else decided.course, done=row.done_at is not None,
    )  # fmt: skip
    return Line(
        item=item,
        tier=facts["tier"],
        now=snapshot_of(facts["now"]),
        contacts=tuple(Contact(name, times, date.fromisoformat(day)) for name, times, day in facts["contacts"]),
        changed=_whys(facts["changed"]),
        why=_whys(row.why),
        receipt=tuple(Ground(rule, held, tuple(args)) for rule, held, *args in row.receipt),
        act=row.act,
        owner=row.owner_staff_id,
        due=row.due,
        asks=None if row.asks_kind is None else Asked(row.asks_kind, row.asks_theme),
        decided=decided,
        done_at=row.done_at,
        done=_whys(row.done or ()),
    )


def snapshot_of(stored: Mapping[str, Any]) -> Snapshot:
    """A snapshot as tables keep it; what a later version of the program has added has its default."""
    known = {name: stored[name] for name in Snapshot._fields if name in stored}
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    return Snapshot(**known | lists)


def _whys(stored: Sequence[Sequence[str]]) -> tuple[Why, ...]:
    return tuple(Why(code, tuple(args)) for code, *args in stored)
