"""What is wrong, where, and how grave: problems as values.

Their sentences stand in hagukumi/words/problems; show.py prints them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from hagukumi.words.problems import saying

Severity = Literal["error", "warning", "hint"]
_SLOT = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_GRAVITY = {"error": 0, "warning": 1, "hint": 2}


class Mark(NamedTuple):
    """A place in a text: line and column count from 1, `length` in characters."""

    line: int = 1
    column: int = 1
    length: int = 1


TOP = Mark()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place. `args` are the values its sentences name; `near` is the nearest known name."""

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    args: Mapping[str, str]
    length: int = 1

    def message(self, lang: str) -> str:
        """What is wrong, in `lang`."""
        return self._fill(saying(self.code).message.say(lang), lang)

    def help(self, lang: str) -> str:
        """What to do, in `lang`; never empty."""
        text = self._fill(saying(self.code).help.say(lang), lang).strip()
        near = self.args.get("near")
        if not near:
            return text
        return f"{text} Did you mean: {near}?" if lang == "en" else f"{text}もしかして: {near}"

    def _fill(self, text: str, lang: str) -> str:
        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name is None:
                return found[0][0]
            return self.args.get(f"{name}.{lang}", self.args.get(name, ""))

        return _SLOT.sub(value, text)

    @property
    def is_error(self) -> bool:
        """Whether the file cannot be used."""
        return self.severity == "error"


def problem(code: str, file: str, mark: Mark = TOP, /, **args: object) -> Problem:
    """A problem at a place; its gravity comes from the catalogue. An argument `name__ja` stands for `name` in Japanese.

    Raises KeyError for a code that the catalogue does not have.
    """
    said = {name.replace("__", "."): shown(str(value)) for name, value in args.items()}
    return Problem(code, saying(code).severity, file, mark.line, mark.column, said, max(1, mark.length))


def shown(text: str, most: int = 300) -> str:
    """A value as a message may show it: on one line, without control characters, not too long."""
    flat = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") else c for c in text[: most + 1])
    return flat if len(flat) <= most else flat[: most - 1] + "…"


@lru_cache(maxsize=256)
def _nearest(name: str, known: tuple[str, ...]) -> str:
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if found:
        return found[0]
    folded = {word.casefold(): word for word in known}
    lower = difflib.get_close_matches(name.casefold(), tuple(folded), n=1, cutoff=0.6)
    return folded[lower[0]] if lower else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or an empty text."""
    return _nearest(name[:60], tuple(known))


def in_order(problems: Iterable[Problem], most: int = 100) -> tuple[Problem, ...]:
    """Sorted by file and place, each told once, at most `most` a file with a note about the rest."""
    by_file: dict[str, dict[tuple[int, int, int, str, tuple[tuple[str, str], ...]], Problem]] = {}
    for each in problems:
        told = (each.line, each.column, _GRAVITY[each.severity], each.code, tuple(sorted(each.args.items())))
        by_file.setdefault(each.file, {}).setdefault(told, each)
    out: list[Problem] = []
    for file in sorted(by_file):
        every = [by_file[file][told] for told in sorted(by_file[file])]
        if len(every) > most:
            gravest = sorted(every, key=lambda each: _GRAVITY[each.severity])[:most]
            kept = {id(each) for each in gravest}
            left = len(every) - most
            last = max(each.line for each in gravest)
            every = [each for each in every if id(each) in kept]
            every.append(problem("file.too_many_problems", file, Mark(last, 1, 1), left=left, most=most))
        out.extend(every)
    return tuple(out)


def moved_to(each: Problem, file: str) -> Problem:
    """The same problem told of another file name."""
    return replace(each, file=file)
