"""The form of a value that is equal for equal meanings, for hashes and comparisons. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any

_UNMEANT = frozenset({"place", "title", "purpose", "owner", "examples", "moved", "stop_when", "needs"})
"""Fields that change nothing about what happens to anybody."""


def canonical(value: Any) -> Any:
    """A value as JSON that is equal for equal meanings."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted((canonical(each) for each in value), key=repr)
    if isinstance(value, Mapping):
        return [[key, canonical(each)] for key, each in value.items()]
    if isinstance(value, tuple):
        return [canonical(each) for each in value]
    if dataclasses.is_dataclass(value):
        said = {
            each.name: canonical(getattr(value, each.name))
            for each in dataclasses.fields(value)
            if each.name not in _UNMEANT and getattr(value, each.name) != each.default
        }
        return {type(value).__name__: said}
    raise TypeError(f"no canonical form for {type(value).__name__}")
