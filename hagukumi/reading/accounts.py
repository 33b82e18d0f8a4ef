"""Which facility the caller means: a key or a name. Start with `find_account`."""

from __future__ import annotations

import difflib
from typing import NamedTuple

from sqlalchemy import Connection, select

from hagukumi.words.refusal import NotDone
from models.tables.schema import account

MOST_NAMES = 5_000
"""Names looked through for the nearest one."""


class Facility(NamedTuple):
    """A facility by id, key and name."""

    id: int
    key: str
    name: str


def find_account(conn: Connection, text: str) -> Facility:
    """The facility with this key, else the only one of this name. Raises NotDone with the nearest, or the keys."""
    c = account.c
    text = text.replace("\0", "")
    rows = conn.execute(select(c.id, c.key, c.name).where(c.key == text)).all()
    rows = rows or conn.execute(select(c.id, c.key, c.name).where(c.name == text).order_by(c.id)).all()
    if len(rows) == 1:
        return Facility(*rows[0])
    if rows:
        keys = ", ".join(row.key for row in rows)
        raise NotDone(
            "account-several",
            f"「{text}」という施設は{len(rows)}件あります。キーで指定してください: {keys}",
            f"{len(rows)} facilities are called {text}. Give one by its key: {keys}",
        )
    names = [*conn.scalars(select(c.name).order_by(c.id).limit(MOST_NAMES))]
    near = difflib.get_close_matches(text, names, 1)
    raise NotDone(
        "account-unknown",
        f"「{text}」という施設は登録されていません。"
        + (f"もしかして: {near[0]}" if near else "名前かキーで指定してください。"),
        f"No facility is known as {text}. " + (f"Did you mean {near[0]}?" if near else "Give its name or its key."),
    )
