"""PDFs read back."""

from io import BytesIO
from typing import NamedTuple

from pypdf import PdfReader

_MM = 25.4 / 72


class Page(NamedTuple):
    """One page: its size in millimetres and its text."""

    width_mm: float
    height_mm: float
    text: str


def pages_of(pdf: bytes) -> list[Page]:
    """The pages of a PDF."""
    boxes = ((page.mediabox, page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages)
    return [Page(float(box.width) * _MM, float(box.height) * _MM, text) for box, text in boxes]
