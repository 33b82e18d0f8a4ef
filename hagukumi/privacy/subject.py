"""Who is meant: all rows, addresses and keys of one person, records merged into them included. Start with `find`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, not_, or_, select

from hagukumi.privacy.plan import opaque_key
from hagukumi.privacy.traces import Names, Traces
from models.tables.bulk import where_in
from models.tables.keys import key_hash, keyed_hash
from models.tables.schema import account, erasure, person

MADE = "mail:"
"""How keys begin that were made from an address."""
COMPARED = 2_000
"""Addresses of one domain among which a slip of the pen is looked for."""


class Subject(NamedTuple):
    """One person. `hashes` recognise addresses and the source's keys; `mailboxes` are those of addresses alone.

    boxes: person id -> the hash of that row's own mailbox.
    """

    ids: tuple[int, ...]
    canonical: int | None
    addresses: tuple[str, ...]
    hashes: tuple[str, ...]
    mailboxes: tuple[str, ...]
    boxes: Mapping[int, str]
    accounts: tuple[int, ...]
    names: Names

    @property
    def traces(self) -> Traces:
        """The words by which they are found."""
        return Traces.of(self.names)


def find(conn: Connection, secret: str, *, address: str | None = None, ids: Collection[int] = ()) -> Subject:
    """Everything that belongs to the address (normalised), and to the rows given; erased rows among them."""
    p, e = person.c, erasure.c
    hashed = None if address is None else keyed_hash(secret, address)
    start = set(ids)
    if address is not None:
        start |= set(conn.scalars(select(p.id).where(p.email_norm == address)))
    if hashed is not None and not start:
        start |= set(conn.scalars(select(e.person_id).where(e.address_hash == hashed, e.person_id.is_not(None))))
    rows = _merged(conn, start)
    return _subject(conn, secret, rows, address, _hashes_of(conn, [row.id for row in rows], hashed))


def near(conn: Connection, address: str) -> str | None:
    """The address most like this one that somebody has here: of its domain, or of its local part elsewhere.

    For an operator's eyes alone, who may look everybody up: never for an answer to who asks from outside.
    """
    c = person.c.email_norm
    local, _, domain = address.rpartition("@")
    alike = or_(c.endswith(f"@{domain}", autoescape=True), c.startswith(f"{local}@", autoescape=True))
    known = conn.scalars(select(c).where(alike, c != address).order_by(c).limit(COMPARED))
    return next(iter(get_close_matches(address, list(known), n=1, cutoff=0.8)), None)


def by_hashes(conn: Connection, secret: str, hashes: Collection[str]) -> Subject:
    """The same when only hashes are left of who was erased: every person's own are made and compared."""
    p = person.c
    wanted, found = set(hashes), set()
    for row in conn.execute(select(p.id, p.email_norm, p.key)):
        own = {keyed_hash(secret, row.email_norm)} if row.email_norm else set()
        if own & wanted or key_hash(secret, row.key) in wanted:
            found.add(row.id)
    e = erasure.c
    found |= set(conn.scalars(select(e.person_id).where(where_in(e.address_hash, wanted), e.person_id.is_not(None))))
    rows = _merged(conn, found)
    return _subject(conn, secret, rows, None, wanted)


def _hashes_of(conn: Connection, ids: Collection[int], hashed: str | None) -> set[str]:
    """What is known already of the rows' hashes: they outlast the addresses."""
    e = erasure.c
    known = set(conn.scalars(select(e.address_hash).where(where_in(e.person_id, ids)))) if ids else set()
    return known if hashed is None else known | {hashed}


def _merged(conn: Connection, ids: Iterable[int]) -> list[Row[Any]]:
    """The rows with all that were merged into them or that they were merged into."""
    p = person.c
    known: dict[int, Row[Any]] = {}
    asked: set[int] = set()
    wanted = set(ids)
    while fresh := wanted - asked:
        asked |= fresh
        for row in conn.execute(select(person).where(or_(where_in(p.id, fresh), where_in(p.merged_into, fresh)))):
            known[row.id] = row
            wanted |= {each for each in (row.id, row.merged_into) if each is not None}
    return [known[number] for number in sorted(known)]


def _numbers(conn: Connection, rows: Collection[Row[Any]]) -> frozenset[str]:
    """Their own telephone numbers. The main line is often the facility's, and stands below everybody's mails."""
    p, a = person.c, account.c
    ids = [row.id for row in rows]
    mains = {row.phone_main for row in rows if row.phone_main}
    shared = set(conn.scalars(select(p.phone_main).where(where_in(p.phone_main, mains), not_(where_in(p.id, ids)))))
    shared |= set(conn.scalars(select(a.phone).where(where_in(a.id, {row.account_id for row in rows} - {None}))))
    return frozenset({row.phone_direct for row in rows if row.phone_direct} | (mains - shared))


def _own_words(row: Row[Any]) -> Iterable[str]:
    """What else their row says in words: title, tags, fields of one's own."""
    yield from (word for word in (row.department, row.title, *row.tags) if word)
    yield from (value for value in row.custom.values() if isinstance(value, str) and value)


def _subject(
    conn: Connection, secret: str, rows: list[Row[Any]], address: str | None, hashes: Collection[str]
) -> Subject:
    addresses = {row.email_norm for row in rows if row.email_norm} | ({address} if address else set())
    keys = {row.key for row in rows if not row.key.startswith(MADE) and row.key != opaque_key(row.id)}
    boxes = {row.id: keyed_hash(secret, row.email_norm) for row in rows if row.email_norm}
    mailboxes = {*boxes.values()} | ({keyed_hash(secret, address)} if address else set())
    names = Names(
        frozenset(addresses | {row.email for row in rows if row.email}),
        frozenset(
            pair
            for row in rows
            for pair in ((row.family_name or "", row.given_name or ""), (row.family_kana or "", row.given_kana or ""))
        ),
        _numbers(conn, rows),
        frozenset(keys | {word for row in rows for word in _own_words(row)}),
    )
    top = next((row.id for row in rows if row.merged_into is None), None)
    return Subject(
        ids=tuple(row.id for row in rows),
        canonical=top,
        addresses=tuple(sorted(addresses)),
        hashes=tuple(sorted({*hashes, *mailboxes, *(key_hash(secret, key) for key in keys)})),
        mailboxes=tuple(sorted(mailboxes or hashes)),
        boxes=boxes,
        accounts=tuple(sorted({row.account_id for row in rows if row.account_id is not None})),
        names=names,
    )
