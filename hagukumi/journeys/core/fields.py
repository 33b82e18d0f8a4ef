"""How a field of a YAML file is described once for the parser, the JSON schema, the editor and the reference."""

from __future__ import annotations

import dataclasses
from typing import Any

from hagukumi.journeys.core.values import Words


def entry(ja: str, en: str, default: Any = dataclasses.MISSING) -> Any:
    """A dataclass field as people write it in YAML, with what editors and the reference say about it.

    A trailing underscore of the field's name is not part of the YAML key (`else_` is `else`).
    """
    return dataclasses.field(default=default, metadata={"doc": Words(ja, en)})
