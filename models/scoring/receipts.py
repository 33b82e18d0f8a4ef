"""The receipt of a score: terms in whole tenths that add up exactly, each with its rule and event. Start at Receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from hagukumi.journeys.core.values import Words

Names = Mapping[str, Words | str]
"""Content name -> title as people know it."""
NO_NAMES: Names = {}


class Term(NamedTuple):
    """One line of a receipt. `event` is the activity's id; None for attributes, caps, floor and ceiling.

    tenths: never 0. at: when the event happened (UTC).
    """

    tenths: int
    rule: str
    because: Words
    event: int | None = None
    at: datetime | None = None
    content: str | None = None

    @property
    def points(self) -> float:
        """Points, in steps of 0.1."""
        return self.tenths / 10


class Receipt(NamedTuple):
    """A score at an instant; `tenths` is exactly the sum of the terms' tenths."""

    tenths: int
    terms: tuple[Term, ...]

    @property
    def points(self) -> float:
        """Points, in steps of 0.1."""
        return self.tenths / 10


def explain(receipt: Receipt, lang: str, names: Names = NO_NAMES) -> dict[str, Any]:
    """The receipt for people and programs: {points, terms: [{points, because, event, at}]}; `at` is ISO 8601, UTC."""
    terms = [
        {
            "points": term.points,
            "because": phrase(term.because, term.content, lang, names),
            "event": term.event,
            "at": None if term.at is None else term.at.isoformat(),
        }
        for term in receipt.terms
    ]
    return {"points": receipt.points, "terms": terms}


def phrase(because: Words, content: str | None, lang: str, names: Names = NO_NAMES) -> str:
    """The reason with the content's title in its place; without content the place closes."""
    text = because.say(lang)
    if "{content}" not in text:
        return text
    if content is None:
        return " ".join(text.replace("{content}", "").split())
    name = names.get(content, content)
    title = name.say(lang) if isinstance(name, Words) else name
    return text.replace("{content}", f"“{title}”" if lang == "en" else f"『{title}』")


def figure(tenths: int) -> str:
    """Tenths as people write points: 12 or 12.5."""
    return str(tenths // 10) if tenths % 10 == 0 else str(tenths / 10)
