"""How much intent one account shows, and why: with its receipt. Start with `intent_at`.

It counts the same as `intents.ranking`: here from the account's signals, there from the weekly sums of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from abm.heat import Cell, Clockwork, Evidence, Intent, Standing, Term, fade, intent_of, stage_of
from abm.intent import UNIT, Stage, Topics
from hagukumi.journeys.core.values import Words
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
from models.tables.schema import (
    activity,
    intent_company,
    intent_file,
    intent_period,
    intent_signal,
    intent_topic,
    paper_view,
    person,
)


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
    clockwork = clockwork_of(conn, asked)
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


def _own_acts(conn: Connection, asked: Asked, account: int) -> Iterator[Signal]:
    a = activity.c
    people = select(person.c.id).where(person.c.account_id == account)
    query = select(a.id, a.kind, a.content, a.outcome, a.occurred_at, ABOUT.label("about")).where(
        a.person_id.in_(people), *acts_counted(asked)
    )
    for row in conn.execute(query.order_by(a.id)):
        source = own_source(asked.rules, row.kind, row.outcome)
        if source is None:
            continue
        name = row.content or ""
        said = stage_in(asked, name) or source.stage
        label = asked.titles.get(name, Words(name, name)) if name else source.label
        theme, week = asked.themes.get(row.about or "", ""), week_in(asked, row.occurred_at)
        yield Signal(theme, source.id, week, row.occurred_at, label, 1, activity=row.id, stage=said)


def _views(conn: Connection, asked: Asked, account: int) -> Iterator[Signal]:
    source = own_source(asked.rules, PAPER_VIEWED, None)
    if source is None:
        return
    v = paper_view.c
    query = select(v.id, v.paper, v.theme, v.at).where(v.account_id == account, *views_counted(asked)).order_by(v.id)
    for row in conn.execute(query):
        label = asked.titles.get(row.paper, Words(row.paper, row.paper))
        said = stage_in(asked, row.paper) or source.stage
        yield Signal(row.theme, source.id, week_in(asked, row.at), row.at, label, 1, stage=said, view=row.id)


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
