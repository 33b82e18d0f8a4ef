"""Who of field sales has an account: by its latest task, meeting or sheet, else who named it. Start with `sellers`."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, Table, func, select, true

from models.tables.bulk import where_in
from models.tables.schema import agreement, handover_sheet, meeting, nomination, staff, task


def sellers(conn: Connection, accounts: Collection[int]) -> dict[int, int]:
    """By account the id of a colleague of field sales who is still with us; accounts that nobody has are left out."""
    c = staff.c
    present = set(conn.scalars(select(c.id).where(c.active == true(), c.role == "fs")))
    found = {number: by for number, by in _named(conn, accounts).items() if by in present}
    own = (
        (handover_sheet, handover_sheet.c.to_staff_id, handover_sheet.c.id > 0),
        (meeting, meeting.c.owner_staff_id, meeting.c.state != "cancelled"),
        (task, task.c.owner_staff_id, task.c.desk == "FS"),
    )
    for table, column, which in own:
        latest = _latest(conn, accounts, table, column, which)
        found |= {number: by for number, by in latest.items() if by in present}
    return found


def _latest(
    conn: Connection, accounts: Collection[int], table: Table, column: ColumnElement[int], which: ColumnElement[bool]
) -> dict[int, int]:
    where = (which, column.is_not(None), where_in(table.c.account_id, list(accounts)))
    newest = select(func.max(table.c.id)).where(*where).group_by(table.c.account_id)
    return dict(conn.execute(select(table.c.account_id, column).where(table.c.id.in_(newest))).tuples().all())


def _named(conn: Connection, accounts: Collection[int]) -> dict[int, int]:
    """Who named them for the agreement that stands, or for the next one where there is none yet."""
    n = nomination.c
    latest = conn.scalar(select(func.max(agreement.c.round)).where(agreement.c.agreed_at.is_not(None))) or 1
    query = select(n.account_id, func.min(n.staff_id)).where(n.round == latest, where_in(n.account_id, list(accounts)))
    return dict(conn.execute(query.group_by(n.account_id)).tuples().all())
