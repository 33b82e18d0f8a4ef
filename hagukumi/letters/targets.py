"""Where the links of sent letters lead: the sheet of the version that wrote the letter. Start with `target_of`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from hagukumi.letters.context import VOCABULARY
from hagukumi.letters.links import TRAP
from hagukumi.letters.paper_links import FOLDER, paper_of
from hagukumi.letters.sheets import Link, read_sheet
from models.tables.bulk import among
from models.tables.schema import letter, scenario_version, template_version


class Target(NamedTuple):
    """A link of a letter somebody got: where it leads, what it shows, and whom the letter was written to.

    The link that no person sees, and one to a paper, lead nowhere of their own: their url is empty.
    """

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
    if link == TRAP:
        return Target("", None, found.person_id, found.account_id, found.content)
    paper = paper_of(link)
    if paper is not None:
        return Target("", FOLDER + paper, found.person_id, found.account_id, found.content)
    file = f"{found.content}.yaml"
    source = conn.scalar(select(template_version.c.source).where(template_version.c.hash == found.templates.get(file)))
    shown = _links(source, file).get(link) if source is not None else None
    return None if shown is None else Target(shown.url, shown.content, found.person_id, found.account_id, found.content)


_PINNED = select(scenario_version.c.id, scenario_version.c.templates).where(among(scenario_version.c.id, "versions"))
_SOURCES = select(template_version.c.hash, template_version.c.source).where(among(template_version.c.hash, "hashes"))


def links_of(
    conn: Connection, letters: Collection[tuple[int | None, str | None]]
) -> dict[tuple[int | None, str | None], Mapping[str, Link]]:
    """(version, content) of letters -> the links of that content as the version pinned it, by their name."""
    versions = {version for version, _ in letters if version is not None}
    if not versions:
        return {}
    pinned = {row.id: row.templates for row in conn.execute(_PINNED, {"versions": sorted(versions)})}
    hashes = {one: pinned[one[0]].get(f"{one[1]}.yaml") for one in letters if one[0] in pinned}
    wanted = {each for each in hashes.values() if each is not None}
    sources = {row.hash: row.source for row in conn.execute(_SOURCES, {"hashes": sorted(wanted)})}
    return {one: _links(sources[each], f"{one[1]}.yaml") for one, each in hashes.items() if each in sources}


@lru_cache(maxsize=512)
def _links(source: str, file: str) -> dict[str, Link]:
    return dict(read_sheet(source, file, VOCABULARY)[0].links)
