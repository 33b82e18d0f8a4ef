"""How much intent all accounts show, from the weekly sums that `imports.sums.settle` makes right first.

Counts the same as `intent.intent_at` does for one. Start with `ranking`; `points` are the sums alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select

from abm.heat import MILLION, Clockwork, Factor, Intent, Sums, fade, judged, week_of
from abm.intent import HORIZON, UNIT
from hagukumi.reading.signs import (
    ABOUT,
    PAPER_VIEWED,
    Asked,
    acts_counted,
    clockwork_of,
    own_source,
    stage_in,
    views_counted,
    week_in,
)
from models.tables.bulk import where_in
from models.tables.schema import activity, intent_week, paper_view, person
from models.tables.types import Whole


def ranking(conn: Connection, asked: Asked, accounts: Collection[int] | None = None) -> dict[int, Intent]:
    """The intent of every account that shows any (or of these), without receipts and surges. Call `settle` before."""
    clockwork = clockwork_of(conn, asked)
    sums: dict[int, dict[str, list[int]]] = defaultdict(dict)
    for account, *rest in _summed(conn, clockwork, accounts):
        sums[account][rest[0]] = [int(each) for each in rest[1:]]
    for account, theme, levels in _own_sums(conn, clockwork, asked, accounts):
        known = sums[account].setdefault(theme, [0] * 3)
        sums[account][theme] = [one + more for one, more in zip(known, levels, strict=True)]
    return {
        account: judged(asked.rules, [Sums(theme, *levels) for theme, levels in by_theme.items()])
        for account, by_theme in sums.items()
    }


def points(conn: Connection, asked: Asked, accounts: Collection[int] | None = None) -> dict[int, int]:
    """The tenths of every account that shows intent (or of these), and nothing else. Call `settle` before."""
    w, clockwork = intent_week.c, clockwork_of(conn, asked)
    factors = {source.id: clockwork.factors(source) for source in clockwork.rules.lists}
    total: dict[int, int] = {}
    if factors:
        query = select(w.account_id, func.sum(_faded(factors))).where(*_within(clockwork, accounts))
        total = {account: int(tenths) for account, tenths in conn.execute(query.group_by(w.account_id)).tuples()}
    for account, _, levels in _own_sums(conn, clockwork, asked, accounts):
        total[account] = total.get(account, 0) + levels[0]
    most = asked.rules.ceiling * 10
    return {account: min(tenths, most) for account, tenths in total.items()}


def _within(clockwork: Clockwork, accounts: Collection[int] | None) -> tuple[ColumnElement[bool], ...]:
    """The weekly sums of the horizon, of these accounts or of all."""
    w = intent_week.c
    weeks = w.week.between(clockwork.week - HORIZON, clockwork.week)
    return (weeks,) if accounts is None else (weeks, where_in(w.account_id, list(accounts)))


def _summed(conn: Connection, clockwork: Clockwork, accounts: Collection[int] | None) -> Iterator[Sequence[Any]]:
    """What weekly sums come to, by account and theme, added up where they lie."""
    w = intent_week.c
    factors = {source.id: clockwork.factors(source) for source in clockwork.rules.lists}
    if not factors:
        return
    query = (
        select(
            w.account_id, w.theme, func.sum(_faded(factors)), func.sum(_level(factors, 1)), func.sum(_level(factors, 2))
        )
        .where(*_within(clockwork, accounts))
        .group_by(w.account_id, w.theme)
    )
    yield from conn.execute(query).tuples()


_Factors = Mapping[str, Mapping[int, Factor]]


def _faded(factors: _Factors) -> ColumnElement[int]:
    """What is left of a row's tenths. Written out: a join would look each of millions of rows up."""
    w = intent_week.c
    decays = {
        source: _by_week({week: _number(weeks[week].decay) for week in sorted(weeks)})
        for source, weeks in factors.items()
    }
    return (w.points * case(decays, value=w.source, else_=_number(0)) + MILLION // 2) // _number(MILLION)


def _by_week(values: Mapping[int, ColumnElement[int]]) -> ColumnElement[int]:
    """The value of a row's week, found by halving: five comparisons for half a year. Weeks ascending, without a gap."""
    weeks = list(values)
    if len(weeks) == 1:
        return values[weeks[0]]
    half = weeks[len(weeks) // 2]
    parts = [{week: values[week] for week in weeks if (week < half) == before} for before in (True, False)]
    return case((intent_week.c.week < _number(half), _by_week(parts[0])), else_=_by_week(parts[1]))


def _level(factors: _Factors, part: int) -> ColumnElement[int]:
    """A row's tenths in the weeks for which a part of the factors is not nothing, times that part."""
    w = intent_week.c
    by_week: dict[int, dict[str, ColumnElement[int]]] = defaultdict(dict)
    for source, weeks in factors.items():
        for week, factor in weeks.items():
            if factor[part]:
                by_week[week][source] = w.points * _number(int(factor[part]))
    if not by_week:
        return _number(0)
    times = {week: case(some, value=w.source, else_=_number(0)) for week, some in by_week.items()}
    return case(times, value=w.week, else_=_number(0))


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), Whole())


def _own_sums(
    conn: Connection, clockwork: Clockwork, asked: Asked, accounts: Collection[int] | None
) -> Iterator[tuple[int, str, list[int]]]:
    """The same of acts that we see ourselves."""
    a, zone = activity.c, asked.zone
    query = (
        select(person.c.account_id, a.kind, a.content, a.outcome, a.occurred_at, ABOUT)
        .join_from(activity, person, a.person_id == person.c.id)
        .where(person.c.account_id.is_not(None), *acts_counted(asked))
    )
    if accounts is not None:
        query = query.where(where_in(person.c.account_id, list(accounts)))
    counted: dict[tuple[int, str, str, int], int] = defaultdict(int)
    for account, theme, name, week in _views_of(conn, asked, accounts):
        counted[account, theme, name, week] += UNIT
    for account, kind, content, outcome, at, about in conn.execute(query).tuples():
        source = own_source(asked.rules, kind, outcome)
        if source is not None:
            name = content or ""
            units = source.units(stage_in(asked, name) or source.stage)
            counted[account, asked.themes.get(about or "", ""), source.id, week_of(at.astimezone(zone).date())] += units
    prices, factors = clockwork.prices(), {each.id: clockwork.factors(each) for each in asked.rules.own}
    for (account, theme, name, week), amount in counted.items():
        factor = factors[name].get(week)
        if factor is not None:
            whole = prices[name].whole(amount)
            levels = [fade(whole, factor.decay), whole * factor.now, whole * factor.before]
            yield account, theme, levels


def _views_of(conn: Connection, asked: Asked, accounts: Collection[int] | None) -> Iterator[tuple[int, str, str, int]]:
    """Account, theme, source and week of each view of a paper that counts."""
    source = own_source(asked.rules, PAPER_VIEWED, None)
    if source is None:
        return
    v = paper_view.c
    query = select(v.account_id, v.theme, v.at).where(*views_counted(asked))
    if accounts is not None:
        query = query.where(where_in(v.account_id, list(accounts)))
    for account, theme, at in conn.execute(query).tuples():
        yield account, theme, source.id, week_in(asked, at)
