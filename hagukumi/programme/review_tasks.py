"""Tasks that reviews make: each account's next act, and what is said of a review that nobody finishes.

Start with `next_task` and `remind`. A review that is late reminds, then escalates; it never decides by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select, true, update

from abm.committee import Gap
from abm.review import DECIDES, DESKS, Course, Desk
from hagukumi.journeys.core import effects
from hagukumi.journeys.core.effects import MakeTask
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.shell.tasks import Cause, put_on_desks
from hagukumi.programme.board import CLOSES, Board, speaks_for
from hagukumi.programme.reviewing import due_by
from hagukumi.reading.addressees import addressees
from hagukumi.reading.reviews import Held, Line, open_review
from hagukumi.reading.targets import named
from hagukumi.words.review import refused
from models.tables.engine import begin_read, begin_write
from models.tables.locks import list_alone
from models.tables.schema import committee_gap, review, review_item, staff, task, task_cause

OF_DESK: dict[Desk, effects.Desk] = {"IS": "inside_sales", "FS": "field_sales", "MA": "marketing"}
NEXT = "review_next"
LOOKED_FOR: tuple[Gap, ...] = ("nobody", "no_decision_maker", "decision_maker_left")
"""Gaps of a committee for which somebody who decides is looked for."""
REMINDED = ("abm", "marketer")
TOLD = ("manager", "leader")
"""Roles that are reminded of a late review, and told of it; the first that somebody has."""


class Late(NamedTuple):
    """What was said of a late review just now. undecided: how many accounts nobody has decided about."""

    number: int
    undecided: int
    reminded: bool
    escalated: bool


def next_task(conn: Connection, board: Board, held: Held, line: Line, account: int, course: Course) -> int | None:
    """The task of what is to be done next about `account`; None where nothing is, or it was made before.

    It is about whoever decides there, else about somebody we know, else about the facility itself. What an earlier
    review asked for about it and nobody has done is withdrawn. Whoever is missing is asked for already: that task is
    it, with the owner and the day of the review.
    """
    decided = line.decided
    act = line.act if decided is None else decided.act
    due = due_by(board, held, line)
    if act is None or due is None:
        return None
    key = f"review/{held.number}/{account}"
    owner = line.owner if decided is None else decided.owner
    replace_tasks(conn, account, board.now)
    if act == "play_on":
        # The play itself asks whom it needs.
        return None
    asked = _asked_for(conn, account) if act == "find" else None
    if asked is not None:
        values = {"due": due} if owner is None else {"due": due, "owner_staff_id": owner}
        conn.execute(update(task).where(task.c.id == asked).values(**values))
        return asked
    whom = addressees(conn, {account: course.role or DECIDES}).get(account)
    who = None if whom is None else whom.id
    effect = MakeTask(key, "", OF_DESK[DESKS[act]], "call" if act == "call" else "task", act, None, None, person=who)
    why = Why(NEXT, (str(held.number), f"act_{act}"))
    number = put_on_desks(conn, [Cause(who, account, board.now, effect, None, why)], board.calendar).tasks.get(key)
    if number is None:
        return None
    c = task.c
    conn.execute(update(task).where(c.id == number, c.due.is_(None) | (c.due > due)).values(due=due))
    if owner is not None:
        # Nobody's yet: who the review names does it. An open call that somebody has already stays theirs.
        mine = update(task).where(c.id == number, c.owner_staff_id.is_(None))
        conn.execute(mine.values(owner_staff_id=owner, given_at=board.now))
    return number


def did(engine: Engine, board: Board, account: int, by: str) -> list[int]:
    """Somebody has done the next act of an account; the tasks that are closed by it. Raises NotDone: there is none.

    A call of inside sales has its outcome at the desk, and whoever is looked for is found when they are known.
    """
    c = task.c
    with begin_write(engine) as conn:
        speaks_for(conn, by, "marketing", "sales")
        mine = (c.account_id == account, c.state == "open", c.cause == NEXT, c.desk != "IS")
        done = update(task).where(*mine).values(state="done", result="done", result_at=board.now)
        closed = sorted(conn.scalars(done.returning(c.id)))
        if not closed:
            raise refused("nothing-to-do", account=named(conn, (account,))[account].name)
        return closed


def replace_tasks(conn: Connection, account: int, at: datetime) -> None:
    """What earlier reviews asked for about an account is not wanted any more."""
    c = task.c
    mine = update(task).where(c.account_id == account, c.state == "open", c.cause == NEXT)
    conn.execute(mine.values(state="withdrawn", result_at=at, withdrawn_why=["review_replaced"]))


def _asked_for(conn: Connection, account: int) -> int | None:
    """The open task by which somebody who decides there is looked for."""
    g = committee_gap.c
    query = (
        select(task.c.id)
        .join_from(committee_gap, task, task.c.id == g.task_id)
        .where(g.account_id == account, g.code.in_(LOOKED_FOR), task.c.state == "open")
        .order_by(task.c.id)
    )
    return conn.scalar(query.limit(1))


def remind(engine: Engine, board: Board) -> Late | None:
    """Reminds the ABM owner, then tells the manager, each once a review, when it is late. None: nothing to say."""
    with begin_read(engine) as conn:
        held = open_review(conn)
    if held is None or not (_late(board, held, "remind") or _late(board, held, "escalate")):
        return None
    with begin_write(engine) as conn:
        list_alone(conn)
        held = open_review(conn)
        if held is None:
            return None
        c = review_item.c
        query = select(func.count()).where(c.review == held.number, c.state == "open")
        undecided = conn.scalar(query) or 0
        reminded = _late(board, held, "remind")
        escalated = _late(board, held, "escalate")
        for what, roles, said in (("remind", REMINDED, reminded), ("escalate", TOLD, escalated)):
            if said:
                _tell(conn, board, held, what, roles, undecided)
        return Late(held.number, undecided, reminded, escalated)


def close_notices(conn: Connection, number: int, at: datetime) -> None:
    """The review is finished: what was said of its being late is done."""
    mine = select(task_cause.c.task_id).where(
        task_cause.c.effect_key.in_([_key(number, "remind"), _key(number, "escalate")])
    )
    done = update(task).where(task.c.id.in_(mine), task.c.state == "open")
    conn.execute(done.values(state="done", result="finished", result_at=at))


def _late(board: Board, held: Held, what: str) -> bool:
    """Whether it is to be said now, and was not said yet. The day on which it meets is not counted."""
    rules = board.rules.review
    span, at = (rules.remind_after, held.reminded_at) if what == "remind" else (rules.escalate_after, held.escalated_at)
    met = board.calendar.instant(held.held_on, CLOSES)
    return at is None and board.calendar.business_days_between(met, board.now) >= span.amount


def _tell(conn: Connection, board: Board, held: Held, what: str, roles: tuple[str, ...], undecided: int) -> None:
    key = _key(held.number, what)
    effect = MakeTask(key, "", "marketing", "task", "review", None, None)
    why = Why("review_late" if what == "remind" else "review_escalated", (str(held.number), str(undecided)))
    put = put_on_desks(conn, [Cause(None, None, board.now, effect, None, why)], board.calendar)
    number = put.tasks.get(key)
    if number is not None:
        values = {"owner_staff_id": _who(conn, roles), "due": board.calendar.add_business_days(board.now, 1)}
        conn.execute(update(task).where(task.c.id == number).values(**values, given_at=board.now))
    noted = {"remind": "reminded_at", "escalate": "escalated_at"}[what]
    conn.execute(update(review).where(review.c.number == held.number).values({noted: board.now}))


def _key(number: int, what: str) -> str:
    return f"review/{number}/{what}"


def _who(conn: Connection, roles: tuple[str, ...]) -> int | None:
    """The first of our people who has the first of these roles."""
    c = staff.c
    rows = conn.execute(select(c.role, c.id).where(c.active == true(), c.role.in_(roles)).order_by(c.id)).all()
    return next((row.id for role in roles for row in rows if row.role == role), None)
