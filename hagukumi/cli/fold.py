"""Breaks lines as Japanese is broken: between any two characters, but never inside a Latin word. Start with `fold`.

`Grid` is a table of such texts. It asks rich how wide a column came out, so nothing is ever cut off.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.measure import Measurement
from rich.table import Table
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


class Folding:
    """A text that is folded to whatever width it is given."""

    def __init__(self, said: Text) -> None:
        self.said = said

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, for rich."""
        yield fold(self.said, options.max_width)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """From one wide character to the longest line, for rich."""
        longest = max((cell_len(line) for line in self.said.plain.split("\n")), default=0)
        return Measurement(min(longest, 2), longest).with_maximum(options.max_width)


class Grid:
    """Rows of texts beside each other without lines; on a narrow terminal the widest column gives way first.

    columns: how each is aligned and styled (`>` to the right, `dim`), in one word or two.
    """

    def __init__(self, *columns: str, below: int = 0) -> None:
        self._table = Table.grid(padding=(0, 2, below, 0))
        for column in columns:
            justify: JustifyMethod = "right" if ">" in column else "left"
            self._table.add_column(justify=justify, style=column.replace(">", "").strip(), overflow="fold")

    def row(self, *cells: str | Text) -> None:
        """One row; a text may have lines of its own."""
        self._table.add_row(*(Folding(Text(cell) if isinstance(cell, str) else cell) for cell in cells))

    def __rich__(self) -> Table:
        """The table, for rich."""
        return self._table


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
