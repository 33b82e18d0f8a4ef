"""Audiences of ads kept in step with the list and with plays. Start with `follow`; pushing stands in pushing.py.

What belongs is worked out anew and only differences are written, in batches that let others in on SQLite.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select, update

from abm.audience import (
    Audience,
    AudienceRules,
    Change,
    Difference,
    Forecast,
    Size,
    difference,
    faults,
    forecast,
    switched_on,
)
from abm.icp import IcpRules
from hagukumi.files import Files
from hagukumi.pipeline.ng import Judge
from hagukumi.reading.advertised import plain, wanted
from hagukumi.reading.audiences import Asked, Wanted, newest
from hagukumi.words.audiences import refusal
from models.tables.bulk import chunks, update_many, upsert_many
from models.tables.engine import begin_read, begin_write
from models.tables.locks import one_audience
from models.tables.pace import Pace
from models.tables.schema import audience, audience_member, audience_push
from models.tables.types import to_micros

JOIN = ("audience_id", "subject_id", "joined_at", "why", "left_at", "left_why")


class Standing(NamedTuple):
    """An audience as it is now: its difference from what the database had, its size and what to expect of it."""

    audience: Audience
    id: int
    difference: Difference
    size: Size
    forecast: Forecast
    on: bool


def rules_of(files: Files) -> AudienceRules:
    """audiences.yaml. Raises NotDone when it has faults."""
    own = frozenset(name for name, field in files.fields.items() if field.of == "account")
    if any(faults(files.audiences, own, len(files.programme.tiers))):
        raise refusal("audiences-faulty")
    return files.audiences


def asked_of(files: Files, now: datetime) -> Asked:
    """By what it is judged who belongs."""
    return Asked(files.icp or IcpRules(criteria=()), Judge(files.ng), now)


def chosen(rules: AudienceRules, name: str | None) -> Sequence[Audience]:
    """The audience of this name, or all. Raises NotDone where there is none of that name."""
    if name is None:
        return rules.audiences
    found = rules.named(name)
    if found is None:
        known = ", ".join(each.name for each in rules.audiences) or "-"
        raise refusal("audience-unknown", name, known)
    return (found,)


def look(conn: Connection, rules: AudienceRules, asked: Asked, which: Audience) -> Standing:
    """How the audience stands, and what would change; nothing is written."""
    row = conn.execute(select(audience.c.id).where(audience.c.name == which.name)).first()
    standing = set[int]() if row is None else members_of(conn, row.id)
    found = wanted(conn, which, asked, standing)
    return _standing(rules, which, 0 if row is None else row.id, found, standing)


def follow(
    engine: Engine, rules: AudienceRules, asked: Asked, name: str | None = None, *, pace: Pace | None = None
) -> list[Standing]:
    """Brings the members of one audience, or of all, up to now. Done twice it changes nothing.

    Without a name, audiences that went out of the file lose their members. Raises NotDone for an unknown name.
    """
    pace = pace or Pace()
    with one_audience(engine):
        found = [_follow(engine, rules, asked, each, pace) for each in chosen(rules, name)]
        if name is None:
            _close(engine, rules, asked.now, pace)
    return found


def due(conn: Connection, rules: AudienceRules, morning: datetime) -> bool:
    """Whether an audience has not been looked at since that morning, somebody has refused or been erased since, or
    the last push has no good answer.
    """
    c = audience.c
    stored = {row.name: row for row in conn.execute(select(c.name, c.followed_at, c.seen))}
    if any(each.name not in stored for each in rules.audiences):
        return True
    if any(row.followed_at is None or row.followed_at < morning for row in stored.values()):
        return True
    if unsettled(conn):
        return True
    return bool(stored) and {row.seen for row in stored.values()} != {newest(conn)}


def unsettled(conn: Connection) -> bool:
    """Whether the last push of an audience has no good answer: it is to be tried again."""
    p = audience_push.c
    latest = select(func.max(p.id)).group_by(p.audience_id)
    return conn.scalar(select(p.id).where(p.id.in_(latest), p.state != "settled").limit(1)) is not None


def members_of(conn: Connection, number: int) -> set[int]:
    """Who belongs, as stored."""
    c = audience_member.c
    query = select(c.subject_id).where(c.audience_id == number, c.left_at.is_(None))
    return {row[0] for row in plain(conn, query)}


def _follow(engine: Engine, rules: AudienceRules, asked: Asked, which: Audience, pace: Pace) -> Standing:
    number = _known(engine, which)
    with begin_read(engine) as conn:
        seen = newest(conn)
        members = members_of(conn, number)
        standing = _standing(rules, which, number, wanted(conn, which, asked, members), members)
    _store(engine, number, standing.difference, asked.now, pace)
    with begin_write(engine) as conn:
        told = update(audience).where(audience.c.id == number)
        conn.execute(told.values(followed_at=asked.now, seen=seen))
    return standing


def _standing(rules: AudienceRules, which: Audience, number: int, found: Wanted, standing: set[int]) -> Standing:
    out: Mapping[int, str] = found.out
    on = switched_on(rules, which, found.size, on=bool(standing))
    members = found.members
    if not on:
        members = {}
        out = {**dict.fromkeys(found.members, "off"), **found.out}
    change = difference(standing, members, out)
    return Standing(which, number, change, found.size, forecast(rules, which, found.size), on)


def _known(engine: Engine, which: Audience) -> int:
    """The audience's row. One that goes to another platform, or from companies to people, begins anew.

    What the former platform was given is taken back there, under another name.
    """
    c = audience.c
    with begin_write(engine) as conn:
        row = conn.execute(select(c.id, c.kind, c.platform).where(c.name == which.name)).first()
        if row is not None and (row.kind, row.platform) == (which.kind, which.platform):
            return int(row.id)
        if row is not None:
            conn.execute(update(audience).where(c.id == row.id).values(name=f"{which.name}.{row.id}"))
        values = {"name": which.name, "platform": which.platform, "kind": which.kind}
        return int(conn.execute(audience.insert().values(values).returning(c.id)).scalar_one())


def _store(engine: Engine, number: int, change: Difference, now: datetime, pace: Pace) -> None:
    at = to_micros(now)
    joined = ((number, each.subject, at, each.why, None, None) for each in change.added)
    for rows in _paced(joined, pace):
        with pace.begin(engine) as conn:
            # Whoever comes back keeps what the platform may still have of them.
            upsert_many(conn, audience_member, JOIN, rows, conflict=JOIN[:2], update=JOIN[2:], raw=True)
            pace.done = len(rows)
    left = ((number, each.subject, at, each.why) for each in change.removed)
    for rows in _paced(left, pace):
        with pace.begin(engine) as conn:
            update_many(conn, audience_member, JOIN[:2], JOIN[4:], rows, raw=True)
            pace.done = len(rows)


def _paced(rows: Iterable[tuple[object, ...]], pace: Pace) -> Iterable[list[tuple[object, ...]]]:
    waiting = iter(rows)
    while some := next(chunks(waiting, pace.size), None):
        yield some


def _close(engine: Engine, rules: AudienceRules, now: datetime, pace: Pace) -> None:
    """Audiences that are no longer in the file, or meant others before, lose their members."""
    c = audience.c
    with begin_read(engine) as conn:
        known, seen = conn.execute(select(c.id, c.name)).all(), newest(conn)
    for number, name in known:
        if rules.named(name) is None:
            _empty(engine, number, now, pace)
            with begin_write(engine) as conn:
                conn.execute(update(audience).where(c.id == number).values(followed_at=now, seen=seen))


def _empty(engine: Engine, number: int, now: datetime, pace: Pace) -> None:
    with begin_read(engine) as conn:
        gone: Collection[int] = members_of(conn, number)
    _store(engine, number, Difference((), [Change(each, "gone") for each in sorted(gone)], 0), now, pace)
