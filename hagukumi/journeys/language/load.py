"""Files to typed values in one call. The only module here that opens a file. Start at `load`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

from hagukumi.journeys.language.binder import FAILED, Binder, Marks, Path
from hagukumi.journeys.language.nodes import Node, compose
from hagukumi.journeys.language.problems import Problem, in_order, problem
from hagukumi.journeys.language.scenario import LETTERS_AT, READERS, Scenario
from hagukumi.journeys.language.source import LIMITS, Limits, Source, decode, source_of
from hagukumi.journeys.language.vocabulary import NOTHING_KNOWN, Vocabulary

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What came of a file. `value` is None when it has errors; `draft` is what could be read all the same.

    marks: places by path or object. broken: paths where nothing sound stands. ids: every step id that is written.
    """

    file: str
    value: T | None
    draft: T | None
    problems: tuple[Problem, ...]
    source: Source | None = None
    marks: Marks = field(default_factory=Marks)
    broken: frozenset[Path] = frozenset()
    ids: frozenset[str] = frozenset()

    def sound(self, *path: str | int) -> bool:
        """Whether nothing at or under `path`, and nothing it stands in, is broken there."""
        return not any(each[: len(path)] == path or path[: len(each)] == each for each in self.broken)


_REASONS: dict[type[Exception], tuple[str, str]] = {
    IsADirectoryError: ("フォルダーです", "it is a folder"),
    PermissionError: ("権限がありません", "permission is missing"),
}


def read_file(
    path: FilePath | str, *, name: str | None = None, limits: Limits = LIMITS
) -> tuple[Source | None, list[Problem]]:
    """A file as text, or the problem that says why not. `name` is how messages call it."""
    shown = name or str(path)
    try:
        with open(path, "rb") as file:
            data = file.read(limits.size + 1)
    except FileNotFoundError:
        return None, [problem("file.missing", shown)]
    except (OSError, ValueError) as error:
        ja, en = _REASONS.get(type(error), ("読み取れません", "it cannot be read"))
        return None, [problem("file.unreadable", shown, reason=en, reason__ja=ja)]
    return decode(shown, data, limits)


def load(
    what: FilePath | str | Source,
    type_: type[T],
    *,
    name: str | None = None,
    vocabulary: Vocabulary = NOTHING_KNOWN,
    limits: Limits = LIMITS,
) -> Loaded[T]:
    """A file (or a text that is one already) as `type_`, with every problem found on the way.

    Raises nothing for bad input.
    """
    if isinstance(what, Source):
        source: Source | None = what
        problems: list[Problem] = []
    else:
        source, problems = read_file(what, name=name, limits=limits)
    shown = source.path if source is not None else name or str(what)
    if source is None:
        return Loaded(shown, None, None, tuple(problems))
    composed = compose(source, limits)
    problems.extend(composed.problems)
    if composed.node is None:
        return Loaded(shown, None, None, in_order(problems, limits.problems), source)
    return _bound(source, composed.node, type_, problems, vocabulary, limits)


def load_text(text: str, type_: type[T], *, name: str = "-", vocabulary: Vocabulary = NOTHING_KNOWN) -> Loaded[T]:
    """The same for a text."""
    return load(source_of(name, text), type_, vocabulary=vocabulary)


def _bound(
    source: Source, node: Node, type_: type[T], problems: list[Problem], vocabulary: Vocabulary, limits: Limits
) -> Loaded[T]:
    at = LETTERS_AT if type_ is Scenario else frozenset[str]()
    binder = Binder(source.path, READERS, vocabulary, problems, letters_at=at)
    made: Any = binder.bind(node, type_)
    draft = None if made is FAILED else made
    told = in_order(binder.problems, limits.problems)
    value = None if any(each.is_error for each in told) else draft
    broken, ids = frozenset(binder.broken), frozenset(binder.ids)
    return Loaded(source.path, value, draft, told, source, binder.marks, broken, ids)
