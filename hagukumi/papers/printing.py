"""HTML in, PDF out: A4 by WeasyPrint, never with a box where a character should be. Start with `pdf`.

The same HTML on the same machine gives the same bytes: fonts decide the rest.
"""

from __future__ import annotations

import logging
import threading
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hagukumi.words.papers import refused

if TYPE_CHECKING:
    from weasyprint import Document

JAPANESE = "日本語の印刷：髙﨑　①２０％"
"""What a machine that prints Japanese has characters for."""
_SHOWN = 20
_ONE_AT_A_TIME = threading.Lock()
"""The libraries below keep state that threads would share."""


class Printed(NamedTuple):
    """A PDF and how many pages it has."""

    pdf: bytes
    pages: int


def pdf(html: str) -> bytes:
    """The page as PDF, paper size and margins by its own @page. Nothing is loaded from elsewhere.

    Raises NotDone: the libraries are not there, or no font here has a character that the page shows.
    """
    return printed(html).pdf


def printed(html: str) -> Printed:
    """The same, with the number of pages."""
    laid, made = _made(html)
    missing = sorted({character for font in laid.fonts.values() for character in font.missing})
    if missing:
        shown = " ".join(f"{chr(each)} (U+{each:04X})" for each in missing[:_SHOWN])
        raise refused("print-no-font", characters=shown, number=str(len(missing)))
    return Printed(made, len(laid.pages))


@cache
def ready() -> str | None:
    """Why this machine cannot print Japanese: the code of `refused`; None: it can."""
    from hagukumi.words.refusal import NotDone

    try:
        pdf(f'<html lang="ja"><p style="font-family:sans-serif">{JAPANESE}</p></html>')
    except NotDone as refusal:
        return refusal.code
    return None


def _made(html: str) -> tuple[Document, bytes]:
    # Its warnings quote what is printed; what matters of them is told by what is returned.
    logging.getLogger("weasyprint").disabled = True
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError:
        raise refused("print-no-library") from None
    with _ONE_AT_A_TIME:
        laid = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"])).render()
        return laid, laid.write_pdf()
