"""The traps of YAML, each with a message of its own: tabs, full-width characters, forgotten spaces and quotes.

Start at `diagnose`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import yaml

from hagukumi.journeys.language.problems import Mark, Problem, problem
from hagukumi.journeys.language.source import Source

_KEY = r"(?P<head>[ ]*(?:- +)*(?P<key>[A-Za-z_][\w.-]*|[^\s#'\"\[\]{}:：,，-][^\s#'\"\[\]{}:：,，]{0,30}))"
_WIDE_COLON = re.compile(rf"^{_KEY}(?P<slip>：)[ 　]*")
_NO_SPACE = re.compile(rf"^{_KEY}(?P<slip>:)(?=[^\s:/])")
_WIDE_SPACE = re.compile(r"^(?P<head>[ ]*)(?P<slip>[ 　]*　[ 　]*)")
_TAB = re.compile(r"^(?P<head>[ ]*)(?P<slip>[ \t]*\t[ \t]*)")
_DASH = re.compile(r"^(?P<head>[ ]*)(?P<slip>[-‐‑–—−－])(?=[^\s-])")
_RESERVED = re.compile(r"(?P<head>^|[:\[,{]\s*|-\s+)(?P<slip>[@`%])")
_TWO_COLONS = re.compile(r"^(?P<head>[ ]*(?:- +)*[\w.-]+: +)(?P<slip>[^'\"\[{|>#].*: .*)$")
_SMART = re.compile(r"[“”„‟]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|(?<![^\s])#.*")


class Slip(NamedTuple):
    """What was found, and the text mended so that reading can go on (None: it cannot)."""

    problems: list[Problem]
    mended: str | None


class _Trap(NamedTuple):
    code: str
    pattern: re.Pattern[str]
    mend: Callable[[str, re.Match[str]], str]


def _replace(new: str) -> Callable[[str, re.Match[str]], str]:
    return lambda line, found: line[: found.start("slip")] + new + line[found.end() :]


def _quote(line: str, found: re.Match[str]) -> str:
    text = found["slip"].rstrip().replace("'", "''")
    return f"{line[: found.start('slip')]}'{text}'"


_TRAPS = (
    _Trap("yaml.tab", _TAB, lambda line, f: f["head"] + f["slip"].replace("\t", "  ") + line[f.end() :]),
    _Trap(
        "yaml.fullwidth_space", _WIDE_SPACE, lambda line, f: f["head"] + f["slip"].replace("　", "  ") + line[f.end() :]
    ),
    _Trap("yaml.fullwidth_colon", _WIDE_COLON, _replace(": ")),
    _Trap("yaml.dash_space", _DASH, _replace("- ")),
    _Trap("yaml.colon_space", _NO_SPACE, _replace(": ")),
    _Trap("yaml.colon_in_text", _TWO_COLONS, _quote),
)


def diagnose(path: str, source: Source, error: yaml.MarkedYAMLError) -> Slip:
    """What a failure of the YAML reader means in a marketer's words, and a mended text when the slip is a known one."""
    at = _place(error.problem_mark)
    since = _place(error.context_mark) if error.context_mark is not None else at
    context, said = error.context or "", error.problem or ""
    for unclosed in ("quoted scalar", "flow sequence", "flow mapping"):
        if unclosed in context and "escape" not in said and not _mendable(source, at.line):
            sign = source.line(since.line)[since.column - 1 : since.column] or "?"
            return Slip([problem("yaml.unclosed", path, since, sign=sign)], None)
    for number in _near(source, at.line, since.line):
        line = source.line(number)
        for trap in _TRAPS:
            found = trap.pattern.match(line)
            if found is not None and _fits(trap, found):
                mark = Mark(number, found.start("slip") + 1, max(1, len(found["slip"])))
                key = found.groupdict().get("key") or ""
                lines = list(source.lines)
                lines[number - 1] = trap.mend(line, found)
                return Slip([problem(trap.code, path, mark, key=key)], "\n".join(lines))
    return Slip([_plain(path, source, at, since, context, said)], None)


def _fits(trap: _Trap, found: re.Match[str]) -> bool:
    return trap.code != "yaml.dash_space" or found["slip"] != "-" or not found.string.strip().startswith("---")


def _mendable(source: Source, line: int) -> bool:
    return any(_WIDE_COLON.match(source.line(n)) or _TAB.match(source.line(n)) for n in (line, line - 1) if n > 0)


def _near(source: Source, at: int, since: int) -> list[int]:
    before = next((n for n in range(at - 1, 0, -1) if source.line(n).strip()), at)
    return list(dict.fromkeys((at, before, since)))


def _plain(path: str, source: Source, at: Mark, since: Mark, context: str, said: str) -> Problem:
    line = source.line(at.line)
    reserved = _RESERVED.search(line)
    if "cannot start any token" in said and reserved is not None:
        mark = Mark(at.line, reserved.start("slip") + 1, 1)
        return problem("yaml.reserved", path, mark, sign=reserved["slip"])
    if "escape" in said:
        return problem("yaml.escape", path, at)
    if "block mapping" in context or "block collection" in context or "not allowed" in said:
        return problem("yaml.indent", path, at, begun=since.line)
    if "could not find expected ':'" in said:
        return problem("yaml.no_colon", path, since, text=source.line(since.line).strip())
    opened = _opened(source, at) if "flow" in context else None
    if opened is not None:
        return problem("yaml.unclosed", path, opened, sign=source.line(opened.line)[opened.column - 1])
    return problem("yaml.syntax", path, at)


def _opened(source: Source, until: Mark) -> Mark | None:
    """The last bracket before a place that is still open there."""
    opened: list[Mark] = []
    for number in range(1, min(until.line, len(source.lines)) + 1):
        line = _QUOTED.sub(lambda found: " " * len(found[0]), source.line(number))
        end = until.column - 1 if number == until.line else len(line)
        for place, sign in enumerate(line[:end], 1):
            if sign in "[{":
                opened.append(Mark(number, place, 1))
            elif sign in "]}" and opened:
                opened.pop()
    return opened[-1] if opened else None


def _place(mark: object) -> Mark:
    return Mark(getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1, 1)


class Seen(NamedTuple):
    """A trap inside a value that YAML itself took without a word: the code, and what it was written as."""

    code: str
    args: dict[str, str]


def in_key(key: str) -> Seen | None:
    """What is odd about a key, if something is."""
    if "：" in key:
        return Seen("yaml.fullwidth_colon", {"key": key.split("：")[0].strip()})
    if "　" in key:
        return Seen("yaml.fullwidth_space", {})
    if _SMART.search(key) or (key[:1] in "‘’" and key):
        return Seen("yaml.smart_quotes", {"text": key.strip("“”„‟‘’")})
    if ":" in key:
        return Seen("yaml.colon_space", {"key": key.split(":")[0]})
    return None


def instead_of_structure(text: str) -> Seen | None:
    """Why a text stands where a mapping or a list belongs, if a trap explains it."""
    found = _WIDE_COLON.match(text)
    if found is not None:
        return Seen("yaml.fullwidth_colon", {"key": found["key"]})
    found = _NO_SPACE.match(text)
    if found is not None:
        return Seen("yaml.colon_space", {"key": found["key"]})
    if _DASH.match(text):
        return Seen("yaml.dash_space", {})
    return None
