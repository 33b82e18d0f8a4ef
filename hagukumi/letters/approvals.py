"""Who looked at which texts of a letter: fingerprints, what stands and what is missing. Start with `Approvals`.

A fingerprint is a hash over all files a letter is made of (every language, persona, subject, the layout it uses), as
its scenario version has pinned them. An edit makes another one, and what was said about the old texts is not said
about the new ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from hagukumi.letters.paper_links import FOLDER
from hagukumi.letters.templates import LANGUAGES, Library, papers_in
from hagukumi.pipeline.approval import Check
from models.tables.bulk import among, upsert_many, where_in
from models.tables.prepared import Prepared
from models.tables.schema import content_approval, letter, paper_edition, scenario_version, template_version
from models.tables.types import to_micros

_PINNED = Prepared(
    select(scenario_version.c.id, scenario_version.c.templates).where(among(scenario_version.c.id, "versions"))
)
_GIVEN = Prepared(select(content_approval).where(among(content_approval.c.content, "contents")))
_known: dict[tuple[frozenset[tuple[str, str]], str], str] = {}
"""Fingerprints by what they are made of: texts are kept by their hash, so this holds for every database."""


class Links(NamedTuple):
    """The languages of a letter, and of each paper that it links to those in which it does."""

    languages: frozenset[str] = frozenset()
    papers: Mapping[str, frozenset[str]] = {}


_linked: dict[tuple[str, str], Links] = {}
"""What a letter links to, by its name and fingerprint."""

Texts = tuple[str, str]
"""(content, fingerprint)."""


class Given(NamedTuple):
    """One check that somebody gave."""

    what: Check
    by_whom: str
    at: datetime
    note: str | None


class Approvals:
    """What letters of some versions lack, or the papers they link to. Nothing is read where no check is needed."""

    def __init__(self, conn: Connection, needed: Sequence[Check], wanted: Collection[tuple[int | None, str]]) -> None:
        self._needed = needed
        self._texts: dict[tuple[int | None, str], str] = {}
        self._given: dict[Texts, dict[Check, Given]] = {}
        self._links: dict[tuple[int | None, str], Links] = {}
        self._approved: dict[str, str] = {}
        if needed and wanted:
            pinned = [(version, name) for version, name in wanted if version is not None]
            self._texts = fingerprints(conn, pinned)
            self._given = given(conn, {name for _, name in wanted})
            self._links = links_of(self._texts)
            named = frozenset[str]().union(*(links.papers for links in self._links.values()))
            self._approved = approved_papers(conn, needed, named) if named else {}

    def missing(self, version: int | None, name: str) -> tuple[Check, ...]:
        """The checks that the letter lacks as this version pinned it."""
        if not self._needed:
            return ()
        own = self.own(version, name)
        unseen = any(paper not in self._approved for paper in self.papers(version, name))
        lacking = {*own, *needed_of_papers(self._needed)} if unseen else {*own}
        return tuple(check for check in self._needed if check in lacking)

    def own(self, version: int | None, name: str) -> tuple[Check, ...]:
        """The same of the letter alone, however its papers stand."""
        stands = self._given.get((name, self._texts.get((version, name), "")), {})
        return tuple(check for check in self._needed if check not in stands)

    def papers(self, version: int | None, name: str) -> Mapping[str, frozenset[str]]:
        """The papers that the letter links to, each with the languages in which it does."""
        return self._links.get((version, name), Links()).papers

    def languages(self, version: int | None, name: str) -> frozenset[str]:
        """The languages in which the letter is written."""
        return self._links.get((version, name), Links()).languages


def given(conn: Connection, contents: Collection[str]) -> dict[Texts, dict[Check, Given]]:
    """All that was said about these letters, by their texts."""
    found: dict[Texts, dict[Check, Given]] = defaultdict(dict)
    for row in _GIVEN.all(conn, {"contents": sorted(contents)}):
        found[row.content, row.fingerprint][row.what] = Given(row.what, row.by_whom, row.at, row.note)
    return found


def fingerprints(conn: Connection, wanted: Collection[tuple[int, str]]) -> dict[tuple[int | None, str], str]:
    """(version id, content) -> the fingerprint of its texts as that version pinned them."""
    rows = _PINNED.all(conn, {"versions": sorted({version for version, _ in wanted})})
    pinned = {row.id: frozenset(row.templates.items()) for row in rows}
    new = {pair for pair in wanted if pair[0] in pinned and (pinned[pair[0]], pair[1]) not in _known}
    for version in {version for version, _ in new}:
        library = Library(pinned_texts(conn, dict(pinned[version])))
        names = set(library.names())
        for name in (name for one, name in new if one == version and name in names):
            made = library.pin(name)
            _known[pinned[version], name] = made.hash
            _linked[name, made.hash] = _links_in(made.sources)
    found: dict[tuple[int | None, str], str] = {}
    for version, name in wanted:
        texts = _known.get((pinned[version], name)) if version in pinned else None
        if texts is not None:
            found[version, name] = texts
    return found


def links_of(texts: Mapping[tuple[int | None, str], str]) -> dict[tuple[int | None, str], Links]:
    """(version, content) -> what the letter links to."""
    return {letter: _linked.get((letter[1], fingerprint), Links()) for letter, fingerprint in texts.items()}


def _links_in(sources: Mapping[str, str]) -> Links:
    """Of a letter's files by path; a layout without a language is part of every language."""
    own = [language for language in LANGUAGES if any(f".{language}.txt" in file for file in sources)]
    papers: dict[str, set[str]] = defaultdict(set)
    for file, text in sources.items():
        spoken = [language for language in own if f".{language}." in file] or own
        for paper in papers_in(text):
            papers[paper].update(spoken)
    return Links(frozenset(own), {paper: frozenset(spoken) for paper, spoken in papers.items()})


def needed_of_papers(checks: Collection[Check]) -> tuple[Check, ...]:
    """The checks that papers need: all but the test copy, which is a letter's; a paper is looked at as a draft."""
    return tuple(check for check in checks if check != "copy")


def approved_papers(conn: Connection, checks: Collection[Check], papers: Collection[str]) -> dict[str, str]:
    """Paper -> fingerprint of the newest texts that have all checks; a paper without any is not in it."""
    c = paper_edition.c
    names = sorted(FOLDER + paper for paper in papers)
    rows = conn.execute(select(c.name, c.fingerprint).where(where_in(c.name, names)).order_by(c.at)).all()
    stands = given(conn, names) if rows else {}
    wanted = set(needed_of_papers(checks))
    return {
        row.name.removeprefix(FOLDER): row.fingerprint
        for row in rows
        if wanted <= set(stands.get((row.name, row.fingerprint), {}))
    }


def pinned_texts(conn: Connection, templates: Mapping[str, str]) -> dict[str, str]:
    """The text of template files by path; `templates` are a version's: path -> hash."""
    t = template_version.c
    rows = conn.execute(select(t.hash, t.source).where(where_in(t.hash, sorted(set(templates.values())))))
    sources = {row.hash: row.source for row in rows}
    return {file: sources[hash_] for file, hash_ in templates.items()}


def give(conn: Connection, texts: Texts, checks: Mapping[Check, str], *, now: datetime, note: str | None = None) -> int:
    """Stores checks (check -> staff key) of these texts; one that stands already keeps who gave it. How many are new.

    Call inside begin_write.
    """
    rows = [(*texts, what, who, to_micros(now), note) for what, who in sorted(checks.items())]
    columns = ("content", "fingerprint", "what", "by_whom", "at", "note")
    return upsert_many(conn, content_approval, columns, rows, conflict=columns[:3], raw=True)


def release(conn: Connection, content: str, *, now: datetime) -> None:
    """Letters of a content that were held are asked again at once; asking too early does no harm."""
    waiting = (letter.c.content == content, letter.c.state == "held", letter.c.next_try > now)
    conn.execute(update(letter).where(*waiting).values(next_try=now))
