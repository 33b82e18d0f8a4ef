"""Lists as rows of text, whatever they are written in, read twice and never held whole. Start with `open_list`.

The first reading finds everything that would stop the second half-way, so a broken file stores nothing.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from hagukumi.channels.imports.mapping import FileForm
from hagukumi.channels.imports.problems import refuse

CELL = 100_000  # characters in a cell, before a quote must have been left open
LINE = 1_000_000  # characters in a line
COLUMNS = 2_000
_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_MANY_NULS = 4  # one byte in so many
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"SQLite format 3")
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


class Table(Protocol):
    """An opened list: its headers, the number of its rows, a hash of its bytes, and the rows with their numbers."""

    @property
    def header(self) -> list[str]: ...
    @property
    def count(self) -> int: ...
    @property
    def digest(self) -> str: ...
    def rows(self) -> Iterator[tuple[int, list[str]]]: ...


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A CSV file that has been read through once without a problem."""

    path: Path
    encoding: str
    delimiter: str
    header_row: int
    header: list[str]
    count: int
    digest: str

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(row number as a spreadsheet counts it, cells) of every row that is not blank."""
        with _opened(self.path, self.encoding) as file, _field_limit():
            for number, cells in enumerate(csv.reader(file, delimiter=self.delimiter), 1):
                if number > self.header_row and any(cells):
                    yield number, cells


def open_list(path: Path, form: FileForm) -> Table:
    """Reads the file through once. Raises Refused when it is missing, empty, binary, wrongly encoded or broken."""
    name = path.name
    try:
        with path.open("rb") as file:
            head = file.read(_SAMPLE)
    except OSError:
        raise refuse("import.file_missing", name) from None
    if not head.strip(b" \t\r\n\xef\xbb\xbf"):
        raise refuse("import.file_empty", name)
    if head.startswith((_ZIP, _OLE)):
        from hagukumi.channels.imports.excel import open_excel

        return open_excel(path, form, _digest(path))
    if head.startswith(_BINARY):
        raise refuse("import.file_binary", name)
    encoding = _encoding(path, head, form)
    return _scan(path, encoding, _delimiter(head, encoding, form), form.header)


def check_header(cells: list[str], name: str, row: int) -> list[str]:
    """The headers without outer spaces. Raises Refused when there are none or too many."""
    header = [cell.strip().lstrip("\ufeff") for cell in cells]
    if not any(header):
        raise refuse("import.no_header", name, row, row=row)
    if len(header) > COLUMNS:
        raise refuse("import.too_many_columns", name, COLUMNS, row=row)
    return header


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _encoding(path: Path, head: bytes, form: FileForm) -> str:
    """The first encoding that reads every byte of the file. Raises Refused for a NUL character, with its place."""
    if form.encoding != "auto":
        wanted = {"utf-8": "utf-8-sig", "utf-16": "utf-16"}.get(form.encoding, form.encoding)
        bad = _first_bad(path, wanted)
        if bad is not None:
            raise refuse("import.encoding", path.name, bad)
        return _without_nul(path, head, wanted)
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    candidates = ["utf-16"] if marked else ["utf-8-sig", "cp932"]
    places = []
    for candidate in candidates:
        bad = _first_bad(path, candidate)
        if bad is None:
            return _without_nul(path, head, candidate)
        places.append(bad)
    if b"\x00" in head:
        raise refuse("import.file_binary", path.name)
    raise refuse("import.encoding", path.name, max(places))


def _first_bad(path: Path, encoding: str) -> int | None:
    """Where the file stops being text of this encoding, in bytes; None when it does not."""
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as trouble:
                return at + trouble.start
            if not block:
                return None
            at += len(block)


def _without_nul(path: Path, head: bytes, encoding: str) -> str:
    """The encoding, unless the text holds a NUL character: a stray one is shown, many make it no text at all."""
    if encoding != "utf-16" and head.count(0) * _MANY_NULS > len(head):
        raise refuse("import.file_binary", path.name)
    with _opened(path, encoding) as file:
        row, before = 1, 0
        while part := file.readline(LINE):
            if "\x00" in part:
                raise refuse("import.nul", path.name, row=row, column=before + part.index("\x00") + 1)
            if part.endswith(("\n", "\r")):
                row, before = row + 1, 0
            else:
                before += len(part)
    return encoding


def _delimiter(head: bytes, encoding: str, form: FileForm) -> str:
    if form.delimiter != "auto":
        return _DELIMITERS[form.delimiter]
    line = ""
    lines = codecs.getincrementaldecoder(encoding)(errors="ignore").decode(head).splitlines()
    if len(lines) >= form.header:
        line = lines[form.header - 1]
    # Of equal counts the comma wins; a list of one column has none at all.
    return max(",\t;", key=line.count)


def _scan(path: Path, encoding: str, delimiter: str, header_row: int) -> CsvTable:
    header: list[str] | None = None
    count = start = 0
    with _opened(path, encoding) as file, _field_limit():
        lines = _Lines(file, path.name)
        reader = csv.reader(lines, delimiter=delimiter)
        number = 0
        try:
            for number, cells in enumerate(reader, 1):
                start = number
                if number == header_row:
                    header = check_header(cells, path.name, number)
                elif header is not None and any(cells):
                    count += 1
                lines.next_record()
        except csv.Error as trouble:
            code = "import.cell_too_big" if "field limit" in str(trouble) else "import.file_binary"
            raise refuse(code, path.name, CELL, row=number + 1) from None
        if lines.last_is_open(delimiter):
            raise refuse("import.quote_open", path.name, row=start)
    if header is None:
        raise refuse("import.no_header", path.name, header_row, row=header_row)
    return CsvTable(path, encoding, delimiter, header_row, header, count, _digest(path))


class _Lines:
    """The lines of a file one by one, remembering those of the record being read."""

    def __init__(self, file: IO[str], name: str) -> None:
        self._file, self._name = file, name
        self._record: list[str] = []
        self._last: list[str] = []
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LINE)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) >= LINE:
            raise refuse("import.line_too_long", self._name, LINE, row=self._number)
        self._record.append(line)
        return line

    def next_record(self) -> None:
        """The reader has finished a record."""
        self._last, self._record = self._record, []

    def last_is_open(self, delimiter: str) -> bool:
        """Whether the last record ends inside a quotation; the csv reader itself does not mind."""
        try:
            list(csv.reader(self._last, delimiter=delimiter, strict=True))
        except csv.Error as trouble:
            return "unexpected end" in str(trouble)
        return False


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[IO[str]]:
    with path.open(encoding=encoding, newline="") as file:
        yield file


@contextmanager
def _field_limit() -> Iterator[None]:
    before = csv.field_size_limit(CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
