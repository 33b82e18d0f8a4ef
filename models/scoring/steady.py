"""What skops writes, with names that depend on the contents alone: the same model has the same bytes. See `steady`.

skops names parts by addresses in memory, which differ from run to run.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from itertools import count
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

SCHEMA = "schema.json"


def steady(content: bytes) -> bytes:
    """The same file: parts named by their hash and in its order, objects numbered as they come, no times."""
    with ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    schema = json.loads(parts.pop(SCHEMA))
    names = {name: f"{hashlib.sha256(part).hexdigest()[:32]}.{name.split('.')[-1]}" for name, part in parts.items()}
    _renamed(schema, names, count(1))
    said = {names[name]: part for name, part in parts.items()}
    whole = io.BytesIO()
    with ZipFile(whole, "w", ZIP_STORED) as new:
        for name, part in (*sorted(said.items()), (SCHEMA, json.dumps(schema).encode())):
            new.writestr(ZipInfo(name), part)
    return whole.getvalue()


def _renamed(node: Any, names: dict[str, str], numbers: Iterator[int]) -> None:
    """Numbers every object by itself: which of them are one in memory is chance, too."""
    if isinstance(node, list):
        for each in node:
            _renamed(each, names, numbers)
    elif isinstance(node, dict):
        if isinstance(node.get("__id__"), int):
            node["__id__"] = next(numbers)
        if node.get("file") in names:
            node["file"] = names[node["file"]]
        for each in node.values():
            _renamed(each, names, numbers)
