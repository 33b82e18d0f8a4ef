"""A dataclass as people write it in YAML: its keys, their types and defaults. Start with `entries_of`."""

from __future__ import annotations

import dataclasses
import typing
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from hagukumi.journeys.core.values import Share, Span, SpanUnit, Words


class Entry(NamedTuple):
    """A field of a dataclass as YAML sees it. `default` is dataclasses.MISSING when the key must be written."""

    name: str
    key: str
    type: Any
    default: Any
    doc: Words


def entries_of(type_: Any) -> tuple[Entry, ...]:
    """The keys of a dataclass in their order, without the internal ones."""
    return _entries(type_)


@lru_cache(maxsize=512)
def _entries(type_: Any) -> tuple[Entry, ...]:
    hints = typing.get_type_hints(type_)
    found: list[Entry] = []
    common: list[Entry] = []
    for each in dataclasses.fields(type_):
        if each.metadata.get("internal") or not each.init:
            continue
        default = each.default
        if default is dataclasses.MISSING and each.default_factory is not dataclasses.MISSING:
            default = each.default_factory()
        (common if each.metadata.get("common") else found).append(
            Entry(each.name, each.name.rstrip("_"), hints[each.name], default, each.metadata.get("doc", Words("", "")))
        )
    # What all kinds share stands below what is a kind's own.
    return (*found, *common)


_STAND_INS: dict[Any, Any] = {
    str: "",
    int: 1,
    Words: Words("", ""),
    Span: Span(1, SpanUnit.DAYS),
    Share: Share(0),
}


def stand_in(each: Entry) -> Any:
    """What reading goes on with where a field could not be read; dataclasses.MISSING where nothing can stand in."""
    if each.default is not dataclasses.MISSING:
        return each.default
    type_ = getattr(each.type, "__supertype__", each.type)
    if type_ in _STAND_INS:
        return _STAND_INS[type_]
    origin = typing.get_origin(type_)
    if origin in (tuple, frozenset):
        return origin()
    if origin is Literal:
        return typing.get_args(type_)[0]
    return dataclasses.MISSING
