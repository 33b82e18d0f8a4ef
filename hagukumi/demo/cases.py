"""People of the run who are worth a look, and the commands that show them. Start with `find_cases`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from hagukumi.journeys.core.values import Words
from hagukumi.words import demo as words
from hagukumi.world.happening import HUMAN
from models.tables.schema import activity, journey, letter, person, score, score_jump, task

REACTIONS = ("opened", "clicked")


class Case(NamedTuple):
    """Addresses of somebody handed over after a talk and of a high riser, and the scenario most people entered.

    longest: who got most letters; stands in where a small or short run has nobody of the first two.
    """

    handed_over: str | None
    jumped: str | None
    scenario: str | None
    longest: str | None = None

    def suggestions(self) -> Iterator[tuple[str, Words]]:
        """Commands to try, and what each shows."""
        if self.handed_over:
            yield f"why {self.handed_over}", words.TRY_WHY
        elif self.longest:
            yield f"why {self.longest}", words.TRY_STORY
        yield "tasks", words.TRY_TASKS
        if self.scenario:
            yield f"read {self.scenario}", words.TRY_READ
        yield "letters stopped", words.TRY_STOPPED
        if who := self.jumped or self.longest:
            yield f"score explain {who}", words.TRY_SCORE


def find_cases(conn: Connection, by: Mapping[str, str]) -> Case:
    """The most telling people; the same for the same run. `by`: source id -> who really did it."""
    fooled, scanned = _by_machines(conn, by)
    talked = _rows(conn, _handed_over())
    # Whom an unnoticed machine led to the desk is a lesson for another day.
    real = [row for row in talked if row.id not in fooled] or talked
    handed_over = next((row for row in real if row.id in scanned), next(iter(real), None))
    risen = [row for row in _rows(conn, _risen()) if handed_over is None or row.id != handed_over.id]
    jumped = next((row for row in risen if row.id not in fooled), handed_over)
    longest = next(iter(_rows(conn, _written_to())), None)
    scenario = conn.scalars(_largest()).first()
    return Case(handed_over and handed_over.email, jumped and jumped.email, scenario, longest and longest.email)


def _by_machines(conn: Connection, by: Mapping[str, str]) -> tuple[Collection[int], Collection[int]]:
    """People for whom a machine passed as a human, and people whose machines were told apart."""
    c = activity.c
    query = select(c.person_id, c.source_id, c.machine).where(c.kind.in_(REACTIONS), c.source_id.is_not(None))
    rows = [row for row in conn.execute(query) if by.get(row.source_id, HUMAN) != HUMAN]
    return {row.person_id for row in rows if row.machine is None}, {row.person_id for row in rows if row.machine}


def _rows(conn: Connection, query: Select[Any]) -> list[Any]:
    return list(conn.execute(query.where(person.c.email.is_not(None))).all())


def _handed_over() -> Select[Any]:
    """Those handed over who were really talked to, the longest stories first."""
    p, t = person.c, task.c
    query = select(p.id, p.email).join_from(person, letter, letter.c.person_id == p.id)
    query = query.where(p.stage.in_(("mql", "sql", "opportunity", "won")), letter.c.state == "accepted")
    query = query.where(p.id.in_(select(t.person_id).where(t.kind == "handover", t.result.in_(("会話", "アポ獲得")))))
    return query.group_by(p.id, p.email).order_by(func.count().desc(), p.id)


def _written_to() -> Select[Any]:
    """Those with letters, the most first."""
    p = person.c
    query = select(p.id, p.email).join_from(person, letter, letter.c.person_id == p.id)
    return query.where(letter.c.state == "accepted").group_by(p.id, p.email).order_by(func.count().desc(), p.id)


def _risen() -> Select[Any]:
    """Those whose score jumped and who have not been passed on, the highest first."""
    p, s = person.c, score.c
    query = select(p.id, p.email).join_from(person, score, s.person_id == p.id)
    query = query.where(p.stage.in_(("lead", "mql")), p.id.in_(select(score_jump.c.person_id)))
    return query.order_by(s.points.desc(), p.id)


def _largest() -> Select[Any]:
    c = journey.c
    return select(c.scenario).group_by(c.scenario).order_by(func.count().desc(), c.scenario).limit(1)
