"""When complaints and bounces are too many: the lines of the large mailbox providers, and small numbers. Pure.

Start with `too_many`. Decision 0044 says why a single complaint pauses nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, NamedTuple

WINDOW = timedelta(days=7)
LONG_WINDOW = timedelta(days=30)
DOMAIN_PER_MILLE = 1
"""0.10 %: from here on nothing more goes to that domain."""
OUTLET_PER_MILLE = 3
"""0.30 %: from here on nothing goes at all."""
FEWEST_REPORTS = {"domain": 2, "outlet": 3}
ENOUGH = 1_000
"""From so many letters on a single complaint is a rate."""
BOUNCES_WARN, BOUNCES_FAIL = 2, 5
"""Per cent of letters to mailboxes that do not exist."""
FEWEST_BOUNCES = 3

Scope = Literal["domain", "outlet"]


class Rate(NamedTuple):
    """Letters of a stretch of time. arrived: not bounced. dead: bounced for good. domain: None for all."""

    domain: str | None
    arrived: int
    dead: int = 0
    complaints: int = 0

    @property
    def sent(self) -> int:
        """All of them."""
        return self.arrived + self.dead

    @property
    def complaint_share(self) -> float:
        """Of those that arrived."""
        return self.complaints / self.arrived if self.arrived else float(bool(self.complaints))

    @property
    def dead_share(self) -> float:
        """Of those that were sent."""
        return self.dead / self.sent if self.sent else 0.0


def too_many(complaints: int, arrived: int, scope: Scope) -> bool:
    """Whether a domain, or everything, is to rest."""
    line = DOMAIN_PER_MILLE if scope == "domain" else OUTLET_PER_MILLE
    enough = complaints >= FEWEST_REPORTS[scope] or (complaints > 0 and arrived >= ENOUGH)
    return enough and complaints * 1_000 >= line * arrived


def bounces(rate: Rate) -> Literal["ok", "warn", "fail"]:
    """How the bounces stand; fewer than three say nothing."""
    if rate.dead < FEWEST_BOUNCES or rate.dead * 100 < BOUNCES_WARN * rate.sent:
        return "ok"
    return "fail" if rate.dead * 100 >= BOUNCES_FAIL * rate.sent else "warn"
