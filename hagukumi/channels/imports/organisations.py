"""A list of organisations of any origin, read for matching. Start with `read_organisations`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from abm.listed import Organisation
from hagukumi.channels.imports.mapping import FileForm
from hagukumi.channels.imports.reader import open_list
from hagukumi.journeys.core.values import Words
from hagukumi.words.abm import refusal

_BY_HEADER = {
    "kana": re.compile(r"フリガナ|ふりがな|カナ|かな|ヨミ|よみ|読み|kana|reading|yomi"),
    # 英語対応 tells whom they speak to, 英文住所 where they are.
    "english": re.compile(
        r"^(?!.*(対応|住所|所在|address|mail|メール|web|url|サイト)).*"
        r"(英語|英文|英字|英名|英称|英訳|英表記|英社名|欧文|ローマ字|アルファベット|\(英\)|[名号]英$|english|romaji|latin|"
        r"\ben[\s_]?name|name[\s_]*\(?en\)?$)"
    ),
    # An e-mail address tells no place, nor does one of the web.
    "place": re.compile(r"^(?!.*(mail|メール|web|url|\bip\b|英|english)).*(都道府県|所在地|住所|prefecture|address)"),
    "code": re.compile(r"医療機関コード|施設コード|facility[\s_]?code"),
}
"""Columns that help and need not be named, by their header as `_plain` gives it."""
_ID = "id"


class Listed(NamedTuple):
    """The rows that have a name, how many have none, which columns were read for what, and texts that were not."""

    rows: list[Organisation]
    nameless: int
    columns: dict[str, str]
    unused: list[str]


def read_organisations(path: Path, wanted: Mapping[str, str | None]) -> Listed:
    """The organisations of a list. wanted: name, domain, number -> column (None: not given).

    Ids are those of the column `id`, else row numbers, the first row below the headers being 1. Raises Refused for a
    broken file and NotDone for a column it does not have, an id that is empty or stands twice, or no name at all.
    """
    table = open_list(path, FileForm())
    places = {role: _place(table.header, name, path.name) for role, name in wanted.items() if name is not None}
    places |= _found(table.header, set(places.values()))
    own = next((n for n, name in enumerate(table.header) if _plain(name) == _ID), None)
    rows, nameless, ids = [], 0, dict[str, int]()
    others = {at for at, name in enumerate(table.header) if name.strip()} - {*places.values(), own}
    unused = set[int]()
    for count, (number, cells) in enumerate(table.rows(), 1):
        values = {role: cells[at].strip() if at < len(cells) else "" for role, at in places.items()}
        key = str(count) if own is None else cells[own].strip() if own < len(cells) else ""
        if not key:
            raise refusal("abm-id-empty", path.name, str(number))
        if key in ids:
            raise refusal("abm-id-twice", path.name, str(number), key, str(ids[key]))
        ids[key] = number
        unused |= {at for at in others - unused if at < len(cells) and any(map(str.isalpha, cells[at]))}
        if not values["name"]:
            nameless += 1
            continue
        rows.append(Organisation(key, **values))
    if not rows:
        raise refusal("abm-no-names", path.name, str(wanted["name"]))
    columns = {role: table.header[at] for role, at in places.items()}
    return Listed(rows, nameless, columns, [table.header[at] for at in sorted(unused)])


def _found(header: list[str], taken: set[int]) -> Iterator[tuple[str, int]]:
    for role, pattern in _BY_HEADER.items():
        fitting = [n for n, name in enumerate(header) if n not in taken and pattern.search(_plain(name))]
        if fitting:
            taken.add(fitting[0])
            yield role, fitting[0]


def _place(header: list[str], wanted: str, file: str) -> int:
    """Where a column stands; case, width and outer spaces do not matter."""
    plain = [_plain(name) for name in header]
    if _plain(wanted) in plain:
        return plain.index(_plain(wanted))
    near = get_close_matches(wanted, header, 1, 0.5)
    maybe = Words(f"もしかして: {near[0]}。", f"Did you mean {near[0]}? ") if near else Words("", "")
    raise refusal("abm-column", wanted, file, maybe, ", ".join(name for name in header[:20] if name))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().lower()
