"""Reasons as sentences, whoever gave them. Start with `sentence`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from hagukumi.journeys.core.values import Words
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.words import REASONS as OF_GUARDS
from hagukumi.words.dates import say_stamp
from hagukumi.words.names import VALUES
from hagukumi.words.outlets import CODES, SPOKEN_BY
from hagukumi.words.reasons import REASONS as OF_ENGINE
from models.scoring.words import REASONS as OF_SCORES

REASONS: dict[str, Words] = {**OF_ENGINE, **OF_GUARDS, **OF_SCORES}

Names = Callable[[str], str]
"""What a name of content or of a scenario is called in front of people; a stranger comes back as it went in."""

_PLACE = re.compile(r"\{(\d)\}")


def as_it_stands(name: str) -> str:
    """No names are known."""
    return name


def sentence(why: Why, lang: str, names: Names = as_it_stands, this_year: int | None = None) -> str:
    """The reason in `lang`. A code nobody has words for is shown as it stands, with its values.

    this_year: a day of any other year is said with it.
    """
    words = REASONS.get(why.code)
    if words is None:
        return " ".join((why.code, *why.args))

    known = {**VALUES, **CODES} if why.code in SPOKEN_BY else VALUES

    def value(place: re.Match[str]) -> str:
        number = int(place[1])
        return _value(why.args[number], lang, names, known, this_year) if number < len(why.args) else "?"

    return _PLACE.sub(value, words.say(lang))


def why_of(stored: Sequence[object] | None) -> Why | None:
    """The reason as tables keep it, [code, value …]; None for none."""
    return Why(str(stored[0]), tuple(map(str, stored[1:]))) if stored else None


def _value(value: str, lang: str, names: Names, known: Mapping[str, Words], this_year: int | None) -> str:
    words = known.get(value)
    return words.say(lang) if words is not None else say_stamp(value, lang, this_year) or names(value)
