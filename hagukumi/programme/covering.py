"""Who is missing in the committees of target accounts, as tasks of field sales. Start with `settle` and `cover`.

One open task an account and gap: made when it is seen, withdrawn when the person is known or the account has left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from abm.committee import PERSON_GAPS
from hagukumi.journeys.shell.owners import next_of
from hagukumi.programme.board import Board
from hagukumi.reading.committee import committees
from hagukumi.reading.sellers import sellers
from models.tables.bulk import where_in
from models.tables.engine import begin_read, begin_write
from models.tables.locks import list_alone
from models.tables.schema import committee_gap, target, task
from models.tables.types import to_micros

AT_ONCE = 10
"""Accounts in one transaction: SQLite's only writer is not kept waiting."""


class Covered(NamedTuple):
    """How many tasks were made, and how many withdrawn."""

    made: int
    withdrawn: int


def cover(engine: Engine, board: Board) -> Covered:
    """Looks at all target accounts, and at those that were: every morning. A second time it changes nothing."""
    with begin_read(engine) as conn:
        standing = conn.scalars(select(target.c.account_id).where(target.c.left_at.is_(None)))
        accounts = sorted({*standing, *conn.scalars(select(committee_gap.c.account_id))})
    made = withdrawn = 0
    for start in range(0, len(accounts), AT_ONCE):
        some = accounts[start : start + AT_ONCE]
        with begin_read(engine) as conn:
            if not any(_differs(conn, board, some)):
                continue
        with begin_write(engine) as conn:
            list_alone(conn)
            done = settle(conn, board, some)
        made, withdrawn = made + done.made, withdrawn + done.withdrawn
    return Covered(made, withdrawn)


class _Change(NamedTuple):
    """A gap that is new (row: None), to be asked about once more, or over (missing: False)."""

    account: int
    code: str
    missing: bool
    row: Row[Any] | None


def settle(conn: Connection, board: Board, accounts: Collection[int]) -> Covered:
    """Brings gaps and tasks of these accounts up to what is known now. Call inside begin_write."""
    changes = list(_differs(conn, board, accounts))
    owners = sellers(conn, {each.account for each in changes}) if changes else {}
    made = withdrawn = 0
    for each in changes:
        if each.missing:
            _ask(conn, board, each, owners.get(each.account))
            made += 1
        else:
            withdrawn += _close(conn, board, each)
    return Covered(made, withdrawn)


def _differs(conn: Connection, board: Board, accounts: Collection[int]) -> Iterator[_Change]:
    g, t = committee_gap.c, task.c
    query = (
        select(g.account_id, g.code, g.task_id, t.state, t.result_at)
        .select_from(committee_gap.outerjoin(task, t.id == g.task_id))
        .where(where_in(g.account_id, list(accounts)))
    )
    known = {(row.account_id, row.code): row for row in conn.execute(query)}
    stands = target.c.left_at.is_(None), where_in(target.c.account_id, list(accounts))
    here = list(conn.scalars(select(target.c.account_id).where(*stands).order_by(target.c.account_id)))
    found = committees(conn, here)
    missing = [(one, gap) for one in here if one in found for gap in found[one].missing if gap in PERSON_GAPS]
    for account, code in missing:
        row = known.get((account, code))
        if row is None or _forgotten(board, row):
            yield _Change(account, code, True, row)
    for (account, code), row in sorted(known.items()):
        if (account, code) not in missing:
            yield _Change(account, code, False, row)


def _forgotten(board: Board, row: Row[Any]) -> bool:
    """Whether the task was closed a review period ago and still nobody is known."""
    every = board.rules.review.every
    return row.state != "open" and (row.result_at is None or every.after(row.result_at, board.calendar) <= board.now)


def _ask(conn: Connection, board: Board, gap: _Change, owner: int | None) -> None:
    values = {
        "account_id": gap.account,
        "desk": "FS",
        "kind": "task",
        "state": "open",
        "due": _due(board),
        "reasons": [{"code": f"missing_{gap.code}", "args": [], "at": to_micros(board.now)}],
        "made_at": board.now,
        "cause": f"committee/{gap.code}",
        "owner_staff_id": owner if owner is not None else next_of(conn, "FS", board.now, board.calendar),
        "given_at": board.now,
    }
    number = conn.execute(insert(task).values(**values).returning(task.c.id)).scalar_one()
    conn.execute(delete(committee_gap).where(*_mine(gap)))
    made = {"account_id": gap.account, "code": gap.code, "since": board.now, "task_id": number}
    conn.execute(insert(committee_gap).values(**made))


def _due(board: Board) -> datetime:
    """At the end of our business hours of the day: mornings ask at six, when nobody can answer."""
    calendar = board.calendar
    opens = calendar.next_business_open(board.rules.find_within.after(board.now, calendar))
    return calendar.closing(opens) or opens


def _close(conn: Connection, board: Board, gap: _Change) -> int:
    conn.execute(delete(committee_gap).where(*_mine(gap)))
    if gap.row is None:
        return 0
    open_ = update(task).where(task.c.id == gap.row.task_id, task.c.state == "open")
    return conn.execute(
        open_.values(state="withdrawn", result_at=board.now, withdrawn_why=["missing_no_more"])
    ).rowcount


def _mine(gap: _Change) -> tuple[Any, ...]:
    return committee_gap.c.account_id == gap.account, committee_gap.c.code == gap.code
