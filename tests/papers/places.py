"""Facilities that papers are made for, and short ways to their papers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import insert

from hagukumi.papers.links import link_of
from hagukumi.papers.press import Paper, paper
from hagukumi.wiring import Wired
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account

CAPTIONED = "base_url: https://letters.example"
LONG_AGO = datetime(2026, 4, 1, tzinfo=UTC)


def place(wired: Wired, key: str, name: str, **values: Any) -> int:
    """A facility; a hospital unless told otherwise."""
    given: dict[str, Any] = {"key": key, "name": name, "name_norm": name, "kind": "hospital", "prefecture": "東京都"}
    given |= {"created_at": LONG_AGO, "changed_at": LONG_AGO, **values}
    with begin_write(wired.engine) as conn:
        return int(conn.execute(insert(account).values(**given)).inserted_primary_key[0])  # type: ignore[index]


def hospital(wired: Wired) -> int:
    """The hospital of most stories: 200 beds."""
    return place(wired, "h200", "青葉台記念病院", beds=200, headcount=450, owner_type="医療法人")


def made(wired: Wired, account_id: int, name: str = "one-page", lang: str = "ja", *, draft: bool = False) -> Paper:
    """A paper for an account."""
    with begin_read(wired.engine) as conn:
        return paper(conn, wired, account_id, name, lang, draft=draft)


def path_to(wired: Wired, account_id: int, name: str = "one-page", person: int | None = None) -> str:
    """The path of an account's link."""
    with begin_read(wired.engine) as conn:
        return urlsplit(link_of(conn, wired, account_id, name, person)).path
