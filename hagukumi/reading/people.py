"""Whom the caller means: an address, an id or a key becomes one person. Start with `find_person`."""

from __future__ import annotations

import difflib
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select

from hagukumi.words.refusal import NotDone
from models.tables.bulk import where_in
from models.tables.schema import account, legal_entity, person

KEY = "key:"
"""Says that what follows is a key, although it may look like an id."""
MOST_CANDIDATES = 500
"""Addresses looked through for the nearest one."""


class Who(NamedTuple):
    """A person as a desk shows them. `name` and `kana` as entered; phones in the order to try."""

    id: int
    key: str
    email: str | None
    name: str
    kana: str
    department: str | None
    title: str | None
    role: str | None
    stage: str
    ng_reason: str | None
    language: str
    tags: tuple[str, ...]
    phones: tuple[str, ...]
    facility: str | None
    legal_entity: str | None
    family: str | None = None
    given: str | None = None


def find_person(conn: Connection, text: str) -> int:
    """The id of the person with this address, id or key; who was merged leads to the canonical one.

    Digits are the id; a key made of digits counts only when nobody has that id, or as `key:3`.
    Raises NotDone with the nearest known address or key.
    """
    # The validator of addresses costs every list of tasks 60 ms otherwise.
    from hagukumi.pipeline.addresses import normalised

    c = person.c
    # PostgreSQL knows no NUL in a text.
    text = text.replace("\0", "")
    address = normalised(text) if "@" in text else None
    ways = [c.email_norm == address] if address else []
    if text.isascii() and text.isdigit() and len(text) < 19:
        ways.append(c.id == int(text))
    if text.startswith(KEY):
        ways.append(c.key == text.removeprefix(KEY))
    ways.append(c.key == text)
    for way in ways:
        row = conn.execute(select(c.id, c.merged_into).where(way)).first()
        if row is not None:
            return int(row.merged_into or row.id)
    near = _nearest(conn, text, address)
    raise NotDone(
        "person-unknown",
        f"「{text}」という方は登録されていません。"
        + (f"もしかして: {near}" if near else "アドレス・番号・キー(key:…)で指定できます。"),
        f"Nobody is known as {text}. "
        + (f"Did you mean {near}?" if near else "Give an address, an id or a key (key:…)."),
    )


def who_is(conn: Connection, person_id: int) -> Who:
    """The person. Raises NoResultFound for an id that nobody has."""
    return read_people(conn, [person_id])[person_id]


def read_people(conn: Connection, ids: list[int]) -> dict[int, Who]:
    """The people by id."""
    p, a = person.c, account.c
    query = (
        select(person, a.name.label("facility"), a.phone.label("facility_phone"), legal_entity.c.name.label("entity"))
        .select_from(
            person.outerjoin(account, p.account_id == a.id).outerjoin(
                legal_entity, a.legal_entity_id == legal_entity.c.id
            )
        )
        .where(where_in(p.id, ids))
    )
    return {row.id: _who(row) for row in conn.execute(query)}


def _who(row: Row[Any]) -> Who:
    extension = f"(内線{row.phone_extension})" if row.phone_extension else ""
    main = (row.phone_main or row.facility_phone) and f"{row.phone_main or row.facility_phone}{extension}"
    return Who(
        row.id, row.key, row.email, full_name(row.family_name, row.given_name, row.language),
        full_name(row.family_kana, row.given_kana, "ja"), row.department, row.title, row.role, row.stage,
        row.ng_reason, row.language, tuple(row.tags or ()), tuple(phone for phone in (row.phone_direct, main) if phone),
        row.facility, row.entity, row.family_name, row.given_name,
    )  # fmt: skip


def full_name(family: str | None, given: str | None, language: str) -> str:
    """山田 花子; Hanako Yamada in English; what is missing is left out."""
    parts = (given, family) if language == "en" else (family, given)
    return " ".join(part for part in parts if part)


def _nearest(conn: Connection, text: str, address: str | None) -> str:
    c = person.c
    start = (address or text.lower())[:3]
    like = [func.lower(c.email_norm).startswith(start, autoescape=True), c.key.startswith(text[:3], autoescape=True)]
    if address:
        like.append(c.email_norm.endswith(address[address.index("@") :], autoescape=True))
    rows = conn.execute(select(c.email_norm, c.key).where(or_(*like)).limit(MOST_CANDIDATES))
    known = {name for row in rows for name in row if name}
    return next(iter(difflib.get_close_matches(address or text, sorted(known), n=1, cutoff=0.6)), "")
