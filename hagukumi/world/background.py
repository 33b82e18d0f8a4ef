"""What people do of their own accord, not moved by a letter: visits, downloads, webinars, forms. Pure.

Start with `background`. Blocks of people are drawn apart, and days within them: any block and any stretch of days is
the same alone as in the whole. Letters have no part in it; what they cause is told in readers.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hagukumi.calendar import BusinessCalendar
from hagukumi.world import rates
from hagukumi.world.chance import Floats, Whole, draws
from hagukumi.world.rows import FAULTS
from hagukumi.world.truth import STAGES, PersonTruth, Truth

PEOPLE = 4_096
"""People of a block."""
KINDS = ("visited", "downloaded", "submitted", "registered", "attended")
CONTENTS = (
    "overtime-summary", "overtime-checklist", "overtime-comparison", "overtime-case",
    "claims-summary", "claims-checklist", "claims-comparison", "claims-case",
    "equipment-summary", "equipment-checklist", "equipment-comparison", "equipment-case",
    "pricing", "roi-simulation", "webinar-overtime", "webinar-claims", "webinar-equipment",
)  # fmt: skip
_PRICING, _FORM, _WEBINAR = 12, 13, 14
EVENT = np.dtype([("person", "<i4"), ("kind", "i1"), ("content", "i1"), ("at", "<i8"), ("known", "<i8"), ("id", "<i8")])
"""person: place in Truth.people; kind and content: places in KINDS and CONTENTS; at and known: seconds after the
midnight (Japanese time) with which day 0 begins; id: the source's own number, the same when it tells a thing twice."""

Events = NDArray[np.void]
_DAY, _HOUR = 86_400, 3_600
_AHEAD = 11
"""Webinars are registered for at most so many days before."""
_BEGINS, _LASTS = 15 * _HOUR, _HOUR
_OTHER_ID = 1 << 62
_PIECES = ((0.5, 0.35, 0.05, 0.10), (0.42, 0.36, 0.10, 0.12), (0.2, 0.25, 0.25, 0.3), (0.1, 0.12, 0.45, 0.33),
           (0.15, 0.1, 0.4, 0.35))  # fmt: skip
"""Which piece of a theme (summary, checklist, comparison, case) is read, by stage."""


class Told(NamedTuple):
    """One event as a source tells it. Instants are UTC."""

    key: str
    kind: str
    content: str
    occurred_at: datetime
    known_at: datetime
    source_id: str


class Minds(NamedTuple):
    """The drift of everybody as columns: the stretches one after the other, and for each person how they count."""

    seed: str
    start: date
    first: Whole
    day: Whole
    stage: Whole
    interest: Floats
    eager: Floats
    alone: Whole
    gone: Whole

    @property
    def people(self) -> int:
        """How many there are."""
        return len(self.eager)


def background(truth: Truth, from_day: int, to_day: int) -> Events:
    """Everything that happens on the days from_day to to_day - 1, in the order in which it becomes known."""
    return of_minds(minds(truth), from_day, to_day)


def of_minds(mind: Minds, from_day: int, to_day: int) -> Events:
    """The same from columns that were made before."""
    blocks = range(-(-mind.people // PEOPLE))
    parts = [block(mind, number, from_day, to_day) for number in blocks]
    found = np.concatenate(parts) if parts else np.empty(0, EVENT)
    return found[np.lexsort((found["person"], found["id"], found["known"]))]


def told(truth: Truth, events: Events) -> Iterator[Told]:
    """The events with names and instants."""
    keys = list(truth.people)
    begins = BusinessCalendar().instant(truth.start, datetime.min.time())
    for person, kind, content, at, known, number in events.tolist():
        occurred, heard = begins + timedelta(seconds=at), begins + timedelta(seconds=known)
        yield Told(keys[person], KINDS[kind], CONTENTS[content], occurred, heard, f"site:{number:x}")


def minds(truth: Truth) -> Minds:
    """The columns of a truth."""
    people = list(truth.people.values())
    lengths = np.fromiter((len(each.drift) for each in people), np.int64, len(people))
    stretches = [drift for each in people for drift in each.drift]
    places = {name: place for place, name in enumerate(STAGES)}
    return Minds(
        seed=truth.seed,
        start=truth.start,
        first=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        day=np.fromiter((each.day for each in stretches), np.int64, len(stretches)),
        stage=np.fromiter((places[each.stage] for each in stretches), np.int64, len(stretches)),
        interest=np.array([each.interest for each in stretches], np.float64).reshape(-1, 3),
        eager=np.fromiter(_eager(people), np.float64, len(people)),
        alone=np.fromiter(
            ({"competitor": 5, "student": 6}.get(each.persona, -1) for each in people), np.int64, len(people)
        ),
        gone=np.fromiter(
            (10**6 if each.leaves_on is None else each.leaves_on for each in people), np.int64, len(people)
        ),
    )


def _eager(people: Sequence[PersonTruth]) -> Iterator[float]:
    """How much more or less than others somebody comes to the site; a second row of a human gets a small part."""
    for each in people:
        if any(trap in FAULTS for trap in each.traps):
            yield 0.0
        else:
            yield (0.4 if "duplicate" in each.traps else 1.0) * (0.5 + each.opens)


_YEARLY = np.array([*(rates.VISITS_A_YEAR[name] for name in STAGES), rates.VISITS_A_YEAR["competitor"],
                    rates.VISITS_A_YEAR["student"]])  # fmt: skip


def block(mind: Minds, number: int, from_day: int, to_day: int) -> Events:
    """One block of people alone, unsorted."""
    low, high = number * PEOPLE, min((number + 1) * PEOPLE, mind.people)
    first = from_day - _AHEAD
    stretch = _stretches(mind, low, high, first, to_day)
    yearly = np.where(mind.alone[low:high, None] >= 0, mind.alone[low:high, None], mind.stage[stretch])
    daily = _YEARLY[yearly] * (mind.eager[low:high, None] / 365)
    daily[np.arange(first, to_day)[None, :] >= mind.gone[low:high, None]] = 0.0
    here = _Block(mind, number, low, first, stretch, daily > 0)
    parts = [here.visits(day, daily[:, day - first]) for day in range(from_day, to_day)]
    for day in range(from_day, to_day + _AHEAD):
        theme = webinar_on(mind.start + timedelta(days=day))
        if theme is not None:
            found = here.webinar(day, theme, to_day)
            inside = (found["at"] >= from_day * _DAY) & (found["at"] < to_day * _DAY)
            parts.append(found[inside])
    return np.concatenate(parts) if parts else np.empty(0, EVENT)


def _stretches(mind: Minds, low: int, high: int, first: int, last: int) -> Whole:
    """For each person of the block and each day from `first` to `last` - 1 the stretch of the drift they are in."""
    begin, end = int(mind.first[low]), int(mind.first[high])
    days = mind.day[begin:end].copy()
    days[mind.first[low:high] - begin] = first
    until = np.append(days[1:], last)
    until[mind.first[low + 1 : high + 1] - begin - 1] = last
    lengths = np.clip(until, first, last) - np.clip(days, first, last)
    return np.repeat(np.arange(begin, end), lengths).reshape(high - low, last - first)


class _Block:
    """One block of people, ready for its days."""

    def __init__(
        self, mind: Minds, number: int, low: int, first: int, stretch: Whole, there: NDArray[np.bool_]
    ) -> None:
        self.mind, self.number, self.low, self.first, self.stretch = mind, number, low, first, stretch
        self.there = there

    def _draws(self, what: str, day: int, rows: int, columns: int) -> Floats:
        return draws(self.mind.seed, f"{what}/{day}", self.number, rows, columns)

    def visits(self, day: int, chances: Floats) -> Events:
        """Who comes to the site on a day, and what they do there."""
        came = np.flatnonzero(self._draws("visit", day, len(chances), 1)[:, 0] < chances * weight(self._date(day)))
        lots = self._draws("session", day, len(came), 16)
        stretch = self.stretch[came, day - self.first]
        stage, at = self.mind.stage[stretch], day * _DAY + _clock(lots[:, 0], lots[:, 1])
        theme = _theme(self.mind.interest[stretch], lots[:, 2])
        views = 1 + (lots[:, 3] < 0.45) + (lots[:, 3] < 0.20) + (lots[:, 3] < 0.07)
        parts = []
        for n in range(4):
            read = np.flatnonzero(views > n)
            piece = theme[read] * 4 + _piece(lots[read, 4 + n], stage[read])
            parts.append((read, np.full(len(read), 0), piece, at[read] + n * 75 + (lots[read, 8] * 60).astype(int), n))
        for n, (kind, content, column, share) in enumerate(
            ((0, _PRICING, 9, rates.PRICES), (1, -1, 10, rates.DOWNLOADS), (2, _FORM, 11, rates.FORMS)), 4
        ):
            does = np.flatnonzero(lots[:, column] < np.asarray(share)[stage])
            what = np.full(len(does), content)
            if content < 0:
                what = theme[does] * 4 + _piece(lots[does, 12], stage[does])
            parts.append((does, np.full(len(does), kind), what, at[does] + 330 + 90 * n, n))
        who = np.concatenate([part[0] for part in parts])
        found = np.empty(len(who), EVENT)
        found["person"] = self.low + came[who]
        found["kind"] = np.concatenate([part[1] for part in parts])
        found["content"] = np.concatenate([part[2] for part in parts])
        found["at"] = np.concatenate([part[3] for part in parts])
        nth = np.concatenate([np.full(len(part[0]), part[4]) for part in parts])
        found["id"] = _ids(day, found["person"], nth)
        return _known(found, self._draws("told", day, len(found), 4))

    def webinar(self, day: int, theme: int, to_day: int) -> Events:
        """Registrations for the webinar of a day, and who comes. Days from to_day on are not known to this block."""
        lots = self._draws("webinar", day, len(self.stretch), 16)
        signs = day - 1 - (lots[:, 1] * (_AHEAD - 1)).astype(int)
        seen = np.flatnonzero((signs < to_day) & (signs >= self.first))
        stretch = self.stretch[seen, signs[seen] - self.first]
        keen = 0.3 + 1.4 * self.mind.interest[stretch, theme]
        eager = self.mind.eager[self.low + seen]
        chance = np.asarray(rates.REGISTERS)[self.mind.stage[stretch]] * keen * eager
        chance *= self.there[seen, signs[seen] - self.first]
        registered = seen[lots[seen, 0] < chance]
        comes = registered[lots[registered, 2] < rates.ATTENDS]
        comes = comes[day < self.mind.gone[self.low + comes]]
        parts = []
        for kind, who, column in ((3, registered, 4), (4, comes, 10)):
            found = np.empty(len(who), EVENT)
            found["person"], found["kind"], found["content"] = self.low + who, kind, _WEBINAR + theme
            if kind == 3:
                found["at"] = signs[who] * _DAY + _clock(lots[who, 8], lots[who, 9])
            else:
                found["at"] = day * _DAY + _BEGINS + (lots[who, 3] * 600).astype(int)
            found["id"] = _ids(day, found["person"], np.full(len(who), 8 + kind))
            parts.append(_known(found, lots[who, column : column + 4]))
        return np.concatenate(parts)

    def _date(self, day: int) -> date:
        return self.mind.start + timedelta(days=day)


_MEAN = sum(rates.WEEKDAYS) / 7
_CALENDAR = BusinessCalendar()


def weight(day: date) -> float:
    """How much happens on a day, beside the mean of a week."""
    if day.weekday() < 5 and not _CALENDAR.is_business_day(day):
        return rates.HOLIDAYS / _MEAN
    return rates.WEEKDAYS[day.weekday()] / _MEAN


def webinar_on(day: date) -> int | None:
    """The theme of the webinar on a day: every second Wednesday there is one, in turn."""
    fortnight, rest = divmod(day.toordinal(), 14)
    return fortnight % 3 if rest == 3 and _CALENDAR.is_business_day(day) else None


def _clock(hour: Floats, rest: Floats) -> Whole:
    """Seconds after midnight."""
    rising = np.cumsum(np.asarray(rates.HOURS, dtype=np.float64))
    found = np.searchsorted(rising, hour * rising[-1], side="right").clip(max=23)
    return (found * _HOUR + (rest * _HOUR).astype(np.int64)).astype(np.int64)


def _theme(interest: Floats, lots: Floats) -> Whole:
    rising = np.cumsum(interest + 0.02, axis=1)
    return (lots[:, None] * rising[:, 2:] >= rising[:, :2]).sum(axis=1).astype(np.int64)


_RISING = np.cumsum(np.array(_PIECES), axis=1)


def _piece(lots: Floats, stage: Whole) -> Whole:
    return (lots[:, None] >= _RISING[stage][:, :3]).sum(axis=1).astype(np.int64)


def _ids(day: int, person: Whole, nth: Whole) -> Whole:
    """Numbers that no other event has: day, person and what it is of their day."""
    return ((np.int64(day + 4_096) << 24) + person.astype(np.int64)) * 16 + nth


def _known(found: Events, lots: Floats) -> Events:
    """When each is known; some come late, some twice, and a few twice under another number."""
    late = lots[:, 0]
    lag = 1 + (lots[:, 1] * 50).astype(np.int64)
    lag = np.where(late < rates.LATE_HOURS, _HOUR + (lots[:, 1] * 35 * _HOUR).astype(np.int64), lag)
    lag = np.where(late >= 1 - rates.LATE_DAYS, 2 * _DAY + (lots[:, 1] * 7 * _DAY).astype(np.int64), lag)
    found["known"] = found["at"] + lag
    again = found[lots[:, 2] < rates.TWICE].copy()
    again["known"] += 5 + (lots[lots[:, 2] < rates.TWICE, 3] * 6 * _HOUR).astype(np.int64)
    other = found[lots[:, 2] >= 1 - rates.TWICE_OTHER_ID].copy()
    other["known"] += 30
    other["id"] += _OTHER_ID
    return np.concatenate([found, again, other])
