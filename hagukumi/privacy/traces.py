"""The words by which somebody is found in text: addresses, names, numbers, as they may be written. Pure.

Start with `Traces.of`; `mentions` asks about a text, `redacted` takes the words out of it.
"""

from __future__ import annotations

import base64
import json
import quopri
import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

GONE = "［消去］"
"""What stands where words were taken out."""
_HONORIFICS = ("様", " 様", "\u3000様", "さま", "さん", "先生", "氏", "殿")
_TITLES = ("Mr. ", "Ms. ", "Mrs. ", "Dr. ")
_SHORTEST_NUMBER = 9
_CHARSETS = ("utf-8", "utf-16-le", "iso-2022-jp", "cp932", "euc-jp")


class Names(NamedTuple):
    """What a person's rows say of who they are."""

    addresses: frozenset[str] = frozenset()
    people: frozenset[tuple[str, str]] = frozenset()
    numbers: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


class Traces:
    """`whole` words (an address, a full name) and `sure` ones (山田様) point at nobody else.

    `own` ones (a bare surname) are looked for in the person's own rows alone.
    """

    def __init__(self, whole: Iterable[str], sure: Iterable[str], own: Iterable[str]) -> None:
        self.whole = frozenset(each for each in whole if each)
        self.sure = self.whole | frozenset(each for each in sure if each)
        self.own = self.sure | frozenset(each for each in own if each)

    @classmethod
    def of(cls, names: Names) -> Traces:
        """From addresses, (family, given) names and telephone numbers."""
        whole, sure, own = set(names.addresses), set[str](), set(names.words)
        for family, given in names.people:
            own |= {family, given}
            if family and given:
                pairs = ((family, given), (given, family))
                whole |= {f"{one}{between}{other}" for one, other in pairs for between in ("", " ", "\u3000")}
            if family:
                sure |= {f"{family}{end}" for end in _HONORIFICS} | {f"{title}{family}" for title in _TITLES}
        for number in names.numbers:
            digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", number))
            if len(digits) >= _SHORTEST_NUMBER:
                whole |= {number, digits}
        return cls(whole, sure, own)

    @cached_property
    def _sure(self) -> tuple[str, ...]:
        return tuple(sorted({_flat(each) for each in self.sure}))

    @cached_property
    def _own(self) -> tuple[str, ...]:
        return tuple(sorted({_flat(each) for each in self.own}))

    def mentions(self, text: str, *, own: bool = False) -> bool:
        """Whether the text names the person, however wide or large its letters are."""
        flat = _flat(text)
        return any(each in flat for each in (self._own if own else self._sure))

    def redacted(self, text: str) -> str:
        """The text without the sure words; nothing of it where they cannot be told from the rest."""
        if not self.mentions(text):
            return text
        said = self._pattern.sub(GONE, text)
        return GONE if self.mentions(said) else said

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest = sorted(self.sure, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest)) or r"(?!)", re.IGNORECASE)

    def without(self, value: Any) -> Any:
        """A JSON value of the person's own rows without texts that name them."""
        match value:
            case str():
                return GONE if self.mentions(value, own=True) else value
            case list():
                return [self.without(each) for each in value]
            case dict():
                return {name: self.without(each) for name, each in value.items()}
            case _:
                return value

    @cached_property
    def patterns(self) -> tuple[bytes, ...]:
        """Whole words as they may lie in files: in any charset in use, and packed for mails, addresses and JSON."""
        found: set[bytes] = set()
        for word in self.whole:
            for charset in _CHARSETS:
                try:
                    coded = word.encode(charset)
                except UnicodeEncodeError:
                    continue
                # ISO-2022-JP changes over in the middle of a line, not at the word.
                found.add(coded.replace(b"\x1b$B", b"").replace(b"\x1b(B", b""))
            plain = word.encode()
            found |= {quopri.encodestring(plain), quote(word).encode(), json.dumps(word)[1:-1].encode()}
            found |= set(_base64(plain))
        return tuple(sorted(each for each in found if len(each) >= 4))

    @cached_property
    def plain(self) -> tuple[bytes, ...]:
        """Whole words as a database keeps text."""
        return tuple(sorted(word.encode() for word in self.whole))

    def in_bytes(self, data: bytes) -> bool:
        """Whether raw bytes hold one of the words, packed or plain; broken lines of packed text are joined."""
        joined = data.replace(b"=\r\n", b"").replace(b"=\n", b"").replace(b"\r\n", b"").replace(b"\n", b"")
        return any(each in data or each in joined for each in self.patterns)


def _base64(plain: bytes) -> Iterable[bytes]:
    """What base64 makes of the bytes at each of three places; signs that hang on the neighbours are cut off."""
    for lead in range(3):
        packed = base64.b64encode(b"\0" * lead + plain)
        first = -(-lead * 8 // 6)
        last = (lead + len(plain)) * 8 // 6
        yield packed[first:last]


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
