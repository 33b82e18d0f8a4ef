"""Hand-over sheets to field sales as rows: opened by a scenario, or with a meeting. Start with `open_sheets`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from hagukumi.journeys.shell.tasks import Cause
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import where_in
from models.tables.schema import call_note, handover_sheet, task
from models.tables.types import to_micros

LOOKED_AT = 50
"""The newest notes of a facility, in which what is known stands."""


def open_sheets(conn: Connection, causes: Sequence[Cause], tasks: Mapping[str, int]) -> None:
    """A sheet for every new task by which a scenario hands somebody over to field sales (effect key -> task)."""
    handed = [
        (cause, cause.person, tasks[cause.effect.key])
        for cause in causes
        if cause.person is not None and cause.effect.key in tasks
        if cause.effect.kind == "handover" and cause.effect.desk == "field_sales"
    ]
    if not handed:
        return
    mine = where_in(task.c.id, [number for _, _, number in handed])
    due = dict(conn.execute(select(task.c.id, task.c.due).where(mine)).tuples().all())
    for cause, whom, number in handed:
        made = new_sheet(conn, whom, cause.account, cause.at, due=due[number], fs_task_id=number)
        tell_sheet(conn, made, whom, cause.account, "handed", cause.at)


def new_sheet(conn: Connection, person: int, account: int | None, at: datetime, **more: Any) -> int:
    """A sheet with what callers were told before: the issue in the customer's words, what they use now. Its id.

    A need counts where this very talk told of it; an old note is text to read.
    """
    known = _known(conn, person, account) | {name: value for name, value in more.items() if value is not None}
    values = {"person_id": person, "account_id": account, "made_at": at, "need": more.get("issue") is not None}
    made = insert(handover_sheet).values(**values, **known).returning(handover_sheet.c.id)
    return int(conn.execute(made).scalar_one())


def tell_sheet(conn: Connection, number: int, person: int, account: int | None, outcome: str, at: datetime) -> None:
    """What became of a sheet, as the engine hears of it."""
    source = f"sheet/{number}/{outcome}/{to_micros(at)}"
    told = Arrival(person, account, "handed_over", at, at, outcome=outcome, source_id=source, detail={"sheet": number})
    receive(conn, [told])


def _known(conn: Connection, person: int, account: int | None) -> dict[str, str]:
    """The newest word of each: of the facility what they use, of the person what their issue is."""
    c = call_note.c
    mine = c.person_id == person if account is None else (c.account_id == account) | (c.person_id == person)
    query = select(c.person_id, c.fields).where(mine).order_by(c.at.desc(), c.id.desc()).limit(LOOKED_AT)
    found: dict[str, str] = {}
    for who, fields in conn.execute(query).tuples():
        if fields.get("product"):
            found.setdefault("present", str(fields["product"]))
        if fields.get("issue") and who == person:
            found.setdefault("issue", str(fields["issue"]))
    return found
