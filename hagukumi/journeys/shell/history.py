"""What was known of everybody and when, for trying rules on the past. Reads only. Start with `pasts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, func, select

from hagukumi.journeys.core.facts import Change
from hagukumi.journeys.core.program import Needs
from hagukumi.journeys.core.values import STAGES
from hagukumi.journeys.shell.gather import facts_of
from hagukumi.journeys.steps.outcomes import WON_BY_PHONE
from models.scoring.backtest import Past
from models.tables.bulk import chunks, where_in
from models.tables.schema import activity, person, score_jump, task

Outcome = Literal["meeting", "sql", "opportunity"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
AT_ONCE = 2_000
"""People read in one go."""
DEALS = frozenset({"open", "won"})


def pasts(conn: Connection, needs: Needs, now: datetime, outcomes: Sequence[Outcome]) -> list[Past]:
    """Everybody who did anything by `now`, with changes of attributes and outcomes in the order they became known."""
    c = person.c
    people = list(conn.scalars(select(c.id).where(c.merged_into.is_(None)).order_by(c.id)))
    wanted = Needs(attributes=needs.attributes, kinds=needs.kinds, ever=True)
    found: list[Past] = []
    for some in chunks(people, AT_ONCE):
        changes, won, calls = _told(conn, some, now, outcomes)
        marks = _marked(conn, some, now)
        for one, facts in facts_of(conn, some, now, wanted).items():
            if facts.activities or won.get(one):
                found.append(
                    Past(
                        one, facts.attributes, facts.activities, changes.get(one, ()),
                        tuple(sorted(won.get(one, ()))), tuple(calls.get(one, ())), tuple(marks.get(one, ())),
                    )
                )  # fmt: skip
    return found


def first_known(conn: Connection) -> datetime | None:
    """When the first activity became known."""
    found: datetime | None = conn.scalar(select(func.min(activity.c.known_at)))
    return found


def _marked(conn: Connection, people: Sequence[int], now: datetime) -> dict[int, list[datetime]]:
    """When tasks that a jump had made were marked as beside the point, by person, ascending."""
    c = task.c
    query = (
        select(c.person_id, c.off_target_at)
        .where(where_in(c.person_id, people), c.off_target_at <= now)
        .where(c.id.in_(select(score_jump.c.task_id).where(where_in(score_jump.c.person_id, people))))
        .order_by(c.off_target_at, c.id)
    )
    marks: dict[int, list[datetime]] = defaultdict(list)
    for who, at in conn.execute(query):
        marks[who].append(at)
    return marks


def _told(
    conn: Connection, people: Sequence[int], now: datetime, outcomes: Sequence[Outcome]
) -> tuple[dict[int, list[Change]], dict[int, set[datetime]], dict[int, list[datetime]]]:
    c = activity.c
    query = (
        select(c.person_id, c.kind, c.known_at, c.outcome, c.detail)
        .where(where_in(c.person_id, people), c.kind.in_(("called", "met", "deal", "changed")), c.known_at <= now)
        .order_by(c.known_at, c.id)
    )
    changes: dict[int, list[Change]] = defaultdict(list)
    won: dict[int, set[datetime]] = defaultdict(set)
    calls: dict[int, list[datetime]] = defaultdict(list)
    for who, kind, at, outcome, detail in conn.execute(query):
        if kind == "called":
            calls[who].append(at)
        if kind == "changed" and detail:
            name, old = detail.get("attribute"), detail.get("old")
            changes[who].append(Change(at, name, frozenset(old) if isinstance(old, list) else old))
        if _is_outcome(kind, outcome, detail or {}, outcomes):
            won[who].add(at)
    return changes, won, calls


def _is_outcome(kind: str, outcome: str | None, detail: dict[str, Any], wanted: Sequence[Outcome]) -> bool:
    stage = detail.get("new") if kind == "changed" and detail.get("attribute") == "stage" else None
    reached = STAGES.index(stage) if stage in STAGES else -1
    return (
        ("meeting" in wanted and ((kind == "called" and outcome == WON_BY_PHONE) or kind == "met"))
        or ("sql" in wanted and reached >= STAGES.index("sql"))
        or ("opportunity" in wanted and (reached >= STAGES.index("opportunity")))
        or ("opportunity" in wanted and kind == "deal" and outcome in DEALS)
    )
