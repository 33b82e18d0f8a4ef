"""What follows for people from what became of a letter, whoever tells it: mail that comes back, or a provider. Pure.

Start with `CONSEQUENCES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from hagukumi.channels.imports.refusals import Refusal

Outcome = Literal["hard_bounce", "soft_bounce", "refused", "unsubscribed", "spam_report"]


class Consequence(NamedTuple):
    """cause: of a refusal of mail; None: nothing is refused. personal: the person refuses, not the mailbox alone.

    told: kinds of activities with their outcome, as the engine hears of them.
    """

    cause: str | None
    personal: bool
    told: tuple[tuple[str, str], ...]


CONSEQUENCES: Mapping[Outcome, Consequence] = {
    "hard_bounce": Consequence("hard_bounce", False, (("bounced", "hard_bounce"),)),
    "soft_bounce": Consequence(None, False, (("undelivered", "soft_bounce"),)),
    "refused": Consequence("refused", True, (("refused", "refused"),)),
    "unsubscribed": Consequence("unsubscribed", True, (("refused", "unsubscribed"),)),
    # Whoever complains is left in peace like anybody who refuses: scenarios stop on `refused`.
    "spam_report": Consequence("spam_report", True, (("spam_report", "spam_report"), ("refused", "spam_report"))),
}


def refusals(what: Outcome, mailboxes: Iterable[str], person: int | None, at: datetime, source: str) -> list[Refusal]:
    """The refusals of mail that follow, one for each mailbox (keyed hashes)."""
    cause, personal, _ = CONSEQUENCES[what]
    if cause is None:
        return []
    who = person if personal else None
    return [Refusal("mail", each, who, None, cause, at, source) for each in sorted(mailboxes)]
