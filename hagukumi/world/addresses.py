"""From which address on the network somebody, or something, follows a link. Pure; chance from the seed alone.

Start with `of_scan` and `of_person`. All addresses lie in ranges that nobody on the Internet has: 198.18.0.0/15 for
scanners, 100.64.0.0/10 for everybody else. Networks are counted in pieces of 4,096 addresses.
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

from hagukumi.world.lots import draw
from hagukumi.world.rates import (
    EGRESS,
    EGRESS_NETWORKS,
    MOBILE,
    MOBILE_NETWORKS,
    ON_PREMISE,
    PROVIDERS,
    SCATTERED,
    VENDORS,
)

_PIECE = 4_096
_SCANNERS, _PEOPLE, _CLOUD = (int(ip_address(each)) for each in ("198.18.0.0", "100.64.0.0", "100.96.0.0"))
_CLOUD_PIECES = 512
_PROVIDERS_FROM, _MOBILE_FROM, _EGRESS_FROM = 0, 256, 384
"""Where among the pieces of people's networks each kind of them begins."""


def of_scan(seed: str, gateway: str, house: str, scan: str, number: int = 0) -> str:
    """The address from which a gateway of that class looks at a letter's link with that number.

    scan: what chance is drawn for. One job looks at all of a letter: from one network, by several of its hosts.
    """
    if on_premise(seed, gateway, house):
        return office(seed, house)
    host = draw(seed, "host", scan, number)
    if draw(seed, "scattered", gateway, scan) < SCATTERED.get(gateway, 0.0):
        return _in_piece(_CLOUD, int(draw(seed, "cloud", scan) * _CLOUD_PIECES), host)
    pool = list(VENDORS)
    before = sum(VENDORS[name] for name in pool[: pool.index(gateway)])
    return _in_piece(_SCANNERS, before + int(draw(seed, "pool", gateway, scan) * VENDORS[gateway]), host)


def of_person(seed: str, person: str, house: str, reading: str) -> str:
    """The address from which somebody reads a letter: the office, a telephone, or a proxy they share with others."""
    if draw(seed, "mobile", reading) < MOBILE:
        piece = _MOBILE_FROM + int(draw(seed, "carrier", person) * MOBILE_NETWORKS)
        return _in_piece(_PEOPLE, piece, draw(seed, "cell", reading))
    if behind_egress(seed, house):
        piece = _EGRESS_FROM + int(draw(seed, "proxy", house) * EGRESS_NETWORKS)
        return _in_piece(_PEOPLE, piece, draw(seed, "exit", reading))
    return office(seed, house)


def office(seed: str, house: str) -> str:
    """A facility's one address, in the network of its provider."""
    piece = _PROVIDERS_FROM + int(draw(seed, "provider", house) * PROVIDERS)
    return _in_piece(_PEOPLE, piece, draw(seed, "line", house))


def on_premise(seed: str, gateway: str, house: str) -> bool:
    """Whether the gateway stands in the facility itself, behind the address of its people."""
    return draw(seed, "cellar", gateway, house) < ON_PREMISE.get(gateway, 0.0)


def behind_egress(seed: str, house: str) -> bool:
    """Whether the facility's people leave through a cloud proxy, whose addresses they share with other companies."""
    return draw(seed, "egress", house) < EGRESS


def _in_piece(base: int, piece: int, lot: float) -> str:
    return str(IPv4Address(base + piece * _PIECE + int(lot * _PIECE)))
