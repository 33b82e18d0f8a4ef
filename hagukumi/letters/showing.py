"""What a letter must show of its sender by law (特定電子メール法), and what it lacks of that. Pure.

Start at `lacking`, which checks letters; `insist` is asked once more before each one leaves.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from hagukumi.letters.context import Sender
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.sheets import ADVERTISING

BY_LAW = ("refuse_url", "sender.company", "sender.name", "sender.postal_address", "sender.complaints")
"""Names that advertising shows to everybody, whatever its conditions say."""
_NEAR = 3
"""Lines between the sender's company and the way to refuse: they are to stand beside each other."""


def lacking(klass: str, text: str, page: str, sender: Sender, refuse_url: str) -> list[str]:
    """Codes of what the text or the page does not show, the gravest first; empty when all of it is there.

    no_refusal, no_sender, no_sender_name, refusal_apart, no_postal_address, no_complaints; a letter that is no
    advertising only names its sender and says whom to ask: unsigned, no_contact.
    """
    shown = _Shown(text, page)
    if klass not in ADVERTISING:
        contacts = (sender.complaints, sender.phone, sender.email)
        return [
            *([] if shown.has(sender.company) else ["unsigned"]),
            *([] if any(each and shown.has(each) for each in contacts) else ["no_contact"]),
        ]
    return list(_of_advertising(shown, sender, refuse_url))


def insist(klass: str, text: str, page: str, sender: Sender, refuse_url: str) -> None:
    """Raises CannotRender with the first thing that advertising lacks; whatever else has to be sent is let pass."""
    if klass in ADVERTISING:
        for code in lacking(klass, text, page, sender, refuse_url):
            raise CannotRender(code)


def _of_advertising(shown: _Shown, sender: Sender, refuse_url: str) -> Iterator[str]:
    if not shown.has(refuse_url):
        yield "no_refusal"
    if not shown.has(sender.company):
        yield "no_sender"
    elif shown.has(refuse_url) and not shown.together(sender.company, refuse_url):
        yield "refusal_apart"
    for code, value in (
        ("no_sender_name", sender.name),
        ("no_postal_address", sender.postal_address),
        ("no_complaints", sender.complaints),
    ):
        if value and not shown.has(value):
            yield code


class _Shown:
    """The two forms of a letter."""

    def __init__(self, text: str, page: str) -> None:
        self.text, self.page = text, page

    def has(self, value: str) -> bool:
        """Whether a reader sees it in either form."""
        return value in self.text and (value in self.page or value in html.unescape(self.page))

    def together(self, one: str, other: str) -> bool:
        """Whether the two stand within a few lines of each other."""
        lines = self.text.splitlines()
        here = [number for number, line in enumerate(lines) if one in line]
        there = [number for number, line in enumerate(lines) if other in line]
        return any(abs(first - second) <= _NEAR for first in here for second in there)
