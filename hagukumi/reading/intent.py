"""How much intent accounts show, and why. `intent_at` is about one, with its receipt; `ranking` about all of them.

Both count the same: one from its signals, all from the weekly sums, which `imports.sums.settle` makes right first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select

from abm.heat import (
    MILLION,
    Cell,
    Clockwork,
    Evidence,
    Factor,
    Intent,
    Standing,
    Sums,
    Term,
    fade,
    intent_of,
    judged,
    monday,
    stage_of,
    week_of,
)
from abm.intent import HORIZON, STAGES, UNIT, IntentRules, OwnSource, Stage, Topics
from hagukumi.journeys.core.values import Words
from models.tables.bulk import where_in
from models.tables.schema import (
    activity,
    intent_company,
    intent_file,
    intent_period,
    intent_signal,
    intent_topic,
    intent_week,
    paper_view,
    person,
)
from models.tables.types import Whole


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked by: the rules, the workspace's clock and zone, and what content is about.

    themes, stages, titles: by name of a letter or piece of content; '' where it has none. theme_titles: by theme.
    """

    rules: IntentRules
    now: datetime
    zone: ZoneInfo
    themes: Mapping[str, str]
    stages: Mapping[str, str]
    titles: Mapping[str, Words]
    theme_titles: Mapping[str, Words]

    @property
    def today(self) -> date:
        """The day of the workspace's clock."""
        return self.now.astimezone(self.zone).date()

    @property
    def horizon(self) -> datetime:
        """Acts before that have faded."""
        return datetime.combine(monday(week_of(self.today) - HORIZON), time(), self.zone).astimezone(UTC)


class Signal(NamedTuple):
    """What a term is made of: a row of a list, or an act of our own.

    file, line: where it stands in a list. activity: the act's id; view: that of a view of a paper. label: topic or
    content. amount: count or score.
    """

    theme: str
    source: str
    week: int
    at: datetime
    label: Words
    amount: float
    file: str | None = None
    line: int | None = None
    activity: int | None = None
    stage: Stage | None = None
    view: int | None = None


class Told(NamedTuple):
    """An account's intent: with its signals by theme, source and week, its stage, and what nobody mapped."""

    intent: Intent
    signals: Mapping[tuple[str, str, int], Sequence[Signal]]
    standing: Standing
    unmapped: Sequence[str]
    listed: Mapping[str, int]

    def of(self, term: Term) -> Sequence[Signal]:
        """The signals of a term, the newest first."""
        return self.signals[term.theme, term.source, term.week]


def intent_at(conn: Connection, asked: Asked, account: int) -> Told:
    """The intent of one account with its receipt."""
    clockwork = _clockwork(conn, asked)
    every = [*_own_acts(conn, asked, account), *_views(conn, asked, account), *_listed(conn, asked, account)]
    unmapped = sorted({each.label.ja for each in every if each.theme == _UNMAPPED})
    counted = [each for each in every if each.theme != _UNMAPPED]
    signals: dict[tuple[str, str, int], list[Signal]] = defaultdict(list)
    for each in sorted(counted, key=lambda one: (one.at, one.line or one.activity or one.view or 0), reverse=True):
        signals[each.theme, each.source, each.week].append(each)
    cells = [Cell(*key, sum(_units(asked, each) for each in some)) for key, some in signals.items()]
    intent = intent_of(clockwork, [cell for cell in cells if cell.amount])
    standing = stage_of(asked.rules.stage, _evidence(clockwork, asked, counted))
    return Told(intent, signals, standing, unmapped, _surging(clockwork, counted))


_UNMAPPED = "\0"


def _clockwork(conn: Connection, asked: Asked) -> Clockwork:
    p, a = intent_period.c, activity.c
    until = asked.today.toordinal()
    lists = select(p.source, func.max(p.period), func.min(p.period)).where(p.period <= until).group_by(p.source)
    told = {source: ((last - 1) // 7, (first - 1) // 7) for source, last, first in conn.execute(lists).tuples()}
    newest = {source: weeks[0] for source, weeks in told.items()}
    since = {source: weeks[1] for source, weeks in told.items()}
    known = select(a.occurred_at).where(a.known_at <= asked.now)
    # An old act that came in first tells enough of our history, and spares looking at all of them.
    for query in (known.order_by(a.id), known.order_by(a.occurred_at)):
        first = conn.scalar(query.limit(1))
        if first is None:
            break
        since |= dict.fromkeys((each.id for each in asked.rules.own), _week(asked, first))
        if first < asked.horizon:
            break
    return Clockwork(asked.rules, asked.today, newest, since)


def _week(asked: Asked, at: datetime) -> int:
    return week_of(at.astimezone(asked.zone).date())


def _own_acts(conn: Connection, asked: Asked, account: int) -> Iterator[Signal]:
    a = activity.c
    people = select(person.c.id).where(person.c.account_id == account)
    query = select(a.id, a.kind, a.content, a.outcome, a.occurred_at).where(a.person_id.in_(people), *_counts(asked))
    for row in conn.execute(query.order_by(a.id)):
        source = _own_source(asked.rules, row.kind, row.outcome)
        if source is None:
            continue
        name = row.content or ""
        said = _stage(asked, name) or source.stage
        label = asked.titles.get(name, Words(name, name)) if name else source.label
        theme, week = asked.themes.get(name, ""), _week(asked, row.occurred_at)
        yield Signal(theme, source.id, week, row.occurred_at, label, 1, activity=row.id, stage=said)


PAPER_VIEWED = "paper_viewed"
"""How intent.yaml calls a view of a paper; it is an act of the account, for anybody there may have its link."""


def _views(conn: Connection, asked: Asked, account: int) -> Iterator[Signal]:
    source = _own_source(asked.rules, PAPER_VIEWED, None)
    if source is None:
        return
    v = paper_view.c
    query = select(v.id, v.paper, v.theme, v.at).where(v.account_id == account, *_seen(asked)).order_by(v.id)
    for row in conn.execute(query):
        label = asked.titles.get(row.paper, Words(row.paper, row.paper))
        said = _stage(asked, row.paper) or source.stage
        yield Signal(row.theme, source.id, _week(asked, row.at), row.at, label, 1, stage=said, view=row.id)


def _seen(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Views that count: of people, known by now, not faded yet."""
    v = paper_view.c
    return v.machine.is_(None), v.known_at <= asked.now, v.at.between(asked.horizon, asked.now)


def _stage(asked: Asked, name: str) -> Stage | None:
    said = asked.stages.get(name)
    return next((stage for stage in STAGES if stage == said), None)


def _counts(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Acts that count: of people, known by now, not faded yet."""
    a = activity.c
    kinds = sorted({kind for source in asked.rules.own for kind in source.kinds})
    return (
        a.machine.is_(None),
        a.known_at <= asked.now,
        a.occurred_at.between(asked.horizon, asked.now),
        a.kind.in_(kinds),
    )


def _own_source(rules: IntentRules, kind: str, outcome: str | None) -> OwnSource | None:
    """The first source that counts an act."""
    fitting = (each for each in rules.own if kind in each.kinds and (not each.outcome or outcome in each.outcome))
    return next(fitting, None)


def _listed(conn: Connection, asked: Asked, account: int) -> Iterator[Signal]:
    g, p, c, t, f = intent_signal.c, intent_period.c, intent_company.c, intent_topic.c, intent_file.c
    query = (
        select(p.source, g.period, g.at, g.amount, g.line, t.topic, f.file_name)
        .select_from(intent_company)
        .join(intent_signal, g.company_id == c.id)
        .join(intent_period, (p.file_id == g.file_id) & (p.period == g.period))
        .join(intent_topic, t.id == g.topic_id)
        .join(intent_file, f.id == g.file_id)
        .where(c.account_id == account, g.at.between(asked.horizon, asked.now))
        .order_by(g.id)
    )
    topics = Topics(asked.rules)
    for row in conn.execute(query):
        source = asked.rules.list_named(row.source)
        if source is None:
            continue
        theme = topics.theme(row.topic)
        if theme is None:
            theme = "" if source.any_topic else _UNMAPPED
        amount = row.amount if source.measure == "score" else row.amount / UNIT
        label, stage = Words(row.topic, row.topic), topics.stage(row.topic) or source.stage
        week = (row.period - 1) // 7
        yield Signal(theme, row.source, week, row.at, label, amount, row.file_name, row.line, stage=stage)


def _units(asked: Asked, signal: Signal) -> int:
    """Hundredths of a unit that a signal counts."""
    source = asked.rules.list_named(signal.source)
    if source is not None and source.measure == "score":
        return int(signal.amount) if signal.amount >= asked.rules.surge.line else 0
    own = asked.rules.own_named(signal.source)
    return round(signal.amount * UNIT) if own is None else own.units(signal.stage)


def _evidence(clockwork: Clockwork, asked: Asked, signals: Sequence[Signal]) -> Iterator[Evidence]:
    prices, sources = clockwork.prices(), clockwork.sources
    since = asked.now - timedelta(days=asked.rules.stage.within.amount)
    factors = {name: clockwork.factors(each) for name, each in sources.items()}
    for each in signals:
        factor = factors[each.source].get(each.week)
        if each.stage is None or each.at < since or factor is None:
            continue
        tenths = fade(prices[each.source].whole(_units(asked, each)), factor.decay)
        if tenths:
            yield Evidence(each.stage, each.source, each.label, each.at, tenths)


def _surging(clockwork: Clockwork, signals: Sequence[Signal]) -> dict[str, int]:
    """Theme -> the best score of this week's lists, where it surges."""
    found: dict[str, int] = {}
    factors = {each.id: clockwork.factors(each) for each in clockwork.rules.lists if each.measure == "score"}
    for each in signals:
        factor = factors.get(each.source, {}).get(each.week)
        if factor is not None and factor.now and each.amount >= clockwork.rules.surge.line:
            found[each.theme] = max(found.get(each.theme, 0), int(each.amount))
    return found


def ranking(conn: Connection, asked: Asked, accounts: Collection[int] | None = None) -> dict[int, Intent]:
    """The intent of every account that shows any (or of these), without receipts and surges. Call `settle` before."""
    clockwork = _clockwork(conn, asked)
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
    w, clockwork = intent_week.c, _clockwork(conn, asked)
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
        select(person.c.account_id, a.kind, a.content, a.outcome, a.occurred_at)
        .join_from(activity, person, a.person_id == person.c.id)
        .where(person.c.account_id.is_not(None), *_counts(asked))
    )
    if accounts is not None:
        query = query.where(where_in(person.c.account_id, list(accounts)))
    counted: dict[tuple[int, str, str, int], int] = defaultdict(int)
    for account, theme, name, week in _views_of(conn, asked, accounts):
        counted[account, theme, name, week] += UNIT
    for account, kind, content, outcome, at in conn.execute(query).tuples():
        source = _own_source(asked.rules, kind, outcome)
        if source is not None:
            name = content or ""
            units = source.units(_stage(asked, name) or source.stage)
            counted[account, asked.themes.get(name, ""), source.id, week_of(at.astimezone(zone).date())] += units
    prices, factors = clockwork.prices(), {each.id: clockwork.factors(each) for each in asked.rules.own}
    for (account, theme, name, week), amount in counted.items():
        factor = factors[name].get(week)
        if factor is not None:
            whole = prices[name].whole(amount)
            levels = [fade(whole, factor.decay), whole * factor.now, whole * factor.before]
            yield account, theme, levels


def _views_of(conn: Connection, asked: Asked, accounts: Collection[int] | None) -> Iterator[tuple[int, str, str, int]]:
    """Account, theme, source and week of each view of a paper that counts."""
    source = _own_source(asked.rules, PAPER_VIEWED, None)
    if source is None:
        return
    v = paper_view.c
    query = select(v.account_id, v.theme, v.at).where(*_seen(asked))
    if accounts is not None:
        query = query.where(where_in(v.account_id, list(accounts)))
    for account, theme, at in conn.execute(query).tuples():
        yield account, theme, source.id, _week(asked, at)
