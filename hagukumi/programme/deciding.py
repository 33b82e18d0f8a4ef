"""People decide about the proposals of the open review: approve, change, reject. Start with `decide`.

Every decision is kept; the latest one about an account counts until it is carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, select

from abm.deciding import No, Room, What
from abm.deciding import decide as may_decide
from abm.review import Act, Course, next_act
from abm.target_list import TargetList
from hagukumi.journeys.core.values import Words
from hagukumi.programme.acts import BOTH
from hagukumi.programme.board import colleague, speaks_for
from hagukumi.programme.review_plays import could_start, open_plays
from hagukumi.programme.review_room import room_of, the_open, used_by
from hagukumi.programme.reviewing import owner_of
from hagukumi.programme.sight import Sight
from hagukumi.reading.reviews import Line, items_of
from hagukumi.reading.targets import named, read_targets
from hagukumi.words.abm import VETOES
from hagukumi.words.refusal import NotDone
from hagukumi.words.review import refused
from models.tables.bulk import insert_many, update_many
from models.tables.engine import begin_read, begin_write
from models.tables.locks import list_alone
from models.tables.schema import review_decision, review_item

MOST_NAMES = 10
"""Accounts named in one sentence."""


_DECIDED = (
    "item_id", "at", "by_staff_id", "what", "decision", "other_id", "until", "play", "channel", "role", "act",
    "owner_staff_id", "due", "why",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants decided. course, act, owner (staff key): None: as proposed. due: a day they name."""

    what: What
    by: str
    why: str = ""
    course: Course | None = None
    act: Act | None = None
    owner: str | None = None
    due: datetime | None = None


class Left(NamedTuple):
    """An account that stays undecided, and why."""

    account: int
    why: NotDone


class Outcome(NamedTuple):
    """What was decided, and what could not be and stays undecided."""

    lines: list[Line]
    left: tuple[Left, ...] = ()


def decide(engine: Engine, sight: Sight, accounts: Sequence[int] | None, wish: Wish) -> Outcome:
    """Decides about these accounts, all of them or none; None: about all that are undecided, as far as that can be.

    Raises NotDone: no review is open, not their side, an account is not in it, or the decision cannot be.
    """
    with begin_read(engine) as conn:
        who, _ = speaks_for(conn, wish.by, *BOTH)
        owner = None if wish.owner is None else colleague(conn, wish.owner).id
        room = room_of(conn, sight, [] if wish.course is None or wish.course.other is None else [wish.course.other])
    with begin_write(engine) as conn:
        list_alone(conn)
        held = the_open(conn)
        lines = items_of(conn, held.number)
        targets = read_targets(conn)
        room = room.fresh(targets, used_by(sight.board, targets, lines))
        chosen = _chosen(conn, lines, targets, accounts)
        items = {line.item.id: line.item for line in lines}
        rows, left = [], []
        for line in chosen:
            course = _course(line, wish)
            no = may_decide(room, list(items.values()), line.item, wish.what, course, wish.why)
            if no is not None and accounts is None:
                left.append(Left(line.item.account, said(conn, sight, no)))
                continue
            if no is not None:
                raise said(conn, sight, no)
            if course is not None and course.play is not None and course != line.item.proposed:
                could_start(conn, sight, line.item.account, course.play)
            items[line.item.id] = replace(line.item, decided=course, state=wish.what)
            rows.append(_row(conn, sight, room, line, wish, course, (who, owner)))
        _keep(conn, rows, wish.what)
    done = {row["item_id"] for row in rows}
    with begin_read(engine) as conn:
        return Outcome([line for line in items_of(conn, held.number) if line.item.id in done], tuple(left))


def said(conn: Connection, sight: Sight, no: No) -> NotDone:
    """The refusal in words, with what the accounts are called."""
    called = named(conn, no.accounts if no.come is None else (*no.accounts, no.come))
    names = [f"{called[each].name}({called[each].key})" for each in no.accounts]
    more = len(names) - MOST_NAMES
    some = names[:MOST_NAMES]
    args: dict[str, str | int | Words] = {
        "accounts": Words(
            "、".join(some) + (f"ほか{more}件" if more > 0 else ""),
            ", ".join(some) + (f" and {more} more" if more > 0 else ""),
        ),
        "number": no.number, "of": no.of, "name": no.name, "known": ", ".join(sorted(open_plays(conn, sight))) or "-",
    }  # fmt: skip
    if no.accounts:
        args["account"] = called[no.accounts[0]].key
    if no.come is not None:
        args["come"] = f"{called[no.come].name}({called[no.come].key})"
    if no.veto is not None:
        args["veto"] = VETOES[no.veto]
    if no.until is not None:
        args["until"] = sight.board.said(no.until)
    return refused(no.code, **args)


def _chosen(conn: Connection, lines: Sequence[Line], targets: TargetList, accounts: Sequence[int] | None) -> list[Line]:
    """Lines of these accounts; None: of all that are undecided and have not left the list."""
    if accounts is None:
        return [line for line in lines if line.item.state == "open" and line.item.account in targets.standing]
    by = {line.item.account: line for line in lines}
    for account in accounts:
        if account not in by:
            raise refused("not-in-review", account=named(conn, (account,))[account].name)
    return [by[account] for account in dict.fromkeys(accounts)]


def _course(line: Line, wish: Wish) -> Course | None:
    """What is decided: as proposed, as wished, or (rejected) nothing."""
    if wish.what == "rejected":
        return None
    return line.item.proposed if wish.course is None else wish.course


def _row(
    conn: Connection, sight: Sight, room: Room, line: Line, wish: Wish, course: Course | None,
    who: tuple[int, int | None],
) -> dict[str, Any]:  # fmt: skip
    """The decision as its columns. who: who decides, and whom they name for the next act."""
    values: dict[str, Any] = dict.fromkeys(_DECIDED) | {
        "item_id": line.item.id, "at": room.at, "by_staff_id": who[0], "what": wish.what, "why": wish.why or None,
    }  # fmt: skip
    if course is None:
        return values
    same, board = course == line.item.proposed, sight.board
    vetoes = room.known[line.item.account].vetoes
    act = wish.act or (line.act if same else next_act(line.now, vetoes[0] if vetoes else None, course))
    owner = who[1] or (line.owner if act == line.act else owner_of(conn, board, line.item.account, act))
    return values | course_row(course) | {"act": act, "owner_staff_id": owner, "due": wish.due}


def _keep(conn: Connection, rows: Sequence[dict[str, Any]], what: What) -> None:
    """Adds decisions to the history; they are the ones that count."""
    last = conn.scalar(select(func.max(review_decision.c.id))) or 0
    insert_many(conn, review_decision, _DECIDED, [tuple(row[name] for name in _DECIDED) for row in rows])
    d = review_decision.c
    made = conn.execute(select(d.item_id, d.id).where(d.id > last)).tuples().all()
    update_many(conn, review_item, ("id",), ("state", "decision_id"), [(item, what, id_) for item, id_ in made])


def course_row(course: Course) -> dict[str, Any]:
    """A course as its columns."""
    return {
        "decision": course.decision, "other_id": course.other, "play": course.play, "channel": course.channel,
        "role": course.role, "until": None if course.until is None else course.until.toordinal(),
    }  # fmt: skip
