"""Letters of no scenario: their texts pinned as a whole, and what an apology says about the letter it is for.

Start with `pin_whole` and `said_of`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, tzinfo

from sqlalchemy import Connection, func, select

from hagukumi.letters.context import Value
from hagukumi.letters.render import Letterpress
from hagukumi.words.dates import say_day
from models.tables.bulk import upsert_many
from models.tables.schema import incident_letter, letter, letter_body, person, template_version
from models.tables.types import to_json

_COLUMNS = ("hash", "name", "source")


def pin_whole(conn: Connection, name: str, sources: Mapping[str, str]) -> str:
    """Keeps all texts that the letter `name` is made of in one row, and returns its hash.

    Raises CannotRender(template_missing) when there is no such letter among them.
    """
    pinned = Letterpress(sources).pin(name)
    row = (pinned.hash, name, to_json(pinned.sources))
    upsert_many(conn, template_version, _COLUMNS, [row], conflict=("hash",))
    return pinned.hash


def pinned_whole(conn: Connection, hash_: str) -> dict[str, str] | None:
    """The texts kept under the hash, None when there are none."""
    source = conn.scalar(select(template_version.c.source).where(template_version.c.hash == hash_))
    return None if source is None else json.loads(source)


def said_of(
    conn: Connection, incident_id: int, person_id: int, language: str, zone: tzinfo
) -> tuple[tuple[str, Value], ...]:
    """The subject and the day of the wrong letter this person got, the first where there were more; else nothing."""
    c, p = letter.c, person.c
    query = (
        select(c.sent_at, letter_body.c.subject)
        .select_from(
            incident_letter.join(letter, c.key == incident_letter.c.letter_key)
            .join(person, p.id == incident_letter.c.person_id)
            .outerjoin(letter_body, letter_body.c.letter_key == c.key)
        )
        .where(incident_letter.c.incident_id == incident_id, c.sent_at.is_not(None))
        .where(func.coalesce(p.merged_into, p.id) == person_id)
        .order_by(c.sent_at, c.key)
    )
    row = conn.execute(query.limit(1)).first()
    if row is None:
        return ()
    sent_at: datetime = row.sent_at
    day = say_day(sent_at.astimezone(zone).date(), language)
    return (("incident.sent_on", day), *((("incident.subject", row.subject),) if row.subject else ()))
