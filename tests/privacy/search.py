"""Looks for words in bytes, files and databases in every shape they may lie there. Shares no code with the program."""

from __future__ import annotations

import base64
import json
import os
import quopri
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, inspect, text

CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc-jp", "punycode")


def shapes(word: str) -> set[bytes]:
    """A word as bytes: charsets, base64 at three places, quoted-printable, percent, JSON, MIME words, punycode."""
    found: set[bytes] = set()
    for form in {word, unicodedata.normalize("NFKC", word), unicodedata.normalize("NFD", word), word.lower()}:
        for charset in CHARSETS:
            try:
                found.add(form.encode(charset))
            except UnicodeEncodeError:
                continue
        plain = form.encode()
        found |= {quopri.encodestring(plain), quote(form).encode(), json.dumps(form)[1:-1].encode()}
        found.add(quopri.encodestring(plain).lower())
        for lead in (b"", b"x", b"xx"):
            packed = base64.b64encode(lead + plain + b"zzz")
            # Signs that depend on the neighbours are left out at both ends.
            found.add(packed[4 if lead else 0 : (len(lead + plain) // 3) * 4])
        if not form.isascii():
            jis = form.encode("iso-2022-jp", "ignore")
            found.add(jis.removeprefix(b"\x1b$B").removesuffix(b"\x1b(B"))
    return {each for each in found if len(each) >= 5}


def in_bytes(data: bytes, words: Iterable[str]) -> list[str]:
    """The words that stand in the bytes, lines of packed text joined."""
    joined = data.replace(b"=\r\n", b"").replace(b"=\n", b"").replace(b"\r", b"").replace(b"\n", b"")
    return [word for word in words if any(shape in data or shape in joined for shape in shapes(word))]


def unfolded(data: bytes) -> Iterator[str]:
    """What a reader would see in bytes: unpacked, and taken for a mail."""
    for raw in (data, _inflated(data)):
        if raw is None:
            continue
        yield raw.decode("utf-8", "replace")
        message = message_from_bytes(raw, policy=policy.compat32)
        for part in message.walk():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                charset = part.get_content_charset() or "utf-8"
                try:
                    yield payload.decode(charset, "replace")
                except LookupError:
                    yield payload.decode("utf-8", "replace")


def _inflated(data: bytes) -> bytes | None:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return None


def in_files(folder: Path, words: Iterable[str]) -> list[tuple[str, str]]:
    """(file, word) for every file under the folder."""
    words = list(words)
    found = []
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            found += [(str(path.relative_to(folder)), word) for word in in_bytes(path.read_bytes(), words)]
    return found


def cells(engine: Engine) -> Iterator[tuple[str, str, Any]]:
    """(table, column, value) of every cell of every table."""
    tables = inspect(engine)
    with engine.connect() as conn:
        for table in tables.get_table_names():
            for row in conn.execute(text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    yield table, column, value


def in_database(
    engine: Engine, words: Iterable[str], *, but: frozenset[str] = frozenset()
) -> list[tuple[str, str, str]]:
    """(table, column, word) for every cell that shows one of the words."""
    words = list(words)
    flat = {word: unicodedata.normalize("NFKC", word).casefold() for word in words}
    found = []
    for table, column, value in cells(engine):
        if table in but or value is None:
            continue
        if isinstance(value, memoryview | bytes):
            data = bytes(value)
            seen = [word for word in words if any(word in shown for shown in unfolded(data))]
            seen += in_bytes(data, words) + in_bytes(_inflated(data) or b"", words)
        else:
            shown = unicodedata.normalize("NFKC", str(value)).casefold()
            seen = [word for word, low in flat.items() if low in shown] + in_bytes(str(value).encode(), words)
        found += [(table, column, word) for word in dict.fromkeys(seen)]
    return found
