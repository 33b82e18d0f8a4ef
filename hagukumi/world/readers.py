"""How a human reacts to a letter: opens, clicks, downloads, asks, refuses. Rates depend on the truth. Pure.

Start with `reactions`. What is answered in words stands in replies.py; what machines do, in machines.py. The base rates
are each person's own (truth.py); the factors below are ours, and docs/world.md says what they rest on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Literal, NamedTuple

from hagukumi.calendar import BusinessCalendar
from hagukumi.world.addresses import of_person
from hagukumi.world.happening import BROWSERS, Event, Link, Received, of_letter, on_site
from hagukumi.world.lots import between, draw
from hagukumi.world.rates import KIND_FITS
from hagukumi.world.truth import STAGES, THEMES, Drift, PersonTruth

NUMBER_IN_SUBJECT = 1.15
"""Truth of the running test: a subject with a number (variant a) is opened more often by this factor."""
PATIENCE = 2
PATIENT = (1.0, 0.88, 0.77, 0.68, 0.6, 0.53, 0.46, 0.41, 0.36)
"""What is left of somebody's rates, by the letters of the last four weeks beyond PATIENCE."""
REFUSES_BY_MAIL = 0.35
"""Share of those who want no more that says so in words, and does not look for the link."""
MISFIT = 0.6
"""A summary for decision-makers shown to the ward, or the other way round."""
OFFICE_OPENS = time(8)
LATE, AGAIN = 0.03, 0.04
"""Shares of events that become known hours later, and of those that are told twice."""


class Mind(NamedTuple):
    """Somebody on the day a letter comes: the person, their interest and stage as they are by then.

    letters: how many arrived in the 28 days before. here: neither away nor gone.
    """

    person: PersonTruth
    now: Drift
    letters: int = 0
    here: bool = True


def mind_of(person: PersonTruth, day: int, letters: int) -> Mind:
    """The person on a day of the truth."""
    return Mind(person, person.on(day), letters, not (person.is_away(day) or person.is_gone(day)))


def reactions(seed: str, letter: Received, mind: Mind, after: datetime, calendar: BusinessCalendar) -> Iterator[Event]:
    """What follows a letter, in the order of time. Nothing of it becomes known before `after`."""
    if not mind.here or draw(seed, "opens", letter.lot) >= opening(letter, mind):
        return
    reading = _Reading(seed, letter, mind, after)
    at = awake(letter.sent_at + _delay(seed, letter, mind), draw(seed, "morning", letter.lot), calendar)
    yield reading.about("opened", at, "open", content=letter.piece)
    way = refuses(seed, letter, mind)
    if way == "link":
        refused = at + timedelta(seconds=40)
        yield reading.about("refused", refused, "refuse", outcome="unsubscribed", detail={"channel": "mail"})
    if way is not None:
        return
    if letter.links and draw(seed, "clicks", letter.lot) < clicking(letter, mind):
        yield from _reads(reading, at + timedelta(seconds=15 + 120 * draw(seed, "looks", letter.lot)))


def opening(letter: Received, mind: Mind) -> float:
    """How likely the letter is opened."""
    subject = NUMBER_IN_SUBJECT if letter.variant == "a" else 1.0
    return min(0.95, mind.person.opens * (0.8 + 0.4 * interest_in(letter, mind)) * subject * patience(mind))


def clicking(letter: Received, mind: Mind) -> float:
    """How likely somebody who has opened it clicks."""
    suits = KIND_FITS.get(letter.kind, KIND_FITS["other"])[STAGES.index(mind.now.stage)]
    keen = 0.3 + 1.4 * interest_in(letter, mind)
    return min(0.9, mind.person.clicks * keen * suits * fit(letter, mind) * patience(mind))


def refuses(seed: str, letter: Received, mind: Mind) -> Literal["link", "mail"] | None:
    """Whether somebody who has opened it wants no more, and how they say so."""
    if draw(seed, "refuses", letter.lot) >= refusing(letter, mind):
        return None
    return "mail" if draw(seed, "in-words", letter.lot) < REFUSES_BY_MAIL else "link"


def refusing(letter: Received, mind: Mind) -> float:
    """How likely somebody who has opened it wants no more: the less it concerns them and the more they got."""
    return min(
        0.5, mind.person.refuses * (1.5 - interest_in(letter, mind)) * (1 + 0.5 * max(0, mind.letters - PATIENCE))
    )


def replying(letter: Received, mind: Mind) -> float:
    """How likely somebody who has opened it answers in words."""
    return min(0.3, mind.person.replies * (0.4 + 1.2 * interest_in(letter, mind)) * fit(letter, mind))


def interest_in(letter: Received, mind: Mind) -> float:
    """The person's interest in what the letter is about; a letter without a theme is about a bit of everything."""
    if letter.theme in THEMES:
        return mind.now.interest[THEMES.index(letter.theme)]
    return sum(mind.now.interest) / len(mind.now.interest)


def fit(letter: Received, mind: Mind) -> float:
    """Whether the letter was written for people in this role."""
    meant = "executive" if mind.person.role == "decision_maker" else "field"
    return 1.0 if letter.persona in (None, meant) else MISFIT


def patience(mind: Mind) -> float:
    """1 for somebody who hears from us seldom, less for the tired."""
    return PATIENT[min(max(0, mind.letters - PATIENCE), len(PATIENT) - 1)]


def awake(at: datetime, lot: float, calendar: BusinessCalendar) -> datetime:
    """Nobody reads at night, and few on days off: then it is the next morning."""
    local = calendar.local(at)
    day = local.date()
    if local.hour >= 22:
        day += timedelta(days=1)
    elif local.hour >= 7 and (calendar.is_business_day(day) or lot < 0.15):
        return at
    while not calendar.is_business_day(day):
        day += timedelta(days=1)
    morning = calendar.instant(day, OFFICE_OPENS)
    return morning + timedelta(minutes=100 * lot)


class _Reading:
    """Dresses one reader's events: which program they use, what of it is told late or twice."""

    def __init__(self, seed: str, letter: Received, mind: Mind, after: datetime) -> None:
        self.seed, self.letter, self.mind, self.after = seed, letter, mind, after
        self.agent = BROWSERS[int(draw(seed, "browser", mind.person.key) * len(BROWSERS))]

    def about(
        self, kind: str, at: datetime, source: str, *, content: str | None = None, outcome: str | None = None,
        detail: Mapping[str, str] | None = None,
    ) -> Event:  # fmt: skip
        """An event of the letter itself."""
        told = {"agent": self.agent, **(detail or {})}
        known = known_at(self.seed, at, self.after, source, self.letter.lot)
        arrival = of_letter(self.letter, kind, at, known, source, content=content, outcome=outcome, detail=told)
        return Event(arrival, again=draw(self.seed, "again", source, self.letter.lot) < AGAIN)

    def on_site(self, kind: str, at: datetime, content: str) -> Event:
        """An event on the site."""
        source = f"{kind}.{content}"
        known = known_at(self.seed, at, self.after, source, self.letter.lot)
        return Event(on_site(self.letter, kind, at, known, source, content, self.agent))

    def click(self, link: Link, at: datetime, number: int) -> Event:
        """A click; `number` counts this reader's clicks of the letter."""
        told = self.about("clicked", at, f"click{number}.{link.name}", content=link.content, detail={"link": link.name})
        ip = of_person(self.seed, self.mind.person.key, self.letter.house, self.letter.lot)
        return told._replace(ip=ip)


def known_at(seed: str, at: datetime, after: datetime, *what: object) -> datetime:
    """When we hear of it: mostly within a minute, sometimes hours later; never before `after`."""
    lot = draw(seed, "late", *what)
    lag = timedelta(hours=between(lot / LATE, 1, 30)) if lot < LATE else timedelta(seconds=2 + 50 * lot)
    return max(at, after) + lag


def _delay(seed: str, letter: Received, mind: Mind) -> timedelta:
    lot = draw(seed, "delay", letter.lot)
    return timedelta(minutes=between(lot, 0.2, 90) if mind.person.fast else between(lot, 2, 2 * 24 * 60))


def _reads(reading: _Reading, at: datetime) -> Iterator[Event]:
    seed, letter, mind = reading.seed, reading.letter, reading.mind
    key = letter.lot
    first = int(draw(seed, "link", key) * len(letter.links))
    order = [*letter.links[first:], *letter.links[:first]]
    clicked = order if mind.person.fast else order[: 1 + (draw(seed, "second", key) < 0.25)]
    for number, link in enumerate(clicked):
        apart = (
            1 + 3 * draw(seed, "apart", key, number)
            if mind.person.fast
            else 45 + 200 * draw(seed, "apart", key, number)
        )
        at += timedelta(seconds=apart if number else 0)
        yield reading.click(link, at, number)
    yield from _stays(reading, clicked[0], at)


def _stays(reading: _Reading, link: Link, at: datetime) -> Iterator[Event]:
    """What a visitor does on the site after the click."""
    seed, key, mind = reading.seed, reading.letter.lot, reading.mind
    interest = interest_in(reading.letter, mind)
    if link.content and draw(seed, "downloads", key) < 0.15 + 0.5 * interest:
        yield reading.on_site("downloaded", at + timedelta(minutes=3), link.content)
    near = {"considering": 0.12, "comparing": 0.35, "buying": 0.5}.get(mind.now.stage, 0.02)
    if mind.person.persona == "competitor":
        near = 0.5
    if draw(seed, "price", key) < near:
        yield reading.on_site("visited", at + timedelta(minutes=6), "pricing")
    asks = near * 0.4 if mind.person.persona == "buyer" else 0.0
    if draw(seed, "asks", key) < asks:
        yield reading.on_site("submitted", at + timedelta(minutes=9), "roi-simulation")
