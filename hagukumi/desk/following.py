"""What another desk, or inside sales itself, is asked for after a call: a number, a successor, whom we were sent to.

Start with `refer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select

from hagukumi.desk.office import Office, Someone, ask, tell
from hagukumi.journeys.core.verdict import Why
from models.tables.schema import person

Asked = Literal["number", "successor", "person"]
_ASKS: Mapping[Asked, str] = {"number": "find_number", "successor": "left_company", "person": "find_person"}


def refer(
    conn: Connection, office: Office, row: Row[Any], who: Someone, what: Asked, fields: Mapping[str, object]
) -> int | None:
    """The id of the task that was made; None where the task was about that very question."""
    named = _person(conn, office, row, who, fields) if what == "person" else None
    if named is None and row.cause == _ASKS[what]:
        return None
    day = office.calendar.add_business_days(office.now, 1)
    soon = office.calendar.add_business_days(office.now, 3)
    match what:
        case "number":
            return ask(conn, office, who, "marketing", "task", f"number/{row.id}", Why("find_number"), soon)
        case "successor":
            return ask(conn, office, who, "inside_sales", "task", f"successor/{row.id}", Why("left_company"), soon)
        case "person":
            if named is None:
                return ask(conn, office, who, "inside_sales", "task", f"find/{row.id}", Why("find_person"), soon)
            why = Why("referred", (str(who.person),))
            return ask(conn, office, named, "inside_sales", "call", f"referred/{row.id}", why, day)


def _person(
    conn: Connection, office: Office, row: Row[Any], who: Someone, fields: Mapping[str, object]
) -> Someone | None:
    """Whom we were sent to: known by their address, or new at the same facility; None without a name."""
    name, address = fields.get("紹介先"), fields.get("紹介先のメール")
    c = person.c
    if address is not None:
        known = conn.execute(select(c.id, c.account_id, c.merged_into).where(c.email_norm == address)).first()
        if known is not None:
            return Someone(known.merged_into or known.id, known.account_id)
    if name is None:
        return None
    family, _, given = " ".join(str(name).split()).partition(" ")
    values: dict[str, Any] = {
        "key": f"referral:{row.id}", "email": address, "email_norm": address, "family_name": family,
        "given_name": given or None, "department": fields.get("紹介先の部署"),
        "phone_direct": fields.get("紹介先の電話"), "account_id": who.account, "source": "紹介",
        "created_at": office.now, "changed_at": office.now, "stage_since": office.now,
    }  # fmt: skip
    number = conn.execute(insert(person).values(**values).returning(c.id)).scalar_one()
    found = Someone(int(number), who.account)
    tell(conn, found, "arrived", office.now, f"referral/{row.id}")
    return found
