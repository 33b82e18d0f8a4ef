"""What a provider said about a letter in its own words, which may quote addresses. Start with `sentences`."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import Connection, select

from models.tables.bulk import where_in
from models.tables.schema import delivery_event

OF_A_NO = ("refused", "bounce", "blocked", "dropped")
"""Kinds of event that say why a letter was not taken, or came back."""
TOLD_FOR = frozenset({"outlet_refused", "channel_refused", "gave_up", "came_back", "provider_dropped"})
"""Reasons of a letter that such a sentence explains."""
_SENTENCES = ("reason", "response", "status")
_MAILBOX = re.compile(r"[^\s<>()\[\]\"',;:@]+@[^\s<>()\[\]\"',;:@]+")


def sentences(conn: Connection, keys: Collection[str]) -> dict[str, str]:
    """Letter's key -> the last such sentence in one line; letters without one are not in it."""
    c = delivery_event.c
    query = select(c.letter_key, c.kind, c.said).where(
        where_in(c.letter_key, sorted(set(keys))), c.kind.in_(OF_A_NO), c.said.is_not(None)
    )
    found: dict[str, str] = {}
    for row in conn.execute(query.order_by(c.at, c.known_at, c.id)):
        words = " ".join(_words(row.kind, row.said).split())
        if words:
            found[row.letter_key] = words
    return found


def masked(said: str) -> str:
    """The sentence without the mailboxes that it quotes: of each the domain is left."""
    return _MAILBOX.sub(lambda found: "***@" + found[0].rpartition("@")[2], said)


def _words(kind: str, packed: bytes) -> str:
    text = _unpacked(packed)
    if kind == "refused":
        return text.decode("utf-8", "replace")
    try:
        told: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ""
    said = (told.get(name) for name in _SENTENCES) if isinstance(told, dict) else ()
    return next((each for each in said if isinstance(each, str) and each.strip()), "")


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return packed
