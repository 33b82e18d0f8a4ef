"""A letter on its way to departure, as values: what waits, what is known about it, what was granted, what is answered.

Pure; imports the core only. Start with Waiting and Decision. The store fills these, guards.py and planner.py read them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from hagukumi.journeys.core.effects import LetterClass
from hagukumi.journeys.core.values import Span
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.recipients import Closed
from hagukumi.pipeline.approval import Check

CLASSES: tuple[LetterClass, ...] = ("nurture", "play", "personal", "notice", "apology")

COUNTED_STATES = frozenset({"granted", "sending", "unknown", "accepted", "delivered", "bounced"})
"""States in which a letter counts for caps, voices and contents; any other outcome frees its place."""

COUNTED_CLASSES: frozenset[LetterClass] = frozenset({"nurture", "play", "personal"})
"""Classes that count for caps: what has to be sent anyway takes nobody's place."""


ALONE: Mapping[str, Sibling] = {}


class Held(NamedTuple):
    """The last answer "hold" of a letter: when it was given, and which of its clocks it touches."""

    at: datetime
    stands_still: bool = False
    for_task: bool = False


class Waiting(NamedTuple):
    """A letter in the outbox that is queued or held.

    address: keyed hash of the mailbox, None without one. written_at: by the engine's clock.
    fresh_for: None is the default. stood_still, task_hold: microseconds, as the last decision returned them.
    last: the last hold, None when never held. domain: the mailbox's, where the letter leaves over a network.
    """

    key: str
    person: int
    account: int | None
    address: str | None
    content: str
    written_at: datetime
    due: datetime
    scenario: str = ""
    step: str = ""
    visit: int = 1
    journey: int | None = None
    klass: LetterClass = "nurture"
    priority: int = 5
    variant: str | None = None
    fresh_for: Span | None = None
    stood_still: int = 0
    task_hold: int = 0
    last: Held | None = None
    domain: str | None = None

    @property
    def unit(self) -> int:
        """Who hears it: the account, or the person alone (negative) when there is none."""
        return -self.person if self.account is None else self.account

    @property
    def group(self) -> str | None:
        """The letters of one step of a play are one group, by their keys without the person; None for all others."""
        return self.key.rpartition("/")[0] or None if self.klass == "play" else None


class Ground(NamedTuple):
    """A legal ground for advertising by mail, and its evidence. kind: consent, card, business, published."""

    kind: str
    got_at: datetime | None = None
    got_by: str | None = None
    got_where: str | None = None
    source: str | None = None
    page: str | None = None
    captured_on: date | None = None
    withdrawn_at: datetime | None = None


class OpenTask(NamedTuple):
    """The person's open IS task. makers: the journeys whose steps made it or added to it; None: a jump, a human."""

    makers: frozenset[int | None] = frozenset({None})


class Resting(NamedTuple):
    """A channel that takes nothing: an outlet, or outlet/domain. until: it goes on by itself then."""

    name: str
    until: datetime | None = None


class Sibling(NamedTuple):
    """Another letter of the same step of a play that may still leave, or has. again: when it is asked next; left: when
    it left (UTC)."""

    again: datetime | None = None
    left: datetime | None = None


class LeftAlone(NamedTuple):
    """People froze the account of a letter. by: key of staff."""

    until: datetime
    by: str


class Situation(NamedTuple):
    """What the store knows about one waiting letter when it is asked.

    may_send: the workspace is virtual, or its opt-outs are imported or signed as none.
    paused: the scope of the stop switch that covers this letter (a scenario, ALL), None without one.
    refusals: causes on the channel mail for this mailbox, person or account
    (refused, unsubscribed, spam_report, former_tool, hard_bounce; topic: of the letter's theme alone).
    unapproved: checks that its very texts lack. closed: when the recipient does not read.
    resting: the channel of this letter that takes nothing at the moment.
    frozen: until when its play stands still. left_alone: its account is frozen.
    siblings: by key, those of the same step of a play.
    """

    may_send: bool = True
    paused: str | None = None
    surname: bool = True
    refusals: frozenset[str] = frozenset()
    grounds: tuple[Ground, ...] = ()
    content_withdrawn: bool = False
    task: OpenTask | None = None
    in_conversation: bool = False
    unapproved: tuple[Check, ...] = ()
    in_deal: bool = False
    closed: Closed | None = None
    resting: Resting | None = None
    frozen: datetime | None = None
    left_alone: LeftAlone | None = None
    siblings: Mapping[str, Sibling] = ALONE


class Grant(NamedTuple):
    """A letter that has left or may be leaving. at: the later of granted and sent. state: the outbox's."""

    person: int
    account: int | None
    address: str | None
    content: str
    at: datetime
    scenario: str = ""
    step: str = ""
    visit: int = 1
    klass: LetterClass = "nurture"
    state: str = "accepted"

    @property
    def unit(self) -> int:
        """Who heard it."""
        return -self.person if self.account is None else self.account


class PastSend(NamedTuple):
    """A letter that the former tool sent."""

    address: str
    content: str
    at: datetime


class Left(NamedTuple):
    """So many letters granted over a network in one slot. domain: to that mail domain, None: to all of them."""

    at: datetime
    number: int = 1
    domain: str | None = None


class SharedHistory(NamedTuple):
    """What letters share, for all persons, accounts and mailboxes of one plan (more does no harm).

    grants: those to the same persons, mailboxes and accounts within the caps' lengths, and those of the same content to
    the same mailbox within `same_content`. plays_due: waiting letters of class play that are due or tried again
    by the end of the local day, also those not asked in this slot. left: within the lengths of warm-up and domain rate.
    """

    grants: Sequence[Grant] = ()
    past: Sequence[PastSend] = ()
    plays_due: Sequence[Waiting] = ()
    left: Sequence[Left] = ()


class Pass(NamedTuple):
    """This guard has nothing against it."""


class Hold(NamedTuple):
    """Not now; asked again at `until` (UTC, a whole minute in a plan).

    stands_still: meanwhile the letter does not age. for_task: this counts towards the longest hold for tasks.
    """

    until: datetime
    why: Why
    stands_still: bool = False
    for_task: bool = False


class Stop(NamedTuple):
    """Never."""

    why: Why


class Depart(NamedTuple):
    """May leave in this slot; the letter is granted and counts from now on."""

    voice: str


PASS = Pass()
Verdict = Pass | Hold | Stop


class Decision(NamedTuple):
    """What a plan says about one letter, and its clocks (microseconds) as they are to be stored with it."""

    key: str
    verdict: Depart | Hold | Stop
    stood_still: int
    task_hold: int
    fresh_until: datetime
