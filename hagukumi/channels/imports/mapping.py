"""A mapping as a marketer writes it: scenarios/mappings/NAME.yaml. Start with `load_mapping`.

targets.py lists the fields that may be filled.
"""

from __future__ import annotations

from collections.abc import Mapping as _Map
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Literal, NewType

from hagukumi.journeys.core.fields import NOTHING, entry
from hagukumi.journeys.language.binder import Marks
from hagukumi.journeys.language.load import Loaded, load

ColumnName = NewType("ColumnName", str)
"""The header of a column, as it stands in the file."""
FieldName = NewType("FieldName", str)
"""A field such as email, account.beds or consent.got_at."""
Template = NewType("Template", str)
"""Text with {Column} placeholders; filters: {Column|lower}, {Column|slice:0:8}."""

ImportKind = Literal[
    "people", "accounts", "activities", "deals", "optouts", "past_sends", "hard_bounces", "intent",
]  # fmt: skip
ActivityKind = Literal[
    "clicked", "opened", "received", "downloaded", "visited", "submitted", "registered", "attended", "replied",
    "called", "unsubscribed", "bounced", "spam_report",
]  # fmt: skip
Encoding = Literal["auto", "utf-8", "cp932", "utf-16"]
Delimiter = Literal["auto", "comma", "semicolon", "tab"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForm:
    """How the file is written; what is left out is found out."""

    encoding: Encoding = entry("文字コード(auto は自動判別)", "character encoding; auto finds out", "auto")
    delimiter: Delimiter = entry("区切り文字(auto は自動判別)", "delimiter; auto finds out", "auto")
    sheet: str | None = entry("Excelのシート名(省略すると先頭)", "sheet of an Excel file; the first if left out", None)
    header: int = entry("見出しのある行(1から)", "row of the headers, counted from 1", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What becomes of a column's cells."""

    to: tuple[FieldName, ...] = entry("入れる項目(複数も可)", "the field they go to, or several")
    values: _Map[str, str] = entry("値の読み替え(空にすると入力なし)", "values to replace; '' means missing", NOTHING)
    date: str | None = entry("日付の書式", "format of dates, such as %d-%m-%Y", None)
    default: str | None = entry("空欄のときの値", "value for empty cells", None)
    missing: tuple[str, ...] = entry("この列で入力なしとみなす値", "values that mean missing in this column", ())
    required: bool = entry(
        "空欄の行は取り込まない(列が無い一覧は取り込まない)",
        "rows without it are rejected; a list without it is refused",
        False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An activity that each row tells of; rows where `when` is empty tell of none."""

    kind: ActivityKind = entry("反応の種類(submitted, downloaded など)", "kind of activity: submitted, downloaded, ...")
    content: Template | None = entry("資料名", "name of the content", None)
    outcome: Template | None = entry("結果", "outcome", None)
    at: ColumnName | None = entry("日時の列", "column of its date and time", None)
    date: str | None = entry("日時の書式", "format of that column", None)
    when: ColumnName | None = entry("この列が空でない行だけ", "only rows where this column is not empty", None)
    minutes: ColumnName | None = entry("何分間かの列", "column that says for how many minutes", None)
    once: bool = entry(
        "同じ方の同じ内容は、日時が違っても一度だけ", "the same content counts once a person, whatever the times", False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """scenarios/mappings/NAME.yaml: which column goes where."""

    name: str = field(default="", metadata={"internal": True})
    file_name: str = field(default="", metadata={"internal": True})
    places: Marks | None = field(default=None, compare=False, repr=False, metadata={"internal": True})

    kind: ImportKind = entry("何の一覧か", "what the list holds")
    title: str | None = entry("説明", "what this mapping is for", None)
    source: str | None = entry(
        "出所の名前(省略するとファイル名)", "name of the source; the mapping's own if left out", None
    )
    zone: str = entry("日時の時間帯", "time zone of dates and times", "Asia/Tokyo")
    file: FileForm = entry("ファイルの書き方", "how the file is written", FileForm())
    missing: tuple[str, ...] = entry("入力なしとみなす値", "values that mean missing", ("",))
    columns: _Map[ColumnName, FieldName | Column] = entry("列と項目の対応", "column -> field", NOTHING)
    constants: _Map[FieldName, str] = entry("全行に入れる値", "the same value for all rows", NOTHING)
    templates: _Map[FieldName, Template] = entry("列から組み立てる値", "values made from columns", NOTHING)
    activities: tuple[Happened, ...] = entry("各行から生まれる反応", "activities each row tells of", ())


def load_mapping(path: FilePath) -> Loaded[Mapping]:
    """A mapping from its YAML file, named after it, with every problem found. Raises nothing for bad input."""
    loaded = load(path, Mapping)
    if loaded.value is None:
        return loaded
    value = replace(loaded.value, name=path.stem, file_name=loaded.file, places=loaded.marks)
    return replace(loaded, value=value, draft=value)
