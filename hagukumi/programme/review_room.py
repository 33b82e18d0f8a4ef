"""What decisions about the open review have to fit into. Start with `room_of`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from abm.deciding import Room
from abm.programme import review_of, used_in
from abm.target_list import TargetList
from hagukumi.programme.acts import known_of
from hagukumi.programme.board import Board
from hagukumi.programme.review_plays import open_plays
from hagukumi.programme.sight import Sight
from hagukumi.reading.reviews import Held, Line, items_of, open_review
from hagukumi.reading.targets import read_targets
from hagukumi.words.review import refused


def the_open(conn: Connection) -> Held:
    """The open review. Raises NotDone without one."""
    held = open_review(conn)
    if held is None:
        raise refused("none-open")
    return held


def room_of(conn: Connection, sight: Sight, others: Collection[int] = ()) -> Room:
    """What decisions about the open review have to fit into. others: accounts in question that are not in it yet."""
    board, held = sight.board, the_open(conn)
    lines = items_of(conn, held.number)
    targets = read_targets(conn)
    courses = [course for line in lines for course in (line.item.proposed, line.item.decided) if course is not None]
    wanted = {course.other for course in courses if course.other is not None}
    known = known_of(conn, board, {*targets.standing, *(line.item.account for line in lines), *wanted, *others})
    return Room(
        rules=board.rules.review,
        targets=targets,
        known=known,
        plays=open_plays(conn, sight),
        used=used_by(board, targets, lines),
        at=board.now,
        today=board.day_of(board.now),
    )


def used_by(board: Board, targets: TargetList, lines: Sequence[Line]) -> int:
    """Swaps of this period so far, and those this review made in an earlier one."""
    period = review_of(board.rules.review, board.day_of(board.now))
    earlier = sum(
        line.done_at is not None and board.day_of(line.done_at) < period.first and _counted(line) for line in lines
    )
    return used_in(period, targets.swaps, board.day_of) + earlier


def _counted(line: Line) -> bool:
    return any(why.code == "did_swap" and why.args[1] == "swap" for why in line.done)
