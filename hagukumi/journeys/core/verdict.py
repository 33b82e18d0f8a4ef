"""The three answers a step can give, and the reason every answer carries."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from hagukumi.journeys.core.effects import Effect

StepId = str


class Why(NamedTuple):
    """A reason as data: a code of `hagukumi.words.reasons` and the values its sentence names."""

    code: str
    args: tuple[str, ...] = ()


class Go(NamedTuple):
    """Leave this step for `to`, now, and let the effects happen."""

    to: StepId
    why: Why
    effects: tuple[Effect, ...] = ()


class Stay(NamedTuple):
    """Rest here; ask again at `until` (UTC; None: only when something happens to the subject)."""

    until: datetime | None
    why: Why


class End(NamedTuple):
    """The journey is over."""

    why: Why


Verdict = Go | Stay | End
