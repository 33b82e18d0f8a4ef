"""People of the run who are worth a look, and the commands that show them. Start with `find_cases`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from hagukumi.journeys.core.values import Words
from hagukumi.words import demo as words
from models.tables.schema import activity, letter, person, score_jump, task


class Case(NamedTuple):
    """Addresses of somebody handed over after a talk, of a high riser, of one a machine clicked for, or None."""

    handed_over: str | None
    jumped: str | None
    scanned: str | None

    def suggestions(self) -> Iterator[tuple[str, Words]]:
        """Commands to try, and what each shows."""
        if self.handed_over:
            yield f"why {self.handed_over}", words.TRY_WHY
        yield "tasks", words.TRY_TASKS
        if self.jumped:
            yield f"score explain {self.jumped}", words.TRY_SCORE
        yield "read interest", words.TRY_READ
        if self.scanned:
            yield f"why {self.scanned}", words.TRY_MACHINE
        else:
            yield "letters stopped", words.TRY_STOPPED


def find_cases(conn: Connection) -> Case:
    """The most telling people; the same for the same run."""
    handed_over = next(iter(_addresses(conn, _handed_over(talked=True)) or _addresses(conn, _handed_over())), None)
    risen = [address for address in _addresses(conn, _risen()) if address != handed_over]
    others = (address for address in _addresses(conn, _scanned()) if address not in (handed_over, *risen[:1]))
    return Case(handed_over, risen[0] if risen else handed_over, next(others, None))


def _addresses(conn: Connection, query: Select[Any]) -> list[str]:
    return [row[0] for row in conn.execute(query.where(person.c.email.is_not(None)).limit(3))]


def _handed_over(talked: bool = False) -> Select[Any]:
    p, t = person.c, task.c
    query = select(p.email).join_from(person, letter, letter.c.person_id == p.id)
    query = query.where(p.stage == "mql", letter.c.state == "accepted")
    if talked:
        query = query.where(p.id.in_(select(t.person_id).where(t.kind == "handover", t.result == "会話")))
    return query.group_by(p.id, p.email).order_by(func.count().desc(), p.id)


def _risen() -> Select[Any]:
    p, j = person.c, score_jump.c
    query = select(p.email).join_from(person, score_jump, j.person_id == p.id)
    return query.group_by(p.id, p.email).order_by(func.max(j.at).desc(), func.max(j.points_after).desc(), p.id)


def _scanned() -> Select[Any]:
    p, a = person.c, activity.c
    query = select(p.email).join_from(person, activity, a.person_id == p.id)
    query = query.where(a.machine.is_not(None), a.kind == "clicked")
    return query.group_by(p.id, p.email).order_by(func.count().desc(), p.id)
