"""The fortnightly review is prepared: each account with its facts and a proposal. Start with `prepare`.

Reading comes before the lock; prepared twice, or by two at once, it is one review with the same accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, select, update

from abm.programme import Review, held_on, review_of, used_in
from abm.proposing import propose
from abm.review import DESKS, Act, Course, Days, Desk, Facts, Proposal, asked_for, changes
from abm.target_list import TargetList
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.shell.owners import owners_of
from hagukumi.programme.board import CLOSES, Board
from hagukumi.programme.review_facts import Looked, facts_of
from hagukumi.programme.sight import Sight
from hagukumi.reading.reviews import (
    Held,
    Line,
    before_of,
    facts_json,
    items_of,
    latest_review,
    open_review,
    receipt_json,
    review_at,
    whys_json,
)
from hagukumi.reading.sellers import sellers
from hagukumi.reading.targets import read_targets
from hagukumi.words.dates import say_day
from hagukumi.words.review import refused
from models.tables.bulk import update_many, upsert_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.locks import list_alone
from models.tables.schema import agreement, review, review_item

_PROPOSED = (
    "facts", "why", "receipt", "decision", "other_id", "until", "play", "channel", "role", "act", "owner_staff_id",
    "due", "asks_kind", "asks_theme",
)  # fmt: skip


_Rows = dict[int, tuple[Any, ...]]


class Prepared(NamedTuple):
    """A review that is open. new: it was prepared just now. waits: the number of a later one that waits for it."""

    held: Held
    new: bool
    waits: int | None = None


def due(conn: Connection, board: Board) -> Review | None:
    """The period whose review is due: its first day has come since the list was agreed, and it has had none yet."""
    period = review_of(board.rules.review, board.day_of(board.now))
    latest = latest_review(conn)
    if period.number < 1 or (latest is not None and latest.number >= period.number):
        return None
    agreed = _agreed_at(conn)
    return period if agreed is not None and board.day_of(agreed) < period.first else None


def prepare(engine: Engine, sight: Sight, *, only_when_due: bool = False, anew: bool = False) -> Prepared | None:
    """The open review, else the one of this period. only_when_due: None where its day has not come.

    Accounts that left the list are set aside, those that came are added; what nobody has decided yet is looked at
    anew on the day it meets, or when asked for (anew). Raises NotDone before an agreement, and where it is done.
    """
    board = sight.board
    with begin_read(engine) as conn:
        if not read_targets(conn).agreed:
            if only_when_due:
                return None
            raise refused("not-agreed")
        held, waiting = open_review(conn), due(conn, board)
        period = waiting or review_of(board.rules.review, board.day_of(board.now))
        if held is None:
            latest = latest_review(conn)
            if only_when_due and waiting is None:
                return None
            if latest is not None and latest.number >= period.number:
                raise refused("done-already", number=latest.number, day=_said(_next(board, period)))
    if held is None:
        return Prepared(_open(engine, sight, period), new=True)
    again = anew or board.day_of(held.prepared_at) < held.held_on <= board.day_of(board.now)
    _follow(engine, sight, held, again=again and held.finishing_by is None)
    with begin_read(engine) as conn:
        held = review_at(conn, held.number) or held
    return Prepared(held, new=False, waits=None if waiting is None else waiting.number)


def days_of(board: Board) -> Days:
    """Today, and the day on which the next review meets."""
    today = board.day_of(board.now)
    return Days(today, _next(board, review_of(board.rules.review, today)))


def used_by(board: Board, targets: TargetList, lines: Sequence[Line]) -> int:
    """Swaps of this period so far, and those this review made in an earlier one."""
    period = review_of(board.rules.review, board.day_of(board.now))
    earlier = sum(
        line.done_at is not None and board.day_of(line.done_at) < period.first and _counted(line) for line in lines
    )
    return used_in(period, targets.swaps, board.day_of) + earlier


def _counted(line: Line) -> bool:
    return any(why.code == "did_swap" and why.args[1] == "swap" for why in line.done)


def _next(board: Board, period: Review) -> date:
    following = review_of(board.rules.review, period.last + timedelta(days=1))
    return held_on(following, board.calendar.is_business_day)


def _said(day: date) -> Words:
    return Words(say_day(day, "ja", year=True), say_day(day, "en", year=True))


def _agreed_at(conn: Connection) -> datetime | None:
    at: datetime | None = conn.scalar(select(func.max(agreement.c.agreed_at)))
    return at


def _open(engine: Engine, sight: Sight, period: Review) -> Held:
    board = sight.board
    day = held_on(period, board.calendar.is_business_day)
    with begin_read(engine) as conn:
        latest = latest_review(conn)
        since = latest.prepared_at if latest is not None else _agreed_at(conn) or board.now
    rows, candidates = _proposals(engine, sight, period.number, since, day)
    with begin_write(engine) as conn:
        list_alone(conn)
        if open_review(conn) is None:
            row = (period.number, day.toordinal(), since, board.now, candidates)
            columns = ("number", "held_on", "since", "prepared_at", "candidates")
            upsert_many(conn, review, columns, [row], conflict=("number",))
            _add(conn, period.number, rows)
        held = open_review(conn)
    assert held is not None
    return held


def _follow(engine: Engine, sight: Sight, held: Held, *, again: bool) -> None:
    """An open review follows the list; what is undecided gets a new proposal where it is to be looked at again."""
    with begin_read(engine) as conn:
        standing = {*read_targets(conn).standing}
        lines = items_of(conn, held.number)
    known = {line.item.account for line in lines}
    gone = [line for line in lines if line.item.account not in standing and _alive(line)]
    back = [line for line in lines if line.item.account in standing and line.item.state == "gone"]
    if not (again or gone or back or standing - known):
        return
    rows, candidates = _proposals(engine, sight, held.number, held.since, held.held_on)
    with begin_write(engine) as conn:
        list_alone(conn)
        _mark(conn, gone, "gone")
        _mark(conn, back, "open")
        _add(conn, held.number, {account: row for account, row in rows.items() if account not in known})
        if again:
            _refresh(conn, held, rows)
            values = {"prepared_at": sight.board.now, "candidates": candidates}
            conn.execute(update(review).where(review.c.number == held.number).values(**values))


def _alive(line: Line) -> bool:
    return line.item.state != "gone" and not line.item.done


def _mark(conn: Connection, lines: Sequence[Line], state: str) -> None:
    c = review_item.c
    mine = where_in(c.id, [line.item.id for line in lines])
    conn.execute(update(review_item).where(mine, c.done_at.is_(None)).values(state=state))


def _add(conn: Connection, number: int, rows: _Rows) -> None:
    columns = ("review", "account_id", *_PROPOSED)
    made = [(number, account, *row) for account, row in rows.items()]
    upsert_many(conn, review_item, columns, made, conflict=("review", "account_id"))


def _refresh(conn: Connection, held: Held, rows: _Rows) -> None:
    """Facts of today for all; new proposals for what is undecided under the lock. What was decided stays."""
    c = review_item.c
    known = conn.execute(select(c.account_id, c.id, c.state).where(c.review == held.number)).all()
    mine = [(row, rows[row.account_id]) for row in known if row.account_id in rows]
    update_many(conn, review_item, ("id",), _PROPOSED[:1], [(row.id, new[0]) for row, new in mine])
    changed = [(row.id, *new) for row, new in mine if row.state == "open"]
    update_many(conn, review_item, ("id",), _PROPOSED, changed)


def _proposals(engine: Engine, sight: Sight, number: int, since: datetime, day: date) -> tuple[_Rows, list[Any]]:
    """By account what is stored of its facts and its proposal, by tier and key; and the candidates."""
    board = sight.board
    with begin_read(engine) as conn:
        targets, before = read_targets(conn), before_of(conn, number)
        looked = facts_of(conn, sight, targets, before, since, days_of(board))
        swaps = max(board.rules.review.swaps - used_by(board, targets, items_of(conn, number)), 0)
        made = propose(board.rules.review, looked.facts, looked.spare, swaps, days_of(board))
        owners = _owners(conn, board, looked, made)
    facts = {one.account: one for one in looked.facts}
    order = sorted(made, key=lambda one: (facts[one.account].tier, facts[one.account].key))
    rows = {one.account: _row(sight, facts[one.account], one, owners.get(one.account), day) for one in order}
    return rows, [[one.account, looked.known[one.account].tenths, one.tenths] for one in looked.spare]


def _row(sight: Sight, facts: Facts, made: Proposal, owner: int | None, day: date) -> tuple[Any, ...]:
    course = made.course
    until = None if course.until is None else course.until.toordinal()
    asks = asked_for(facts.now, sight.pieces) or (None, None)
    return (
        facts_json(facts.tier, facts.now, facts.contacts, changes(facts.before, facts.now)),
        whys_json(made.why), receipt_json(made.receipt), course.decision, course.other, until, course.play,
        course.channel, course.role, made.act, owner, due_of(sight.board, made.act, course, day), *asks,
    )  # fmt: skip


def due_of(board: Board, act: Act | None, course: Course, day: date) -> datetime:
    """By when the next act is to be done: soon after that day, or when a freeze is over."""
    if act == "wake" and course.until is not None:
        return board.calendar.add_business_days(board.calendar.instant(course.until, CLOSES), 1)
    return board.rules.review.act_within.after(board.calendar.instant(day, CLOSES), board.calendar)


def _owners(conn: Connection, board: Board, looked: Looked, made: Sequence[Proposal]) -> dict[int, int]:
    """Who does the next act: field sales' own accounts by who has them, else whoever of the desk has least to do."""
    named = sellers(conn, [one.account for one in looked.facts])
    wanted = [(one.account, DESKS[one.act]) for one in made]
    found = {account: named[account] for account, desk in wanted if desk == "FS" and account in named}
    rest = [(account, desk) for account, desk in wanted if account not in found]
    desks: list[Desk] = [desk for _, desk in rest]
    shared = owners_of(conn, desks, board.now, board.calendar)
    return found | {account: owner for (account, _), owner in zip(rest, shared, strict=True) if owner is not None}


def owner_of(conn: Connection, board: Board, account: int, act: Act | None) -> int | None:
    """Who would do this about the account: as above, for one."""
    if act is None:
        return None
    named = sellers(conn, [account]) if DESKS[act] == "FS" else {}
    return named.get(account) or owners_of(conn, [DESKS[act]], board.now, board.calendar)[0]
