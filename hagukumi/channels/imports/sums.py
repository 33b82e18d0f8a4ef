"""Weekly sums of the signals that count, made again wherever something has changed. Start with `settle`.

The sums are nothing but a summary: whatever is asked of a week is asked of its signals, so any order of lists and any
crash in between ends with the same numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, case, delete, func, select

from abm.heat import monday, price_of
from abm.intent import IntentRules, ListSource, Topics
from models.tables.bulk import insert_many, update_many, upsert_many, where_in
from models.tables.engine import begin_read
from models.tables.locks import one_list_of_signals
from models.tables.pace import Pace
from models.tables.schema import (
    intent_company,
    intent_period,
    intent_settled,
    intent_signal,
    intent_topic,
    intent_week,
)

_LARGEST = 2_000
_KEY = ("account_id", "theme", "week", "source")
_SUM = ("points", "count", "last_at")
_Sums = dict[tuple[int, str], tuple[int, int, datetime]]


def settle(engine: Engine, rules: IntentRules) -> int:
    """Makes all weekly sums right that are not; the number of a source's weeks that were made again."""
    with one_list_of_signals(engine):
        return settle_alone(engine, rules)


def settle_alone(engine: Engine, rules: IntentRules) -> int:
    """The same for who holds the lock on lists of signals."""
    stamp, s = stamp_of(rules), intent_settled.c
    with begin_read(engine) as conn:
        rows = conn.execute(select(s.source, s.week, s.asked, s.done, s.stamp).order_by(s.source, s.week)).all()
    due = [row for row in rows if row.asked != row.done or row.stamp != stamp]
    if any(row.stamp != stamp for row in due):
        _map_anew(engine, Topics(rules))
    for row in due:
        _make(engine, rules.list_named(row.source), row.source, row.week, rules.surge.line)
        with Pace().begin(engine) as conn:
            values = (row.source, row.week, row.asked, row.asked, stamp)
            update_many(conn, intent_settled, ("source", "week", "asked"), ("done", "stamp"), [values])
    return len(due)


def ask(conn: Connection, source: str, weeks: Collection[int]) -> None:
    """Says that what counts in these weeks has changed."""
    s = intent_settled.c
    mine = (s.source == source, where_in(s.week, list(weeks)))
    known = dict(conn.execute(select(s.week, s.asked).where(*mine)).tuples().all())
    update_many(conn, intent_settled, ("source", "week"), ("asked",), [(source, w, n + 1) for w, n in known.items()])
    fresh = [(source, week, 1, 0, "") for week in sorted(set(weeks) - set(known))]
    insert_many(conn, intent_settled, ("source", "week", "asked", "done", "stamp"), fresh)


def weeks_of(conn: Connection, companies: Collection[int]) -> dict[str, set[int]]:
    """The weeks in which these companies occur, by source."""
    g, p = intent_signal.c, intent_period.c
    query = select(p.source, p.period).distinct().join(intent_signal, (p.file_id == g.file_id) & (p.period == g.period))
    weeks: dict[str, set[int]] = {}
    for source, period in conn.execute(query.where(where_in(g.company_id, list(companies)))).tuples():
        weeks.setdefault(source, set()).add((period - 1) // 7)
    return weeks


def stamp_of(rules: IntentRules) -> str:
    """A hash of all rules that weekly sums are made by."""
    said = (
        list(rules.topics.items()),
        [(x.id, x.measure, x.any_topic, *price_of(x)) for x in rules.lists],
        rules.surge.line,
    )
    return hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest()


def _map_anew(engine: Engine, topics: Topics) -> None:
    t = intent_topic.c
    with begin_read(engine) as conn:
        known = conn.execute(select(t.id, t.topic, t.theme)).all()
    rows = [(row.id, theme) for row in known if (theme := topics.theme(row.topic)) != row.theme]
    _in_batches(engine, rows, lambda conn, some: update_many(conn, intent_topic, ("id",), ("theme",), some))


def _make(engine: Engine, source: ListSource | None, name: str, week: int, line: int) -> None:
    with begin_read(engine) as conn:
        new = _counted(conn, source, week, line) if source is not None else {}
        old = _kept(conn, name, week)
    changed = [
        (account, theme, week, name, points, count, last)
        for (account, theme), (points, count, last) in sorted(new.items())
        if old.get((account, theme)) != (points, count, last)
    ]
    gone = sorted(old.keys() - new.keys())
    _in_batches(
        engine,
        changed,
        lambda conn, some: upsert_many(conn, intent_week, (*_KEY, *_SUM), some, conflict=_KEY, update=_SUM),
    )
    _in_batches(engine, gone, lambda conn, some: _remove(conn, name, week, some))


def _counted(conn: Connection, source: ListSource, week: int, line: int) -> _Sums:
    """What the signals of a week that count come to, by account and theme."""
    g, p, c, t = intent_signal.c, intent_period.c, intent_company.c, intent_topic.c
    first = monday(week).toordinal()
    theme = func.coalesce(t.theme, "")
    amount = case((g.amount >= line, g.amount), else_=0) if source.measure == "score" else g.amount
    query = (
        select(c.account_id, theme, func.sum(amount), func.count(), func.max(g.at))
        .select_from(intent_period)
        .join(intent_signal, (g.file_id == p.file_id) & (g.period == p.period))
        .join(intent_company, c.id == g.company_id)
        .join(intent_topic, t.id == g.topic_id)
        .where(p.source == source.id, p.period.between(first, first + 6), c.account_id.is_not(None), amount > 0)
        .group_by(c.account_id, theme)
    )
    if not source.any_topic:
        query = query.where(t.theme.is_not(None))
    price = price_of(source)
    return {(row[0], row[1]): (price.whole(int(row[2])), row[3], row[4]) for row in conn.execute(query)}


def _kept(conn: Connection, source: str, week: int) -> _Sums:
    w = intent_week.c
    query = select(w.account_id, w.theme, w.points, w.count, w.last_at).where(w.source == source, w.week == week)
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in conn.execute(query)}


def _remove(conn: Connection, source: str, week: int, gone: Iterable[tuple[int, str]]) -> None:
    w = intent_week.c
    by_theme: dict[str, list[int]] = {}
    for account, theme in gone:
        by_theme.setdefault(theme, []).append(account)
    for theme, accounts in by_theme.items():
        mine = (w.theme == theme, w.source == source, w.week == week)
        conn.execute(delete(intent_week).where(where_in(w.account_id, accounts), *mine))


def _in_batches(engine: Engine, rows: list[Any], write: Any) -> None:
    pace = Pace(_LARGEST)
    while rows:
        with pace.begin(engine) as conn:
            some, rows = rows[: pace.size], rows[pace.size :]
            write(conn, some)
            pace.done = len(some)
