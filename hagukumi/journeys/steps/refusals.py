"""Which channels somebody refuses, as a step asks about it. Imports the core only."""

from __future__ import annotations

from collections.abc import Collection

from hagukumi.journeys.core.facts import REFUSES, Facts, Member
from hagukumi.journeys.core.journey import Journey


def refuses(one: Member, channel: str) -> bool:
    """Whether they, or their facility, refuse this channel."""
    return channel in (one.attributes.get(REFUSES) or ())


def refusing(journey: Journey, facts: Facts, people: Collection[int], channel: str) -> frozenset[int]:
    """Those of these people of a journey who refuse the channel by now."""
    if journey.person is not None:
        return frozenset(people) if refuses(Member(journey.person, facts.attributes), channel) else frozenset()
    return frozenset(one.person for one in facts.people if one.person in people and refuses(one, channel))
