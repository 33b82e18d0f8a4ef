"""What comes of meetings: deals that open, are won or lost, with the reasons that sales write down. Pure.

Start with `deal_of`. Chances depend on how near the person really is to buying and how ready the house is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hagukumi.world.lots import draw, pick
from hagukumi.world.truth import FacilityTruth, PersonTruth

OPENS: Mapping[str, float] = {"none": 0.05, "aware": 0.15, "considering": 0.4, "comparing": 0.65, "buying": 0.8}
"""Share of meetings after which there is a deal, by the stage of buying."""
WINS: Mapping[str, float] = {"none": 0.02, "aware": 0.05, "considering": 0.15, "comparing": 0.3, "buying": 0.5}
"""Share of deals that are won, in a house of middling readiness."""
LOSSES: Sequence[tuple[float, str]] = (
    (0.35, "予算がつかない"), (0.3, "競合に決定"), (0.2, "現状維持"), (0.15, "決裁者の同席が得られない"),
)  # fmt: skip
MEETS, TALKS_FOR = (3, 10), (12, 45)
"""Days from the call to the meeting, and from the meeting to the decision: least and most."""


class Deal(NamedTuple):
    """A deal with somebody; days of the truth. reason: why it was lost, as sales write it."""

    key: str
    person: str
    opened: int
    closed: int
    won: bool
    amount: int
    reason: str


def deal_of(seed: str, person: PersonTruth, house: FacilityTruth | None, day: int) -> Deal | None:
    """What comes of a meeting agreed on that day; None when nothing does."""
    key = person.key

    def days(what: str, least: int, most: int) -> int:
        return least + int(draw(seed, what, key, day) * (most - least + 1))

    met = day + days("meets", *MEETS)
    stage = person.on(met).stage
    if person.persona != "buyer" or draw(seed, "deal", key, day) >= OPENS[stage]:
        return None
    ready = house.readiness if house is not None else 0.5
    beds = house.beds if house is not None and house.beds else 20
    won = draw(seed, "wins", key, day) < WINS[stage] * (0.5 + ready)
    amount = round((300_000 + 24_000 * beds) * (0.8 + 0.4 * draw(seed, "amount", key, day)), -4)
    reason = "" if won else pick(draw(seed, "loss", key, day), LOSSES)
    return Deal(f"D-{key}-{day}", key, met, met + days("decides", *TALKS_FOR), won, int(amount), reason)
