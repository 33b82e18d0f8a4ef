"""Whose mail it is: by the letter it answers or returns, else by the sender's address. Start with `find`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import unquote

from sqlalchemy import Connection, Row, bindparam, func, select

from hagukumi.channels.inbound.classify import Finding
from hagukumi.channels.inbound.mime import Mail
from hagukumi.letters.message import KEY_HEADER, key_of, message_id
from models.tables.bulk import among
from models.tables.schema import letter, person

LOOKS_BACK = timedelta(days=400)
"""A letter whose key is so long that its Message-ID is a hash is looked for among those of this time."""
_HASHED = re.compile(r"<?(h\.[0-9a-f]{64})@")
_SHORTEST_HASHED = 23
"""No shorter key fills the room of a Message-ID: a sign takes at most nine of its 200 characters."""
_MOST_COMPARED = 2_000
"""Anybody may write such an identifier, and comparing takes time."""
_IN_TEXT = re.compile(rf"^{KEY_HEADER}:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_ID_IN_TEXT = re.compile(r"^message-id:[ \t]*(<[^<>\s]{1,998}>)", re.IGNORECASE | re.MULTILINE)


class Thread(NamedTuple):
    """The person a mail belongs to and the letter it is about; either may be unknown."""

    person: Row[Any] | None
    letter: Row[Any] | None
    known_sender: Row[Any] | None


_PERSON = select(
    person.c.id, person.c.account_id, person.c.email_norm, person.c.family_name, person.c.left_company,
    person.c.merged_into,
)  # fmt: skip
_LETTER = select(
    letter.c.key, letter.c.person_id, letter.c.account_id, letter.c.address_hash, letter.c.content, letter.c.state
)

# Made once: building a statement takes longer than running it.
_BY_KEYS = _LETTER.where(among(letter.c.key, "keys"))
_BY_ADDRESSES = _PERSON.where(among(person.c.email_norm, "addresses"))
_BY_ID = _PERSON.where(person.c.id == bindparam("id"))


def find(conn: Connection, finding: Finding, at: datetime) -> Thread:
    """The letter first: several people may share a mailbox, and colleagues answer for each other."""
    mail = finding.mail
    told = [each.address for each in finding.failures if each.address is not None]
    # A server that sends a letter back is nobody we know; the recipient it names may be.
    addresses = told if finding.failures else [mail.sender] if mail.sender else []
    sender = _by_address(conn, addresses)
    about = _by_keys(conn, keys_in(mail)) or _by_hash(conn, _ids(mail), sender, at)
    owner = _canonical(conn, about.person_id) if about is not None else sender
    return Thread(owner, about, sender)


def keys_in(mail: Mail) -> list[str]:
    """Keys of letters that the mail names, the surest first."""
    named = [unquote(key) for key in mail.returned.get(KEY_HEADER.lower(), ())]
    named += [unquote(key) for key in _IN_TEXT.findall(mail.text)]
    named += [key for identifier in _ids(mail) if (key := key_of(identifier)) is not None]
    return list(dict.fromkeys(key for key in named if "\x00" not in key))


def _ids(mail: Mail) -> list[str]:
    returned = [*mail.returned.get("message-id", ()), *_ID_IN_TEXT.findall(mail.text)]
    return [*returned, *mail.answers]


def _by_keys(conn: Connection, keys: Sequence[str]) -> Row[Any] | None:
    found = {row.key: row for row in conn.execute(_BY_KEYS, {"keys": keys})} if keys else {}
    return next((found[key] for key in keys if key in found), None)


def _by_hash(conn: Connection, ids: Sequence[str], sender: Row[Any] | None, at: datetime) -> Row[Any] | None:
    """Long keys cannot be read from a Message-ID: the sender's letters are compared, then those of the last year."""
    wanted = {found[1] for each in ids if (found := _HASHED.match(each)) is not None}
    if not wanted:
        return None
    long = _LETTER.where(func.length(letter.c.key) >= _SHORTEST_HASHED)
    queries = [long.where(letter.c.person_id == sender.id)] if sender is not None else []
    recent = long.where(letter.c.sent_at > at - LOOKS_BACK).order_by(letter.c.sent_at.desc()).limit(_MOST_COMPARED)
    for query in (*queries, recent):
        for row in conn.execute(query):
            if message_id(row.key, "x")[1:-3] in wanted:
                return row
    return None


def _by_address(conn: Connection, addresses: Sequence[str]) -> Row[Any] | None:
    """The person of an address; name+anything@ is name@ when nobody has the longer one."""
    wanted = [each for address in addresses for each in (address, re.sub(r"\+[^@]*@", "@", address))]
    rows = conn.execute(_BY_ADDRESSES, {"addresses": wanted}).all() if wanted else []
    found = {row.email_norm: row for row in rows}
    return _merged(conn, next((found[each] for each in wanted if each in found), None))


def _canonical(conn: Connection, person_id: int) -> Row[Any] | None:
    """The person, or the one their record was merged into."""
    return _merged(conn, conn.execute(_BY_ID, {"id": person_id}).first())


def _merged(conn: Connection, row: Row[Any] | None) -> Row[Any] | None:
    for _ in range(10):
        if row is None or row.merged_into is None:
            break
        row = conn.execute(_BY_ID, {"id": row.merged_into}).first()
    return row
