"""What an outlet is given and what it answers: accepted with its id, refused, or lost on the way. Pure.

Start with `Outlet`. Refused is said only where the outlet surely did not take the letter; everything else is Lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

from hagukumi.letters.message import Mailbox


class Outgoing(NamedTuple):
    """A finished letter. `message` is its MIME form with LF line ends; the rest is what that was made of.

    An outlet that speaks JSON needs the parts; all of them have passed the checks of message.py. trial: a test copy
    for a colleague, which no outbox knows.
    """

    key: str
    message: bytes
    subject: str
    text: str
    html: str
    sender: Mailbox
    recipient: Mailbox
    refuse_url: str | None = None
    reply_to: Mailbox | None = None
    klass: str = "nurture"
    scenario: str | None = None
    content: str | None = None
    trial: bool = False


class Accepted(NamedTuple):
    """The outlet has taken the letter; `provider_id` finds it again there."""

    provider_id: str


class Refused(NamedTuple):
    """The outlet surely did not take it.

    code: 429, 550 5.1.1 and the like. permanent: trying again will not help. retry_after: what it asked for.
    words: its own sentence, which may quote the address. channel: nothing else would be taken either (wrong key,
    connection refused), so the letter is not to blame.
    """

    code: str
    permanent: bool = False
    retry_after: timedelta | None = None
    words: str = ""
    channel: bool = False


class Lost(NamedTuple):
    """Nobody knows whether it was taken: a time-out, a broken connection, a 5xx. Never sent again blindly."""

    code: str


Said = Accepted | Refused | Lost


class TransportError(Exception):
    """The outlet cannot be used at all; raised where there is no letter to answer about."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Outlet(Protocol):
    """Takes finished letters.

    at_once: calls that may be under way at the same time; above 1 `call` is used by so many threads.
    most: letters a call; more than one are given only where all but the recipient is the same.
    network: whether letters leave the machine.
    """

    at_once: int
    most: int
    network: bool

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        """One call for these letters, one answer each, in their order. What it raises counts as Lost for all."""
        ...

    def flush(self) -> None:
        """Ends a batch. Raises TransportError."""
        ...
