"""A row of a list of organisations as it is compared. Pure. Start with `read`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from abm.places import Place, address_in, place_in
from abm.spelling import Spelling, reading, spelling
from hagukumi.journeys.core.verdict import Why

SHORT = 2
"""A name of so few letters is borne by many: without its legal form it needs a second witness."""
SHORT_LATIN = 4
DIGITS = 13
"""Of a corporate number (法人番号)."""
NOWHERE = Place()
_WITNESSES = ("domain", "reading", "english", "address")


class Organisation(NamedTuple):
    """A row of a list. number: corporate number as written. domain: of web or mail. place: address or prefecture."""

    id: str
    name: str
    number: str = ""
    domain: str = ""
    kana: str = ""
    english: str = ""
    place: str = ""
    code: str = ""


class Row(NamedTuple):
    """A row as it is compared. odd: its number fails the check digit, so it proves no difference.

    made: which of reading and English name the list does not hold; they are made of the name.
    """

    id: str
    said: Spelling
    written: str
    number: str
    odd: bool
    domain: str
    reading: str
    english: str
    place: Place
    address: str
    code: str
    made: frozenset[str]


def read(row: Organisation) -> Row:
    """The row, everything in it in the form that is compared."""
    number = corporate_number(row.number) or row.number.strip()
    odd = bool(number) and corporate_number(number) is None
    said = spelling(row.name)
    kana = reading(row.kana) if row.kana else reading(said.core) if said.kana else ""
    english = spelling(row.english).core if row.english else said.core if said.latin else ""
    place = place_in(row.place)
    place = place_in(said.place) if place == NOWHERE else place
    name, domain, code = row.name.strip(), domain_of(row.domain), row.code.strip()
    made = frozenset(what for what, told in (("reading", row.kana), ("english", row.english)) if not told)
    return Row(row.id, said, name, number, odd, domain, kana, english, place, address_in(row.place), code, made)


def corporate_number(text: str) -> str | None:
    """The 13 digits of a 法人番号 whose check digit is right, or None."""
    digits = re.sub(r"[\s\-‐－―ー]", "", unicodedata.normalize("NFKC", text)).removeprefix("T")
    if not re.fullmatch(r"[1-9]\d{12}", digits):
        return None
    weighed = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits[1:])))
    return digits if int(digits[0]) == 9 - weighed % 9 else None


def domain_of(text: str) -> str:
    """The domain of a web or mail address, without www."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = re.sub(r"^[a-z]+://", "", plain).rpartition("@")[2]
    plain = re.split(r"[/:?#\s]", plain, maxsplit=1)[0].removeprefix("www.").rstrip(".")
    return plain if re.fullmatch(r"[^.\s]+(\.[^.\s]+)+", plain) else ""


def both(one: Row, other: Row, witness: str) -> bool:
    """Whether both say it, and say the same."""
    value = getattr(one, witness)
    return bool(value) and value == getattr(other, witness)


def witnesses(one: Row, other: Row) -> list[Why]:
    """What both tell alike beside the name; a reading made of the name itself is none."""
    told = (each for each in _WITNESSES if each not in one.made | other.made)
    return [Why(f"match_{each}") for each in told if both(one, other, each)]


def unlike(one: Row, other: Row, witness: str) -> bool:
    """Whether both say it, and say different things."""
    first, second = getattr(one, witness), getattr(other, witness)
    return bool(first) and bool(second) and first != second


def apart(one: Row, other: Row) -> bool:
    """Whether they are in two places; one address may say less than the other."""
    a, b = one.address, other.address
    elsewhere = bool(a and b) and not f"{a}-".startswith(f"{b}-") and not f"{b}-".startswith(f"{a}-")
    return one.place.differs(other.place) or elsewhere


def differ(one: Row, other: Row) -> bool:
    """Whether they are two organisations for certain."""
    odd = one.odd or other.odd
    return unlike(one, other, "code") or (unlike(one, other, "number") and not odd)


def ways(one: Spelling, other: Spelling) -> Iterator[Why]:
    """In what the two are written differently."""
    if bool(one.form) != bool(other.form):
        yield Why("match_form_missing")
    if bool(one.branch) != bool(other.branch):
        yield Why("match_branch", (one.branch or other.branch,))
    if bool(one.entity) != bool(other.entity):
        yield Why("match_entity_missing")


def is_short(said: Spelling) -> bool:
    """Whether so many bear the name that it needs a second witness."""
    return len(said.core) <= (SHORT_LATIN if said.core.isascii() else SHORT) or is_common_facility(said)


def is_common_facility(said: Spelling) -> bool:
    """中央病院, さくら医院: a facility whose own word is a short one, or a town's."""
    return said.facility is not None and len(said.facility) <= SHORT + 1
