"""The shape of a letter, made once for all letters alike: a mark stands where a value is printed. Pure.

Printing a value cannot change the letter's shape. So paragraphs, links and layout are made from marks and remembered;
each letter only fills its values in. Start at `Stencil`.
"""

import html
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from hagukumi.letters.limits import TEXT_CHARACTERS, CannotRender

# Noncharacters: no text may hold them, so no name can be mistaken for a mark.
_WORD, _URL, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_MARK = re.compile(f"({_WORD}.|{_URL}.[^{_END}]*{_END})", re.DOTALL)
_FIRST = 0x4E00


def mark(index: int) -> str:
    """What stands for the value with this index: two characters."""
    return _WORD + chr(_FIRST + index)


def hole(value: Any, aside: list[str], link: str) -> str:
    """Puts the value aside and gives its mark; the mark of a URL carries the name of its link."""
    text = str(value)
    if not text:
        return text
    aside.append(text)
    if text.startswith(("https://", "http://")):
        return f"{_URL}{chr(_FIRST + len(aside) - 1)}{link}{_END}"
    return _WORD + chr(_FIRST + len(aside) - 1)


def link_of(url_mark: str) -> str:
    """The name of the link in the mark of a URL."""
    return url_mark[2:-1]


class Stencil(NamedTuple):
    """A text cut at its marks: `pieces` with holes, `holes` as (place, index of the value)."""

    pieces: tuple[str, ...]
    holes: tuple[tuple[int, int], ...]

    @classmethod
    def cut(cls, text: str) -> "Stencil":
        pieces = _MARK.split(text)
        holes = tuple((place, ord(pieces[place][1]) - _FIRST) for place in range(1, len(pieces), 2))
        return cls(tuple(pieces), holes)

    def filled(self, values: Sequence[str]) -> str:
        """The text with its values; raises CannotRender(too_large | control_character)."""
        pieces = list(self.pieces)
        try:
            for place, index in self.holes:
                pieces[place] = values[index]
        except IndexError:
            raise CannotRender("control_character", {"header": "body"}) from None
        if sum(map(len, pieces)) > TEXT_CHARACTERS:
            raise CannotRender("too_large", {"most": TEXT_CHARACTERS})
        return "".join(pieces)


def escaped(value: str) -> str:
    """The value as HTML shows it."""
    return value if value.isalnum() else html.escape(value)
