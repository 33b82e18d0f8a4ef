"""What all step kinds share: the base class and the names they are written with."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, NewType

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.program import NOWHERE, Place
from hagukumi.journeys.core.values import Share, Span, SpanUnit

NEXT_DAY = Span(1, SpanUnit.BUSINESS_DAYS)
"""Within which a call is due unless the scenario says otherwise."""

StepName = NewType("StepName", str)
"""A written step id, unique in its scenario."""
SendRef = NewType("SendRef", str)
"""The id of a `send` step of the same scenario."""
ContentName = NewType("ContentName", str)
"""A letter (templates/) such as hospital/first-case."""
PieceName = NewType("PieceName", str)
"""A piece of content (rules/content.yaml) such as roi-simulation."""
TagName = NewType("TagName", str)
VariantName = NewType("VariantName", str)
ArmName = NewType("ArmName", str)

Steps = tuple["Kind", ...]
"""A list of steps, read from top to bottom; its end goes on after the step that holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A step kind. Its first own field is the word that names it in YAML; its docstring is its reference page."""

    word: ClassVar[str] = ""
    place: Place = dataclasses.field(default=NOWHERE, repr=False, metadata={"internal": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm of a test: the share of people who take it, and its steps."""

    share: Share = entry("この枝に入る人の割合", "share of people who take this arm")
    steps: Steps = entry("この枝のステップ", "the steps of this arm")
