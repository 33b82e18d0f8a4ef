"""Breaks lines as Japanese is broken: between any two characters, but never inside a Latin word. Start with `fold`."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

NOT_FIRST = frozenset("、。,.!?)」』】〉》…ー々:;%")
"""Characters that do not begin a line."""
NOT_LAST = frozenset("(「『【〈《")
"""Characters that do not end a line."""


def fold(text: Text, width: int) -> Text:
    """The text with line breaks so that no line takes more than `width` columns; its styles stay."""
    if width < 4:
        return text
    cuts = list(_cuts(text.plain, width))
    lines = text.divide(cuts) if cuts else [text]
    folded = Text("\n").join(_trimmed(line) for line in lines)
    folded.no_wrap = True
    return folded


def _trimmed(line: Text) -> Text:
    line.rstrip()
    return line


def _cuts(plain: str, width: int) -> Iterator[int]:
    start, used = 0, 0
    position = 0
    while position < len(plain):
        character = plain[position]
        if character == "\n":
            start, used = position + 1, 0
        else:
            used += cell_len(character)
            if used > width and not character.isspace():
                start = _before(plain, start, position)
                yield start
                position, used = start, 0
                continue
        position += 1


def _before(plain: str, start: int, position: int) -> int:
    """Where to break so that the character at `position` goes to the next line."""
    cut = position
    while cut > start + 1 and not _may_break(plain[cut - 1], plain[cut]):
        cut -= 1
    return cut if cut > start + 1 else position


def _may_break(left: str, right: str) -> bool:
    if right in NOT_FIRST or left in NOT_LAST:
        return False
    return left.isspace() or right.isspace() or cell_len(left) == 2 or cell_len(right) == 2
