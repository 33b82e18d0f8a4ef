"""A text with its name and its lines, decoded with a word for every wrong encoding. Pure; start at `decode`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from hagukumi.journeys.language.problems import Mark, Problem, problem

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_BOMS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_FORMS = (
    (b"PK\x03\x04", "Excel / ZIP"),
    (b"\xd0\xcf\x11\xe0", "Excel (.xls)"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "gzip"),
)


class Limits(NamedTuple):
    """What a file may cost: bytes, nesting, values in it, and problems told of it."""

    size: int = 1_000_000
    depth: int = 64
    nodes: int = 50_000
    problems: int = 100


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as text. `lines` are those YAML counts, without their breaks."""

    path: str
    text: str
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        """Line `number`, counted from 1; empty when there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def source_of(path: str, text: str) -> Source:
    """A text that is one already."""
    return Source(path, text, tuple(_BREAK.split(text)))


def decode(path: str, data: bytes, limits: Limits = LIMITS) -> tuple[Source | None, list[Problem]]:
    """The text of a file's bytes, or the problem that says why it is none."""
    if len(data) > limits.size:
        return None, [problem("file.too_large", path, most=f"{limits.size:,}")]
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    form = next((name for start, name in _FORMS if data.startswith(start)), None)
    if form is not None:
        return None, [problem("file.binary", path, form=form)]
    if encoding is None:
        try:
            return checked(source_of(path, data.decode("utf-8-sig")))
        except UnicodeDecodeError as error:
            place = _place(data[: error.start].decode("utf-8", "replace"))
            encoding = _seems(data)
    else:
        place = Mark(1, 1, 1)
    if encoding is None:
        return None, [problem("file.binary", path, form="?")]
    return None, [problem("file.encoding", path, place, encoding=encoding)]


def checked(source: Source) -> tuple[Source | None, list[Problem]]:
    """The source, unless it is empty or holds characters that no text has."""
    found = _FORBIDDEN.search(source.text)
    if found is not None:
        code = f"U+{ord(found.group()):04X}"
        if found.group() == "\0" and source.text.count("\0") > max(8, len(source.text) // 100):
            return None, [problem("file.binary", source.path, form="?")]
        return None, [
            problem("file.control_character", source.path, _place(source.text[: found.start()]), character=code)
        ]
    if not source.text.strip():
        return None, [problem("file.empty", source.path)]
    return source, []


def _place(before: str) -> Mark:
    lines = _BREAK.split(before)
    return Mark(len(lines), len(lines[-1]) + 1, 1)


def _seems(data: bytes) -> str | None:
    if b"\0" in data[:4096]:
        return "UTF-16" if data[:4096].count(b"\0") > len(data[:4096]) // 4 and b"\n\0" in data + b"\0" else None
    for name, label in (("cp932", "CP932 (Shift_JIS)"), ("euc_jp", "EUC-JP"), ("cp1252", "Windows-1252")):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return label
    return None
