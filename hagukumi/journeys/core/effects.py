"""What a step wants to happen in the world or in its journey's memory, as plain values."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from hagukumi.journeys.core.values import ClockRange, Span

if TYPE_CHECKING:
    from hagukumi.journeys.core.verdict import Why

LetterClass = Literal["nurture", "play", "personal", "notice", "apology"]
TaskKind = Literal["call", "task", "handover", "post", "visit"]
Desk = Literal["inside_sales", "field_sales", "marketing"]


class WriteLetter(NamedTuple):
    """One row of the outbox. `key` = scenario/step/visit[.round]/subject/person and is unique for ever.

    person: whom it is for; None: whom the journey is about.
    """

    key: str
    step: str
    content: str
    variant: str | None
    klass: LetterClass
    fresh_for: Span | None
    person: int | None = None


class MakeTask(NamedTuple):
    """A task, or a further reason on the task that is open already.

    person: whom it is about; None: whom the journey is about, in a play the account itself.
    """

    key: str
    step: str
    desk: Desk
    kind: TaskKind
    topic: str
    due: Span | None
    best_time: ClockRange | None
    why: Why | None = None
    person: int | None = None


class PostLetter(NamedTuple):
    """One letter to be printed and posted. enclose: papers of the account that go with it."""

    key: str
    step: str
    content: str
    enclose: tuple[str, ...]
    person: int


class CallOff(NamedTuple):
    """What the effect of this key asked for and nobody has done yet is not wanted any more."""

    key: str


class SetTag(NamedTuple):
    """Puts a tag on the person, or takes it off."""

    tag: str
    on: bool


class SetStage(NamedTuple):
    """Moves the person's stage forward; a later stage is never taken back."""

    stage: str


class TakeArm(NamedTuple):
    """Remembers the arm drawn in a test ("hold_out" for those who skip the arms)."""

    test: str
    arm: str


class CountRound(NamedTuple):
    """Remembers that round `round` of a repeat has begun (1 = first)."""

    repeat: str
    round: int


class Withdraw(NamedTuple):
    """A play goes on without this person: its letters to them never leave, and nobody does what it asked about them."""

    person: int


class CallUnwanted(NamedTuple):
    """They refuse calls by now: what this journey asked to ask them by telephone is not asked any more."""

    person: int


class JoinAudience(NamedTuple):
    """Puts whom the journey is about into an audience of ads. until: UTC; None: as long as the journey runs."""

    key: str
    step: str
    audience: str
    until: datetime | None


class LeaveAudience(NamedTuple):
    """Takes whom the journey is about out of it, whatever step put them in."""

    key: str
    step: str
    audience: str


Effect = (
    WriteLetter
    | MakeTask
    | PostLetter
    | CallOff
    | SetTag
    | SetStage
    | TakeArm
    | CountRound
    | Withdraw
    | CallUnwanted
    | JoinAudience
    | LeaveAudience
)
