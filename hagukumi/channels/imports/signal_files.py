"""Which list of signals speaks for which days: what counts, what it replaced, and what goes. Start with `let_count`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, exists, func, select, update

from abm.intent import ListSource
from hagukumi.channels.imports.signal_report import Looked, Replaced
from hagukumi.channels.imports.sums import ask
from models.tables.bulk import chunks, insert_many, where_in
from models.tables.engine import begin_read, begin_write
from models.tables.pace import Pace
from models.tables.schema import account, intent_company, intent_file, intent_period, intent_signal

_LARGEST = 2_000


class Staged(NamedTuple):
    """A list whose rows are all in, and its counts."""

    id: int
    digest: str
    periods: Collection[int]
    counts: dict[str, int]


class Counted(NamedTuple):
    """A list that was counted before and still counts. week: of which it tells, where its rows have no dates.

    lost: of how many of its days or weeks a later list speaks now.
    """

    at: datetime
    week: date | None
    lost: int


_WEEK = "@"
"""What stands between a list's digest and its week: a list without dates is another one in another week."""


def digest_of(digest: str, week: date | None) -> str:
    """By what a list is known again. week: the Monday of rows without dates."""
    return digest if week is None else f"{digest}{_WEEK}{week}"


def let_count(engine: Engine, source: ListSource, staged: Staged, now: datetime) -> list[Replaced]:
    """From here on the list counts, whole; where another spoke for a day or week, this one does.

    The very same list read before gives way entirely.
    """
    p, f = intent_period.c, intent_file.c
    weeks = {(period - 1) // 7 for period in staged.periods}
    days = {week * 7 + day for week in weeks for day in range(1, 8)} if source.covers == "week" else staged.periods
    rows = [(source.id, period, staged.id) for period in sorted(staged.periods)]
    sizes = _sizes(engine, source, days, staged.id)
    with begin_write(engine) as conn:
        same = conn.scalar(select(f.id).where(f.digest == staged.digest))
        mine = (p.source == source.id, where_in(p.period, sorted(days)))
        old = list(conn.execute(select(p.file_id, p.period).where(*mine)).tuples())
        if same is not None:
            for was in conn.execute(select(p.source, p.period).where(p.file_id == same)).tuples().all():
                ask(conn, was[0], {(was[1] - 1) // 7})
            conn.execute(delete(intent_period).where(p.file_id == same))
            conn.execute(update(intent_file).where(f.id == same).values(digest=None))
        conn.execute(delete(intent_period).where(*mine))
        insert_many(conn, intent_period, ("source", "period", "file_id"), rows)
        ask(conn, source.id, weeks)
        values = {"digest": staged.digest, "counted_at": now, "counts": staged.counts}
        conn.execute(update(intent_file).where(f.id == staged.id).values(values))
        replaced = _replaced(conn, [each for each in old if each[0] != same], sizes, staged.id)
    _delete(engine, old)
    return replaced


def counted_before(engine: Engine, digest: str, week: date | None, *, undated: bool) -> Counted | None:
    """The newest list of the same content, if it speaks for anything yet. week: only of that one."""
    f, p = intent_file.c, intent_period.c
    same = f.digest == digest_of(digest, week)
    if undated and week is None:
        same = (f.digest == digest) | f.digest.startswith(digest + _WEEK, autoescape=True)
    query = select(f.counted_at, f.digest, f.counts, func.count(p.period)).join(intent_period, p.file_id == f.id)
    with begin_read(engine) as conn:
        row = conn.execute(query.where(same).group_by(f.id).order_by(f.id.desc()).limit(1)).first()
    if row is None:
        return None
    at, name, counts, speaks = row
    _, _, monday = name.partition(_WEEK)
    return Counted(at, date.fromisoformat(monday) if monday else None, (counts or {}).get("periods", speaks) - speaks)


def last_came(engine: Engine) -> datetime | None:
    with begin_read(engine) as conn:
        return conn.scalar(select(func.max(intent_file.c.came_at)))


_Sizes = Mapping[tuple[int, int], int]
"""How many rows a file has in a day or week."""


def _sizes(engine: Engine, source: ListSource, days: Collection[int], fresh: int) -> _Sizes:
    """Of all files that speak for these days, and of the new one. Counted outside of the short transaction."""
    g, p = intent_signal.c, intent_period.c
    with begin_read(engine) as conn:
        olds = select(p.file_id).where(p.source == source.id, where_in(p.period, sorted(days)))
        files = sorted({fresh, *conn.scalars(olds)})
        query = select(g.file_id, g.period, func.count()).where(where_in(g.file_id, files))
        return {(row[0], row[1]): row[2] for row in conn.execute(query.group_by(g.file_id, g.period)).tuples()}


def _replaced(conn: Connection, old: Sequence[tuple[int, int]], sizes: _Sizes, fresh: int) -> list[Replaced]:
    f = intent_file.c
    by_file: dict[int, list[int]] = {}
    for number, period in old:
        by_file.setdefault(number, []).append(period)
    names = dict(conn.execute(select(f.id, f.file_name).where(where_in(f.id, list(by_file)))).tuples().all())
    return [
        Replaced(
            names[number],
            date.fromordinal(min(some)),
            date.fromordinal(max(some)),
            len(some),
            sum(sizes.get((number, each), 0) for each in some),
            sum(sizes.get((fresh, each), 0) for each in some),
        )
        for number, some in sorted(by_file.items())
    ]


def looked_at(engine: Engine, rows_of: Mapping[int, int]) -> list[Looked]:
    """Companies nobody has recognised, those with most rows first."""
    c, a = intent_company.c, account.c
    found = []
    with begin_read(engine) as conn:
        for some in chunks(sorted(rows_of)):
            query = select(intent_company, a.key.label("maybe_key"), a.name.label("maybe_name"))
            query = query.outerjoin(account, a.id == c.maybe_id).where(where_in(c.id, some))
            for row in conn.execute(query):
                maybe = (row.maybe_key, row.maybe_name) if row.maybe_key is not None else None
                name = row.name or row.domain or row.number or row.code or "?"
                found.append(Looked(row.id, name, row.state, rows_of[row.id], maybe, tuple(map(tuple, row.why))))
    return sorted(found, key=lambda each: (-each.rows, each.id))


def sweep(engine: Engine) -> None:
    """What a process that died left behind counts nowhere and goes, and so do signals of lists that were replaced."""
    f, g, p = intent_file.c, intent_signal.c, intent_period.c
    speaks = exists(select(p.file_id).where(p.file_id == f.id))
    stored = exists(select(g.id).where(g.file_id == f.id))
    with begin_read(engine) as conn:
        broken = set(conn.scalars(select(f.id).where(f.counted_at.is_(None))))
        silent = set(conn.scalars(select(f.id).where(f.counted_at.is_not(None), ~speaks, stored)))
    for number in sorted(broken | silent):
        _delete(engine, [(number, period) for period in _periods(engine, number)])
    with begin_write(engine) as conn:
        conn.execute(delete(intent_file).where(where_in(f.id, sorted(broken))))


def _periods(engine: Engine, number: int) -> list[int]:
    g = intent_signal.c
    with begin_read(engine) as conn:
        return list(conn.scalars(select(g.period).distinct().where(g.file_id == number)))


def _delete(engine: Engine, gone: list[tuple[int, int]]) -> None:
    g = intent_signal.c
    for number, period in gone:
        pace, more = Pace(_LARGEST), True
        while more:
            with pace.begin(engine) as conn:
                some = select(g.id).where(g.file_id == number, g.period == period).limit(pace.size)
                pace.done = conn.execute(delete(intent_signal).where(g.id.in_(some))).rowcount
                more = pace.done > 0
