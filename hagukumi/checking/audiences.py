"""Checks audiences.yaml, and how far its audiences reach by what the workspace knows. Start with `check_audiences`."""

from __future__ import annotations

from typing import Any

from abm.audience import AudienceRules, faults
from hagukumi.checking.found import Findings
from hagukumi.checking.known import Known
from hagukumi.journeys.language.load import Loaded


def check_audiences(loaded: Loaded[Any], rules: AudienceRules, known: Known, found: Findings) -> None:
    """Its faults."""
    own = frozenset(name for name, field in known.vocabulary.fields.items() if field.of == "account")
    for each in faults(rules, own, len(known.programme.tiers)):
        args = {str(n): arg for n, arg in enumerate(each.args)}
        found.tell(f"audiences.{each.code}", loaded, each.path, **args)
