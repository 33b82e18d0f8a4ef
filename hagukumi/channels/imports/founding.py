"""A company of a list becomes a facility of ours, because a person says so. Start with `found`."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from hagukumi.channels.imports.accounts import Places
from hagukumi.channels.imports.companies import decide
from hagukumi.channels.imports.context import Context
from hagukumi.pipeline.ng import Judge, NgRules
from hagukumi.words.abm import refusal
from models.tables.schema import intent_company

_FIELDS = {"key": "key", "name": "name", "code": "facility_code", "number": "corporate_number",
           "prefecture": "prefecture", "domain": "domain"}  # fmt: skip
"""What a list says of a company, and the fields of an account that keep it."""


class Founded(NamedTuple):
    """The facility that was made."""

    id: int
    key: str
    name: str


def found(conn: Connection, number: int, ng: NgRules, by_whom: str, secret: str, now: datetime) -> Founded:
    """Makes a facility as an import of facilities would, and lets the company count as it from now on.

    Raises NotDone where there is no such company, it has no name, or the facility is there already. Its weeks are to
    be summed up again: call `settle` afterwards.
    """
    c = intent_company.c
    row = conn.execute(select(*(c[name] for name in _FIELDS)).where(c.id == number)).first()
    if row is None:
        raise refusal("intent-company", str(number))
    if not row.name:
        raise refusal("intent-company-nameless", str(number))
    values = {field: text for field, text in zip(_FIELDS.values(), row, strict=True) if text}
    judge = Judge(ng)
    if "domain" in values and judge.private(values["domain"]):
        del values["domain"]
    places = Places(Context(now, secret, "companies", judge, None, {}))
    there = places.known(conn, 1, values)
    if there is not None:
        raise refusal("intent-company-there", there.values["name"], there.values["key"])
    (made,) = places.settle(conn, [(1, values, {}, None)])
    assert made is not None, "a row with a name is some facility"
    decide(conn, number, made.id, by_whom)
    return Founded(made.id, made.values["key"], made.values["name"])
