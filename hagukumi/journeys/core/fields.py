"""How a field of a YAML file is described once for the parser, the JSON schema, the editor and the reference."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from hagukumi.journeys.core.values import Words


def entry(ja: str, en: str, default: Any = dataclasses.MISSING) -> Any:
    """A dataclass field as people write it in YAML, with what editors and the reference say about it.

    A trailing underscore of the field's name is not part of the YAML key (`else_` is `else`).
    """
    return dataclasses.field(default=default, metadata={"doc": Words(ja, en)})


class _Nothing(Mapping[Any, Any]):
    def __getitem__(self, key: Any) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __hash__(self) -> int:
        return 0


NOTHING: Mapping[Any, Any] = _Nothing()
"""A mapping without entries that may stand as a field's default: nobody can put anything in."""
