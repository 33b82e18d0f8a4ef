"""What of a play nobody has approved: its letters, and the papers they link to or enclose. Start with `unapproved`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.steps.post import Post
from hagukumi.letters.approvals import Approvals, approved_papers, needed_of_papers
from hagukumi.letters.templates import LANGUAGES
from hagukumi.pipeline.approval import Check


def unapproved(conn: Connection, version: int, program: Program, checks: Sequence[Check]) -> list[Why]:
    """The letters with the checks they lack, then the papers with the languages in which the play hands them out."""
    approvals = Approvals(conn, checks, {(version, name) for name in program.contents})
    lacking = ((name, approvals.own(version, name)) for name in sorted(program.contents))
    found = [Why("play_lacks_approval", (name, *lacks)) for name, lacks in lacking if lacks]
    return found + _papers(conn, version, program, approvals, checks)


def _papers(
    conn: Connection, version: int, program: Program, approvals: Approvals, checks: Sequence[Check]
) -> list[Why]:
    if not needed_of_papers(checks):
        return []
    languages: dict[str, set[str]] = defaultdict(set)
    for name in program.contents:
        for paper, spoken in approvals.papers(version, name).items():
            languages[paper] |= spoken
    for step in program.steps.values():
        if isinstance(step, Post):
            for paper in step.enclose:
                languages[paper] |= approvals.languages(version, step.post)
    approved = approved_papers(conn, checks, languages)
    return [
        Why("play_lacks_paper", (paper, *(one for one in LANGUAGES if one in spoken)))
        for paper, spoken in sorted(languages.items())
        if paper not in approved
    ]
