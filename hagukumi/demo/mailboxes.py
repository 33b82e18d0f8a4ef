"""Letters as they lie in the mailboxes of the example's people: which links they show, what is answered to them.

Start with `Mailboxes`. Only the first letter of a shape is opened as a message; letters alike show the same links.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from sqlalchemy import Connection, Row, select

from hagukumi.letters.links import TRAP, links_of, read_link
from hagukumi.letters.message import message_id
from hagukumi.letters.sheets import Sheet
from hagukumi.reading.people import full_name
from hagukumi.wiring import Wired
from hagukumi.world.happening import Link, Received
from hagukumi.world.replies import Answer, Correspondent, Ours, compose
from models.tables.bulk import where_in
from models.tables.schema import account, letter, letter_body, person

_SHAPE = ("content", "template_hash", "persona", "language", "variant", "link_count")
"""What makes two letters show the same links."""


class Mailboxes:
    """What people see of the letters that were sent to them."""

    def __init__(self, wired: Wired) -> None:
        self._files, self._secret = wired.files, wired.identity.secret
        self._domain = wired.files.settings.sender.domain or wired.files.settings.sender.email.rpartition("@")[2]
        self._links: dict[tuple[Any, ...], tuple[tuple[Link, ...], bool]] = {}

    def received(self, conn: Connection, since: datetime, until: datetime) -> list[Received]:
        """Letters that left from `since` to `until`, both included, in the order in which they left.

        Their `lot` still lacks the person, their `house` the facility: both are known to the truth.
        """
        c = letter.c
        query = select(c.key, c.person_id, c.account_id, c.sent_at, c.scenario, c.step, c.visit, *_shape())
        rows = conn.execute(query.where(c.sent_at >= since, c.sent_at <= until).order_by(c.sent_at, c.key)).all()
        return [self._one(conn, row) for row in rows]

    def answers(self, conn: Connection, seed: str, given: Sequence[Answer]) -> list[bytes]:
        """The messages that come back, in the same order."""
        letters = {row.letter_key: row for row in conn.execute(_bodies([one.letter.key for one in given]))}
        people = {row.id: _correspondent(row) for row in conn.execute(_writers([one.letter.person for one in given]))}
        return [
            compose(seed, one, people[one.letter.person], self._ours(one, letters[one.letter.key])) for one in given
        ]

    def _one(self, conn: Connection, row: Row[Any]) -> Received:
        sheet = self._files.library.sheet(row.content)
        shape = tuple(getattr(row, name) for name in _SHAPE)
        if shape not in self._links:
            self._links[shape] = self._shown(conn, row.key, sheet)
        links, trapped = self._links[shape]
        lot = f"{row.scenario}/{row.step}/{row.visit}/{row.content}"
        return Received(
            row.key, lot, "", row.person_id, row.account_id, row.content, sheet.theme, sheet.kind, row.persona,
            row.variant, links, row.sent_at, trapped,
        )  # fmt: skip

    def _shown(self, conn: Connection, key: str, sheet: Sheet) -> tuple[tuple[Link, ...], bool]:
        """The links that a letter really shows, in the order of its sheet; whether one stands there that it hides."""
        message = _message(conn.scalars(select(letter_body.c.body).where(letter_body.c.letter_key == key)).one())
        every = links_of(message, hidden=True)
        signed = {found[1] for each in every if (found := read_link(self._secret, each.token))}
        words = set(_text(message).split())
        shown = (name for name, link in sheet.links.items() if name in signed or link.url in words)
        return tuple(Link(name, sheet.links[name].content) for name in shown), TRAP in signed

    def _ours(self, answer: Answer, row: Row[Any]) -> Ours:
        sender = self._files.settings.sender.email
        return Ours(message_id(answer.letter.key, self._domain), row.subject, sender, _text(_message(row.body)))


def _shape() -> list[Any]:
    return [letter.c[name] for name in _SHAPE]


def _bodies(keys: Sequence[str]) -> Any:
    c = letter_body.c
    return select(c.letter_key, c.subject, c.body).where(where_in(c.letter_key, keys))


def _writers(people: Sequence[int]) -> Any:
    query = select(person, account.c.name.label("facility")).join_from(person, account, isouter=True)
    return query.where(where_in(person.c.id, people))


def _correspondent(row: Row[Any]) -> Correspondent:
    name = full_name(row.family_name, row.given_name, row.language)
    phone = row.phone_direct or row.phone_main or ""
    return Correspondent(
        name, row.email, row.facility or "", row.department or "", row.title or "", phone, row.language
    )


def _message(body: bytes) -> EmailMessage:
    message = message_from_bytes(zlib.decompress(body), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return "" if part is None else str(part.get_content())
