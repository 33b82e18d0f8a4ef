"""How a CSV is written, found out from its bytes: encoding, separator, headers. Start with `form_of`."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from hagukumi.channels.tables.cells import CELL
from hagukumi.words.learning import refusal

COLUMNS = 2_000
"""More columns than this are not read: a model of them would say nothing, and take all the memory."""
_HEADER = 4_000_000
_BLOCK = 1 << 20
_LINES = 200
SEPARATORS = (",", ";", "\t", "|")
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"SQLite format 3", b"\x80\x04")
_SAID = re.compile(r'\ufeff?"?sep=([^"\r\n])"?[,;\t|]*\r?\n', re.IGNORECASE)
"""What Excel writes and reads above the header, so that everybody cuts at the same places."""
_ACCENT = re.compile(rb"[A-Za-z ,;|\t\"\r\n][\xc0-\xff][a-z ,;|\t\"\r\n]")
_KANA = re.compile(rb"[\x81-\x9f\xe0-\xfc][\x40-\xfc]|[\xa6-\xdf]{2}")


class Form(NamedTuple):
    """encoding: a name of Python's codecs. header: names made unique, as the columns are called from here on.

    skip: lines above the header, which Excel reads as `sep=;`.
    """

    encoding: str
    separator: str
    header: tuple[str, ...]
    skip: int = 0


def form_of(path: Path, head: bytes) -> Form:
    """Finds it out. Raises NotDone when the file is empty, no text, or has too many columns or no headers."""
    if not head.strip(b" \t\r\n\xef\xbb\xbf\x00"):
        raise refusal("table-empty", path.name)
    if head.startswith(_BINARY):
        raise refusal("table-binary", path.name)
    encoding = _encoding(path, head)
    sample = _text(head, encoding)
    if "\x00" in sample:
        raise refusal("table-binary", path.name)
    said = _SAID.match(sample)
    if said is not None:
        sample = sample[said.end() :]
    skip = int(said is not None)
    first = _first_line(path, encoding, skip)
    separator = said[1] if said is not None else _separator(first, sample)
    cells = next(_cut(io.StringIO(first, newline=""), separator), None)
    if cells is None:
        raise refusal("table-cell", path.name, str(1 + skip), f"{CELL:,}")
    if len(cells) > COLUMNS:
        raise refusal("table-columns", path.name, f"{len(cells):,}", f"{COLUMNS:,}")
    header = header_of(_as_wide_as_rows(cells, sample, separator), path.name)
    _check_first_row(sample, separator, len(header), path.name, skip)
    return Form(encoding, separator, header, skip)


def line_of_long_cell(path: Path, form: Form) -> int:
    """The line in which the first row begins that holds a cell longer than CELL."""
    begins = 1
    with path.open(encoding=form.encoding, errors="replace", newline="") as file, suppress(csv.Error):
        reader = csv.reader(file, delimiter=form.separator)
        for _ in reader:
            begins = reader.line_num + 1
    return begins


def _cut(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """Rows up to one with a cell longer than CELL: this is no reason yet to refuse a file, the separator may differ."""
    with suppress(csv.Error):
        yield from csv.reader(lines, delimiter=separator)


def _check_first_row(sample: str, separator: str, width: int, name: str, skip: int) -> None:
    """pandas takes its width from it, and would lose what it has too much. Raises NotDone."""
    rows = enumerate(_cut(io.StringIO(sample, newline=""), separator), 1 + skip)
    next(rows, None)
    number, cells = next(((number, cells) for number, cells in rows if cells), (0, []))
    if len(cells) > width:
        raise refusal("table-ragged", name, str(number), str(len(cells)), str(width))


def header_of(cells: list[str], name: str) -> tuple[str, ...]:
    """The names of columns: outer spaces gone, empty ones numbered, repeated ones made different.

    Raises NotDone when they are all numbers (then the first row is data) or there are too many.
    """
    if len(cells) > COLUMNS:
        raise refusal("table-columns", name, f"{len(cells):,}", f"{COLUMNS:,}")
    stripped = [cell.strip().strip("\ufeff") for cell in cells]
    if len(stripped) > 1 and all(_is_number(cell) for cell in stripped):
        raise refusal("table-header", name, ", ".join(stripped[:5]))
    found: dict[str, None] = {}
    for number, cell in enumerate(stripped, 1):
        wanted = title = cell or f"column {number}"
        again = 2
        while title in found:
            title, again = f"{wanted} ({again})", again + 1
        found[title] = None
    return tuple(found)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _encoding(path: Path, head: bytes) -> str:
    """By its mark; else UTF-8, CP932 or Latin-1, whichever reads every byte and looks like it."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return encoding
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 > len(head) and min(even, odd) * 20 < len(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    if _reads(path, "utf-8"):
        return "utf-8"
    if not _looks_western(path) and _reads(path, "cp932"):
        return "cp932"
    return "cp1252" if _reads(path, "cp1252") else "latin-1"


def _reads(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _looks_western(path: Path) -> bool:
    """Single accents between Latin letters, not pairs: CP932 reads many of them as rare characters."""
    accents = pairs = 0
    for block in _blocks(path):
        accents += len(_ACCENT.findall(block))
        pairs += len(_KANA.findall(_ACCENT.sub(b"  ", block)))
    return accents > pairs


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _text(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors="ignore").decode(head)


def _first_line(path: Path, encoding: str, skip: int) -> str:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        for _ in range(skip):
            file.readline(_HEADER)
        line = file.readline(_HEADER)
        # A header may hold line breaks inside quotation marks.
        while line.count('"') % 2 and len(line) < _HEADER and (more := file.readline(_HEADER)):
            line += more
    if len(line) >= _HEADER:
        most = max(line.count(separator) for separator in SEPARATORS)
        raise refusal("table-columns", path.name, f"> {most:,}", f"{COLUMNS:,}")
    if not line.strip():
        raise refusal("table-header", path.name, "")
    return line


def _as_wide_as_rows(cells: list[str], sample: str, separator: str) -> list[str]:
    """Headers for rows that all hold one cell more: an unnamed number of the row in front, or an empty end."""
    rows = [row for row in _cut(_whole_lines(sample)[1:], separator) if row]
    wider = [row for row in rows if len(row) == len(cells) + 1]
    if len(wider) < max(1, 0.9 * len(rows)):
        return cells
    return [*cells, ""] if not any(row[-1].strip() for row in wider) else ["", *cells]


def _whole_lines(sample: str) -> list[str]:
    """Some lines; the last one may have been cut off and is left out when there are others."""
    lines = sample.splitlines()[: _LINES + 1]
    return lines[:-1] if len(lines) > 2 and not sample.endswith(("\n", "\r")) else lines


def _separator(first: str, sample: str) -> str:
    """The one that cuts the lines into as many cells as the header, and into the most of them."""
    lines = _whole_lines(sample)

    def worth(separator: str) -> tuple[float, int]:
        width = len(next(_cut(io.StringIO(first, newline=""), separator), []))
        if width < 2:
            return 0.0, 0
        rows = [len(cells) for cells in _cut(lines[1:], separator) if cells]
        same = sum(cells == width for cells in rows) / len(rows) if rows else 1.0
        return round(same, 1), width

    return max(SEPARATORS, key=worth)
