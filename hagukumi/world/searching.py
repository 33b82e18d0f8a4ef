"""What services and notices see of the market's facilities week by week, false and missing things included. Pure.

Start with `Watch`. Its lines follow from who is really at which stage; each week comes out alone as in the whole.
Weeks count from the Monday on or before day 0; earlier ones are negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from hagukumi.world import rates
from hagukumi.world.addresses import behind_egress
from hagukumi.world.build import World
from hagukumi.world.chance import one, table
from hagukumi.world.facilities import Facility, in_public_hands, make_facilities
from hagukumi.world.lots import draw
from hagukumi.world.rows import FAULTS
from hagukumi.world.topics import CATEGORIES, NEWS, NOT_OURS, OTHER_CATEGORY, SEARCHES, TENDERS
from hagukumi.world.truth import STAGES, THEMES, PersonTruth

Cause = Literal["buyer", "curious", "other_topic", "wrong_company", "stranger", "chance", "news"]
"""Why a line is there: somebody who buys or may one day; nobody of the lists; and so on."""
WEEK, THURSDAY = 7, 3
_TRIES = 8
_KEYWORDS, _SURGE, _REVIEWS, _EVENTS = "keyword", "weekly-surge", "review-site", "public-event"


class Line(NamedTuple):
    """One line of a list. facility: as the service believes. day: of the truth. amount: a count or a score.

    lot: what chance about its writing is drawn for.
    """

    facility: Facility
    topic: str
    day: int
    amount: int
    cause: Cause
    lot: str


class Want(NamedTuple):
    """Somebody who looks for something: place in STAGES and in THEMES."""

    stage: int
    theme: int


class Watch:
    """The market as services see it."""

    def __init__(self, world: World) -> None:
        self.seed, self.truth, self.facilities = world.truth.seed, world.truth, world.facilities
        self.monday = -world.truth.start.weekday()
        self._people: dict[str, list[PersonTruth]] = defaultdict(list)
        for each in world.truth.people.values():
            if not {"duplicate", *FAULTS} & {*each.traps}:
                self._people[each.facility].append(each)
                if each.moves_to is not None:
                    self._people[each.moves_to].append(each)
        count = len(world.facilities)
        self._unknown = make_facilities(self.seed, count + rates.UNKNOWN_HOUSES)[count:]
        self._strangers = [(each.truth.kind, each) for each in world.outsiders]
        self._strangers += [("unknown", each) for each in self._unknown]
        self._wrong = _neighbours(self.seed, world.facilities)

    def wants(self, facility: Facility, day: int) -> list[Want]:
        """The people of a facility on a day, those who came from elsewhere among them."""
        key, found = facility.truth.key, list[Want]()
        for who in self._people[key]:
            if (who.moves_to == key) if who.is_gone(day) else (who.facility == key):
                now = who.on(day)
                found.append(Want(STAGES.index(now.stage), now.interest.index(max(now.interest))))
        return found

    def keywords(self, week: int) -> Iterator[Line]:
        """Searches that a service put down to companies, by day."""
        for place, theme, wants, hits in self._searches(week, _KEYWORDS, rates.KEYWORD_COVERS):
            stage = max((each.stage for each in wants if each.theme == theme), default=0)
            for nth in range(hits):
                lot = f"{_KEYWORDS}/{week}/{place}/{theme}/{nth}"
                words = SEARCHES[theme].at(stage if self._draw("deep", lot) < 0.6 else 0)
                cause: Cause = "buyer" if stage else "curious"
                yield self._line(place, words, week, 1 + int(self._draw("count", lot) ** 2 * 3), cause, lot)
        yield from self._strange(week)

    def surges(self, week: int) -> Iterator[Line]:
        """A score for each watched facility and theme of which there is anything to say."""
        begin, each_hit, chance = rates.SURGE_SCORE
        share, more = rates.SURGE_FALSE
        for place, theme, wants, hits in self._searches(week, _SURGE, rates.SURGE_COVERS):
            lot = f"{_SURGE}/{week}/{place}/{theme}"
            false = self._draw("false", lot) < share
            score = begin + each_hit * hits + int(chance * self._draw("score", lot)) + more * false
            if score < rates.SURGE_LISTED:
                continue
            known = any(want.theme == theme and want.stage for want in wants)
            cause: Cause = "chance" if false and hits < 2 else "buyer" if known else "curious"
            yield self._line(place, (CATEGORIES[theme],), week, min(99, score), cause, lot, OTHER_CATEGORY)

    def reviews(self, week: int) -> Iterator[Line]:
        """Facilities under whose name somebody read a review site."""
        lots = table(self.seed, f"{_REVIEWS}/{week}", len(self.facilities), len(THEMES) + 1).tolist()
        for place, facility in enumerate(self.facilities):
            wants = self.wants(facility, self._midweek(week))
            for theme in range(len(THEMES)):
                chance = sum(rates.REVIEWS_A_WEEK[want.stage] for want in wants if want.theme == theme)
                if lots[place][theme] < chance:
                    lot = f"{_REVIEWS}/{week}/{place}/{theme}"
                    yield self._line(place, (CATEGORIES[theme],), week, 1, "buyer", lot, OTHER_CATEGORY)
            if lots[place][-1] < rates.REVIEWS_FALSE:
                lot = f"{_REVIEWS}/{week}/{place}/-"
                yield self._line(place, CATEGORIES, week, 1, "chance", lot, OTHER_CATEGORY)

    def events(self, week: int) -> Iterator[Line]:
        """Tenders and other public notices; these say exactly whose they are."""
        lots = table(self.seed, f"{_EVENTS}/{week}", len(self.facilities), 4).tolist()
        for place, facility in enumerate(self.facilities):
            mine, lot = lots[place], f"{_EVENTS}/{week}/{place}"
            buying = [each for each in self.wants(facility, self._midweek(week)) if STAGES[each.stage] == "buying"]
            if buying and in_public_hands(facility) and mine[0] < rates.TENDERS_A_WEEK:
                yield Line(facility, TENDERS[buying[0].theme], self._day(week, lot), 1, "buyer", lot)
            elif mine[1] < rates.NEWS_A_WEEK and facility.truth.kind != "clinic":
                yield Line(facility, NEWS[one(mine[2], len(NEWS))], self._day(week, lot), 1, "news", lot)

    def _searches(
        self, week: int, service: str, covers: dict[str, float]
    ) -> Iterator[tuple[int, int, Sequence[Want], int]]:
        """Of each facility that a service knows, by theme: who is there, and how often somebody searched."""
        count, themes = len(self.facilities), len(THEMES)
        known = table(self.seed, f"{service}/knows", count, 1)[:, 0].tolist()
        lots = table(self.seed, f"{service}/{week}", count, themes * _TRIES).tolist()
        for place, facility in enumerate(self.facilities):
            if known[place] >= covers[facility.truth.kind]:
                continue
            wants = self.wants(facility, self._midweek(week))
            for theme in range(themes):
                rate = rates.CURIOUS_A_WEEK
                rate += sum(rates.SEARCHES_A_WEEK[want.stage] for want in wants if want.theme == theme)
                tries = lots[place][theme * _TRIES : (theme + 1) * _TRIES]
                yield place, theme, wants, sum(lot < rate / _TRIES for lot in tries)

    def _strange(self, week: int) -> Iterator[Line]:
        """Searches of whoever is no facility of ours: competitors look at what they sell, students at everything."""
        for number, (kind, stranger) in enumerate(self._strangers):
            for nth in range(3):
                lot = f"strange/{week}/{number}/{nth}"
                if self._draw("searches", lot) < rates.STRANGERS_A_WEEK[kind] / 3:
                    theme = one(self._draw("theme", lot), len(THEMES))
                    words = SEARCHES[theme].comparing if kind == "rival" else SEARCHES[theme].wondering
                    topic = words[one(self._draw("word", lot), len(words))]
                    yield Line(stranger, topic, self._day(week, lot), 1, "stranger", lot)

    def _line(
        self, place: int, words: Sequence[str], week: int, amount: int, cause: Cause, lot: str, other: str = ""
    ) -> Line:
        """A line as the service writes it: of another topic now and then, or put down to another facility."""
        topic, facility = words[one(self._draw("word", lot), len(words))], self.facilities[place]
        if self._draw("about", lot) < rates.NOT_ABOUT_US:
            topic, cause = other or NOT_OURS[one(self._draw("other", lot), len(NOT_OURS))], "other_topic"
        if self._draw("whose", lot) < rates.WRONG_COMPANY:
            facility, cause = self._wrong[place], "wrong_company"
        return Line(facility, topic, self._day(week, lot), amount, cause, lot)

    def _midweek(self, week: int) -> int:
        return self.monday + week * WEEK + THURSDAY

    def _day(self, week: int, lot: str) -> int:
        """Mostly a working day."""
        within = one(self._draw("day", lot), 5 if self._draw("weekend", lot) < 0.9 else WEEK)
        return self.monday + week * WEEK + within

    def _draw(self, what: str, lot: str) -> float:
        return draw(self.seed, what, lot)


def _neighbours(seed: str, facilities: Sequence[Facility]) -> list[Facility]:
    """For each facility the one it is taken for: of the same entity, of the same name, behind the same exit, any."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(facilities):
        groups[f"root {each.root}"].append(place)
        groups[f"name {each.truth.name}"].append(place)
        if behind_egress(seed, each.truth.key):
            groups["egress"].append(place)
    found = []
    for place, each in enumerate(facilities):
        names = (f"root {each.root}", f"name {each.truth.name}", "egress")
        near = next((groups[name] for name in names if place in groups[name] and len(groups[name]) > 1), None)
        others = near or range(len(facilities))
        at = others.index(place)
        found.append(facilities[others[(at + 1) % len(others)]])
    return found
