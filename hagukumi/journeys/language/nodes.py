"""YAML text to a tree of nodes with their places; iterative and bounded, so no nesting or alias can hurt.

Start at `compose`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from hagukumi.journeys.language import traps
from hagukumi.journeys.language.problems import Mark, Problem, problem
from hagukumi.journeys.language.source import LIMITS, Limits, Source, checked, source_of

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_REPAIRS = 30


@dataclass(slots=True)
class ScalarNode:
    """A single value as it was written; `plain` when it stood without quotes."""

    value: str
    mark: Mark
    plain: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return self.plain and self.value in ("", "~", "null")


@dataclass(slots=True)
class ListNode:
    """A list."""

    mark: Mark
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class MapNode:
    """Keys and values in their order; keys may repeat here."""

    mark: Mark
    pairs: list[tuple[ScalarNode, Node]] = field(default_factory=list)

    def get(self, key: str) -> Node | None:
        """The first value under `key`."""
        return next((value for name, value in self.pairs if name.value == key), None)


Node = ScalarNode | ListNode | MapNode


class Composed(NamedTuple):
    """The tree, if there is one, and what was wrong with the text."""

    node: Node | None
    problems: list[Problem]


class _Refused(Exception):
    def __init__(self, code: str, mark: Mark, **args: object) -> None:
        super().__init__(code)
        self.code, self.mark, self.facts = code, mark, args


def compose(source: Source, limits: Limits = LIMITS) -> Composed:
    """The tree of a text. Usual slips of the pen are told, mended in memory, and reading goes on to find the rest."""
    sound, problems = checked(source)
    if sound is None:
        return Composed(None, problems)
    if len(source.text) > limits.size:
        return Composed(None, [problem("file.too_large", source.path, most=f"{limits.size:,}")])
    reading = source
    for _ in range(_MOST_REPAIRS):
        try:
            node = _tree(reading, limits)
        except _Refused as refused:
            return Composed(None, [*problems, problem(refused.code, source.path, refused.mark, **refused.facts)])
        except yaml.MarkedYAMLError as error:
            slip = traps.diagnose(source.path, reading, error)
            problems.extend(slip.problems)
            if slip.mended is None or slip.mended == reading.text:
                return Composed(None, problems)
            reading = source_of(source.path, slip.mended)
        except (yaml.YAMLError, UnicodeError, RecursionError):
            return Composed(None, [*problems, problem("yaml.syntax", source.path)])
        else:
            if node is None:
                problems.append(problem("file.empty", source.path))
            return Composed(node, problems)
    return Composed(None, problems)


def _mark(event: Any) -> Mark:
    start, end = event.start_mark, event.end_mark
    return Mark(start.line + 1, start.column + 1, max(1, end.column - start.column) if start.line == end.line else 1)


class _Frame:
    __slots__ = ("key", "node")

    def __init__(self, node: ListNode | MapNode) -> None:
        self.node = node
        self.key: ScalarNode | None = None


def _tree(source: Source, limits: Limits) -> Node | None:
    root: Node | None = None
    stack: list[_Frame] = []
    documents = count = 0
    for event in _events(source):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            node: Node = ScalarNode(event.value, _mark(event), bool(event.implicit[0]))
        elif kind is yaml.MappingStartEvent:
            node = MapNode(_mark(event))
        elif kind is yaml.SequenceStartEvent:
            node = ListNode(_mark(event))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            stack.pop()
            continue
        elif kind is yaml.AliasEvent:
            raise _Refused("yaml.alias", _mark(event), name=event.anchor)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise _Refused("yaml.documents", _mark(event))
            continue
        else:
            continue
        count += 1
        _allowed(event, node, count, len(stack), limits)
        if not stack:
            root = node
        else:
            _put(stack[-1], node)
        if not isinstance(node, ScalarNode):
            stack.append(_Frame(node))
    return None if isinstance(root, ScalarNode) and root.empty else root


def _allowed(event: Any, node: Node, count: int, depth: int, limits: Limits) -> None:
    if event.anchor is not None:
        raise _Refused("yaml.alias", node.mark, name=event.anchor)
    if event.tag is not None and event.tag != "!":
        raise _Refused("yaml.tag", node.mark, name=event.tag)
    if count > limits.nodes:
        raise _Refused("file.too_many_values", node.mark, most=f"{limits.nodes:,}")
    if depth >= limits.depth:
        raise _Refused("yaml.too_deep", node.mark, most=limits.depth)


def _put(frame: _Frame, node: Node) -> None:
    if isinstance(frame.node, ListNode):
        frame.node.items.append(node)
    elif frame.key is not None:
        frame.node.pairs.append((frame.key, node))
        frame.key = None
    elif isinstance(node, ScalarNode):
        frame.key = node
    else:
        raise _Refused("yaml.key_not_text", node.mark)


def _events(source: Source) -> Iterator[Any]:
    loader = _LOADER(source.text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()
