"""Excel sheets as rows of text. The size a sheet would unpack to is measured before anything is unpacked in memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from hagukumi.channels.imports.mapping import FileForm
from hagukumi.channels.imports.problems import Refused, refuse
from hagukumi.channels.imports.reader import CELL, check_header

UNPACKED = 150_000_000  # bytes of XML in an .xlsx
CELLS = 3_000_000  # rows x columns of the used area; the library holds all of them
TEXT = 100_000_000  # characters of all text cells together
OLD_FILE = 40_000_000  # bytes of an .xls
_BLOCK = 1 << 20
_CELL_REF = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_ITEM = re.compile(rb"<si>.*?</si>|<si/>", re.DOTALL)
_SHARED_REF = re.compile(rb't="s"[^>]*><v>(\d+)</v>')


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """One sheet, opened; its rows become text one by one."""

    name: str
    sheet: Any
    header_row: int
    header: list[str]
    count: int
    digest: str

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(row number as Excel shows it, cells) of every row that is not blank."""
        for number, cells in enumerate(self.sheet.iter_rows(), 1):
            if number > self.header_row:
                texts = [_text(cell) for cell in cells]
                if any(texts):
                    yield number, texts


def open_excel(path: Path, form: FileForm, digest: str) -> ExcelTable:
    """Opens a sheet of an .xlsx or .xls. Raises Refused when it is broken, locked or would fill the memory."""
    from python_calamine import CalamineWorkbook, PasswordError

    _measure(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet = _sheet(book, form, path.name)
        header: list[str] | None = None
        count = 0
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if number == form.header:
                header = check_header([_text(cell) for cell in cells], path.name, number)
            elif header is not None and any(cell not in ("", None) for cell in cells):
                count += 1
                _check_cells(cells, path.name, number)
    except Refused:
        raise
    except PasswordError:
        raise refuse("import.excel_password", path.name) from None
    except (Exception, MemoryError):
        raise refuse("import.excel_broken", path.name) from None
    except BaseException as trouble:
        # A panic of the Rust reader arrives as a BaseException of its own.
        if type(trouble).__name__ != "PanicException":
            raise
        raise refuse("import.excel_broken", path.name) from None
    if header is None:
        raise refuse("import.no_header", path.name, form.header, row=form.header)
    return ExcelTable(path.name, sheet, form.header, header, count, digest)


def _sheet(book: Any, form: FileForm, name: str) -> Any:
    names = list(book.sheet_names)
    if not names:
        raise refuse("import.excel_broken", name)
    if form.sheet is None:
        return book.get_sheet_by_index(0)
    if form.sheet not in names:
        near = get_close_matches(form.sheet, names, 1, 0.4) or names[:1]
        raise refuse("import.excel_sheet", name, form.sheet, f" ({near[0]}?)")
    return book.get_sheet_by_name(form.sheet)


def _check_cells(cells: list[Any], name: str, row: int) -> None:
    if any(isinstance(cell, str) and len(cell) > CELL for cell in cells):
        raise refuse("import.cell_too_big", name, CELL, row=row)


def _text(cell: Any) -> str:
    """The cell as a person reads it: 1.0 is 1, a date is written YYYY-MM-DD."""
    match cell:
        case str():
            return cell.replace("\x00", "")
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            return cell.isoformat(" ", "seconds") if cell.time() != time.min else cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell)


def _measure(path: Path) -> None:
    """Refuses a file whose cells would not fit in memory, however small it is packed."""
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > OLD_FILE:
            raise refuse("import.excel_too_big", path.name, f"{OLD_FILE // 1_000_000} MB")
        return
    try:
        with zipfile.ZipFile(path) as packed:
            _measure_parts(packed, path.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, KeyError, ValueError):
        raise refuse("import.excel_broken", path.name) from None


def _measure_parts(packed: zipfile.ZipFile, name: str) -> None:
    total, longest, lengths = 0, 0, list[int]()
    sheets = []
    for part in packed.infolist():
        if part.filename.endswith("sharedStrings.xml"):
            lengths = _shared_lengths(packed, part, name)
            longest = max(lengths, default=0)
        elif "/worksheets/" in part.filename and part.filename.endswith(".xml"):
            sheets.append(part)
        total += part.file_size
        if total > UNPACKED or len(packed.infolist()) > 10_000:
            raise refuse("import.excel_too_big", name, f"> {UNPACKED // 1_000_000} MB")
    for part in sheets:
        cells = _used_area(packed, part, name)
        if cells * longest > TEXT and _text_size(packed, part, lengths) > TEXT:
            raise refuse("import.excel_too_big", name, f"> {TEXT // 1_000_000} M characters")


def _blocks(packed: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    read = 0
    with packed.open(part) as file:
        while block := file.read(_BLOCK):
            read += len(block)
            if read > UNPACKED:
                raise refuse("import.excel_too_big", name, f"> {UNPACKED // 1_000_000} MB")
            yield block


def _used_area(packed: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> int:
    rows, columns, rest = 0, 0, b""
    seen: set[bytes] = set()
    for block in _blocks(packed, part, name):
        text = rest + block
        for letters, row in _CELL_REF.findall(text):
            seen.add(letters)
            rows = max(rows, int(row))
        rest = text[-64:]
    for letters in seen:
        columns = max(columns, sum((byte - 64) * 26**place for place, byte in enumerate(reversed(letters))))
    if rows * columns > CELLS:
        raise refuse("import.excel_too_big", name, f"{rows} x {columns} > {CELLS}")
    return rows * columns


def _shared_lengths(packed: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> list[int]:
    if part.file_size > UNPACKED // 3:
        raise refuse("import.excel_too_big", name, f"> {UNPACKED // 3_000_000} MB")
    whole = b"".join(_blocks(packed, part, name))
    return [len(item) for item in _ITEM.findall(whole)]


def _text_size(packed: zipfile.ZipFile, part: zipfile.ZipInfo, lengths: list[int]) -> int:
    used: Counter[int] = Counter()
    rest = b""
    for block in _blocks(packed, part, ""):
        text = rest + block
        cut = text.rfind(b"<c ")
        used.update(int(found) for found in _SHARED_REF.findall(text[:cut] if cut > 0 else text))
        rest = text[cut:] if cut > 0 else b""
    return sum(lengths[index] * times for index, times in used.items() if index < len(lengths))
