"""Who asks for a link: programs by their name, scanning services by their network. Pure; standard library, one list.

A person's address never comes further than `network_of`: what is kept of it is the network, as a keyed hash.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from hagukumi.letters.machine_rules import Agents, Network

V4_BITS, V6_BITS = 20, 44
"""How much of an address is its network: 4,096 addresses, far too many to be a person."""
Address = IPv4Address | IPv6Address


class Scans(NamedTuple):
    """A service whose networks an address lies in; `mixed` where people come through them too."""

    name: str
    mixed: bool


def agent_is_machine(agent: str, rules: Agents) -> bool:
    """Whether a user agent belongs to a scanner, a crawler or a program."""
    return _is_machine(agent, rules)


@lru_cache(maxsize=4096)
def _is_machine(agent: str, rules: Agents) -> bool:
    if rules.people and _pattern(rules.people).search(agent):
        return False
    return bool(rules.machines and _pattern(rules.machines).search(agent)) or _is_crawler(agent)


@lru_cache(maxsize=16)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_told, words)), re.IGNORECASE)


def _told(word: str) -> str:
    begins, ends = word.startswith("^"), word.endswith("$")
    return ("^" if begins else "") + re.escape(word.removeprefix("^").removesuffix("$")) + (r"\Z" if ends else "")


def _is_crawler(agent: str) -> bool:
    from crawleruseragents import is_crawler

    return bool(is_crawler(agent))


def address_of(text: str | None) -> Address | None:
    """The address that a text spells, or None. An IPv4 address in IPv6's clothes is an IPv4 address."""
    try:
        found = ip_address((text or "").strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def network_of(address: Address) -> str:
    """The network of an address, as text."""
    bits = V4_BITS if address.version == 4 else V6_BITS
    low = address.max_prefixlen - bits
    return f"{type(address)(int(address) >> low << low)}/{bits}"


def scans(address: Address, networks: tuple[Network, ...]) -> Scans | None:
    """The service that scans mail from this address, as the rules know it."""
    value, bits = int(address), address.max_prefixlen
    found = _ranges(networks)
    for (version, prefix), names in found.items():
        if version == address.version and (known := names.get(value >> (bits - prefix))) is not None:
            return known
    return None


@lru_cache(maxsize=16)
def _ranges(networks: tuple[Network, ...]) -> dict[tuple[int, int], dict[int, Scans]]:
    """(version, length of prefix) -> prefix -> service: a look-up for each length instead of one for each network."""
    made: dict[tuple[int, int], dict[int, Scans]] = {}
    for network in networks:
        for cidr in network.cidrs:
            whole = read_cidr(cidr)
            if whole is not None:
                key = (whole.version, whole.prefixlen)
                prefix = int(whole.network_address) >> (whole.max_prefixlen - whole.prefixlen)
                made.setdefault(key, {})[prefix] = Scans(network.name, network.mixed)
    return made


def read_cidr(text: str) -> IPv4Network | IPv6Network | None:
    """A network as rules and settings write it, or None."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None
