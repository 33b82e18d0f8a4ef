"""How the small example's fictitious people react to letters, and what its callers hear. All drawn from one seed.

Start with `reactions`. No clock and no table here: company.py brings what happens into the workspace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from models.tables.arrivals import Arrival

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0"
GATEWAY = "Mozilla/5.0 (compatible; Barracuda Sentinel; EE)"
CALLS = ((0.40, "不在"), (0.50, "受付ブロック"), (0.86, "会話"), (0.92, "アポ獲得"), (1.0, "課題なし"))
"""Outcomes of a dial by rising shares."""
NOT_REACHED = frozenset({"不在", "受付ブロック"})
MOST_TRIES = 5


class Link(NamedTuple):
    """A link of a letter: its name and the piece of content behind it."""

    name: str
    content: str | None


class Received(NamedTuple):
    """A letter that has reached somebody, with the links it really shows."""

    key: str
    person: int
    account: int | None
    content: str
    links: Sequence[Link]


class Temper(NamedTuple):
    """How likely a kind of reader does what."""

    opens: float
    clicks: float
    downloads: float
    asks: float
    replies: float
    refuses: float


COLD = Temper(0.30, 0.03, 0.20, 0.00, 0.002, 0.015)
CURIOUS = Temper(0.60, 0.30, 0.35, 0.05, 0.015, 0.006)
WARM = Temper(0.85, 0.65, 0.60, 0.25, 0.05, 0.0)


def draw(seed: str, *what: object) -> float:
    """A number in [0, 1) that depends on nothing but the seed and `what`."""
    digest = blake2b("/".join(map(str, what)).encode(), key=seed.encode()[:64], digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def temper(seed: str, person: int) -> Temper:
    """Half of the readers are cold, a third curious, the rest warm."""
    lot = draw(seed, "temper", person)
    return COLD if lot < 0.5 else CURIOUS if lot < 0.82 else WARM


def reactions(seed: str, letter: Received, after: datetime) -> Iterator[Arrival]:
    """What follows a letter: everything happens after `after`, within a few hours."""
    yield from _gateway(seed, letter, after)
    who = temper(seed, letter.person)
    at = after + timedelta(minutes=10 + int(draw(seed, "delay", letter.key) * 140))

    def happens(what: str, share: float) -> bool:
        return draw(seed, what, letter.key) < share

    if not happens("opens", who.opens):
        return
    yield _of_letter(letter, "opened", at, letter.content, {"agent": BROWSER})
    if happens("refuses", who.refuses):
        yield _of_letter(letter, "refused", at + timedelta(minutes=1), None, {"channel": "mail"}, "unsubscribed")
        return
    if happens("replies", who.replies):
        yield _of_letter(letter, "replied", at + timedelta(minutes=12), None, None)
        return
    if letter.links and happens("clicks", who.clicks):
        yield from _reads(seed, letter, at + timedelta(minutes=2), who)


def _reads(seed: str, letter: Received, at: datetime, who: Temper) -> Iterator[Arrival]:
    link = letter.links[int(draw(seed, "link", letter.key) * len(letter.links))]
    yield _of_letter(letter, "clicked", at, link.content, {"agent": BROWSER, "link": link.name})
    if link.content and draw(seed, "downloads", letter.key) < who.downloads:
        yield _on_site(letter, "downloaded", at + timedelta(minutes=3), link.content)
    if draw(seed, "price", letter.key) < who.asks:
        yield _on_site(letter, "visited", at + timedelta(minutes=6), "pricing")
    if link.content == "roi-simulation" and draw(seed, "asks", letter.key) < who.asks:
        yield _on_site(letter, "submitted", at + timedelta(minutes=9), "roi-simulation")


def _gateway(seed: str, letter: Received, after: datetime) -> Iterator[Arrival]:
    """Some facilities have a mail gateway that clicks every link at once; some gateways say who they are."""
    lot = draw(seed, "gateway", letter.account)
    if letter.account is None or lot >= 0.12:
        return
    agent = GATEWAY if lot < 0.06 or len(letter.links) < 2 else BROWSER
    for number, link in enumerate(letter.links):
        at = after + timedelta(seconds=20 + number)
        yield _of_letter(letter, "clicked", at, link.content, {"agent": agent, "link": link.name}, part="gateway")


def comes_back(seed: str, person: int, account: int | None, day: int, days: int, at: datetime) -> Iterator[Arrival]:
    """An eighth of all people look at the site of their own accord, once in `days`; more of them towards the end."""
    if draw(seed, "comes-back", person) >= 0.125 or int(draw(seed, "day", person) ** 0.5 * days) != day:
        return
    kinds = (("visited", "pricing"), ("downloaded", "overtime-comparison"), ("submitted", "roi-simulation"))
    for number, (kind, content) in enumerate(kinds):
        when = at + timedelta(minutes=5 + 4 * number + person % 40)
        source = f"small:comes-back:{kind}:{person}"
        yield Arrival(person, account, kind, when, when, content, None, None, source, {"agent": BROWSER})


def call(seed: str, task: int, tries: int) -> str:
    """The outcome of dial number `tries` (from 1) for a task."""
    lot = draw(seed, "call", task, tries)
    return next(outcome for share, outcome in CALLS if lot < share)


def _of_letter(
    letter: Received,
    kind: str,
    at: datetime,
    content: str | None,
    detail: dict[str, str] | None,
    outcome: str | None = None,
    part: str = "",
) -> Arrival:
    link = detail.get("link", "") if detail else ""
    source = f"small:{kind}:{part}:{link}:{letter.key}"
    return Arrival(letter.person, letter.account, kind, at, at, content, letter.key, outcome, source, detail)


def _on_site(letter: Received, kind: str, at: datetime, content: str) -> Arrival:
    source = f"small:{kind}:{letter.key}"
    return Arrival(letter.person, letter.account, kind, at, at, content, None, None, source, {"agent": BROWSER})
