"""Scores of the people of a batch in columns: judged before their turns, noted after them, read anew by themselves.

Start with `look_ahead`, `scores_of`, `read_scores`. numpy is loaded when somebody is scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import Connection, Select, and_, bindparam, delete, or_, select, update

from hagukumi.journeys.core.facts import CLICKS_SETTLE, Facts
from hagukumi.journeys.core.subject import Points, Subject
from hagukumi.journeys.core.values import Calendar
from hagukumi.journeys.shell.gather import attributes_of
from models.scoring.jumps import TALKS
from models.scoring.points import EPOCH, Scorer, Standing
from models.scoring.views import LETTERS, grade_of, themes_of
from models.tables.bulk import among, insert_many, upsert_many, where_in
from models.tables.schema import activity, score, score_theme
from models.tables.types import to_micros

if TYPE_CHECKING:
    from models.scoring.many import Columns, Events

FEW = 16
"""Fewer people than that are scored one by one: columns have a price of their own."""
SETTLE = int(CLICKS_SETTLE.total_seconds() * 1_000_000)
SCORES = ("person_id", "points", "at", "next_line_at", "fit", "behaviour", "suspension_id")
THEMES = ("person_id", "theme", "points")


class Scored(NamedTuple):
    """A person's score as it is stored: tenths, microseconds, grade, tenths by theme."""

    person: int
    points: int
    at: int
    next_line: int | None
    fit: str | None
    behaviour: int | None
    themes: tuple[tuple[str, int], ...]


def look_ahead(scorer: Scorer | None, subjects: Sequence[Subject], calendar: Calendar) -> None:
    """Finds out for a whole batch which new events make no jump, so that the turns need not ask one by one."""
    if scorer is None:
        return
    rule = scorer.rules.jump
    stirred = [one for one in subjects if any(event.kind in scorer.by_kind for event in one.events)]
    if rule is None or len(stirred) < FEW:
        return
    standings = [scorer.of(one.facts.attributes, one.facts.activities) for one in stirred]
    columns = columns_of(scorer)
    asked: list[tuple[int, int, int, int]] = []
    for row, (one, standing) in enumerate(zip(stirred, standings, strict=True)):
        one.standing = standing
        new = {event.id for event in one.events}
        counted = sorted(standing.counted, key=lambda each: (each[0].counts_at, each[0].id))
        for place, (did, by) in enumerate(counted):
            if did.id in new and by.value > 0 and did.kind not in TALKS:
                start = rule.window.before(did.counts_at, calendar)
                if one.last_jump is not None and one.last_jump > start:
                    start = one.last_jump
                asked.append((row, place, to_micros(start), did.id))
    fits = [standing.fit(one.events[0].counts_at) for one, standing in zip(stirred, standings, strict=True)]
    loud = columns.loud(columns.events_of(standings), [each[:3] for each in asked], fits)
    jumping = {each[3] for each, jumps in zip(asked, loud, strict=True) if jumps}
    for one in stirred:
        one.quiet = frozenset(event.id for event in one.events if event.id not in jumping)


def scores_of(scorer: Scorer | None, judged: Sequence[tuple[int, Points]]) -> list[Scored]:
    """What is stored of people (id) who were judged in their turns; without rules the plain figure."""
    if scorer is None:
        return [Scored(who, round(at.points * 10), to_micros(at.at), None, None, None, ()) for who, at in judged]
    people = [person for person, _ in judged]
    standings = [cast(Standing, points.standing) for _, points in judged]
    instants = [points.at for _, points in judged]
    if len(people) < FEW:
        return [_one(person, standing, at) for person, standing, at in zip(people, standings, instants, strict=True)]
    columns = columns_of(scorer)
    fits = [standing.fit(at) for standing, at in zip(standings, instants, strict=True)]
    at = [to_micros(each) for each in instants]
    return _many(columns, columns.events_of(standings), people, at, fits)


def read_scores(conn: Connection, scorer: Scorer, people: Sequence[int], now: datetime) -> list[Scored]:
    """The scores of these people as of `now`, from the tables; who does not exist is left out."""
    columns, at = columns_of(scorer), to_micros(now)
    attributes = attributes_of(conn, people, scorer.needs.attributes)
    known = sorted(attributes)
    given: dict[str, Any] = {"people": known, "until": now}
    for kind, lasts in columns.lasting.items():
        given[f"since_{kind}"] = EPOCH if lasts is None else max(now - lasts, EPOCH)
    # Straight from the driver: nobody needs rows with names here, twenty of them for every person.
    events = columns.read_events(known, conn.execute(_did(scorer), given).cursor.fetchall(), SETTLE)
    fits = _fits(scorer, [attributes[one][1] for one in known], now)

    return _many(columns, events, known, [at] * len(known), fits)


def store_scores(conn: Connection, scores: Sequence[Scored], under: int | None = None) -> int:
    """Puts these in place of what is stored; returns how many. under: the suspension during which they were made."""
    if not scores:
        return 0
    rows = [(one.person, one.points, one.at, one.next_line, one.fit, one.behaviour, under) for one in scores]
    done = upsert_many(conn, score, SCORES, rows, conflict=SCORES[:1], update=SCORES[1:], raw=True)
    conn.execute(delete(score_theme).where(where_in(score_theme.c.person_id, [one.person for one in scores])))
    themes = [(one.person, theme, tenths) for one in scores for theme, tenths in one.themes]
    if themes:
        insert_many(conn, score_theme, THEMES, themes, raw=True)
    return done


def forget_lines(conn: Connection, people: Sequence[int]) -> None:
    """Without scoring no line is crossed; when scores count again, the next morning finds their lines anew."""
    stale = where_in(score.c.person_id, people), score.c.next_line_at.is_not(None)
    conn.execute(update(score).where(*stale).values(next_line_at=None))


@lru_cache(maxsize=8)
def columns_of(scorer: Scorer) -> Columns:
    """The rules in columns; made once for each."""
    from models.scoring.many import Columns

    return Columns(scorer)


@lru_cache(maxsize=8)
def _did(scorer: Scorer) -> Select[Any]:
    """What people did that may still be worth something, kind by kind: most visits have faded after a month."""
    c = activity.c
    lasting = columns_of(scorer).lasting
    # What fades first is commonest: most rows are settled by the first words.
    kinds = sorted(lasting, key=lambda kind: (lasting[kind] or timedelta.max, kind))
    still = [and_(c.kind == kind, c.occurred_at > bindparam(f"since_{kind}")) for kind in kinds]
    names = (c.person_id, c.kind, c.content, c.outcome, c.occurred_at, c.known_at)
    return select(*names).where(
        among(c.person_id, "people"), c.known_at <= bindparam("until"), or_(*still), c.machine.is_(None)
    )


def _fits(scorer: Scorer, people: Sequence[dict[str, Any]], now: datetime) -> list[int]:
    """Tenths for the attributes of each; people with the same attributes are asked once."""
    known: dict[str, int] = {}
    found = []
    for values in people:
        key = repr(values)
        if key not in known:
            known[key] = Standing(scorer, Facts(values), ()).fit(now)
        found.append(known[key])
    return found


def _one(person: int, standing: Standing, at: datetime) -> Scored:
    grade, line = grade_of(standing, at), standing.next_crossing(at)
    themes = sorted((each.theme, each.tenths) for each in themes_of(standing, at, at) if each.tenths)
    return Scored(
        person, standing.tenths(at), to_micros(at), None if line is None else to_micros(line),
        None if grade is None else grade.fit, None if grade is None else grade.behaviour, tuple(themes),
    )  # fmt: skip


def _many(
    columns: Columns, events: Events, people: Sequence[int], at: Sequence[int], fits: Sequence[int]
) -> list[Scored]:
    found = columns.scored(events, at, fits)
    graded = columns.scorer.rules.grades is not None
    return [
        Scored(
            person, found.points[row], at[row], found.lines[row] or None,
            LETTERS[found.fit[row]] if graded else None, found.behaviour[row] + 1 if graded else None,
            tuple(sorted(found.themes.get(row, ()))),
        )
        for row, person in enumerate(people)
    ]  # fmt: skip
