"""Checks of what only plays may say, and of what they have to. Pure."""

from __future__ import annotations

from hagukumi.journeys.language.meaning.reading import Reading
from hagukumi.journeys.language.tree import walk

KEYS = ("day", "to", "who")


def check_keys_of_plays(reading: Reading) -> None:
    """`day`, `to` and `who` of a step belong to a play: a person's scenario has one person and no common days."""
    if reading.scenario.for_ == "account":
        return
    for step, _ in walk(reading.scenario.steps):
        for key in KEYS:
            if getattr(step, key) not in (None, ()):
                reading.tell_key("step.key_of_plays", reading.path(step, key), key=key)
