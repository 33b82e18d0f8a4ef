"""A review is finished: what was decided is carried out, account by account, each in one transaction. See `finish`.

Whatever is cut off in between is taken up where it stopped: what an account's transaction did, it recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, assert_never

from sqlalchemy import Connection, Engine, update

from abm.acts import Hand
from abm.deciding import unfinished
from abm.drafting import Known
from abm.review import Course
from hagukumi.journeys.core.verdict import Why
from hagukumi.programme.acts import BOTH, swap_in
from hagukumi.programme.board import speaks_for
from hagukumi.programme.deciding import said
from hagukumi.programme.requests import ask_in
from hagukumi.programme.review_plays import Hand as PlayHand
from hagukumi.programme.review_plays import begin, end, rest, wake
from hagukumi.programme.review_room import room_of, the_open, used_by
from hagukumi.programme.review_tasks import close_notices, next_task, replace_tasks
from hagukumi.programme.reviewing import due_by
from hagukumi.programme.sight import Sight
from hagukumi.reading.reviews import Held, Line, items_of, line_of, review_at, whys_json
from hagukumi.reading.targets import read_targets
from hagukumi.words.refusal import NotDone
from hagukumi.words.review import Titles, refused, why_kept
from models.tables.engine import begin_read, begin_write
from models.tables.locks import list_alone
from models.tables.schema import review, review_item


class Finished(NamedTuple):
    """A finished review, with what was carried out in its lines."""

    held: Held
    lines: list[Line]


class _Doing(NamedTuple):
    """What carrying out needs. known: of all accounts in question, as they were before the first was carried out."""

    sight: Sight
    held: Held
    known: Mapping[int, Known]
    by: int
    lang: str


def finish(engine: Engine, sight: Sight, by: str, lang: str) -> Finished:
    """Carries out all that was decided. lang: of reasons that the program words for the history.

    Raises NotDone with nothing carried out where something is undecided or cannot be any more; where one account
    cannot be carried out in the middle, those before it are done, and finishing again goes on with it.
    """
    with begin_read(engine) as conn:
        who, _ = speaks_for(conn, by, *BOTH)
        room = room_of(conn, sight)
    with begin_write(engine) as conn:
        list_alone(conn)
        held = the_open(conn)
        _follow_list(conn, held)
        lines, targets = items_of(conn, held.number), read_targets(conn)
        room = room.fresh(targets, used_by(sight.board, targets, lines))
        no = unfinished(room, [line.item for line in lines])
        if no is not None:
            raise said(conn, sight, no)
        c = review.c
        first = c.finishing_by_staff_id.is_(None)
        conn.execute(update(review).where(c.number == held.number, first).values(finishing_by_staff_id=who))
    doing = _Doing(sight, held, room.known, who, lang)
    for number, line in enumerate(lines):
        if not line.item.done and line.item.state != "gone":
            _one(engine, doing, line.item.id, number)
    return _close(engine, doing)


def _follow_list(conn: Connection, held: Held) -> None:
    """Whoever left the list by somebody's hand meanwhile has nothing to be carried out."""
    standing = {*read_targets(conn).standing}
    gone = [
        line.item.id for line in items_of(conn, held.number) if not line.item.done and line.item.account not in standing
    ]
    if gone:
        conn.execute(update(review_item).where(review_item.c.id.in_(gone)).values(state="gone"))


def _one(engine: Engine, doing: _Doing, id_: int, before: int) -> None:
    """One account in one transaction. Raises NotDone where it cannot be carried out any more."""
    with begin_write(engine) as conn:
        list_alone(conn)
        line = line_of(conn, id_)
        if line.item.done:
            # Somebody else finished beside us and was faster.
            return
        try:
            done = _carry_out(conn, doing, line)
        except NotDone as why:
            raise refused("stopped", account=doing.known[line.item.account].key, why=why.words, number=before) from why
        due = due_by(doing.sight.board, doing.held, line)
        values: dict[str, Any] = {"done_at": doing.sight.board.now, "done": whys_json(done), "due": due}
        conn.execute(update(review_item).where(review_item.c.id == id_).values(**values))


def _carry_out(conn: Connection, doing: _Doing, line: Line) -> list[Why]:
    course = line.item.decided
    if course is None:
        return [Why("did_nothing")]
    return [*_course(conn, doing, line, course), *_beside(conn, doing, line, course)]


def _course(conn: Connection, doing: _Doing, line: Line, course: Course) -> list[Why]:
    """The decision itself: the list and the plays."""
    account, sight = line.item.account, doing.sight
    own = None if line.decided is None else line.decided.why
    proposed = line.why if course == line.item.proposed else ()
    why = why_kept(doing.held.number, own, proposed, doing.lang, Titles(plays=sight.book.titles))
    hand = PlayHand(_decider(line), why)
    match course.decision:
        case "go_on":
            return wake(conn, sight, account, hand)
        case "change":
            return [] if course.play is None else begin(conn, sight, account, course.play, hand)
        case "freeze":
            assert course.until is not None
            return rest(conn, sight, account, course.until, hand)
        case "swap":
            assert course.other is not None
            stopped = end(conn, sight, account, hand)
            replace_tasks(conn, account, sight.board.now)
            return [*stopped, _swap(conn, doing, account, course.other, hand)]
        case _:
            assert_never(course.decision)


def _decider(line: Line) -> int:
    """Who decided it: histories name them beside their reason, whoever finishes the review."""
    assert line.decided is not None
    return line.decided.by


def _swap(conn: Connection, doing: _Doing, account: int, other: int, hand: PlayHand) -> Why:
    mine = Hand(hand.by, doing.sight.board.now, hand.why)
    did = swap_in(conn, doing.sight.board, (account, other), doing.known, mine)
    return Why("did_swap", (doing.known[other].key, did.events[0].code or ""))


def _beside(conn: Connection, doing: _Doing, line: Line, course: Course) -> list[Why]:
    """The next act as a task of its owner, and content that is missing as a request."""
    told: list[Why] = []
    account = line.item.account if course.other is None else course.other
    task = next_task(conn, doing.sight.board, doing.held, line, account, course)
    if task is not None:
        told.append(Why("did_task", (str(task),)))
    if line.asks is not None and course.decision != "swap":
        request = ask_in(conn, doing.sight.board, line.asks, account, review=doing.held.number)
        told.append(Why("did_request", (str(request),)))
    return told


def _close(engine: Engine, doing: _Doing) -> Finished:
    now = doing.sight.board.now
    with begin_write(engine) as conn:
        c = review.c
        mine = update(review).where(c.number == doing.held.number, c.finished_at.is_(None))
        conn.execute(mine.values(finished_at=now, finished_by_staff_id=doing.by))
        close_notices(conn, doing.held.number, now)
        held = review_at(conn, doing.held.number)
        assert held is not None
        return Finished(held, items_of(conn, held.number))
