"""What mail gateways do with a letter: five ways of opening and clicking it that no human had a hand in. Pure.

Start with `scans`. Only one class says its name; the others claim to be a browser, as they do in life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hagukumi.letters.links import TRAP
from hagukumi.world.addresses import of_scan
from hagukumi.world.happening import BROWSERS, Event, Link, Received, of_letter
from hagukumi.world.lots import between, draw
from hagukumi.world.rates import SCANS, SKIPS_HIDDEN

AGENTS = (
    "Mozilla/5.0 (compatible; Barracuda Sentinel; EE)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 HeadlessChrome/124.0.0.0 Safari/537.36",
    "python-requests/2.32.3",
)
PREFETCH = "Mozilla/5.0"
"""What Apple's mail privacy proxy says, and nothing else."""

Moments = Sequence[tuple[str, Link | None, timedelta]]
"""(kind, link, time after the letter left)."""


def scans(seed: str, gateway: str, letter: Received, after: datetime) -> Iterator[Event]:
    """What a gateway of that class does with the letter; nothing of it becomes known before `after`."""
    way = WAYS.get(gateway)
    if way is None or draw(seed, "scans", letter.lot) >= SCANS[gateway]:
        return
    lot = draw(seed, "pace", letter.lot)
    agent = _agent(seed, gateway, letter)
    for number, (kind, link, delay) in enumerate(way(_source(seed, gateway, letter), lot)):
        at = letter.sent_at + delay
        source = f"gateway{number}.{link.name}" if link else f"gateway{number}"
        detail: dict[str, Any] = {"agent": agent} | ({"link": link.name} if link else {})
        if gateway == "opens_only" and draw(seed, "says", letter.lot) < 0.5:
            # The provider marks some of these opens, not all.
            detail["machine_open"] = True
        known = max(at, after) + timedelta(seconds=3 + 20 * lot)
        content = link.content if link else letter.piece
        ip = of_scan(seed, gateway, letter.house, letter.lot, number) if link else None
        yield Event(of_letter(letter, kind, at, known, source, content=content, detail=detail), gateway, ip=ip)


def _source(seed: str, gateway: str, letter: Received) -> Received:
    """The letter as the gateway reads it: its HTML, with what no person sees, unless it is set to leave that alone."""
    skips = draw(seed, "skips", letter.house) < SKIPS_HIDDEN.get(gateway, 0.0)
    return letter._replace(links=[*letter.links, Link(TRAP, None)]) if letter.trapped and not skips else letter


def _agent(seed: str, gateway: str, letter: Received) -> str:
    known = AGENTS if gateway == "declared" else (PREFETCH,) if gateway == "opens_only" else BROWSERS
    return known[int(draw(seed, "agent", gateway, letter.house) * len(known))]


def _burst(letter: Received, lot: float) -> Moments:
    """Every link within seconds of arrival."""
    start = 1 + 6 * lot
    return [("clicked", link, timedelta(seconds=start + 0.7 * number)) for number, link in enumerate(letter.links)]


def _all_links(letter: Received, lot: float) -> Moments:
    """Every link, minutes later and some time apart: the sandbox has a queue."""
    start, apart = between(lot, 2, 25), 20 + 60 * lot
    return [
        ("clicked", link, timedelta(minutes=start, seconds=apart * number)) for number, link in enumerate(letter.links)
    ]


def _late_single(letter: Received, lot: float) -> Moments:
    """One link, hours later: rewritten links are looked at again before the night."""
    if not letter.links:
        return []
    return [("clicked", letter.links[int(lot * 997) % len(letter.links)], timedelta(hours=between(lot, 1, 9)))]


def _declared(letter: Received, lot: float) -> Moments:
    """An open and every link at once, by a program that says what it is."""
    opened = [("opened", None, timedelta(seconds=1 + 5 * lot))]
    return opened + [(kind, link, delay + timedelta(seconds=2)) for kind, link, delay in _burst(letter, lot)]


def _opens_only(letter: Received, lot: float) -> Moments:
    """Pictures are fetched ahead for everybody, read or not."""
    return [("opened", None, timedelta(seconds=between(lot, 1, 600)))]


WAYS: Mapping[str, Callable[[Received, float], Moments]] = {
    "burst": _burst,
    "all_links": _all_links,
    "late_single": _late_single,
    "declared": _declared,
    "opens_only": _opens_only,
}
"""Classes of gateways, as the truth about a facility names them."""
