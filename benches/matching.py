"""Rows of a list that are one organisation: facilities, each written in four ways.

The floor folds the same names into a dictionary and looks them up again, without asking what contradicts.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from abm.listed import Organisation
from abm.matching import match
from benches.clock import Watch
from hagukumi.pipeline.names import company
from hagukumi.world.facilities import make_facilities
from hagukumi.world.naming import facility_as

WAYS = ("full", "short_form", "spaced", "wide")


def prepare(folder: str, rows: int) -> dict[str, Any]:
    """The list, and whose each row is."""
    facilities = make_facilities("matching", rows // len(WAYS))
    listed, owners = [], {}
    for each in facilities:
        for way in WAYS:
            key = str(len(listed))
            number = each.corporate_number if way == "full" else ""
            listed.append(Organisation(key, facility_as(way, each), number, place=each.address, code=""))
            owners[key] = each.number
    Path(folder, "list.pickle").write_bytes(pickle.dumps((listed, owners)))
    return {}


def pairs(folder: str, rows: int, **_: Any) -> dict[str, Any]:
    """Rows compared a second; found: of the facilities; wrong: sure pairs of two facilities."""
    listed, owners = pickle.loads(Path(folder, "list.pickle").read_bytes())
    with Watch() as watch:
        matched = match(listed)
    assert len(listed) == rows
    wrong = sum(owners[pair.a] != owners[pair.b] for pair in matched.sure)
    told = {"sure": len(matched.sure) - wrong, "doubtful": len(matched.doubtful), "wrong": wrong}
    return watch.figures(rows) | {"found": told}


def floor(folder: str, rows: int, **_: Any) -> dict[str, Any]:
    """Each name taken apart, put into a dictionary, and looked up."""
    listed, _owners = pickle.loads(Path(folder, "list.pickle").read_bytes())
    company.cache_clear()
    with Watch() as watch:
        known: dict[str, list[str]] = {}
        for row in listed:
            known.setdefault(company(row.name).norm, []).append(row.id)
        found = sum(len(some) for some in known.values())
    assert found == rows
    return watch.figures(rows)
