"""What tells of intent, and how it is asked for: acts of our own, views of papers, lists. Start with `Asked`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, case, func, select

from abm.heat import Clockwork, monday, week_of
from abm.intent import HORIZON, STAGES, IntentRules, OwnSource, Stage
from abm.worked import ALL, DAY, Worked
from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.values import Words
from models.tables.schema import activity, intent_period, letter, paper_view


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked by: the rules, the workspace's clock and our calendar, and what content is about.

    themes, stages, titles: by name of a letter or piece of content; '' where it has none. theme_titles: by theme.
    """

    rules: IntentRules
    now: datetime
    calendar: BusinessCalendar
    themes: Mapping[str, str]
    stages: Mapping[str, str]
    titles: Mapping[str, Words]
    theme_titles: Mapping[str, Words]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of our calendar."""
        return self.calendar.zone

    @property
    def today(self) -> date:
        """The day of the workspace's clock."""
        return self.now.astimezone(self.zone).date()

    @property
    def horizon(self) -> datetime:
        """Acts before that have faded."""
        return datetime.combine(monday(week_of(self.today) - HORIZON), time(), self.zone).astimezone(UTC)


PAPER_VIEWED = "paper_viewed"
"""How intent.yaml calls a view of a paper; it is an act of the account, for anybody there may have its link."""

ABOUT = case(
    (
        activity.c.content.startswith("papers/"),
        select(letter.c.content).where(letter.c.key == activity.c.letter_key).scalar_subquery(),
    ),
    else_=activity.c.content,
)
"""What an act was about: a paper has no theme of its own, it follows the letter in which its link stood."""


def clockwork_of(conn: Connection, asked: Asked) -> Clockwork:
    p, a = intent_period.c, activity.c
    until = asked.today.toordinal()
    newest = select(p.source, func.max(p.period)).where(p.period <= until).group_by(p.source)
    last = {source: _week_of(period) for source, period in conn.execute(newest).tuples()}
    since = _runs(conn, asked, until)
    known = select(a.occurred_at).where(a.known_at <= asked.now)
    # An old act that came in first tells enough of our history, and spares looking at all of them.
    for query in (known.order_by(a.id), known.order_by(a.occurred_at)):
        first = conn.scalar(query.limit(1))
        if first is None:
            break
        since |= dict.fromkeys((each.id for each in asked.rules.own), week_in(asked, first))
        if first < asked.horizon:
            break
    return Clockwork(asked.rules, asked.today, last, since, _worked(asked))


def _runs(conn: Connection, asked: Asked, until: int) -> dict[str, int]:
    """The week in which each list's history begins: a gap longer than the weeks of a surge begins it anew."""
    p = intent_period.c
    first = monday(week_of(asked.today) - HORIZON).toordinal()
    told = select(p.source, p.period).where(p.period.between(first, until)).order_by(p.source, p.period.desc())
    since: dict[str, int] = {}
    for source, period in conn.execute(told).tuples():
        week = _week_of(period)
        if since.get(source, week) - week <= asked.rules.surge.recent + 1:
            since[source] = week
    return since


def _week_of(period: int) -> int:
    return (period - 1) // 7


def _worked(asked: Asked) -> Worked:
    """How far our working hours have gone, back to where nothing is asked any more."""
    calendar, week, days = asked.calendar, week_of(asked.today), list[int]()
    local = calendar.local(asked.now)
    opens, closes = (
        calendar.instant(local.date(), calendar.hours.start),
        calendar.instant(local.date(), calendar.hours.end),
    )
    gone = sum(_working(calendar, week)[: local.weekday()]) * DAY
    if calendar.is_business_day(local.date()):
        gone += (min(max(asked.now, opens), closes) - opens) * DAY // (closes - opens)
    while gone + sum(days) * DAY < ALL and len(days) < HORIZON:
        days.append(sum(_working(calendar, week - len(days) - 1)))
    return Worked(gone, tuple(days))


def _working(calendar: BusinessCalendar, week: int) -> list[bool]:
    """Which days of a week, from Monday on, are ours to work."""
    first = monday(week).toordinal()
    return [calendar.is_business_day(date.fromordinal(first + day)) for day in range(7)]


def week_in(asked: Asked, at: datetime) -> int:
    return week_of(at.astimezone(asked.zone).date())


def views_counted(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Views that count: of people, known by now, not faded yet."""
    v = paper_view.c
    return v.machine.is_(None), v.known_at <= asked.now, v.at.between(asked.horizon, asked.now)


def stage_in(asked: Asked, name: str) -> Stage | None:
    said = asked.stages.get(name)
    return next((stage for stage in STAGES if stage == said), None)


def acts_counted(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Acts that count: of people, known by now, not faded yet."""
    a = activity.c
    kinds = sorted({kind for source in asked.rules.own for kind in source.kinds})
    return (
        a.machine.is_(None),
        a.known_at <= asked.now,
        a.occurred_at.between(asked.horizon, asked.now),
        a.kind.in_(kinds),
    )


def own_source(rules: IntentRules, kind: str, outcome: str | None) -> OwnSource | None:
    """The first source that counts an act."""
    fitting = (each for each in rules.own if kind in each.kinds and (not each.outcome or outcome in each.outcome))
    return next(fitting, None)
