"""How lists write people and facilities: five ways for a company, old forms, spaces, addresses. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from hagukumi.pipeline.names import company, same_company
from hagukumi.world.chance import one
from hagukumi.world.facilities import Facility
from hagukumi.world.words import OLD, SHORT_FORMS, Word

_ABBREVIATED = (("リハビリテーション病院", "リハ病院"), ("病院", "HP"), ("クリニック", "CL"), ("医療センター", "MC"))
_SPACED_BEFORE = ("病院", "クリニック", "診療所", "医院", "医療センター", "ホーム", "苑", "荘")
_HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
_VOICED = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
STYLES = 4


def facility_as(way: str, facility: Facility) -> str:
    """The facility's name in one of the ways of rates.NAME_WAYS."""
    name, entity = facility.truth.name, facility.entity
    match way:
        case "full":
            return f"{entity}　{name}" if entity else name
        case "short_form":
            return f"{_short(entity)} {name}" if entity else name
        case "spaced":
            end = next((each for each in _SPACED_BEFORE if name.endswith(each)), "")
            return f"{name.removesuffix(end)}　{end}" if end else name
        case "wide":
            half = half_width(name)
            return half if half != name else name.replace("ヶ", "ケ")
        case "abbreviated":
            end, short = next((each for each in _ABBREVIATED if name.endswith(each[0])), ("", ""))
            return f"{name.removesuffix(end)}{short}"
        case _:
            return name


def is_recognised(written: str, facility: Facility) -> bool:
    """Whether the written name can be matched with the facility's own, prefecture aside."""
    known, found = company(facility.truth.name), company(written)
    return found.core == known.core and same_company(found, known)


def _short(entity: str) -> str:
    return next((entity.replace(long, short) for long, short in SHORT_FORMS if long in entity), entity)


def half_width(text: str) -> str:
    """Katakana in half width, as old systems export it; the rest is untouched."""
    found = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        base, marks = parts[0], parts[1:]
        half = _HALF.get(base)
        found.append(char if half is None else half + "".join(_VOICED[mark] for mark in marks))
    return "".join(found)


def old_form(family: str) -> str:
    """The family name with its old characters, where it has some (髙橋, 山﨑)."""
    return "".join(OLD.get(char, char) for char in family)


def address_of(family: Word, given: Word, domain: str, style: int, used: Collection[str]) -> str:
    """A free address: the house's style, and a number when somebody has it already."""
    last, first = family.latin.lower(), given.latin.lower()
    local = (f"{last}.{first}", f"{first[0]}-{last}", f"{last}-{first[0]}", f"{first}_{last}")[style % STYLES]
    number, found = 2, f"{local}@{domain}"
    while found in used:
        number, found = number + 1, f"{local}{number}@{domain}"
    return found


def misspelt(address: str, lot: float) -> str:
    """The address with a slip that makes it none."""
    local, _, domain = address.partition("@")
    return (f"{local}{domain}", f"{local}@@{domain}", f"{local}@", f"{local} {local}@{domain}")[one(lot, 4)]
