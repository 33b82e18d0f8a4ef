"""Nodes to typed values, driven by dataclass fields and typing hints; every problem with its place.

Start at `Binder.bind`. Readers for types with a form of their own (conditions, steps, goals …) are handed in, so this
file knows none of them.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language import traps
from hagukumi.journeys.language.entries import entries_of, stand_in
from hagukumi.journeys.language.marks import Marks as Marks
from hagukumi.journeys.language.marks import Path as Path
from hagukumi.journeys.language.nodes import ListNode, MapNode, Node, ScalarNode
from hagukumi.journeys.language.problems import Mark, Problem, nearest, problem
from hagukumi.journeys.language.scalars import READERS, Noted, Wrong, plain
from hagukumi.journeys.language.synonyms import SYNONYMS, canonical
from hagukumi.journeys.language.vocabulary import Vocabulary


class Failed:
    """The one value that says: this could not be read, and the problem has been told."""

    def __repr__(self) -> str:
        return "FAILED"


FAILED = Failed()


Reader = Callable[["Binder", Node, Path], Any]


@dataclass(slots=True)
class Binder:
    """One reading of one file: what it may know, and what it has found out so far."""

    file: str
    readers: Mapping[Any, Reader]
    vocabulary: Vocabulary
    problems: list[Problem] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    broken: set[Path] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    letters_at: frozenset[str] = frozenset()

    def tell(self, code: str, place: Node | Mark, /, **args: object) -> None:
        """Notes a problem at a node or a place."""
        mark = place if isinstance(place, Mark) else place.mark
        self.problems.append(problem(code, self.file, mark, **args))

    def fail(self, path: Path, code: str, place: Node | Mark, /, **args: object) -> Failed:
        """Notes a problem and that nothing sound stands at `path`."""
        self.tell(code, place, **args)
        self.broken.add(path)
        return FAILED

    def bind(self, node: Node, type_: Any, path: Path = ()) -> Any:
        """The value of a node as `type_`, or FAILED with its problems noted."""
        self.marks.values[path] = node.mark
        own = self.readers.get(type_)
        if own is not None:
            return own(self, node, path)
        return _reader(type_)(self, node, path)

    def scalar(self, node: Node, path: Path, example: str = "") -> ScalarNode | None:
        """The node when it is a single value; otherwise its problem is noted."""
        if isinstance(node, ScalarNode):
            if not node.empty:
                return node
            self.fail(path, "value.empty", node, key=_name(path))
            return None
        self.fail(path, "shape.scalar", node, key=_name(path))
        return None

    def read(self, node: Node, path: Path, reader: Callable[[str], Any]) -> Any:
        """A single value through a reader of scalars.py."""
        scalar = self.scalar(node, path)
        if scalar is None:
            return FAILED
        try:
            value = reader(scalar.value)
        except Wrong as wrong:
            return self.fail(path, wrong.code, node, **({"key": _name(path)} | wrong.facts))
        if isinstance(value, Noted):
            self.tell(value.code, node, **value.args)
            return value.value
        return value

    def entries(self, node: MapNode, path: Path) -> list[tuple[str, ScalarNode, Node]]:
        """Keys and values; a repeated key is told and left out."""
        seen: dict[str, ScalarNode] = {}
        found = []
        for key, value in node.pairs:
            name = key.value
            if name in seen:
                self.tell("key.duplicate", key, key=name, line=seen[name].mark.line)
                continue
            seen[name] = key
            self.marks.keys[(*path, name)] = key.mark
            found.append((name, key, value))
        return found

    def unknown_key(self, key: ScalarNode, allowed: tuple[str, ...]) -> str:
        """Tells of a key that is none, with the trap or the nearest name that explains it; gives what was meant."""
        seen = traps.in_key(key.value)
        if seen is not None:
            self.tell(seen.code, key, **seen.args)
            return seen.args.get("key") or seen.args.get("text") or plain(key.value)
        folded = plain(key.value).casefold().replace("-", "_").replace(" ", "_")
        near = folded if folded in allowed else nearest(folded, allowed)
        self.tell("key.unknown", key, key=key.value, allowed=", ".join(allowed), near=near)
        return near

    def mapping(self, node: Node, path: Path) -> MapNode | None:
        """The node when it is a mapping; otherwise its problem is noted."""
        if isinstance(node, MapNode):
            return node
        if isinstance(node, ScalarNode):
            seen = None if node.empty else traps.instead_of_structure(node.value)
            if seen is not None:
                self.fail(path, seen.code, node, **seen.args)
            else:
                self.fail(
                    path, "value.empty" if node.empty else "shape.mapping", node, key=_name(path), text=node.value
                )
        else:
            self.fail(path, "shape.mapping_not_list", node, key=_name(path))
        return None


def _name(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


@lru_cache(maxsize=512)
def _reader(type_: Any) -> Reader:
    origin, inner = typing.get_origin(type_), typing.get_args(type_)
    if type_ is str:
        return _text
    if type_ is Any:
        return _anything
    if type_ is Words:
        return _words
    if type_ in READERS:
        return lambda binder, node, path: binder.read(node, path, READERS[type_])
    if isinstance(type_, typing.NewType):
        return _new_type(type_)
    if origin is Literal:
        return _choice(tuple(str(value) for value in inner))
    if origin in (types.UnionType, typing.Union):
        return _union(tuple(each for each in inner if each is not type(None)), type(None) in inner)
    if origin in (tuple, frozenset, list):
        return _many(inner[0], origin)
    if origin in (dict, Mapping):
        return _map(inner[0], inner[1])
    if isinstance(type_, type) and dataclasses.is_dataclass(type_):
        return _record(type_)
    raise TypeError(f"nothing is known about reading {type_!r}")


def _text(binder: Binder, node: Node, path: Path) -> Any:
    scalar = binder.scalar(node, path)
    if scalar is None:
        return FAILED
    if scalar.plain and len(scalar.value) > 1 and scalar.value[0] in "“”„‟" and scalar.value[-1] in "“”„‟":
        binder.tell("yaml.smart_quotes", node, text=scalar.value.strip("“”„‟"))
    return scalar.value


def _anything(binder: Binder, node: Node, path: Path) -> Any:
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, ListNode):
        return tuple(binder.bind(item, Any, (*path, n)) for n, item in enumerate(node.items))
    return {name: binder.bind(value, Any, (*path, name)) for name, _, value in binder.entries(node, path)}


_ID = re.compile(r"[^\W\d_][\w-]{0,63}")
_LETTER = re.compile(r"[\w-]+(?:/[\w-]+)*")


def _new_type(type_: Any) -> Reader:
    base = type_.__supertype__
    if base is not str:
        return _reader(base)
    names = type_.__name__

    def read(binder: Binder, node: Node, path: Path) -> Any:
        text = _text(binder, node, path)
        if text is FAILED:
            return FAILED
        if names in ("StepName", "ArmName", "VariantName", "ScenarioName", "AudienceName"):
            if names == "StepName":
                binder.ids.add(text)
            if _ID.fullmatch(text) is None or text == "hold_out":
                return binder.fail(path, "value.name", node, text=text, key=_name(path))
        elif names == "ContentName" and _LETTER.fullmatch(text) is None:
            return binder.fail(path, "value.letter_name", node, text=text)
        return text

    return read


def no_choice(text: str, allowed: tuple[str, ...]) -> dict[str, str]:
    """What the sentences about a wrong choice name; in Japanese the choices come with their Japanese names."""
    both = [f"{value}({SYNONYMS[value][0]})" if value in SYNONYMS else value for value in allowed]
    names = {word: value for value in allowed for word in (value, *SYNONYMS.get(value, ()))}
    near = nearest(text, names)
    return {"text": text, "allowed": ", ".join(allowed), "allowed__ja": "、".join(both), "near": near}


def _choice(allowed: tuple[str, ...]) -> Reader:
    def read(binder: Binder, node: Node, path: Path) -> Any:
        scalar = binder.scalar(node, path)
        if scalar is None:
            return FAILED
        value = canonical(plain(scalar.value), allowed)
        if value is not None:
            return value
        return binder.fail(path, "value.choice", node, key=_name(path), **no_choice(scalar.value, allowed))

    return read


def _words(binder: Binder, node: Node, path: Path) -> Any:
    if isinstance(node, ScalarNode):
        text = _text(binder, node, path)
        return FAILED if text is FAILED else Words(text, text)
    mapping = binder.mapping(node, path)
    if mapping is None:
        return FAILED
    said: dict[str, Any] = {}
    for name, key, value in binder.entries(mapping, path):
        if name in ("ja", "en"):
            binder.marks.values[(*path, name)] = value.mark
            said[name] = _text(binder, value, (*path, name))
        else:
            binder.unknown_key(key, ("ja", "en"))
    if FAILED in said.values():
        return FAILED
    missing = [name for name in ("ja", "en") if name not in said]
    if missing:
        return binder.fail(path, "key.missing", node, key=missing[0], what="the text", what__ja="文")
    return Words(said["ja"], said["en"])


def _union(choices: tuple[Any, ...], none: bool) -> Reader:
    def read(binder: Binder, node: Node, path: Path) -> Any:
        if none and isinstance(node, ScalarNode) and node.empty and node.value:
            return None
        return binder.bind(node, _fitting(choices, node), path)

    return read


def _fitting(choices: tuple[Any, ...], node: Node) -> Any:
    """The alternative that the node's shape speaks for; the first when none does."""
    for choice in choices:
        origin = typing.get_origin(choice)
        structured = dataclasses.is_dataclass(choice) or origin in (dict, Mapping)
        many = origin in (tuple, frozenset, list)
        if isinstance(node, MapNode) and structured:
            return choice
        if isinstance(node, ListNode) and many:
            return choice
        if isinstance(node, ScalarNode) and not structured and not many:
            return choice
    return choices[0]


def _many(inner: Any, collect: Any) -> Reader:
    alone = dataclasses.is_dataclass(inner) or getattr(inner, "_is_protocol", False)

    def read(binder: Binder, node: Node, path: Path) -> Any:
        if isinstance(node, ScalarNode) and not node.empty and not alone:
            value = binder.bind(node, inner, path)
            return FAILED if value is FAILED else collect((value,))
        if not isinstance(node, ListNode):
            return _no_list(binder, node, path)
        items = [binder.bind(item, inner, (*path, n)) for n, item in enumerate(node.items)]
        sound = [item for item in items if item is not FAILED]
        if len(sound) < len(items):
            binder.broken.add(path)
        return collect(sound)

    return read


def _no_list(binder: Binder, node: Node, path: Path) -> Failed:
    if isinstance(node, ScalarNode) and not node.empty:
        seen = traps.instead_of_structure(node.value)
        if seen is not None:
            return binder.fail(path, seen.code, node, **seen.args)
        return binder.fail(path, "shape.list", node, key=_name(path))
    code = "value.empty" if isinstance(node, ScalarNode) else "shape.list"
    return binder.fail(path, code, node, key=_name(path))


def _map(key_type: Any, value_type: Any) -> Reader:
    def read(binder: Binder, node: Node, path: Path) -> Any:
        mapping = binder.mapping(node, path)
        if mapping is None:
            return FAILED
        made: dict[Any, Any] = {}
        for name, key, value in binder.entries(mapping, path):
            where = (*path, name)
            # A number is no name: a wrong key is no choice for the mapping, not for itself.
            known = name if key_type is str else binder.bind(key, key_type, (*path, 0))
            item = binder.bind(value, value_type, where)
            if known is FAILED or item is FAILED:
                binder.broken.add(path)
            else:
                made[known] = item
        return made

    return read


def _record(type_: type) -> Reader:
    def read(binder: Binder, node: Node, path: Path) -> Any:
        mapping = binder.mapping(node, path)
        return FAILED if mapping is None else record(binder, mapping, type_, path)

    return read


def record(binder: Binder, node: MapNode, type_: Any, path: Path) -> Any:
    """A dataclass from a mapping. A field that cannot be read gets a stand-in, if one exists, and reading goes on."""
    known = {each.key: each for each in entries_of(type_)}
    made: dict[str, Any] = {}
    meant: set[str] = set()
    for name, key, value in binder.entries(node, path):
        each = known.get(name)
        if each is None:
            meant.add(binder.unknown_key(key, tuple(known)))
            binder.broken.add(path)
            continue
        made[each.name] = binder.bind(value, each.type, (*path, name))
    for each in known.values():
        if each.name not in made and each.default is dataclasses.MISSING:
            made[each.name] = FAILED
            if each.key not in meant:
                binder.tell("key.missing", node, key=each.key, what=each.doc.en, what__ja=each.doc.ja)
    for each in known.values():
        if made.get(each.name) is FAILED:
            found = stand_in(each)
            made[each.name] = FAILED if found is dataclasses.MISSING else found
            binder.broken.add((*path, each.key))
    if FAILED in made.values():
        binder.broken.add(path)
        return FAILED
    value = type_(**made)
    binder.marks.objects[id(value)] = path
    return value
