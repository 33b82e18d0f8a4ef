"""Which trouble comes when: the kinds of fault and their seeded draw. Start with `Plan`."""

import random
from collections.abc import Mapping

KINDS: dict[str, bool] = {
    "429": False,
    "500": False,
    "503": False,
    "500-after": True,
    "503-after": True,
    "timeout": False,
    "timeout-after": True,
    "reset": False,
    "reset-after": True,
    "close": False,
    "close-after": True,
    "wrong-status": False,
    "wrong-status-after": True,
    "wrong-json": True,
    "wrong-json-400": False,
    "slow-body": True,
}
"""Kind of fault -> whether the letters of the call are accepted all the same (and stand in the log)."""


def parse(text: str) -> dict[str, float]:
    """`429=0.02,reset-after=0.1` as shares of calls; `all=0.2` spreads a share evenly over every kind.

    Raises ValueError: an unknown kind, or more than all calls.
    """
    shares: dict[str, float] = {}
    for part in filter(None, text.replace(" ", "").split(",")):
        kind, _, share = part.partition("=")
        names = list(KINDS) if kind == "all" else [kind]
        if not set(names) <= set(KINDS):
            raise ValueError(f"no fault is called {kind}: {', '.join(KINDS)}")
        for name in names:
            shares[name] = shares.get(name, 0.0) + float(share) / len(names)
    if sum(shares.values()) > 1.000001:
        raise ValueError(f"more faults than calls: {text}")
    return shares


class Plan:
    """Draws a fault for each call, in the order in which calls arrive: the same seed draws the same row."""

    def __init__(self, shares: Mapping[str, float], seed: int) -> None:
        self.shares = dict(shares)
        self._dice = random.Random(seed)

    def draw(self) -> str | None:
        """A kind of fault, or None for a call that goes well."""
        place = self._dice.random()
        for kind, share in self.shares.items():
            place -= share
            if place < 0:
                return kind
        return None
