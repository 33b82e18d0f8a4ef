"""Texts of papers: how they are checked, and which may be shown. Start with `in_force`.

A paper's fingerprint is over its own files, the frame and roi.yaml. Once the last check is given its texts are kept,
and accounts see them until others have been checked: a change asks for approval again, an account's figures do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from abm.roi import RoiRules, faults
from hagukumi.files import Files
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.problems import nearest
from hagukumi.letters.approvals import Given, approved_papers, given, needed_of_papers, pinned_texts
from hagukumi.letters.paper_links import FOLDER
from hagukumi.letters.press import hash_of
from hagukumi.letters.templates import Library, Pinned, pinned_of, read_folder
from hagukumi.papers.workplace import Workplace
from hagukumi.pipeline.approval import Check
from hagukumi.words.papers import lacking, refused
from hagukumi.words.refusal import NotDone
from models.tables.bulk import upsert_many
from models.tables.schema import content, paper_edition, template_version

ROI = "scenarios/rules/roi.yaml"
KINDS = ("hospital", "clinic", "care_home", "company", "other")


class Texts(NamedTuple):
    """What a paper is made of, ready to print."""

    library: Library
    rules: RoiRules
    fingerprint: str


def names_of(files: Files) -> list[str]:
    """Papers of this workspace, without their folder."""
    return [name.removeprefix(FOLDER) for name in files.library.papers()]


def pin(files: Files, paper: str) -> Pinned:
    """The present texts of a paper with roi.yaml, read afresh: a server lives longer than texts do.

    Raises NotDone when there is no such paper.
    """
    sources, _ = read_folder(files.workspace.templates, FOLDER + paper)
    try:
        own = Library(sources).pin(FOLDER + paper).sources
    except KeyError:
        raise _unknown(files, paper) from None
    return pinned_of({**own, ROI: files.roi_text})


def known(files: Files, paper: str) -> None:
    """Raises NotDone with those there are, when there is no such paper."""
    if paper not in names_of(files):
        raise _unknown(files, paper)


def _unknown(files: Files, paper: str) -> NotDone:
    names = names_of(files)
    return refused("unknown", name=paper, near=nearest(paper, names) or "-", names=", ".join(names) or "-")


def texts_of(sources: Mapping[str, str], fingerprint: str) -> Texts:
    """Texts by path, ready to print. Raises NotDone where roi.yaml has errors."""
    rules = load_text(sources.get(ROI, ""), RoiRules).value if sources.get(ROI, "").strip() else RoiRules()
    if rules is None or any(faults(rules, KINDS, None)):
        raise refused("roi-broken")
    return Texts(Library({file: text for file, text in sources.items() if file != ROI}), rules, fingerprint)


def keep(conn: Connection, paper: str, pinned: Pinned, now: datetime) -> None:
    """Keeps texts whose last check was given: from now on accounts see them."""
    files = {file: hash_of(text) for file, text in pinned.sources.items()}
    unique = {hash_: (hash_, file, pinned.sources[file]) for file, hash_ in sorted(files.items())}
    upsert_many(conn, template_version, ("hash", "name", "source"), [*unique.values()], conflict=("hash",))
    # A clock that stands still must not make two editions alike.
    last = conn.scalar(select(func.max(paper_edition.c.at)).where(paper_edition.c.name == FOLDER + paper))
    at = now if last is None else max(now, last + timedelta(microseconds=1))
    row = (FOLDER + paper, pinned.hash, files, at)
    upsert_many(
        conn, paper_edition, ("name", "fingerprint", "files", "at"), [row], conflict=("name", "fingerprint"),
        update=("at",),
    )  # fmt: skip


def in_force(conn: Connection, here: Workplace, paper: str) -> Texts | None:
    """The texts that accounts see: the present ones if they have all checks, else the newest that have; else None."""
    checks = needed_of_papers(here.terms.checks)
    if not missing(conn, here, paper):
        pinned = pin(here.files, paper)
        return texts_of(pinned.sources, pinned.hash)
    fingerprint = approved_papers(conn, checks, [paper]).get(paper)
    if fingerprint is None:
        return None
    c = paper_edition.c
    files = conn.scalar(select(c.files).where(c.name == FOLDER + paper, c.fingerprint == fingerprint))
    return None if files is None else texts_of(pinned_texts(conn, files), fingerprint)


def missing(conn: Connection, here: Workplace, paper: str) -> tuple[Check, ...]:
    """The checks that the present texts lack."""
    checks = needed_of_papers(here.terms.checks)
    stands: Mapping[Check, Given] = {}
    if checks:
        stands = given(conn, [FOLDER + paper]).get((FOLDER + paper, pin(here.files, paper).hash), {})
    return tuple(check for check in checks if check not in stands)


def refuse_unshowable(conn: Connection, here: Workplace, paper: str) -> None:
    """Raises NotDone: no such paper, withdrawn, or none of its texts has all checks."""
    known(here.files, paper)
    if conn.scalar(select(content.c.withdrawn_at).where(content.c.name == FOLDER + paper)) is not None:
        raise refused("withdrawn", name=paper)
    checks = needed_of_papers(here.terms.checks)
    if checks and paper not in approved_papers(conn, checks, [paper]):
        raise lacking(paper, missing(conn, here, paper))
