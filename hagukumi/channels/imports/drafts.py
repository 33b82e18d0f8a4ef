"""Rows about people beside the people they are about. Start with `Draft`."""

from __future__ import annotations

from array import array
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from hagukumi.channels.imports.cells import Address
from hagukumi.channels.imports.known import Place
from hagukumi.channels.imports.plan import Record
from models.tables.bulk import where_in
from models.tables.keys import key_hash, keyed_hash
from models.tables.schema.people import erasure, person

GIVEN = (
    "family_name", "given_name", "family_kana", "given_kana", "department", "title", "phone_direct", "phone_main",
    "phone_extension", "language", "source", "primary_campaign", "last_touch", "tags", "acquainted", "left_company",
)  # fmt: skip
"""Taken from the row as they are; what a row leaves empty is not erased."""
COLUMNS = (
    "key", "email", "email_norm", *GIVEN, "custom", "account_id", "role", "role_source", "stage", "stage_since",
    "ng_reason",
)  # fmt: skip

MADE = "mail:"


class Who(NamedTuple):
    """A person in the table."""

    id: int
    values: dict[str, Any]


class Draft:
    """One row on its way into the tables."""

    __slots__ = ("address", "changes", "extra", "id", "key", "known", "place", "record", "values")

    def __init__(self, record: Record, key: str, address: Address | None) -> None:
        self.record, self.key, self.address = record, key, address
        self.known: Who | None = None
        self.place: Place | None = None
        self.values: dict[str, Any] = {}
        self.changes: dict[str, Any] = {}
        self.id = 0
        self.extra = False

    def claims(self) -> tuple[str, ...]:
        """What no second row of the file may claim."""
        return (f"key:{self.key}", f"mail:{self.address.norm}") if self.address else (f"key:{self.key}",)


def draft_of(record: Record) -> Draft:
    """A row with the key it is known by: its own, else one made from its address."""
    given = record.groups["person"]
    address: Address | None = given.get("email")
    return Draft(record, given.get("key") or MADE + (address.norm if address else ""), address)


class Taken:
    """The row of this file that each person got in with: four bytes an id, so that a list of any length fits."""

    def __init__(self) -> None:
        self._rows = array("I")

    def row(self, who: Who | None) -> int:
        """The row number, or 0."""
        return self._rows[who.id] if who is not None and who.id < len(self._rows) else 0

    def take(self, number: int, row: int) -> None:
        """The person of this id came in with this row."""
        if number >= len(self._rows):
            self._rows.extend([0] * (number - len(self._rows) + 4_096))
        self._rows[number] = row


def load_people(conn: Connection, drafts: list[Draft]) -> tuple[dict[str, Who], dict[str, Who]]:
    """People whom the rows may mean, by key and by normalised address."""
    columns = (person.c.id, *(person.c[name] for name in COLUMNS))
    by_key: dict[str, Who] = {}
    by_mail: dict[str, Who] = {}
    lookups = (
        (person.c.key, [draft.key for draft in drafts]),
        (person.c.email_norm, [draft.address.norm for draft in drafts if draft.address]),
    )
    for column, wanted in lookups:
        if wanted:
            for number, *values in conn.execute(select(*columns).where(where_in(column, wanted))):
                who = Who(number, dict(zip(COLUMNS, values, strict=True)))
                by_key[who.values["key"]] = who
                if who.values["email_norm"]:
                    by_mail[who.values["email_norm"]] = who
    return by_key, by_mail


def erased_since(conn: Connection, secret: str, drafts: list[Draft]) -> dict[int, datetime]:
    """Row number -> when the person of that address or key was erased."""
    c = erasure.c
    if conn.execute(select(c.id).limit(1)).first() is None:
        return {}
    rows = {
        each: draft.record.number
        for draft in drafts
        for each in (
            *([keyed_hash(secret, draft.address.norm)] if draft.address else []),
            *([] if draft.key.startswith(MADE) else [key_hash(secret, draft.key)]),
        )
    }
    found = conn.execute(select(c.address_hash, c.at).where(where_in(c.address_hash, rows)))
    return {rows[row.address_hash]: row.at for row in found}


def same_person(draft: Draft, owner: Who) -> bool:
    """One mailbox and two keys: the same person unless the family names say otherwise."""
    if draft.key.startswith(MADE) or str(owner.values["key"]).startswith(MADE):
        return True
    given = draft.record.groups["person"]
    family = given["full_name"].family if "full_name" in given else given.get("family_name")
    return not family or not owner.values["family_name"] or family == owner.values["family_name"]
