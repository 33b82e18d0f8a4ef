"""What all step kinds share: the base class and the names they are written with."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Literal, NewType

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.program import NOWHERE, Condition, Needs, Place
from hagukumi.journeys.core.values import Share, Span, SpanUnit, Words

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
AudienceName = NewType("AudienceName", str)
"""An audience of ad platforms (rules/audiences.yaml)."""
WebinarRef = NewType("WebinarRef", str)
"""A webinar (webinars.yaml) such as overtime-seminar."""
PaperName = NewType("PaperName", str)
"""A paper made for one account (templates/papers) such as one-page."""
TagName = NewType("TagName", str)
VariantName = NewType("VariantName", str)
Role = Literal[
    "decision_maker", "influencer", "user", "purchaser", "veto", "champion", "opponent", "gatekeeper", "dealer"
]
"""A role in the decision, given by rules/roles.yaml or by sales' word."""
ArmName = NewType("ArmName", str)

DAY = Words("プレイの何営業日目か(1 = 開始日。プレイだけ)", "business day of the play, 1 = its start (plays only)")
TO = Words("宛先の役割(一つ、または一覧。プレイだけ)", "the role or roles it is for (plays only)")
WHO = Words(
    "その役割のかたのうち、この条件を満たすかただけ(プレイだけ)",
    "of these people only those for whom this holds (plays only)",
)
PREFER = Words(
    "そのうち、この条件を満たすかたを先に(プレイだけ)",
    "among these, those for whom this holds come first (plays only)",
)

NOBODY = Words("プレイで、宛先のかたがいないときのステップ", "steps when a play finds nobody it is for")

NOTHING = Needs()

Steps = tuple["Kind", ...]
"""A list of steps, read from top to bottom; its end goes on after the step that holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A step kind. Its first own field is the word that names it in YAML; its docstring is its reference page."""

    word: ClassVar[str] = ""
    addressed: ClassVar[bool] = False
    """Whether the step is for somebody: then it may say `to`, `who` and `prefer` in a play."""
    place: Place = dataclasses.field(default=NOWHERE, repr=False, metadata={"internal": True})
    day: int | None = dataclasses.field(default=None, metadata={"doc": DAY, "common": True})
    to: tuple[Role, ...] = dataclasses.field(default=(), metadata={"doc": TO, "common": True})
    who: Condition | None = dataclasses.field(default=None, metadata={"doc": WHO, "common": True})
    prefer: Condition | None = dataclasses.field(default=None, metadata={"doc": PREFER, "common": True})

    def resting(self) -> Kind | None:
        """The second half of a step that rests until it has settled; the compiler gives it its place."""
        return None

    def asks(self) -> Needs:
        """The facts it reads beside those of its conditions."""
        return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm of a test: the share of people who take it, and its steps."""

    share: Share = entry("この枝に入る人の割合", "share of people who take this arm")
    steps: Steps = entry("この枝のステップ", "the steps of this arm")
