"""One task as a caller reads it in five seconds, and what they may want to know before the second ring.

Start with `read_sheet`. Figures are human acts and counts; nothing is shown where there is nothing to count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, or_, select

from hagukumi.database import identity
from hagukumi.desk.opening import open_call
from hagukumi.files import Files
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.shell.gather import facts_about
from hagukumi.journeys.steps.outcomes import CONVERSATIONS
from hagukumi.letters.rules import our_calendar
from hagukumi.pipeline.talks import ABOUT_SOMEBODY_ELSE, CauseKind, Talk, talk_for
from hagukumi.reading.desk import Reason, Task, task_of
from hagukumi.reading.hours import Best, best_hour
from hagukumi.reading.say import Names, sentence, why_of
from hagukumi.words.refusal import NotDone
from models.scoring.points import compile_points
from models.scoring.receipts import explain
from models.tables.schema import activity, call_note, opportunity, staff, task
from models.tables.types import from_micros

LAST = 30
SEEN = ("clicked", "downloaded", "visited", "submitted", "registered", "attended")
"""Acts by which somebody sees a piece of content."""


class Contact(NamedTuple):
    """The last time somebody of ours talked to, or called, them. by: who (None: not known)."""

    at: datetime
    kind: str
    outcome: str | None
    by: str | None


class Record(NamedTuple):
    """What came of the last tasks with the same cause: human acts, counted."""

    cause: str
    of: int
    talks: int
    meetings: int
    off_target: int


class Seen(NamedTuple):
    """A piece of content they looked at, and when last."""

    name: str
    title: str
    at: datetime


class Deal(NamedTuple):
    """A deal with the facility or the person."""

    key: str
    stage: str
    amount: int | None
    currency: str


class Sheet(NamedTuple):
    """Everything on one screen. receipt: {points, terms} as `score explain`, as of the jump.

    opened_by: the cause that chose the opening and the track; None where nobody is called.
    """

    task: Task
    state: str
    now: datetime
    why_now: Reason | None
    theme: str | None
    theme_title: str | None
    last: Contact | None
    owner_fs: str | None
    deal: Deal | None
    do_not_call: bool
    competitor: str | None
    renewal: str | None
    opened_by: CauseKind | None
    opening: str | None
    track: tuple[Words, ...]
    talk: Talk | None
    letter: str | None
    letter_title: str | None
    best: Best | None
    seen: tuple[Seen, ...]
    receipt: dict[str, Any] | None
    record: Record | None
    withdrawn: str | None


def read_sheet(conn: Connection, number: int, files: Files, lang: str, names: Names) -> Sheet:
    """The task with this id, open or not. Raises NotDone when there is none."""
    row = conn.execute(select(task).where(task.c.id == number)).first()
    if row is None:
        raise NotDone(
            "task-unknown",
            f"タスク #{number} はありません。「hagukumi tasks」で番号をご確認ください。",
            f"There is no task #{number}. See `hagukumi tasks`.",
        )
    now = identity(conn).now
    calendar = our_calendar(files.defaults, files.settings.zone)
    one = task_of(conn, number, lang, names, now, calendar.day_of(now).year)
    who = one.who
    seen = _seen(conn, row.person_id, now, names)
    theme = row.theme or _theme_of(seen, files)
    role = who.role if who else None
    talk = talk_for(files.talks, theme, role, _topic(row.reasons))
    last = _last(conn, row.person_id)
    talked = _talked(conn, row.person_id)
    rival = _rival(conn, row)
    said = open_call(conn, row, files, one, talk, lang, names, now=now, talked=talked, product=rival.get("product"))
    letter = None
    if talk is not None and (said is None or said.cause not in ABOUT_SOMEBODY_ELSE):
        letter = str(talk.after_talk if talked and talk.after_talk else talk.letter or "") or None
    return Sheet(
        one, row.state, now, one.reasons[0] if one.reasons else None, theme,
        files.themes[theme].say(lang) if theme in files.themes else theme, last, *_sales(conn, row),
        "phone" in one.refuses, rival.get("product"), rival.get("renewal_month"),
        said and said.cause, said and said.opening, said.track if said else (), talk,
        letter, _title(letter, files, lang),
        best_hour(conn, row.person_id, role, now, calendar), seen, _receipt(conn, row, now, files, lang),
        record_of(conn, row.cause), _withdrawn(row, lang, names),
    )  # fmt: skip


def record_of(conn: Connection, cause: str | None) -> Record | None:
    """What came of the last tasks with the cause that were dialled; None where there are none."""
    c = task.c
    if cause is None:
        return None
    query = select(c.reached_at, c.result, c.off_target_at).where(c.cause == cause, c.touched_at.is_not(None))
    rows = conn.execute(query.order_by(c.touched_at.desc(), c.id.desc()).limit(LAST)).all()
    if not rows:
        return None
    talks = sum(row.reached_at is not None for row in rows)
    meetings = sum(row.result == "アポ獲得" for row in rows)
    return Record(cause, len(rows), talks, meetings, sum(row.off_target_at is not None for row in rows))


def _last(conn: Connection, who: int) -> Contact | None:
    c, t = activity.c, task.c
    query = select(c.kind, c.outcome, c.occurred_at, c.detail).where(
        c.person_id == who, c.kind.in_(("called", "met")), c.machine.is_(None)
    )
    row = conn.execute(query.order_by(c.occurred_at.desc(), c.id.desc()).limit(1)).first()
    if row is None:
        return None
    number = (row.detail or {}).get("task")
    by = conn.scalar(select(staff.c.name).join_from(task, staff, t.owner_staff_id == staff.c.id).where(t.id == number))
    return Contact(row.occurred_at, row.kind, row.outcome, by)


def _talked(conn: Connection, who: int) -> bool:
    """Whether a talk is on record: only then may a letter say “as we discussed”."""
    c = activity.c
    talk = (c.kind == "met") | ((c.kind == "called") & c.outcome.in_(sorted(CONVERSATIONS)))
    return conn.scalar(select(c.id).where(c.person_id == who, talk).limit(1)) is not None


def _sales(conn: Connection, row: Row[Any]) -> tuple[str | None, Deal | None]:
    """Who of field sales has them, and the deal that is open."""
    t, o = task.c, opportunity.c
    mine = or_(t.person_id == row.person_id, t.account_id == row.account_id) if row.account_id else (
        t.person_id == row.person_id
    )  # fmt: skip
    owner = conn.scalar(
        select(staff.c.name)
        .join_from(task, staff, t.owner_staff_id == staff.c.id)
        .where(t.desk == "FS", mine)
        .order_by(t.made_at.desc(), t.id.desc())
        .limit(1)
    )
    theirs = or_(o.person_id == row.person_id, o.account_id == row.account_id) if row.account_id else (
        o.person_id == row.person_id
    )  # fmt: skip
    deal = conn.execute(
        select(o.key, o.stage, o.amount, o.currency).where(theirs).order_by(o.stage != "open", o.id.desc()).limit(1)
    ).first()
    return owner, None if deal is None else Deal(*deal)


def _rival(conn: Connection, row: Row[Any]) -> dict[str, str]:
    """What they use now, as somebody there last told a caller."""
    c = call_note.c
    mine = c.account_id == row.account_id if row.account_id is not None else c.person_id == row.person_id
    for fields in conn.scalars(select(c.fields).where(mine).order_by(c.at.desc(), c.id.desc()).limit(50)):
        if fields.get("product"):
            return dict(fields)
    return {}


def _seen(conn: Connection, who: int, now: datetime, names: Names) -> tuple[Seen, ...]:
    """The newest five pieces of content that they, and no machine, looked at."""
    c = activity.c
    query = select(c.content, c.occurred_at).where(
        c.person_id == who, c.kind.in_(SEEN), c.content.is_not(None), c.machine.is_(None), c.known_at <= now
    )
    found: dict[str, datetime] = {}
    for name, at in conn.execute(query.order_by(c.occurred_at.desc(), c.id.desc()).limit(100)).tuples():
        found.setdefault(name, at)
    return tuple(Seen(name, names(name), at) for name, at in list(found.items())[:5])


def _topic(reasons: Sequence[Mapping[str, Any]]) -> str | None:
    """What a scenario asked the latest call for."""
    asked = [one for one in reasons if one["code"] == "asked_call" and one.get("args")]
    return str(max(asked, key=lambda one: int(one["at"]))["args"][0]) if asked else None


def _theme_of(seen: Sequence[Seen], files: Files) -> str | None:
    """The theme of what they looked at last."""
    for one in seen:
        piece = files.pieces.get(one.name)
        if piece is not None and piece.theme is not None:
            return str(piece.theme)
    return None


def _title(letter: str | None, files: Files, lang: str) -> str | None:
    if letter is None:
        return None
    try:
        return files.content_names[letter].say(lang)
    except (KeyError, NotDone):
        return letter


def _receipt(conn: Connection, row: Row[Any], now: datetime, files: Files, lang: str) -> dict[str, Any] | None:
    """The points as they stood when the newest jump of this task was made; as of now where no jump made it."""
    if files.points is None or row.person_id is None:
        return None
    jumped = [from_micros(one["at"]) for one in row.reasons if str(one["code"]).startswith("jump_")]
    at = max(jumped, default=now)
    scorer = compile_points(files.points)
    facts = facts_about(conn, row.person_id, at, scorer.needs)
    receipt = scorer.receipt(facts.attributes, facts.activities, at)
    said = explain(receipt, lang, files.content_names)
    terms = [{**shown, "at": term.at} for shown, term in zip(said["terms"], receipt.terms, strict=True)]
    return {**said, "at": at, "terms": terms}


def _withdrawn(row: Row[Any], lang: str, names: Names) -> str | None:
    why = why_of(row.withdrawn_why)
    return None if why is None else sentence(why, lang, names)
