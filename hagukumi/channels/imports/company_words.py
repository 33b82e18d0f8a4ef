"""What people said of companies of lists: who, when and why; every word is kept. Start with `note` and `words_of`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, insert, select

from models.tables.bulk import where_in
from models.tables.schema import account, intent_company, intent_company_event, staff

What = Literal["is", "new", "dismissed"]


class Said(NamedTuple):
    """A word as it is given. by: id of staff. account: which facility it is; None: nobody we want to know of."""

    by: int
    at: datetime
    what: What
    account: int | None
    why: str


class Word(NamedTuple):
    """A word as it is told. by, name: key and name of who said it; account: key and name of the facility.

    at: None where only the key was kept of it.
    """

    what: What
    by: str
    name: str
    account: tuple[str, str] | None
    at: datetime | None = None
    why: str | None = None


def note(conn: Connection, company: int, said: Said) -> None:
    """Adds a word to the history."""
    values = {"company_id": company, "at": said.at, "by_staff_id": said.by, "what": said.what}
    row = insert(intent_company_event).values(**values, account_id=said.account, why=said.why.strip() or None)
    conn.execute(row)


def words_of(conn: Connection, companies: Collection[int]) -> dict[int, list[Word]]:
    """All that was said of each of these companies, the oldest first."""
    e, a, s = intent_company_event.c, account.c, staff.c
    query = (
        select(e.company_id, e.what, s.key, s.name, a.key, a.name, e.at, e.why)
        .join_from(intent_company_event, staff, s.id == e.by_staff_id)
        .outerjoin(account, a.id == e.account_id)
        .where(where_in(e.company_id, list(companies)))
        .order_by(e.id)
    )
    found: dict[int, list[Word]] = defaultdict(list)
    for company, what, by, name, key, called, at, why in conn.execute(query).tuples():
        found[company].append(Word(what, by, name, None if key is None else (key, called), at, why))
    return found


def last_word(conn: Connection, company: int) -> Word | None:
    """The word that counts for a company; None: nobody has said anything."""
    words = words_of(conn, [company]).get(company)
    if words:
        return words[-1]
    # Words given before there was a history left the key of who gave them.
    c, a = intent_company.c, account.c
    query = select(c.decided_by, a.key, a.name).join_from(intent_company, account, a.id == c.account_id, isouter=True)
    row = conn.execute(query.where(c.id == company, c.decided_by.is_not(None))).first()
    if row is None:
        return None
    by, key, called = row
    return Word("dismissed" if key is None else "is", by, by, None if key is None else (key, called))
