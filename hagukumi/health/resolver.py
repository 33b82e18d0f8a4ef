"""Asks the DNS. Start with `Dns`; tests give an `Ask` of their own."""

from __future__ import annotations

from collections.abc import Callable

SECONDS = 3.0
"""The longest one question may take."""

Ask = Callable[[str, str], tuple[str, ...]]
"""(name, type: TXT, MX, A, AAAA, CNAME) -> the records as text, none where there are none. Raises CouldNotAsk.

TXT is joined from its pieces; MX is the exchange alone, without the final dot.
"""


class CouldNotAsk(Exception):
    """Nobody answered: no network, no server, or a broken zone."""


class Dns:
    """The resolver of this machine. Remembers its answers."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def __call__(self, name: str, kind: str) -> tuple[str, ...]:
        """See Ask."""
        key = name.lower().rstrip("."), kind
        if key not in self._known:
            self._known[key] = _asked(*key)
        return self._known[key]


def _asked(name: str, kind: str) -> tuple[str, ...]:
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer, Resolver

    try:
        answer = Resolver().resolve(f"{name}.", kind, lifetime=SECONDS)
    except (NXDOMAIN, NoAnswer):
        return ()
    except (DNSException, OSError) as trouble:
        raise CouldNotAsk(type(trouble).__name__) from None
    match kind:
        case "TXT":
            return tuple(b"".join(each.strings).decode("utf-8", "replace") for each in answer)
        case "MX":
            return tuple(str(each.exchange).rstrip(".") for each in answer)
        case _:
            return tuple(str(each).rstrip(".") for each in answer)
