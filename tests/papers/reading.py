"""PDFs read back."""

from io import BytesIO
from typing import NamedTuple

from pypdf import PageObject, PdfReader

_MM = 25.4 / 72


class Page(NamedTuple):
    """One page: its size in millimetres, its text, and how far down it is written (0 to 1)."""

    width_mm: float
    height_mm: float
    text: str
    lowest: float


def pages_of(pdf: bytes) -> list[Page]:
    """The pages of a PDF."""
    return [_page(page) for page in PdfReader(BytesIO(pdf)).pages]


def _page(page: PageObject) -> Page:
    box, lines = page.mediabox, list[float]()

    def seen(text: str, _matrix: list[float], at: list[float], *_: object) -> None:
        if text.strip():
            lines.append(at[5])

    text = page.extract_text(visitor_text=seen)
    lowest = 1 - min(lines, default=float(box.height)) / float(box.height)
    return Page(float(box.width) * _MM, float(box.height) * _MM, text, lowest)
