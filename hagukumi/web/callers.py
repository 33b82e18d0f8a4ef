"""From where a request really comes, behind whatever web server stands in front. Start with `address_of`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from starlette.requests import Request

from hagukumi.letters import agents

_MOST_HOPS = 20


def address_of(request: Request, proxies: Sequence[str]) -> str:
    """The client's address as text, empty where nothing is known.

    X-Forwarded-For is read from its end, as long as whoever wrote an entry is one of our `proxies` (networks): what
    stands before that, anybody may have written.
    """
    peer = request.client.host if request.client is not None else ""
    told = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for entry in reversed(told[-_MOST_HOPS:]):
        if not entry.strip() or not _is_ours(peer, tuple(proxies)):
            break
        peer = _without_port(entry.strip())
    return peer


@lru_cache(maxsize=1024)
def _is_ours(peer: str, proxies: tuple[str, ...]) -> bool:
    address = agents.address_of(peer)
    if address is None:
        return False
    networks = (agents.read_cidr(each) for each in proxies)
    return any(one is not None and one.version == address.version and address in one for one in networks)


def _without_port(entry: str) -> str:
    """Some write 203.0.113.5:4711 or [2001:db8::1]:4711."""
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry
