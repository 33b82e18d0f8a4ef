"""A file as a table of columns, read in chunks so that memory holds the columns and nothing else."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from hagukumi.channels.tables.cells import CELL, EMPTY, Growing, TooLong
from hagukumi.channels.tables.form import Form, form_of, header_of, line_of_long_cell
from hagukumi.words.learning import refusal
from models.scoring.tables import Table

CHUNK = 50_000
CELLS = 60_000_000
"""Rows times columns; more would not fit into a gigabyte."""
_HEAD = 1 << 18
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Read(NamedTuple):
    """The table, and how the file was written: encoding and separator, or "Excel"."""

    table: Table
    encoding: str
    separator: str


def read_table(path: Path) -> Read:
    """Raises NotDone when the file is missing, no table, broken, or too large; says what and where."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        raise refusal("table-missing", str(path)) from None
    if head.startswith((_ZIP, _OLE)):
        return _excel(path)
    form = form_of(path, head)
    try:
        table = _grown(_csv_chunks(path, form), form.header, path.name)
    except TooLong:
        raise refusal("table-cell", path.name, f"{line_of_long_cell(path, form):,}", f"{CELL:,}") from None
    return Read(table, form.encoding, form.separator)


def _grown(chunks: Iterator[Any], header: tuple[str, ...], name: str) -> Table:
    growing = [Growing(column) for column in header]
    rows = 0
    for chunk in chunks:
        rows += len(chunk)
        if rows * len(header) > CELLS:
            most = f"{CELLS // max(len(header), 1):,}"
            raise refusal("table-too-large", name, f"{len(header):,}", most)
        for number, column in enumerate(growing):
            column.add(chunk.iloc[:, number])
    if not rows:
        raise refusal("table-empty", name)
    return Table.of(column.done() for column in growing)


def _csv_chunks(path: Path, form: Form) -> Iterator[Any]:
    import pandas

    empty = sorted({*EMPTY, *(cell.upper() for cell in EMPTY), *(cell.title() for cell in EMPTY), "NaN"})
    try:
        with pandas.read_csv(
            path, sep=form.separator, encoding=form.encoding, header=0, skiprows=form.skip,
            names=list(range(len(form.header))), index_col=False, na_values=empty,
            keep_default_na=False, skipinitialspace=True, low_memory=False,
            chunksize=max(1_000, min(CHUNK, 1_500_000 // len(form.header))), on_bad_lines="error",
            encoding_errors="replace",
        ) as chunks:  # fmt: skip
            while (chunk := _next(chunks)) is not None:
                yield chunk
    except (pandas.errors.ParserError, pandas.errors.ParserWarning) as trouble:
        raise _broken(path.name, str(trouble)) from None
    except pandas.errors.EmptyDataError:
        raise refusal("table-empty", path.name) from None


def _next(chunks: Any) -> Any:
    """The next chunk, or None. pandas only warns when it loses cells: that is refused."""
    import pandas

    with warnings.catch_warnings():
        warnings.simplefilter("error", pandas.errors.ParserWarning)
        return next(chunks, None)


def _broken(name: str, said: str) -> Exception:
    """pandas says: Expected 3 fields in line 5, saw 4; or: EOF inside string starting at row 7."""
    import re

    fields = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", said)
    if fields is not None:
        return refusal("table-ragged", name, fields[2], fields[3], fields[1])
    if "loss of data" in said:
        return refusal("table-ragged", name, "?", "?", "?")
    quote = re.search(r"EOF inside string starting at row (\d+)", said)
    return refusal("table-quote", name, str(int(quote[1]) + 1) if quote else "?")


def _excel(path: Path) -> Read:
    import pandas

    from hagukumi.channels.imports.mapping import FileForm
    from hagukumi.channels.imports.problems import Refused
    from hagukumi.channels.imports.reader import open_list
    from hagukumi.words.refusal import NotDone

    try:
        opened = open_list(path, FileForm())
    except Refused as refused:
        first = refused.problems[0]
        said = {lang: f"{path.name}: {first.message(lang)}。{first.help(lang)}" for lang in ("ja", "en")}
        raise NotDone("table-excel", said["ja"], said["en"].replace("。", ". ")) from None
    header = header_of(opened.header, path.name)
    rows = (cells[: len(header)] + [""] * (len(header) - len(cells)) for _, cells in opened.rows())

    def chunks() -> Iterator[Any]:
        while part := list(islice(rows, max(1_000, 1_500_000 // len(header)))):
            yield pandas.DataFrame(part, dtype=object)

    return Read(_grown(chunks(), header, path.name), "Excel", "")
