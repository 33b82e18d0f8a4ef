"""Walks the letters that were sent and finds every one that should not have been: `python -m tests.breaches DIR`.

Written apart from the guards: the rule files are read as plain YAML, the tables by SQL of its own, the days by
jpholiday. It imports nothing of hagukumi or models. SQLite only. Start with `find_breaches`; RULES names what is
looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.breaches import limits, rights
from tests.breaches.book import JAPAN, Book, Sent, instant

__all__ = ["JAPAN", "RULES", "Book", "Breach", "Sent", "find_breaches", "instant"]


class Breach(NamedTuple):
    """A letter that should not have left: the rule it breaks, its key, and the facts."""

    rule: str
    key: str
    facts: str


RULES: Sequence[Callable[[Book], Iterator[tuple[Sent, str]]]] = (
    limits.outside_hours, limits.no_send_day, limits.while_they_are_closed, limits.person_cap, limits.too_close,
    limits.two_voices, limits.account_cap, limits.domain_rate, limits.ramp, limits.stale, rights.after_refusal,
    rights.other_mailbox, rights.no_ground, rights.not_approved, rights.same_content, rights.to_ng, rights.to_who_left,
    rights.into_a_deal, rights.while_paused, rights.after_the_end, rights.in_the_outbox_twice,
)  # fmt: skip
"""What is looked for; the names of the functions are the names of the rules."""


def find_breaches(folder: Path, database: Path | None = None, only: str = "") -> list[Breach]:
    """All breaches, each letter once a rule. database: another file than the workspace's own. only: one rule."""
    book = Book(folder, database)
    found: dict[tuple[str, str], Breach] = {}
    for rule in (rule for rule in RULES if only in ("", rule.__name__)):
        for one, facts in rule(book):
            found.setdefault((rule.__name__, one.key), Breach(rule.__name__, one.key, facts))
    book.database.close()
    return list(found.values())
