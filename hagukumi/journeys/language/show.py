"""Problems as people and machines read them: text like a compiler's, JSON, SARIF 2.1.0, GitHub annotations. Pure."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from hagukumi.journeys.language.problems import Problem
from hagukumi.journeys.language.source import Source
from hagukumi.words.problems import saying

_NAMES = {
    "ja": {"error": "エラー", "warning": "注意", "hint": "助言", "help": "直し方"},
    "en": {"error": "error", "warning": "warning", "hint": "hint", "help": "help"},
}
_COUNTED = {"ja": "エラー {}・注意 {}・助言 {}", "en": "errors: {}, warnings: {}, hints: {}"}
_WIDTH = 100
"""Columns of a source line that are shown."""


def as_text(problems: Sequence[Problem], sources: Mapping[str, Source], lang: str) -> str:
    """One block a problem: place, gravity and code, the line with a caret under the place, what to do."""
    return "".join(
        _block(each, sources.get(each.file), _NAMES["en" if lang == "en" else "ja"], lang) for each in problems
    )


def counted(problems: Iterable[Problem], lang: str) -> str:
    """How many errors, warnings and hints there are."""
    kinds = [each.severity for each in problems]
    form = _COUNTED["en" if lang == "en" else "ja"]
    return form.format(*(kinds.count(kind) for kind in ("error", "warning", "hint")))


def _block(each: Problem, source: Source | None, names: Mapping[str, str], lang: str) -> str:
    head = f"{each.file}:{each.line}:{each.column}: {names[each.severity]}[{each.code}] {each.message(lang)}\n"
    line = source.line(each.line) if source is not None else ""
    quoted = _quoted(line, each) if line.strip() else ""
    return f"{head}{quoted}  {names['help']}: {each.help(lang)}\n\n"


def _quoted(line: str, each: Problem) -> str:
    at = min(each.column - 1, len(line))
    begin = max(0, at - _WIDTH)
    while width(line[begin:at]) > _WIDTH // 2:
        begin += 1
    end = begin
    while end < len(line) and width(line[begin : end + 1]) <= _WIDTH:
        end += 1
    shown = _flat(line[begin:end])
    cut, rest = ("…" if begin else ""), ("…" if end < len(line) else "")
    marked = max(1, width(_flat(line[at : min(at + each.length, end)])))
    indent = " " * (width(cut) + width(shown[: at - begin]))
    number = f"{each.line:>5}"
    return f"{number} | {cut}{shown}{rest}\n      | {indent}{'^' * marked}\n"


def _flat(text: str) -> str:
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in text)


def width(text: str) -> int:
    """Columns a text takes in a terminal."""
    total = 0
    for c in text:
        if unicodedata.combining(c):
            continue
        total += 2 if unicodedata.east_asian_width(c) in "WF" else 1
    return total


def as_rows(problems: Iterable[Problem], lang: str) -> list[dict[str, str | int]]:
    """Rows with the keys code, severity, file, line, column, message, help."""
    return [
        {
            "code": each.code,
            "severity": each.severity,
            "file": each.file,
            "line": each.line,
            "column": each.column,
            "message": each.message(lang),
            "help": each.help(lang),
        }
        for each in problems
    ]


def as_json(problems: Iterable[Problem], lang: str) -> str:
    """The rows as JSON."""
    return json.dumps(as_rows(problems, lang), ensure_ascii=False, indent=2) + "\n"


_LEVELS = {"error": "error", "warning": "warning", "hint": "note"}


def as_sarif(problems: Sequence[Problem], lang: str, version: str = "0") -> str:
    """SARIF 2.1.0 (OASIS), one run."""
    codes = sorted({each.code for each in problems})
    rules = [_rule(code, lang) for code in codes]
    results = [_result(each, codes.index(each.code), lang) for each in problems]
    driver = {"name": "hagukumi", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(code: str, lang: str) -> dict[str, Any]:
    said = saying(code)
    return {
        "id": code,
        "shortDescription": {"text": said.message.say(lang)},
        "help": {"text": said.help.say(lang)},
        "defaultConfiguration": {"level": _LEVELS[said.severity]},
    }


def _result(each: Problem, index: int, lang: str) -> dict[str, Any]:
    region = {"startLine": each.line, "startColumn": each.column, "endColumn": each.column + each.length}
    place = {"artifactLocation": {"uri": quote(each.file.replace("\\", "/"))}, "region": region}
    return {
        "ruleId": each.code,
        "ruleIndex": index,
        "level": _LEVELS[each.severity],
        "message": {"text": f"{each.message(lang)} {each.help(lang)}"},
        "locations": [{"physicalLocation": place}],
    }


_COMMANDS = {"error": "error", "warning": "warning", "hint": "notice"}


def as_github(problems: Iterable[Problem], lang: str) -> str:
    """Workflow commands that GitHub shows beside the lines of a change."""
    return "".join(_annotation(each, lang) for each in problems)


def _annotation(each: Problem, lang: str) -> str:
    name, title = _property(each.file), _property(each.code)
    place = f"file={name},line={each.line},col={each.column},endColumn={each.column + each.length}"
    said = _data(f"{each.message(lang)}\n{each.help(lang)}")
    return f"::{_COMMANDS[each.severity]} {place},title={title}::{said}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
