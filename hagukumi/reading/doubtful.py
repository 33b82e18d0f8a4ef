"""Letters whose fate nobody knows, and by what each is found at the provider. Start with `doubtful`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select

from hagukumi.letters.message import KEY_HEADER, message_id
from hagukumi.reading.desk import Letter, letters
from models.tables.bulk import where_in
from models.tables.schema import letter

SENDGRID_ARGUMENT = "hagukumi_key"


class Doubtful(NamedTuple):
    """One of them. outlet: where it was handed over. look_for: what the provider knows it by, name by name."""

    letter: Letter
    outlet: str | None
    look_for: Mapping[str, str]


def doubtful(conn: Connection, sender_domain: str, limit: int) -> list[Doubtful]:
    """The oldest doubt first; `sender_domain` is that of our own address."""
    found = sorted(letters(conn, states=("unknown",), limit=limit), key=lambda one: (one.at, one.key))
    c = letter.c
    query = select(c.key, c.outlet).where(where_in(c.key, [one.key for one in found]))
    outlets: dict[str, str | None] = {row.key: row.outlet for row in conn.execute(query)}
    return [
        Doubtful(one, outlets.get(one.key), _look_for(one.key, outlets.get(one.key), sender_domain)) for one in found
    ]


def _look_for(key: str, outlet: str | None, domain: str) -> dict[str, str]:
    known = {"Message-ID": message_id(key, domain), KEY_HEADER: key}
    return {SENDGRID_ARGUMENT: key} if outlet == "sendgrid" else known
