"""What every act upon a review knows. Start with `Sight`."""

from __future__ import annotations

from typing import NamedTuple

from hagukumi.journeys.shell.book import Book
from hagukumi.pipeline.approval import Check
from hagukumi.programme.board import Board
from hagukumi.reading.signs import Asked


class Sight(NamedTuple):
    """The board of the list, by what intent is read, the programs, and what an approved letter needs.

    pieces: (kind, theme) of content that there is.
    """

    board: Board
    asked: Asked
    book: Book
    checks: tuple[Check, ...]
    pieces: frozenset[tuple[str, str]]
