"""What every problem says, by its code: what is wrong and what to do, in Japanese and English. Start at `saying`.

A room with problems of its own adds a module with a PROBLEMS dict and its name to MODULES.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Literal, NamedTuple

from hagukumi.journeys.core.values import Words

MODULES = (
    "hagukumi.words.problems.files",
    "hagukumi.words.problems.values",
    "hagukumi.words.problems.scenarios",
    "hagukumi.words.problems.meaning",
    "hagukumi.words.problems.examples",
    "hagukumi.words.problems.templates",
    "hagukumi.words.problems.rules",
    "hagukumi.checking.words",
    "hagukumi.words.import_problems",
)


class Saying(NamedTuple):
    """How grave, what is wrong, what to do. {name} is replaced by the problem's argument of that name."""

    severity: Literal["error", "warning", "hint"]
    message: Words
    help: Words


def error(ja: str, en: str, help_ja: str, help_en: str) -> Saying:
    """The file cannot be used."""
    return Saying("error", Words(ja, en), Words(help_ja, help_en))


def warning(ja: str, en: str, help_ja: str, help_en: str) -> Saying:
    """It can be used, but probably does not do what was meant."""
    return Saying("warning", Words(ja, en), Words(help_ja, help_en))


def hint(ja: str, en: str, help_ja: str, help_en: str) -> Saying:
    """It works; there is a better way to write it."""
    return Saying("hint", Words(ja, en), Words(help_ja, help_en))


@cache
def _sayings(module: str) -> Mapping[str, Saying]:
    found = import_module(module).PROBLEMS
    return {code: Saying(said.severity, said.message, said.help) for code, said in found.items()}


def catalogue() -> Mapping[str, Saying]:
    """Every code with what it says."""
    return {code: said for module in MODULES for code, said in _sayings(module).items()}


@cache
def saying(code: str) -> Saying:
    """What a code says; modules are imported in their order until one knows it. Raises KeyError for an unknown code."""
    for module in MODULES:
        said = _sayings(module).get(code)
        if said is not None:
            return said
    raise KeyError(code)
