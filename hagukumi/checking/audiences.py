"""Checks audiences.yaml, and how far its audiences reach by what the workspace knows. Start with `check_audiences`.

No database is opened: what `follow` last worked out lies in a file beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abm.audience import REACH, Audience, AudienceRules, Size, faults, forecast, guess
from hagukumi.checking.found import Findings
from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.vocabulary import CustomField, Reach


def check_audiences(
    loaded: Loaded[Any],
    rules: AudienceRules,
    reaches: Mapping[str, Reach | None],
    fields: Mapping[str, CustomField],
    tiers: int,
    found: Findings,
) -> None:
    """Its faults, and audiences that would be sent if they did not stay below their floor."""
    own = frozenset(name for name, field in fields.items() if field.of == "account")
    for each in faults(rules, own, tiers):
        args = {str(n): arg for n, arg in enumerate(each.args)}
        found.tell(f"audiences.{each.code}", loaded, each.path, **args)
    for number, which in enumerate(rules.audiences):
        reach = reaches.get(which.name)
        if reach is not None and reach.below and which.active is not False:
            args = {"0": which.name, "1": str(reach.high), "2": str(reach.floor)}
            found.tell("audiences.below", loaded, ("audiences", number, "name"), **args)


def reaches_of(rules: AudienceRules, tiers: tuple[int, ...], var: Path) -> dict[str, Reach | None]:
    """How far each audience is likely to reach; None where nothing can be said."""
    sizes = _worked_out(var / REACH)
    return {each.name: _reach(rules, each, tiers, sizes.get(each.name)) for each in rules.audiences}


def _reach(
    rules: AudienceRules, each: Audience, tiers: tuple[int, ...], worked_out: tuple[str, Size] | None
) -> Reach | None:
    size = guess(each, tiers)
    if worked_out is not None and worked_out[0] == each.kind and worked_out[1].members:
        size = worked_out[1]
    if size is None or each.platform == "file":
        return None
    told = forecast(rules, each, size)
    return Reach(told.low, told.high, told.floor)


def _worked_out(file: Path) -> dict[str, tuple[str, Size]]:
    """Name -> kind and size; nothing where the file is not there, or is not ours."""
    try:
        told = json.loads(file.read_text("utf-8"))
        return {str(name): (str(kind), Size(*map(int, size))) for name, (kind, size) in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
