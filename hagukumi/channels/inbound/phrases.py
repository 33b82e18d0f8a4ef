"""How phrases of rules/inbound.yaml are compared with what people write. Pure. Start with `sentences` and `Matcher`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_ANYTHING = ".{0,20}?"
_ENDS = re.compile(r"(?<=[。!?．])|(?<=[a-z0-9)]\.)\s+|\n{2,}")
_WIDE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def flat(text: str) -> str:
    """Text as it is compared: widths and cases are one, spaces are single."""
    return re.sub(r"[ \t\u3000]+", " ", unicodedata.normalize("NFKC", text).casefold()).replace("’", "'").strip()


def sentences(text: str) -> list[str]:
    """The sentences of a text; lines that only a mail program has broken are joined again."""
    joined = "\n\n".join(_joined(block) for block in re.split(r"\n\s*\n", text))
    found = (each.strip() for each in _ENDS.split(flat(joined.replace("．", "。"))))
    return [each for each in found if each][:1_000]


def _joined(block: str) -> str:
    said = ""
    for line in block.split("\n"):
        line = line.strip()
        if not line:
            continue
        narrow = said and line and not (_WIDE.match(said[-1]) and _WIDE.match(line[0]))
        said += (" " if narrow else "") + line
    return said


class Matcher:
    """Whether a text holds one of some phrases."""

    def __init__(self, phrases: Iterable[str]) -> None:
        told = [pattern for phrase in phrases if (pattern := _pattern(phrase))]
        self._pattern = re.compile("|".join(told)) if told else None

    def finds(self, text: str) -> bool:
        """Anywhere in a flat text."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def without(self, text: str) -> str:
        """A flat text with a gap wherever one stands."""
        return text if self._pattern is None else self._pattern.sub("\n", text)


@lru_cache(4_096)
def _pattern(phrase: str) -> str:
    """A phrase as a pattern; a Latin word is not found inside a longer one."""
    # NFKC makes three dots of the sign that stands for anything.
    words = [flat(part) for part in re.split("…+", phrase)]
    pattern = _ANYTHING.join(re.escape(word) for word in words)
    first, last = words[0][:1], words[-1][-1:]
    before = r"(?<![a-z0-9])" if first.isascii() and first.isalnum() else ""
    after = r"(?![a-z0-9])" if last.isascii() and last.isalnum() else ""
    return f"{before}{pattern}{after}" if any(words) else ""


_BRACKETS = "【[(「『<《〔"
_AFTER = re.compile(r"[\s】\])」』>》〕::\-–—_/|]|のお?知らせ|です|メール|$")


class Beginnings:
    """Whether a subject begins with one of some words that stand by themselves: 不在: …, 【自動応答】 …"""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted((flat(word) for word in words), key=len, reverse=True)

    def finds(self, subject: str) -> bool:
        """Whether it does."""
        told = flat(subject).lstrip(_BRACKETS + " ")
        return any(told.startswith(word) and self._stands_alone(told, word) for word in self._words)

    def _stands_alone(self, told: str, word: str) -> bool:
        # "Vacation plans for May" is no absence, "Vacation: …" and "Out of office until …" are.
        common = word.isascii() and word.isalpha()
        return not (common and told[len(word) :].startswith(" ")) and _AFTER.match(told, len(word)) is not None


class HeaderMatcher:
    """Whether a mail has one of some headers, each NAME or NAME: VALUE."""

    def __init__(self, headers: Iterable[str]) -> None:
        parts = [header.partition(":") for header in headers]
        self._wanted = [(flat(name), flat(value)) for name, _, value in parts]

    def finds(self, headers: dict[str, list[str]]) -> str | None:
        """The name of the header that tells it, or None."""
        for name, value in self._wanted:
            for told in headers.get(name, ()):
                said = flat(told)
                if (not value and said not in ("no", "false")) or (value and said.startswith(value)):
                    return name
        return None
