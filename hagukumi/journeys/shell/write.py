"""Writes what a batch of turns changed, in bulk: journeys, walks, outbox, tasks, scores.

Start with `write`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, delete, select, type_coerce, update

from hagukumi.journeys.core.effects import MakeTask, Withdraw, WriteLetter
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.subject import Enrolled, Happened, Points, Step, Turn
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.shell.ads import write_wishes
from hagukumi.journeys.shell.book import Book
from hagukumi.journeys.shell.gather import memory_of
from hagukumi.journeys.shell.posting import withdraw_posts, write_posts
from hagukumi.journeys.shell.scores import scores_of, store_scores
from hagukumi.journeys.shell.sheets import open_sheets
from hagukumi.journeys.shell.take_back import take_back, unwanted
from hagukumi.journeys.shell.tasks import Cause, put_on_desks, record_results
from hagukumi.letters.planner import next_slot
from models.tables.bulk import among, insert_many, update_many, upsert_many, where_in
from models.tables.schema import activity, journey, letter, pending, person, score_jump, set_aside, walk
from models.tables.types import Whole, to_json, to_micros

MINUTE = 60_000_000

MOVED = ("step", "since", "due", "memory", "goal_at")
ENDED = ("step", "since", "due", "memory", "goal_at", "state", "ended_at", "ended_why")
ENTERED = (
    "scenario", "version_id", "subject_kind", "subject_id", "person_id", "account_id", "visit", "step", "since", "due",
    "state", "entered_at", "entered_why",
)  # fmt: skip
WRITTEN = (
    "key", "journey_id", "scenario", "version_id", "step", "visit", "person_id", "account_id", "content", "variant",
    "klass", "priority", "due", "state", "next_try", "written_at", "fresh_until", "stood_still", "voice", "task_hold",
)  # fmt: skip

JUMPED = (
    "person_id", "at", "points_before", "points_after", "activity_id", "task_id", "cause", "suspension_id",
)  # fmt: skip

_TAKE_OFF = delete(pending).where(among(pending.c.id, "ids"))
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Written:
    """How much a batch wrote, as `tick` reports it. `more`: some of its people may be due again at once.

    judged: whose score moved in this batch, and when; it is not summed up.
    """

    __slots__ = ("enrolled", "judged", "left", "letters", "more", "people", "steps", "tasks", "walked")

    def __init__(self) -> None:
        self.enrolled = self.walked = self.steps = self.letters = self.tasks = self.left = self.people = 0
        self.more = False
        self.judged: dict[int, datetime] = {}

    def add(self, other: Written) -> None:
        """Sums up."""
        for name in self.__slots__:
            if name not in ("more", "judged"):
                setattr(self, name, getattr(self, name) + getattr(other, name))


def write(conn: Connection, turns: Sequence[Turn], settled: Sequence[int], book: Book, now: datetime) -> Written:
    """Stores all turns and takes the settled rows off the queue. `now` is the engine's clock."""
    report = Written()
    if settled:
        conn.execute(_TAKE_OFF, {"ids": settled})
    _write_journeys(conn, turns, book, report)
    _set_aside(conn, turns)
    _write_enrolled(conn, turns, book, report)
    _write_letters(conn, turns, book, now, report)
    write_wishes(conn, turns)
    _withdraw_from(conn, turns)
    write_posts(conn, turns, book)
    _write_attributes(conn, turns, book)
    _write_touches(conn, turns)
    _write_scores(conn, turns, book)
    report.judged = {who: points.at for who, points in _judged(turns)}
    _write_jumps(conn, turns, _put_on_desks(conn, turns, book, now, report), book.suspension)
    take_back(conn, list(unwanted(turns)))
    return report


def _put_on_desks(
    conn: Connection, turns: Sequence[Turn], book: Book, now: datetime, report: Written
) -> Mapping[str, int]:
    """Tasks made before a call are closed by it, those made after it stay: a turn ends at a call."""
    calls = [(turn.person, call) for turn in turns for call in turn.calls if turn.person is not None]
    called = {who: call.counts_at for who, call in calls}
    early: list[Cause] = []
    late: list[Cause] = []
    for cause in _causes(turns):
        at = None if cause.person is None else called.get(cause.person)
        (early if at is not None and cause.at < at else late).append(cause)
    first = put_on_desks(conn, early, book.calendar)
    record_results(conn, [(who, call, max(now, slot_of(call.counts_at))) for who, call in calls])
    put = put_on_desks(conn, late, book.calendar)
    open_sheets(conn, [*early, *late], {**first.tasks, **put.tasks})
    report.tasks = first.made + put.made
    return {**first.tasks, **put.tasks}


def slot_of(at: datetime) -> datetime:
    """The first whole minute at or after `at`: the slot in which a letter may leave."""
    return next_slot(at)


def _write_journeys(conn: Connection, turns: Iterable[Turn], book: Book, report: Written) -> None:
    last: dict[int, Step] = {}
    walks: list[tuple[Any, ...]] = []
    for turn in turns:
        for step in turn.walks:
            last[step.journey.id] = step
            left = tuple([(passed.step, passed.why) for passed in step.path])
            path = _path(left, step.journey.step, step.resting)
            walks.append((step.journey.id, turn.person, to_micros(step.at), path))
            report.steps += len(step.path)
        for reached in turn.goals:
            if reached.id in last:
                step = last[reached.id]
                last[reached.id] = step._replace(journey=step.journey._replace(goal_at=reached.goal_at))
            else:
                last[reached.id] = Step(reached, reached.since, (), None, None)
    moved, ended = [], []
    for step in last.values():
        one = step.journey
        row = (one.id, one.step, to_micros(one.since), _micros(one.due), memory_of(one), _micros(one.goal_at))
        if step.ended is None:
            moved.append(row)
        else:
            ended.append((*row, "ended", to_micros(step.at), _why(step.ended)))
    if moved:
        update_many(conn, journey, ("id",), MOVED, moved, raw=True)
    if ended:
        update_many(conn, journey, ("id",), ENDED, ended, raw=True)
        over = [step for step in last.values() if step.ended is not None]
        withdraw_waiting(conn, over)
        withdraw_posts(conn, [step for step in over if book.programs[step.journey.version].needs.posts])
    if walks:
        insert_many(conn, walk, ("journey_id", "person_id", "at", "path"), walks, raw=True)
    report.walked += len(walks)
    report.left += len(ended)
    _wake_returners(conn, [step for step in last.values() if step.ended is not None], book)


def withdraw_waiting(conn: Connection, ended: Sequence[Step]) -> None:
    """Letters of ended journeys that have not left yet never leave."""
    c = letter.c
    over = {step.journey.id: to_micros(step.at) for step in ended}
    people = sorted({who for step in ended for who in _people_of(step.journey)})
    query = select(c.key, c.journey_id, c.state).where(
        where_in(c.person_id, people), where_in(c.journey_id, list(over)), c.state.in_(("queued", "held"))
    )
    why = to_json(["journey_over"])
    rows = [(key, state, "withdrawn", None, over[id_], why) for key, id_, state in conn.execute(query)]
    if rows:
        update_many(conn, letter, ("key", "state"), ("state", "next_try", "settled_at", "why"), rows, raw=True)


def _withdraw_from(conn: Connection, turns: Iterable[Turn]) -> None:
    """Letters of a play to somebody whom it goes on without."""
    c = letter.c
    for turn in turns:
        for happened in turn.effects:
            if isinstance(happened.effect, Withdraw) and happened.journey is not None:
                theirs = (c.journey_id == happened.journey.id, c.person_id == happened.effect.person)
                waiting = update(letter).where(*theirs, c.state.in_(("queued", "held")))
                gone = {"state": "withdrawn", "next_try": None, "settled_at": happened.at, "why": ["play_without"]}
                conn.execute(waiting.values(**gone))


def _people_of(one: Journey) -> set[int]:
    """Whom a journey may have written to."""
    return {one.person} if one.person is not None else {who for each in one.reached.values() for who in each}


def _wake_returners(conn: Connection, ended: Iterable[Step], book: Book) -> None:
    """Who may enter again later is looked at again then; at once, where a scenario asks who is in another."""
    rows = []
    asked = "scenarios" in _asked(book)
    for step in ended:
        if step.journey.person is None:
            continue
        if asked:
            rows.append((to_micros(step.at), step.journey.person))
        program = book.programs[step.journey.version]
        if program.enter.again_after is not None:
            rows.append((to_micros(program.enter.again_after.after(step.at, book.calendar)), step.journey.person))
    if rows:
        insert_many(conn, pending, ("at", "person_id"), rows, raw=True)


def _set_aside(conn: Connection, turns: Iterable[Turn]) -> None:
    failed = [(turn.person, one) for turn in turns for one in turn.failed]
    if not failed:
        return
    update_many(conn, journey, ("id",), ("error", "due"), [(one.journey.id, one.failure, None) for _, one in failed])
    rows = [(one.journey.id, who, one.at, [one.journey.step, one.failure]) for who, one in failed]
    insert_many(conn, set_aside, ("journey_id", "person_id", "at", "why"), rows)


def _write_enrolled(conn: Connection, turns: Iterable[Turn], book: Book, report: Written) -> None:
    rows = [_entered(turn, one, book) for turn in turns for one in turn.enrolled]
    if rows:
        report.enrolled += upsert_many(conn, journey, ENTERED, rows, raw=True)


def _entered(turn: Turn, one: Enrolled, book: Book) -> tuple[Any, ...]:
    at = to_micros(one.at)
    program = one.program
    return (
        program.name, book.ids[program.hash], "person", turn.person, turn.person, turn.account, one.visit,
        program.start, at, at, "live", at, '["entered"]',
    )  # fmt: skip


def _write_letters(conn: Connection, turns: Iterable[Turn], book: Book, now: datetime, report: Written) -> None:
    wanted = [
        (turn, happened, happened.effect)
        for turn in turns
        for happened in turn.effects
        if isinstance(happened.effect, WriteLetter)
    ]
    if not wanted:
        return
    after = _settled_in(conn, {(_hears(turn, effect), to_micros(one.at)) for turn, one, effect in wanted})
    rows = [_letter(turn, one, effect, book, now, after) for turn, one, effect in wanted]
    report.letters += upsert_many(conn, letter, WRITTEN, rows, conflict=("key",), raw=True)


def _whom(turn: Turn, effect: WriteLetter) -> int:
    """Whom a letter is for."""
    whom = turn.person if effect.person is None else effect.person
    assert whom is not None, "a play's letters say whom they are for"
    return whom


def _hears(turn: Turn, effect: WriteLetter) -> int:
    """Whose departures a letter depends on: its person's; of a play's, by -id the account's, for all leave together."""
    return _whom(turn, effect) if turn.person is not None else -(turn.account or 0)


def _settled_in(conn: Connection, written: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those (person or -account, instant) who had a letter settled then: this slot's departures are over for them."""
    c = letter.c
    asked = sorted({who for who, at in written if at % MINUTE == 0})
    at = type_coerce(c.settled_at, Whole())
    instants = sorted({at for _, at in written})
    found: set[tuple[int, int]] = set()
    for column, sign in ((c.person_id, 1), (c.account_id, -1)):
        ids = [sign * who for who in asked if sign * who > 0]
        if ids:
            query = select(column, at).where(where_in(column, ids), where_in(at, instants), c.state != "withdrawn")
            found |= {(sign * who, settled) for who, settled in conn.execute(query)}
    return found & written


def _letter(
    turn: Turn,
    happened: Happened,
    effect: WriteLetter,
    book: Book,
    now: datetime,
    after: set[tuple[int, int]],
) -> tuple[Any, ...]:
    one = happened.journey
    assert one is not None, "letters of this class come from journeys"
    slot = slot_of(happened.at)
    # Who lives ahead of the clock writes by the clock of the slot.
    written = now if happened.at < now else slot
    fresh_for = effect.fresh_for or book.fresh_for
    due = to_micros(happened.at)
    whom = _whom(turn, effect)
    next_try = to_micros(slot) + (MINUTE if (_hears(turn, effect), due) in after else 0)
    return (
        effect.key, one.id, one.scenario, book.ids[one.version], effect.step, one.visit, whom, turn.account,
        effect.content, effect.variant, effect.klass, book.programs[one.version].priority, due,
        "queued", next_try, to_micros(written), to_micros(fresh_for.after(written, book.calendar)), 0,
        one.scenario, 0,
    )  # fmt: skip


def _write_attributes(conn: Connection, turns: Iterable[Turn], book: Book) -> None:
    changed = [turn for turn in turns if turn.attributes]
    for turn in changed:
        values = dict(turn.attributes)
        if "tags" in values:
            values["tags"] = sorted(values["tags"])
        if "stage" in values:
            values["stage_since"] = _last_at(turn)
        conn.execute(update(person).where(person.c.id == turn.person).values(**values))
    rows = [
        (turn.person, turn.account, "changed", change.at, change.at, _change(change.attribute, change.old, change.new))
        for turn in changed
        for change in turn.changes
    ]
    if rows:
        names = ("person_id", "account_id", "kind", "occurred_at", "known_at", "detail")
        insert_many(conn, activity, names, rows)
        _look_at_changed(conn, changed, book)


def _look_at_changed(conn: Connection, changed: Sequence[Turn], book: Book) -> None:
    """Who changed in a way that scenarios ask about may fit one now."""
    asked = _asked(book)
    stirred = [(turn.person, [one.at for one in turn.changes if one.attribute in asked]) for turn in changed]
    rows = [(to_micros(max(instants)), who) for who, instants in stirred if instants]
    if rows:
        insert_many(conn, pending, ("at", "person_id"), rows, raw=True)


def _asked(book: Book) -> frozenset[str]:
    """The attributes that decide who enters a scenario."""
    return frozenset[str]().union(*(program.who.needs().attributes for program in book.open))


def _write_touches(conn: Connection, turns: Iterable[Turn]) -> None:
    """The last touch, for attribution: what it was, and with which content."""
    touches = [(turn.person, turn.touch) for turn in turns if turn.touch is not None]
    rows = [(who, f"{touch.kind}:{touch.content}" if touch.content else touch.kind) for who, touch in touches]
    if rows:
        update_many(conn, person, ("id",), ("last_touch",), rows, raw=True)


def _change(attribute: str, old: Any, new: Any) -> dict[str, Any]:
    """What changed, without personal text: only stages, roles and tags are changed by steps."""
    plain = {"attribute": attribute}
    return plain | {
        name: sorted(value) if isinstance(value, frozenset) else value for name, value in (("old", old), ("new", new))
    }


def _last_at(turn: Turn) -> datetime:
    return max(happened.at for happened in turn.effects)


def _write_scores(conn: Connection, turns: Iterable[Turn], book: Book) -> None:
    judged = _judged(turns)
    if judged:
        store_scores(conn, scores_of(book.scorer, judged), book.suspension)


def _judged(turns: Iterable[Turn]) -> list[tuple[int, Points]]:
    """Whose score moved."""
    return [(one.person, one.points) for one in turns if one.points is not None and one.person is not None]


def _write_jumps(conn: Connection, turns: Iterable[Turn], tasks: Mapping[str, int], under: int | None) -> None:
    """Each jump, with the task that it made or was added to."""
    rows = []
    for turn in turns:
        keys = {one.event: one.effect.key for one in turn.effects if isinstance(one.effect, MakeTask)}
        for jump in turn.jumps:
            task_id = tasks.get(keys.get(jump.event, ""))
            points = (round(jump.before * 10), round(jump.after * 10))
            rows.append((turn.person, jump.at, *points, jump.event, task_id, jump.why.code, under))
    if rows:
        insert_many(conn, score_jump, JUMPED, rows)


def _causes(turns: Iterable[Turn]) -> Iterable[Cause]:
    for turn in turns:
        whys = {jump.event: jump.why for jump in turn.jumps}
        for happened in turn.effects:
            if isinstance(happened.effect, MakeTask):
                why = whys.get(happened.event) if happened.event is not None else None
                why = happened.effect.why or why
                whom = turn.person if happened.effect.person is None else happened.effect.person
                yield Cause(whom, turn.account, happened.at, happened.effect, happened.journey, why)


@lru_cache(maxsize=4096)
def _path(left: tuple[tuple[str, Why], ...], rests_on: str, resting: Why | None) -> str:
    """The walk as it is kept: [step, reason, argument…] for each step left, and [step, "~reason"] where it rests.

    Remembered, because people who take the same way for the same reasons have the same text.
    """
    path: list[list[str]] = [[step, why.code, *why.args] for step, why in left]
    if resting is not None:
        path.append([rests_on, f"~{resting.code}", *resting.args])
    return _encode(path)


def _why(why: Why) -> str:
    return to_json([why.code, *why.args])


def _micros(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)
