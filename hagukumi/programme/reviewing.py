"""The fortnightly review is prepared: each account with its facts and a proposal. Start with `prepare` and `follow`.

Reading comes before the lock; prepared twice, or by two at once, it is one review with the same accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, select, update

from abm.deciding import outdated
from abm.programme import Review, held_on, review_of
from abm.proposing import propose
from abm.review import DESKS, Act, Course, Days, Desk, Facts, Proposal, asked_for, changes
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.shell.owners import owners_of
from hagukumi.programme.board import CLOSES, Board
from hagukumi.programme.review_facts import facts_of
from hagukumi.programme.review_room import room_of, used_by
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
_COURSE = slice(_PROPOSED.index("decision"), _PROPOSED.index("owner_staff_id"))
"""Of these, what is proposed: without its reasons, and whose it is."""

_Rows = dict[int, tuple[Any, ...]]


class _Made(NamedTuple):
    """By account what is stored of its facts, and of those that were asked for their proposals too; the candidates."""

    facts: dict[int, dict[str, Any]]
    rows: _Rows
    candidates: list[Any]


class Renewed(NamedTuple):
    """Accounts whose undecided proposals were made anew, and those of them for which it is another one now."""

    proposed: tuple[int, ...] = ()
    other: tuple[int, ...] = ()


class Prepared(NamedTuple):
    """A review that is open. new: it was prepared just now. waits: the number of a later one that waits for it."""

    held: Held
    new: bool
    waits: int | None = None
    renewed: Renewed = Renewed()


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
    anew on the day it meets, when asked for (anew), or where it cannot be approved any more. Raises NotDone before an
    agreement, and where it is done.
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
    renewed = follow(engine, sight, held, again=again and held.finishing_by is None)
    with begin_read(engine) as conn:
        held = review_at(conn, held.number) or held
    return Prepared(held, new=False, waits=None if waiting is None else waiting.number, renewed=renewed)


def days_of(board: Board) -> Days:
    """Today, and the day on which the next review meets."""
    today = board.day_of(board.now)
    return Days(today, _next(board, review_of(board.rules.review, today)))


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
        asked = _Asked(period.number, since, day, frozenset(read_targets(conn).standing), ())
    made = _made(engine, sight, asked)
    with begin_write(engine) as conn:
        list_alone(conn)
        if open_review(conn) is None:
            row = (period.number, day.toordinal(), since, board.now, made.candidates)
            columns = ("number", "held_on", "since", "prepared_at", "candidates")
            upsert_many(conn, review, columns, [row], conflict=("number",))
            _add(conn, period.number, made.rows)
        held = open_review(conn)
    assert held is not None
    return held


def follow(engine: Engine, sight: Sight, held: Held, *, again: bool = False) -> Renewed:
    """An open review follows the list, and what was decided: proposals that cannot be approved any more are made anew.

    again: everything that is undecided is looked at anew, with the facts of today.
    """
    with begin_read(engine) as conn:
        lines, room = items_of(conn, held.number), room_of(conn, sight)
    standing = {*room.targets.standing}
    known = {line.item.account for line in lines}
    gone = [line for line in lines if line.item.account not in standing and _alive(line)]
    back = [line for line in lines if line.item.account in standing and line.item.state == "gone"]
    undecided = {line.item.account for line in lines if line.item.state == "open"}
    anew = undecided if again else outdated(room, [line.item for line in lines])
    wanted = (standing & anew) | (standing - known) | {line.item.account for line in back}
    if not (again or gone or wanted):
        return Renewed()
    keep = tuple(line for line in lines if _alive(line) and line.item.account in standing - wanted)
    made = _made(engine, sight, _Asked(held.number, held.since, held.held_on, frozenset(wanted), keep))
    with begin_write(engine) as conn:
        list_alone(conn)
        _mark(conn, gone, "gone")
        _mark(conn, back, "open")
        renewed = _refresh(conn, held, made, again=again)
        _add(conn, held.number, {account: row for account, row in made.rows.items() if account not in known})
        values = {"candidates": made.candidates} | ({"prepared_at": sight.board.now} if again else {})
        conn.execute(update(review).where(review.c.number == held.number).values(**values))
    return renewed


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


def _refresh(conn: Connection, held: Held, made: _Made, *, again: bool) -> Renewed:
    """New proposals for what is undecided under the lock; again: facts of today for all. What was decided stays."""
    c = review_item.c
    known = conn.execute(select(review_item).where(c.review == held.number).order_by(c.id)).all()
    if again:
        facts = [(row.id, made.facts[row.account_id]) for row in known if row.account_id in made.facts]
        update_many(conn, review_item, ("id",), _PROPOSED[:1], facts)
    mine = [(row, made.rows[row.account_id]) for row in known if row.state == "open" and row.account_id in made.rows]
    update_many(conn, review_item, ("id",), _PROPOSED, [(row.id, *new) for row, new in mine])
    course = _PROPOSED[_COURSE]
    other = [row.account_id for row, new in mine if tuple(getattr(row, name) for name in course) != new[_COURSE]]
    return Renewed(tuple(row.account_id for row, _ in mine), tuple(other))


class _Asked(NamedTuple):
    """What is to be proposed: for which accounts of which review. keep: its lines that stay as they are."""

    number: int
    since: datetime
    day: date
    wanted: frozenset[int]
    keep: tuple[Line, ...]


def _made(engine: Engine, sight: Sight, asked: _Asked) -> _Made:
    """Proposals for the accounts that are asked for: who comes elsewhere comes to none of them, and no swap twice."""
    board, rules = sight.board, sight.board.rules.review
    with begin_read(engine) as conn:
        targets, before = read_targets(conn), before_of(conn, asked.number)
        looked = facts_of(conn, sight, targets, before, asked.since, days_of(board))
        kept = {line.item.account: _counts(line) for line in asked.keep}
        coming = {course.other for course in kept.values() if course is not None}
        used = used_by(board, targets, items_of(conn, asked.number)) + sum(
            course is not None and course.decision == "swap" and not looked.known[account].vetoes
            for account, course in kept.items()
        )
        spare = [one for one in looked.spare if one.account not in coming]
        mine = [one for one in looked.facts if one.account in asked.wanted]
        made = propose(rules, mine, spare, max(rules.swaps - used, 0), days_of(board))
        owners = _owners(conn, board, mine, made)
    facts = {one.account: one for one in looked.facts}
    order = sorted(made, key=lambda one: (facts[one.account].tier, facts[one.account].key))
    return _Made(
        {account: _facts(one) for account, one in facts.items()},
        {one.account: _row(sight, facts[one.account], one, owners.get(one.account), asked.day) for one in order},
        [[one.account, looked.known[one.account].tenths, one.tenths] for one in looked.spare],
    )


def _counts(line: Line) -> Course | None:
    """What becomes of an account as things stand: as decided, else as proposed."""
    return line.item.proposed if line.item.state == "open" else line.item.decided


def _facts(facts: Facts) -> dict[str, Any]:
    return facts_json(facts.tier, facts.now, facts.contacts, changes(facts.before, facts.now))


def _row(sight: Sight, facts: Facts, made: Proposal, owner: int | None, day: date) -> tuple[Any, ...]:
    course = made.course
    until = None if course.until is None else course.until.toordinal()
    asks = asked_for(facts.now, sight.pieces) or (None, None)
    return (
        _facts(facts), whys_json(made.why), receipt_json(made.receipt), course.decision, course.other, until,
        course.play, course.channel, course.role, made.act, owner, due_of(sight.board, made.act, course, day), *asks,
    )  # fmt: skip


def due_of(board: Board, act: Act | None, course: Course, day: date) -> datetime:
    """By when the next act is to be done: soon after that day, or when a freeze is over."""
    if act == "wake" and course.until is not None:
        return board.calendar.add_business_days(board.calendar.instant(course.until, CLOSES), 1)
    return board.rules.review.act_within.after(board.calendar.instant(day, CLOSES), board.calendar)


def due_by(board: Board, held: Held, line: Line) -> datetime | None:
    """By when its next act is to be done, as it will be carried out, or was; None where nothing is next.

    The day that somebody has named, else soon after the meeting, or after today where that is later.
    """
    decided = line.decided if line.item.state != "open" else None
    act, course = (line.act, line.item.proposed) if decided is None else (decided.act, decided.course)
    if act is None or course is None:
        return None
    if decided is not None and decided.due is not None:
        return decided.due
    return line.due if line.item.done else due_of(board, act, course, max(held.held_on, board.day_of(board.now)))


def _owners(conn: Connection, board: Board, facts: Sequence[Facts], made: Sequence[Proposal]) -> dict[int, int]:
    """Who does the next act: field sales' own accounts by who has them, else whoever of the desk has least to do."""
    named = sellers(conn, [one.account for one in facts])
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
