"""The humans behind the lists: names, posts, and what they really want, drifting over the months. Pure.

Start with `make_humans`. Human number n is drawn from its own row of chance, whatever else is generated.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np

from hagukumi.world import rates
from hagukumi.world.chance import one, table
from hagukumi.world.facilities import Facility, in_public_hands
from hagukumi.world.truth import STAGES, Drift, Interest, Persona, Stage
from hagukumi.world.words import OTHER_ROLES, POSTS, Post, Word

BEFORE = 120
"""Days before the start at which the drift begins, for lists of the past."""
HORIZON = 400
"""Days after the start at which it ends: what holds then holds on."""
_STRETCHES = (BEFORE + HORIZON) // rates.STRETCH_DAYS[0] + 1
_YEAR = 365
_STAGES: tuple[Stage, ...] = ("none", "aware", "considering", "comparing", "buying")


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """Somebody at a facility (or outside the lists), as they are on day 0, and how they will drift."""

    number: int
    facility: Facility
    persona: Persona
    post: Post
    role: str
    family: Word
    given: Word
    drift: tuple[Drift, ...]
    opens: float
    clicks: float
    replies: float
    refuses: float
    fast: bool
    away: tuple[tuple[int, int], ...]
    leaves_on: int | None
    moves_to: Facility | None
    bounces: bool

    def on(self, day: int) -> Drift:
        """Interest and stage on a day."""
        return next((each for each in reversed(self.drift) if each.day <= day), self.drift[0])


def make_humans(seed: str, count: int, facilities: list[Facility], strangers: list[Facility]) -> list[Human]:
    """Humans 0 to count - 1. The first ones are spread so that each facility has somebody."""
    lots, stretches = table(seed, "human", count, 40), table(seed, "drift", count, 4 * _STRETCHES)
    orders = _orders(seed, facilities)
    seats = Counter[str]()
    weights = list(accumulate(_weight(each) for each in facilities))
    where = np.searchsorted(np.asarray(weights), lots[:, 0] * weights[-1], side="right").clip(max=len(facilities) - 1)
    outside = np.searchsorted(np.cumsum(tuple(rates.PERSONAS.values())), lots[:, 1], side="right")
    found = []
    for number in range(count):
        mine = lots[number].tolist()
        kind = tuple(rates.PERSONAS)[min(int(outside[number]), 3)]
        if kind == "inside":
            home = facilities[number if number < len(facilities) else int(where[number])]
            post = _seat(home, orders[home.number], seats, mine[2])
        else:
            home = _stranger(kind, strangers, mine[2])
            posts = POSTS[home.truth.kind]
            post = posts[_weighted(tuple(each.weight for each in posts), mine[3])]
        found.append(_human(number, home, post, kind, mine, stretches[number].tolist(), facilities))
    return found


def _weight(facility: Facility) -> float:
    """How many of its people lists usually hold."""
    match facility.truth.kind:
        case "hospital":
            return min(8.0, 2.0 + facility.truth.beds / 60)
        case "clinic":
            return 1.5
        case _:
            return 2.5


def _orders(seed: str, facilities: list[Facility]) -> list[list[Post]]:
    """For each facility its posts in the order in which lists come by them: the common ones tend to stand first."""
    lots = table(seed, "posts", len(facilities), 20)
    found = []
    for facility in facilities:
        posts = POSTS[facility.truth.kind]
        ranked = sorted(range(len(posts)), key=lambda n: (float(lots[facility.number, n]) / posts[n].weight, n))
        fitting = [posts[n] for n in ranked if posts[n].title != "理事長" or facility.entity]
        found.append(fitting)
    return found


def _seat(facility: Facility, order: list[Post], seats: Counter[str], lot: float) -> Post:
    """The next free post of the house; when all are taken, one that many people hold."""
    taken = seats[facility.truth.key]
    seats[facility.truth.key] += 1
    if taken < len(order):
        return order[taken]
    many = [post for post in order if post.many]
    return many[one(lot, len(many))]


def _stranger(kind: str, strangers: list[Facility], lot: float) -> Facility:
    wanted = {"student": "university", "competitor": "rival", "dealer": "dealer"}[kind]
    fitting = [each for each in strangers if each.truth.kind == wanted]
    return fitting[one(lot, len(fitting))]


def _human(
    number: int, home: Facility, post: Post, kind: str, lots: list[float], stretches: list[float], all_: list[Facility]
) -> Human:
    persona = _persona(home, kind, lots[4])
    family, given = name_of(lots[5], lots[6])
    drift = _drift(persona, home, lots, stretches)
    own = 0.6 + 0.8 * lots[7]
    leaves = kind == "inside" and lots[8] < rates.LEAVES_A_YEAR
    moves = leaves and len(all_) > 1 and lots[9] < rates.MOVES
    return Human(
        number=number,
        facility=home,
        persona=persona,
        post=post,
        role=_role(home, post, lots),
        family=family,
        given=given,
        drift=drift,
        opens=round(min(0.95, rates.OPENS[persona] * own), 4),
        clicks=round(min(0.8, rates.CLICKS[persona] * (0.6 + 0.8 * lots[10])), 4),
        replies=round(rates.REPLIES[persona] * 2 * lots[11], 4),
        refuses=round(rates.REFUSES[persona] * 2 * lots[12], 4),
        fast=lots[13] < rates.FAST,
        away=_away(lots[14:22] + lots[32:36]) if lots[24] < rates.SAYS_AWAY else (),
        leaves_on=int(lots[8] / rates.LEAVES_A_YEAR * _YEAR) if leaves else None,
        moves_to=other(home, all_, lots[25]) if moves else None,
        bounces=lots[26] < rates.DIES_BY_BOUNCE,
    )


def other(home: Facility, facilities: list[Facility], lot: float) -> Facility:
    """A facility that is not this one; of the same kind where there is one, since a 施設長 does not run a ward."""
    first, many = one(lot, len(facilities)), len(facilities)
    others = (facilities[place % many] for place in range(first, first + many))
    fitting = (each for each in others if each is not home and each.truth.kind == home.truth.kind)
    return next(fitting, facilities[(home.number + 1) % many])


def _persona(home: Facility, kind: str, lot: float) -> Persona:
    if kind == "student":
        return "student"
    if kind == "competitor":
        return "competitor"
    if home.truth.customer:
        return "customer"
    ready = kind == "inside" and lot < rates.BUYERS * (0.4 + 1.2 * home.truth.readiness)
    return "buyer" if ready else "bystander"


def _role(home: Facility, post: Post, lots: list[float]) -> str:
    if lots[27] < rates.ROLE_DIFFERS and home.truth.listed:
        return OTHER_ROLES[one(lots[28], len(OTHER_ROLES))]
    return post.public if in_public_hands(home) else post.private


def _away(lots: list[float]) -> tuple[tuple[int, int], ...]:
    """Up to four absences of two to nine days, in order and apart. Lots: days, lengths, yes or no."""
    share, found = rates.ABSENCES_A_YEAR / 4, list[tuple[int, int]]()
    for start, length, chosen in sorted(zip(lots[:4], lots[4:8], lots[8:], strict=True)):
        first = int(start * _YEAR)
        if chosen < share and (not found or first > found[-1][1]):
            found.append((first, first + 2 + int(length * 8)))
    return tuple(found)


def _drift(persona: Persona, home: Facility, lots: list[float], stretches: list[float]) -> tuple[Drift, ...]:
    """Stretch by stretch the stage rises, stays or falls, and the interests with it."""
    theme = home.theme if lots[29] < 0.6 else one(lots[30], 3)
    seeking = persona == "buyer"
    stage = _weighted(rates.STARTS["buyer" if seeking else "other"], lots[31])
    wakes = persona == "bystander" and stretches[3] < rates.WAKES
    wakes_at = 2 + one(stretches[7], 6)
    day, found = -BEFORE, list[Drift]()
    low, high = rates.STRETCH_DAYS
    for number in range(_STRETCHES):
        length, moves, noise, side = stretches[4 * number : 4 * number + 4]
        mood = "buyer" if seeking or (wakes and number >= wakes_at) else "other"
        if number:
            stage += (moves < rates.RISES[mood]) - (moves >= 1 - rates.FALLS[mood])
            stage = max(0, min(stage, len(STAGES) - 1 if mood == "buyer" else 2))
        found.append(Drift(day, _interest(theme, stage, noise, side), _STAGES[stage]))
        day += low + int(length * (high - low + 1))
        if day > HORIZON:
            break
    return tuple(found)


def _interest(theme: int, stage: int, noise: float, side: float) -> Interest:
    main = max(0.0, min(1.0, rates.STAGE_INTEREST[stage] + 0.2 * (noise - 0.5)))
    values = [round(0.25 * side, 3), round(0.25 * (1 - side) * noise, 3)]
    values.insert(theme, round(main, 3))
    return values[0], values[1], values[2]


def _weighted(shares: tuple[float, ...], lot: float) -> int:
    """The place of the share that a lot falls into; shares are weights."""
    rest = lot * sum(shares)
    for place, share in enumerate(shares):
        if rest < share:
            return place
        rest -= share
    return len(shares) - 1


@lru_cache(1)
def _names() -> tuple[tuple[Word, ...], tuple[float, ...], tuple[Word, ...]]:
    """Family names with their rising weights, and given names, of Faker's ja_JP provider."""
    from faker.providers.person.ja_JP import Provider

    families = {Word(*name): float(weight) for name, weight in Provider.last_name_pairs.items()}
    rising = tuple(accumulate(families.values()))
    return tuple(families), rising, tuple(Word(*name) for name in Provider.first_name_pairs)


def name_of(family: float, given: float) -> tuple[Word, Word]:
    """A family name by how common it is, and a given name."""
    families, rising, givens = _names()
    place = int(np.searchsorted(np.asarray(rising), family * rising[-1], side="right"))
    return families[min(place, len(families) - 1)], givens[one(given, len(givens))]
