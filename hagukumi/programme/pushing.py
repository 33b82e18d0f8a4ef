"""Hands the differences of audiences over to their platforms. Start with `push`.

Each push is written down before the call, with what every member was given, and settled after it. Where the answer is
not known the same is handed over again, which platforms bear: nobody stays behind whom a crash made us forget.
Who leaves is always taken out, below a floor as well; who comes is kept back where the floor is out of reach.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy import Row as Found

from abm.audience import Audience, AudienceRules, Platform, Way
from hagukumi.channels.ads.handing import Handing, NotTaken, Outlet, Row, Told
from hagukumi.programme.audiences import Standing, look
from hagukumi.programme.handed import changed_since, rows_of
from hagukumi.reading.audiences import Asked
from hagukumi.words.audiences import refusal
from hagukumi.words.refusal import NotDone
from models.tables.bulk import chunks, update_many
from models.tables.engine import begin_read, begin_write
from models.tables.locks import one_audience
from models.tables.pace import Pace
from models.tables.schema import audience, audience_member, audience_push
from models.tables.types import to_json

RENEWED = timedelta(days=30)
"""So long before the platform forgets a member, it is handed over again."""
LIMIT = timedelta(days=540)
READ_AT_ONCE = 50_000
Outlets = Callable[[str, Platform, Way | None], Outlet]
"""The outlet for an audience (name, platform, way). Raises NotDone where there is none."""


class Plan(NamedTuple):
    """What a platform has to be told: rows by subject; removed rows may be several of one subject."""

    added: dict[int, Row]
    removed: dict[int, list[Row]]
    kept_back: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.added and not self.removed


class Pushed(NamedTuple):
    """What became of one audience. why: why some are kept back (below, off); None: nobody is."""

    name: str
    added: int
    removed: int
    kept_back: int
    why: str | None
    outlet: str | None = None
    where: str | None = None


class _Member(NamedTuple):
    subject: int
    here: bool
    rows: list[Row]
    settled_at: datetime | None


def push(
    engine: Engine,
    rules: AudienceRules,
    asked: Asked,
    outlets: Outlets,
    name: str | None = None,
    *,
    way: Way | None = None,
    only_removals: bool = False,
    known: Sequence[Standing] = (),
) -> list[Pushed]:
    """Hands over what `follow` found, of one audience or of all. Raises NotDone where a platform did not take it.

    known: what `follow` just said of audiences, so that it is not worked out again.
    Every audience is tried before that is told.
    only_removals: after a refusal, whatever else waits stays waiting.
    """
    standings = {each.audience.name: each for each in known}
    done: list[Pushed] = []
    trouble: NotDone | None = None
    with one_audience(engine):
        for row in _stored(engine, name):
            try:
                done.append(_push(engine, rules, asked, outlets, row, way, only_removals, standings.get(row.name)))
            except NotDone as found:
                trouble = trouble or found
    if trouble is not None:
        raise trouble
    return done


def plan(conn: Connection, row: Found[Any], which: Audience | None, now: datetime, *, reach: bool) -> Plan:
    """What the platform of a stored audience has to be told. reach: whether new members may be handed over."""
    members = {each.subject: each for each in _members(conn, row.id)}
    fresh = _fresh(conn, row, which, members, now)
    made = rows_of(conn, row.platform, row.kind, fresh)
    removed = {subject: each.rows for subject, each in members.items() if not each.here}
    added: dict[int, Row] = {}
    kept_back = 0
    for subject, one in made.items():
        had = members[subject].rows
        if not reach and not had:
            kept_back += 1
        elif fresh[subject] or had[:1] != [one]:
            added[subject] = one
            if others := [each for each in had if each != one]:
                removed[subject] = others
    return Plan(added, removed, kept_back)


def _fresh(
    conn: Connection, row: Found[Any], which: Audience | None, members: dict[int, _Member], now: datetime
) -> dict[int, bool]:
    """Members to look at; True: to be handed over whatever they look like, for the platform may not have them."""
    settled = {each.subject: each.settled_at for each in members.values() if each.here}
    times = [at for at in settled.values() if at is not None]
    touched = changed_since(conn, row.kind, min(times)) if times else set()
    kept_for = timedelta(days=which.keep.amount) if which is not None else LIMIT
    renewed_after = kept_for - min(RENEWED, kept_for / 2)
    found = dict.fromkeys((each for each in touched if settled.get(each) is not None), False)
    return found | {each: True for each, at in settled.items() if at is None or now - at >= renewed_after}


def overdue(conn: Connection, since: datetime) -> list[tuple[str, int]]:
    """By audience how many left before `since` and are still with the platform."""
    m, a = audience_member.c, audience.c
    query = (
        select(a.name, m.subject_id)
        .join_from(audience_member, audience, a.id == m.audience_id)
        .where(m.left_at.is_not(None), m.left_at < since, m.handed.is_not(None))
    )
    found: dict[str, int] = {}
    for name, _ in conn.execute(query):
        found[name] = found.get(name, 0) + 1
    return sorted(found.items())


def _stored(engine: Engine, name: str | None) -> Sequence[Found[Any]]:
    c = audience.c
    query = select(c.id, c.name, c.platform, c.kind, c.remote).order_by(c.id)
    with begin_read(engine) as conn:
        return conn.execute(query if name is None else query.where(c.name == name)).all()


def _push(
    engine: Engine,
    rules: AudienceRules,
    asked: Asked,
    outlets: Outlets,
    row: Found[Any],
    way: Way | None,
    only_removals: bool,
    standing: Standing | None,
) -> Pushed:
    which = rules.named(row.name)
    with begin_read(engine) as conn:
        if standing is None and which is not None:
            standing = look(conn, rules, asked, which)
        why = None
        if standing is not None and standing.on and standing.forecast.verdict == "below":
            why = "below"
        elif standing is not None and not standing.on:
            why = "off"
        found = plan(conn, row, which, asked.now, reach=why is None)
    if only_removals:
        found = Plan({each: one for each, one in found.added.items() if each in found.removed}, found.removed, 0)
    told_why = why if found.kept_back or why == "off" else None
    if found.empty:
        return Pushed(row.name, 0, 0, found.kept_back, told_why)
    # What is no longer in the file is taken back where it was handed over.
    usual: Way | None = which.send if which is not None else "api" if row.remote else None
    outlet = outlets(row.name, row.platform, way or usual)
    told = _hand(engine, outlet, row, which, found, asked.now)
    gone = sum(1 for each in found.removed if each not in found.added)
    return Pushed(row.name, len(found.added), gone, found.kept_back, told_why, outlet.word, told.where)


def _hand(engine: Engine, outlet: Outlet, row: Found[Any], which: Audience | None, found: Plan, now: datetime) -> Told:
    number = _write_down(engine, outlet.word, row, found, now)
    # What somebody else still is must stay: an address that went from one to another, two sites of one name.
    stays = set(found.added.values()) | (set(_full(engine, row.id)) if found.removed else set())
    removed = [one for rows in found.removed.values() for one in rows if one not in stays]
    days = which.keep.amount if which is not None else LIMIT.days
    what = Handing(
        row.name, row.platform, row.kind, number, now, [*found.added.values()], removed,
        lambda: _full(engine, row.id), days, row.remote,
    )  # fmt: skip
    try:
        told = outlet.hand(what)
    except NotTaken as trouble:
        _settle(engine, number, "failed", trouble.code, now)
        raise refusal("audience-not-taken", outlet.word, trouble.code) from None
    _forget(engine, row.id, found, number)
    _settle(engine, number, "settled", told.answer, now)
    if told.remote is not None and told.remote != row.remote:
        with begin_write(engine) as conn:
            conn.execute(update(audience).where(audience.c.id == row.id).values(remote=told.remote))
    return told


def _write_down(engine: Engine, word: str, row: Found[Any], found: Plan, now: datetime) -> int:
    """The push, and with every member what the platform may have from now on. Returns its number."""
    parts = [[each, *one] for each, one in sorted(found.added.items())]
    gone = [[each, rows] for each, rows in sorted(found.removed.items())]
    digest = sha256(json.dumps([row.name, parts, gone], ensure_ascii=False).encode()).hexdigest()
    values = {
        "audience_id": row.id, "outlet": word, "at": now, "added": len(parts), "removed": len(gone),
        "digest": digest, "state": "made",
    }  # fmt: skip
    with begin_write(engine) as conn:
        number = int(conn.execute(audience_push.insert().values(values).returning(audience_push.c.id)).scalar_one())
    given = {each: [one, *found.removed.get(each, ())] for each, one in found.added.items()}
    told = {**found.removed, **given}
    _note(engine, ((row.id, each, to_json([list(one) for one in rows]), number) for each, rows in told.items()))
    return number


def _forget(engine: Engine, number: int, found: Plan, push_id: int) -> None:
    """After the call: who was taken out is with the platform no more, nor is what somebody had before."""
    gone = ((number, each, None, push_id) for each in found.removed if each not in found.added)
    new = ((number, each, to_json([list(found.added[each])]), push_id) for each in found.removed if each in found.added)
    _note(engine, (each for rows in (gone, new) for each in rows))


def _note(engine: Engine, rows: Iterator[tuple[object, ...]]) -> None:
    pace = Pace()
    while some := next(chunks(rows, pace.size), None):
        with pace.begin(engine) as conn:
            update_many(conn, audience_member, ("audience_id", "subject_id"), ("handed", "push_id"), some, raw=True)
            pace.done = len(some)


def _settle(engine: Engine, number: int, state: str, answer: str, now: datetime) -> None:
    with begin_write(engine) as conn:
        told = update(audience_push).where(audience_push.c.id == number)
        conn.execute(told.values(state=state, answer=answer, settled_at=now))


def _members(conn: Connection, number: int) -> Iterator[_Member]:
    """Who belongs, or may still be with the platform. settled_at: when it last told us that it had them."""
    p, m = audience_push.c, audience_member.c
    settled = dict(conn.execute(select(p.id, p.at).where(p.audience_id == number, p.state == "settled")).tuples().all())
    query = select(m.subject_id, m.left_at, m.handed, m.push_id).where(
        m.audience_id == number, m.handed.is_not(None) | m.left_at.is_(None)
    )
    for subject, left_at, handed, push_id in conn.execute(query.order_by(m.subject_id)).tuples():
        rows = [tuple(each) for each in handed or ()]
        at = settled.get(push_id) if rows and push_id is not None else None
        yield _Member(subject, left_at is None, rows, at)


def _full(engine: Engine, number: int) -> Iterator[Row]:
    """What the platform has once the push has arrived."""
    m = audience_member.c
    last = 0
    while True:
        query = (
            select(m.subject_id, m.handed)
            .where(m.audience_id == number, m.left_at.is_(None), m.handed.is_not(None), m.subject_id > last)
            .order_by(m.subject_id)
            .limit(READ_AT_ONCE)
        )
        with begin_read(engine) as conn:
            some = conn.execute(query).tuples().all()
        if not some:
            return
        for _, handed in some:
            yield tuple(handed[0])
        last = some[-1][0]
