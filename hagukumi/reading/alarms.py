"""Alarms of the model in use as tasks for marketing: whose, until when, why, and what to do. See `open_alarms`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from hagukumi.words.chances import ALARM_FIGURES, ALARM_TODO, ALARMS, alarm_why
from models.tables.schema import alarm, model, staff


class Alarm(NamedTuple):
    """What speaks against the model in use, first noticed at `at`; nobody has looked at it yet."""

    id: int
    model: str
    code: str
    at: datetime
    due: datetime | None
    figures: Mapping[str, Any]
    owner: str | None
    owner_name: str | None

    def reason(self, lang: str) -> str:
        """Why there is something to do, with what was measured."""
        said, measured = ALARMS[self.code].say(lang), ALARM_FIGURES[self.code].say(lang).format(**self.figures)
        return f"{said} ({measured})" if lang == "en" else f"{said}({measured})"

    def todo(self, lang: str) -> str:
        """What to do about it."""
        return ALARM_TODO.say(lang).format(why=alarm_why(self.code))


def open_alarms(conn: Connection, owner: str | None = None) -> list[Alarm]:
    """Alarms that nobody has looked at and that have not ended, the oldest first; `owner`: a staff key."""
    c = alarm.c
    query = (
        select(c.id, c.model, c.code, c.at, c.due, c.figures, staff.c.key, staff.c.name)
        .select_from(alarm.join(model, model.c.version == c.model).outerjoin(staff, staff.c.id == c.owner_staff_id))
        .where(c.seen_at.is_(None), c.ended_at.is_(None), model.c.state == "champion")
        .order_by(c.id)
    )
    if owner is not None:
        query = query.where(staff.c.key == owner)
    return [Alarm(*row) for row in conn.execute(query).tuples()]
