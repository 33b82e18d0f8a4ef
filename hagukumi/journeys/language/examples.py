"""`examples:` of a scenario as values: given whom, when they do what, then which steps on which day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, NamedTuple

from hagukumi.journeys.language import conditions, scalars
from hagukumi.journeys.language.binder import FAILED, Binder, Path, Reader
from hagukumi.journeys.language.nodes import ListNode, MapNode, Node, ScalarNode
from hagukumi.journeys.language.owner_types import as_owner_type
from hagukumi.journeys.language.problems import Mark, nearest
from hagukumi.journeys.language.synonyms import canonical
from hagukumi.journeys.steps.base import Role


class Happening(NamedTuple):
    """Something the person does on a business day (1 = entry), at `clock` if written: a kind, and what about."""

    day: int
    kind: str
    about: str | None
    clock: time | None = None


class Expected(NamedTuple):
    """A step that is to happen on a business day."""

    day: int
    step: str


@dataclass(frozen=True, slots=True)
class Example:
    """One example program. `mark` is its place in the file, `marks` those of what it expects."""

    given: Mapping[str, Any]
    when: tuple[Happening, ...]
    then: tuple[Expected, ...]
    never: tuple[str, ...]
    mark: Mark
    marks: Mapping[Expected | str, Mark]


def told_apart(about: str | None) -> tuple[str | None, str | None]:
    """In a play: what a deed is about, and by whose role; a role may stand behind it (clicked summary 決裁者)."""
    words = (about or "").split()
    role = canonical(words[-1], conditions.CHOICES["role"]) if words else None
    if role is None:
        return about, None
    return " ".join(words[:-1]) or None, role


OVER = frozenset({"end", "終了"})
"""How an example names the end of the journey, whichever step brings it."""

_KEYS = ("given", "when", "then", "never")
_DAY = re.compile(r"(?:第)?(\d{1,4})\s*(?:日目|営業日目)(?:\s+(.+))?|(?:business )?day\s*(\d{1,4})(?:\s+(.+))?")


def example(binder: Binder, node: Node, path: Path) -> Any:
    """given / when / then / never."""
    mapping = binder.mapping(node, path)
    if mapping is None:
        return FAILED
    before = len(binder.broken)
    parts: dict[str, Node] = {}
    for name, key, value in binder.entries(mapping, path):
        if name in _KEYS:
            parts[name] = value
        else:
            binder.unknown_key(key, _KEYS)
            binder.broken.add(path)
    if "then" not in parts and "never" not in parts:
        return binder.fail(path, "example.nothing_expected", node)
    marks: dict[Expected | str, Mark] = {}
    given = _given(binder, parts.get("given"), (*path, "given"))
    when = _when(binder, parts.get("when"), (*path, "when"))
    then = _then(binder, parts.get("then"), (*path, "then"), marks)
    never = _never(binder, parts.get("never"), (*path, "never"), marks)
    if len(binder.broken) > before:
        return FAILED
    return Example(given, when, then, never, mapping.mark, marks)


def _map(binder: Binder, node: Node | None, path: Path) -> MapNode | None:
    return None if node is None else binder.mapping(node, path)


def _given(binder: Binder, node: Node | None, path: Path) -> dict[str, Any]:
    mapping = _map(binder, node, path)
    if mapping is None:
        return {}
    made: dict[str, Any] = {}
    for name, key, value in binder.entries(mapping, path):
        where = (*path, name)
        binder.marks.values[where] = value.mark
        if name == "tagged":
            made["tags"] = binder.bind(value, frozenset[str], where)
        elif name in ("roles", "without_mail"):
            made[name] = binder.bind(value, tuple[Role, ...], where)
        elif name == "name":
            made[name] = binder.bind(value, str, where)
        elif name == "theme_score":
            made[name] = _by_theme(binder, value, where)
        elif name == "grade":
            made[name] = binder.read(value, where, _one_grade)
        else:
            made[name] = _attribute(binder, name, key, value, where)
    return made


def _attribute(binder: Binder, name: str, key: ScalarNode, node: Node, path: Path) -> Any:
    field = binder.vocabulary.fields.get(name)
    kind = field.type if field is not None else ""
    if name in conditions.NUMBERS or name == "score" or kind == "number":
        return binder.read(node, path, _number)
    if name in conditions.CHOICES:
        return binder.read(node, path, conditions.chosen(conditions.CHOICES[name]))
    if name == "stage":
        return binder.read(node, path, lambda text: _only(scalars.stage_range(text)))
    if name in conditions.FLAGS or kind == "bool":
        return binder.read(node, path, scalars.boolean)
    if name == "owner_type":
        return binder.read(node, path, as_owner_type)
    if name in conditions.TEXTS or field is not None:
        return binder.bind(node, str, path)
    known = ("stage", *conditions.CHOICES, *conditions.TEXTS, *conditions.NUMBERS, *conditions.FLAGS)
    binder.unknown_key(key, (*known, *conditions.SCORES, "tagged", *binder.vocabulary.fields))
    binder.broken.add(path)
    return FAILED


def _by_theme(binder: Binder, node: Node, path: Path) -> Any:
    mapping = _map(binder, node, path)
    if mapping is None:
        return FAILED
    return {theme: binder.read(value, (*path, theme), _number) for theme, _, value in binder.entries(mapping, path)}


def _one_grade(text: str) -> str:
    grades = conditions.grades_of(text)
    if len(grades) > 1:
        raise scalars.Wrong("value.grade", text=text)
    return min(grades)


def _number(text: str) -> int | float:
    value = scalars.decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def _only(range_: Any) -> str:
    if isinstance(range_, scalars.Noted) or range_.low != range_.high:
        raise scalars.Wrong("value.stage", text=str(range_))
    return str(range_.low)


class _Day(NamedTuple):
    day: int
    clock: time | None


def _day(binder: Binder, key: ScalarNode, path: Path) -> _Day | None:
    flat = scalars.plain(key.value).casefold()
    found = _DAY.fullmatch(flat)
    number = int(found[1] or found[3]) if found is not None else 0
    if found is None or not 1 <= number <= 800:
        binder.fail(path, "example.day", key, text=key.value)
        return None
    clock = found[2] or found[4]
    if clock is None:
        return _Day(number, None)
    try:
        return _Day(number, scalars.clock(clock))
    except scalars.Wrong as wrong:
        binder.fail(path, wrong.code, key, **wrong.facts)
        return None


def _texts(binder: Binder, node: Node, path: Path) -> list[tuple[str, Mark]]:
    items = node.items if isinstance(node, ListNode) else [node]
    found = []
    for n, item in enumerate(items):
        where = (*path, n) if isinstance(node, ListNode) else path
        scalar = binder.scalar(item, where)
        if scalar is not None:
            found.append((scalars.plain(scalar.value), item.mark))
    return found


def _when(binder: Binder, node: Node | None, path: Path) -> tuple[Happening, ...]:
    mapping = _map(binder, node, path)
    made: list[Happening] = []
    for name, key, value in binder.entries(mapping, path) if mapping is not None else ():
        where = (*path, name)
        day = _day(binder, key, where)
        for text, mark in _texts(binder, value, where):
            kind, _, about = text.partition(" ")
            if kind == "call_result":
                kind = "called"
            if kind not in conditions.DEEDS:
                near = nearest(kind, conditions.DEEDS)
                binder.fail(where, "example.deed", mark, text=text, near=near, deeds=", ".join(conditions.DEEDS))
            elif day is not None:
                made.append(Happening(day.day, kind, about or None, day.clock))
    return tuple(made)


def _then(binder: Binder, node: Node | None, path: Path, marks: dict[Expected | str, Mark]) -> tuple[Expected, ...]:
    mapping = _map(binder, node, path)
    made: list[Expected] = []
    for name, key, value in binder.entries(mapping, path) if mapping is not None else ():
        day = _day(binder, key, (*path, name))
        for text, mark in _texts(binder, value, (*path, name)):
            if day is not None:
                made.append(Expected(day.day, text))
                marks[made[-1]] = mark
    return tuple(made)


def _never(binder: Binder, node: Node | None, path: Path, marks: dict[Expected | str, Mark]) -> tuple[str, ...]:
    if node is None:
        return ()
    found = _texts(binder, node, path)
    marks.update(dict(found))
    return tuple(text for text, _ in found)


READERS: dict[Any, Reader] = {Example: example}
