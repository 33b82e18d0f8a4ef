"""Where the links of sent letters lead: the sheet of the version that wrote the letter. Start with `target_of`."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from hagukumi.letters.context import VOCABULARY
from hagukumi.letters.sheets import Link, read_sheet
from models.tables.schema import letter, scenario_version, template_version


class Target(NamedTuple):
    """A link of a letter somebody got: where it leads, what it shows, and whom the letter was written to."""

    url: str
    content: str | None
    person_id: int
    account_id: int | None
    letter_content: str | None


def target_of(conn: Connection, letter_key: str, link: str) -> Target | None:
    """The target of a letter's link, or None: no such letter, or the version it was made from has no such link.

    One look-up by primary key and one of the version's sheet; parsed sheets are remembered.
    """
    c = letter.c
    found = conn.execute(
        select(c.content, c.person_id, c.account_id, scenario_version.c.templates)
        .join_from(letter, scenario_version, c.version_id == scenario_version.c.id)
        .where(c.key == letter_key)
    ).one_or_none()
    if found is None:
        return None
    file = f"{found.content}.yaml"
    source = conn.scalar(select(template_version.c.source).where(template_version.c.hash == found.templates.get(file)))
    shown = _links(source, file).get(link) if source is not None else None
    return None if shown is None else Target(shown.url, shown.content, found.person_id, found.account_id, found.content)


@lru_cache(maxsize=512)
def _links(source: str, file: str) -> dict[str, Link]:
    return dict(read_sheet(source, file, VOCABULARY)[0].links)
