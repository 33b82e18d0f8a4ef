"""What happens in the example company, as values: a letter that reached somebody, and what came of it. Pure.

Start with `Received` and `Event`. readers.py and machines.py make events of letters; demo/days.py brings them in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from models.tables.arrivals import Arrival

HUMAN = "human"
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36"
    " Edg/136.0.0.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4"
    " Mobile/15E148 Safari/604.1",
)
"""What people and, alas, most gateways say they are."""


class Link(NamedTuple):
    """A link of a letter: its name and the piece of content behind it."""

    name: str
    content: str | None


class Received(NamedTuple):
    """A letter that has reached a mailbox, with the links it really shows. `piece` names its template.

    trapped: whether its source holds a link that no person sees. lot: what chance is drawn for; it holds no id of a
    table's row, so that every database sees the same company. house: key of the facility.
    """

    key: str
    lot: str
    house: str
    person: int
    account: int | None
    piece: str
    theme: str | None
    kind: str
    persona: str | None
    variant: str | None
    links: Sequence[Link]
    sent_at: datetime
    trapped: bool = False


class Event(NamedTuple):
    """Something that happened, and the truth about who did it: HUMAN or the class of a gateway.

    again: the source will tell it a second time, with the same source id. ip: from where a link was followed.
    """

    arrival: Arrival
    by: str = HUMAN
    again: bool = False
    ip: str | None = None


def of_letter(
    letter: Received,
    kind: str,
    at: datetime,
    known: datetime,
    source: str,
    *,
    content: str | None = None,
    outcome: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Arrival:
    """An activity about the letter itself: an open, a click, a reply, a refusal."""
    return Arrival(
        letter.person,
        letter.account,
        kind,
        at,
        known,
        content,
        letter.key,
        outcome,
        f"life:{source}:{letter.key}",
        detail,
    )


def on_site(
    letter: Received, kind: str, at: datetime, known: datetime, source: str, content: str, agent: str
) -> Arrival:
    """An activity on the site, of somebody who came there through the letter."""
    detail = {"agent": agent}
    return Arrival(
        letter.person, letter.account, kind, at, known, content, None, None, f"life:{source}:{letter.key}", detail
    )
