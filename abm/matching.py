"""Which rows of a list are one organisation: pairs that are sure, and pairs a person has to look at. Pure.

A name alone never makes a sure pair where the list itself shows that several bear it. Start with `match`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from abm.places import address_in, town_in
from abm.spelling import Spelling, in_katakana, loosened, reading, spelling, without_known_branch
from hagukumi.journeys.core.verdict import Why
from hagukumi.pipeline.names import fold

SHORT = 2
"""A name of so few letters is borne by many: without its legal form it needs a second witness."""
SHORT_LATIN = 4
SHORT_LOOSE = 6
"""Kana of the other kind means the same word only where it is a long one: みずほ and ミズホ are two companies."""
_WITNESSES = ("domain", "reading", "english", "address")
CROWD = 200
"""Rows of one name of which all pairs are told; beyond, each is paired with the first alone."""
SHARED_DOMAIN = 5
"""Different names at one domain before it is taken for a provider's or a group's."""


DIGITS = 13
"""Of a corporate number (法人番号)."""


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


class Pair(NamedTuple):
    """Two rows, and why they are one organisation (or might be). Ids in the order of the list."""

    a: str
    b: str
    why: tuple[Why, ...]


class Matched(NamedTuple):
    """sure: one organisation. doubtful: a person decides. numbers_bad: corporate numbers that are none."""

    sure: list[Pair]
    doubtful: list[Pair]
    numbers_bad: int


def match(rows: Sequence[Organisation]) -> Matched:
    """All pairs of the list, in its order. Time and memory grow with the rows and the pairs found."""
    return _List(rows).match()


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


class _Row(NamedTuple):
    """A row as it is compared. odd: its number fails the check digit, so it proves no difference."""

    id: str
    said: Spelling
    written: str
    number: str
    odd: bool
    domain: str
    reading: str
    english: str
    place: str
    address: str
    code: str


class _List:
    """The rows of one list, and what is known of every name in it."""

    def __init__(self, rows: Sequence[Organisation]) -> None:
        self.numbers_bad = 0
        self.rows = [self._read(row) for row in rows]
        self.by_core: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            self.by_core[row.said.core].append(number)
        self._set_branches_apart()
        self.several = {core for core, some in self.by_core.items() if self._is_several(some)}
        self.twins = {core for core, some in self.by_core.items() if len(self._signatures(some)) > 1}
        self.unclear = self.several | self.twins
        self.several_signed = {
            (core, *signature)
            for core in self.several
            for signature in self._signatures(self.by_core[core])
            if self._is_several(n for n in self.by_core[core] if self.rows[n].said.signature == signature)
        }
        english: dict[str, set[str]] = defaultdict(set)
        for row in self.rows:
            english[row.english].add(row.said.core)
        self.common_english = {name for name, cores in english.items() if len(cores) > 1}
        self.sure: dict[tuple[int, int], tuple[Why, ...]] = {}
        self.doubtful: dict[tuple[int, int], tuple[Why, ...]] = {}

    def match(self) -> Matched:
        """Every kind of likeness in turn, the surest first."""
        self._by_witness("code")
        self._by_witness("number")
        self._by_name()
        self._by_witness("domain")
        self._by_other_names()
        self._loosely()
        return Matched(self._pairs(self.sure), self._pairs(self.doubtful), self.numbers_bad)

    def _read(self, row: Organisation) -> _Row:
        number = corporate_number(row.number) or row.number.strip()
        odd = bool(number) and corporate_number(number) is None
        self.numbers_bad += odd
        said = spelling(row.name)
        kana = reading(row.kana) if row.kana else reading(row.name) if said.kana else ""
        english = spelling(row.english).core if row.english else said.core if said.latin else ""
        place = town_in(row.place) or town_in(said.place)
        name, domain, code = row.name.strip(), domain_of(row.domain), row.code.strip()
        return _Row(row.id, said, name, number, odd, domain, kana, english, place, address_in(row.place), code)

    def _set_branches_apart(self) -> None:
        """青葉大阪支店 is a branch of 青葉 only where the list knows 青葉."""
        for core in [core for core in self.by_core if len(core) > SHORT]:
            found = without_known_branch(core, self.by_core)
            if found is None:
                continue
            for number in self.by_core.pop(core):
                row = self.rows[number]
                said = row.said._replace(core=found[0], whole=found[0], branch=found[1])
                self.rows[number] = row._replace(said=said)
                self.by_core[found[0]].append(number)

    def _signatures(self, numbers: Iterable[int]) -> set[tuple[str, str]]:
        return {self.rows[number].said.signature for number in numbers if self.rows[number].said.form}

    def _is_several(self, numbers: Iterable[int]) -> bool:
        """Whether the list shows that several organisations bear a name."""
        some = [self.rows[number] for number in numbers]
        numbers_of = {row.number for row in some if row.number and not row.odd}
        if len(numbers_of) > 1 or len({row.code for row in some if row.code}) > 1:
            return True
        # Of a register's names that stand there twice, letter by letter, five in six are two companies.
        bare = Counter(row.written for row in some if not (row.number or row.code or row.domain or row.address))
        return any(count > 1 for count in bare.values())

    def _borne_by_several(self, one: Spelling, other: Spelling) -> bool:
        """Whether the name, with its legal form where both say it, is that of several."""
        if one.form and one.signature == other.signature:
            return (one.core, *one.signature) in self.several_signed
        return one.core in self.several or (one.core in self.twins and bool(one.form) != bool(other.form))

    def _by_witness(self, witness: str) -> None:
        """Rows with the same code, number or domain."""
        groups: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            if value := getattr(row, witness):
                groups[value].append(number)
        for some in groups.values():
            crowded = witness == "domain" and len({self.rows[n].said.core for n in some}) > SHARED_DOMAIN
            for a, b in () if crowded else _couples(some):
                self._witnessed(a, b, witness)

    def _witnessed(self, a: int, b: int, witness: str) -> None:
        one, other = self.rows[a], self.rows[b]
        if self._differ(one, other):
            return
        alike = one.said.core == other.said.core or one.said.whole == other.said.whole
        why = [Why(f"match_{witness}")] + ([Why("match_name")] if alike else [])
        if witness == "code" or alike:
            self._say(a, b, why, sure=True)
        elif witness == "number":
            two_places = None not in (one.said.facility, other.said.facility) or bool(
                one.said.entity and other.said.entity
            )
            doubt = "match_two_facilities" if two_places else "match_names_differ"
            self._say(a, b, [*why, Why(doubt)], sure=not two_places and not one.odd)
        else:
            self._say(a, b, [*why, Why("match_names_differ")], sure=False)

    def _by_name(self) -> None:
        for some in self.by_core.values():
            for a, b in _couples(some):
                self._compared(a, b)
        wholes: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            if row.said.entity or row.said.at == "before":
                wholes[row.said.whole].append(number)
        for some in wholes.values():
            # 医療法人青葉会 青葉台病院 with and without the space between them.
            if any(self.rows[n].said.entity for n in some):
                for a, b in _couples(some):
                    one, other = self.rows[a], self.rows[b]
                    if one.said.core != other.said.core and not self._differ(one, other):
                        against = [why for why in self._against(one, other) if why.code != "match_short"]
                        self._say(a, b, [Why("match_whole"), *against], sure=not against)

    def _compared(self, a: int, b: int) -> None:
        """Two rows of one core: what speaks for one organisation, and what against."""
        one, other = self.rows[a], self.rows[b]
        if self._differ(one, other):
            return
        against = list(self._against(one, other))
        witness = [Why(f"match_{name}") for name in _WITNESSES if _both(one, other, name)]
        # Its reading is the name once more, and an English name that others bear too tells nothing.
        strong = [why for why in witness if not self._is_weak(one, why)]
        if not strong and one.written == other.written:
            against.append(Why("match_nothing_else"))
        elif self._borne_by_several(one.said, other.said) and not _both(one, other, "number"):
            against.append(Why("match_several"))
        elif not strong and is_short(one.said) and not (one.said.form and one.said.signature == other.said.signature):
            against.append(Why("match_short"))
        if any(why.code == "match_domain" for why in witness):
            against = [why for why in against if why.code not in ("match_twin", "match_form")]
        why = [Why("match_name"), *witness, *_ways(one.said, other.said), *against]
        self._say(a, b, why, sure=not against)

    def _is_weak(self, row: _Row, why: Why) -> bool:
        return why.code == "match_reading" or (why.code == "match_english" and row.english in self.common_english)

    def _against(self, one: _Row, other: _Row) -> Iterator[Why]:
        """What a person has to look at."""
        first, second = one.said, other.said
        signed = first.form and second.form and first.latin == second.latin
        if signed and first.signature != second.signature:
            yield Why("match_twin" if first.form == second.form else "match_form")
        if first.entity and second.entity and first.entity != second.entity:
            yield Why("match_entity")
        elif bool(first.entity) != bool(second.entity) and _is_common_facility(first):
            yield Why("match_short")
        if first.branch and second.branch and first.branch != second.branch:
            yield Why("match_branches")
        if _unlike(one, other, "place") or _elsewhere(one.address, other.address):
            yield Why("match_places")
        if first.gaps != second.gaps and first.latin == second.latin:
            yield Why("match_gaps")
        if first.aside != second.aside:
            yield Why("match_aside")
        if _unlike(one, other, "domain"):
            yield Why("match_domains")
        if _unlike(one, other, "number"):
            yield Why("match_numbers")

    def _by_other_names(self) -> None:
        """A name written in kana is another's reading; a Latin one is another's English name; a former name."""
        readings: dict[str, list[int]] = defaultdict(list)
        english: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            if row.reading and not row.said.kana:
                readings[row.reading].append(number)
            if row.english and not row.said.latin:
                english[row.english].append(number)
        for number, row in enumerate(self.rows):
            if row.said.kana:
                self._other(number, readings.get(row.reading, []), "match_is_reading", row.reading)
            if row.said.latin:
                self._other(number, english.get(row.said.core, []), "match_is_english", row.said.core)
            if row.said.former:
                for one in self.by_core.get(row.said.former, []):
                    self._say(one, number, [Why("match_former")], sure=False)

    def _other(self, number: int, found: Sequence[int], code: str, text: str) -> None:
        # Who shares a reading or an English name with others is not known by it.
        alone = len({self.rows[one].said.core for one in found}) == 1 and not any(
            self.rows[one].said.core in self.unclear for one in found
        )
        for one in found[:CROWD]:
            if one != number and not self._differ(self.rows[one], self.rows[number]):
                forms = list(self._against(self.rows[one], self.rows[number]))
                if not alone:
                    forms.append(Why("match_called_alike"))
                elif len(text) < SHORT_LOOSE:
                    forms.append(Why("match_short"))
                self._say(one, number, [Why(code), *forms], sure=not forms)

    def _loosely(self) -> None:
        """Names that differ by kana of the other kind or a long vowel, or by 社団 and the like."""
        groups: dict[str, list[str]] = defaultdict(list)
        for core in self.by_core:
            groups[loosened(core)].append(core)
        for loose, cores in groups.items():
            for first, second in combinations(cores, 2):
                only_kind = fold(in_katakana(first)) == fold(in_katakana(second))
                for a in self.by_core[first][:CROWD]:
                    for b in self.by_core[second][:CROWD]:
                        self._loose(a, b, sure=only_kind and len(loose) >= SHORT_LOOSE)

    def _loose(self, a: int, b: int, *, sure: bool) -> None:
        one, other = self.rows[a], self.rows[b]
        if self._differ(one, other):
            return
        against = list(self._against(one, other))
        if one.said.core in self.several or other.said.core in self.several:
            against.append(Why("match_several"))
        witness = _both(one, other, "domain")
        if not sure and not witness:
            against.append(Why("match_kana_differs"))
        why = [Why("match_kana"), *([Why("match_domain")] if witness else []), *against]
        self._say(a, b, why, sure=not against)

    def _differ(self, one: _Row, other: _Row) -> bool:
        """Whether they are two organisations for certain."""
        odd = one.odd or other.odd
        return _unlike(one, other, "code") or (_unlike(one, other, "number") and not odd)

    def _say(self, a: int, b: int, why: Sequence[Why], *, sure: bool) -> None:
        pair = (min(a, b), max(a, b))
        if a == b or pair in self.sure:
            return
        if sure:
            self.doubtful.pop(pair, None)
            self.sure[pair] = tuple(why)
        else:
            self.doubtful.setdefault(pair, tuple(dict.fromkeys(why)))

    def _pairs(self, found: Mapping[tuple[int, int], tuple[Why, ...]]) -> list[Pair]:
        return [Pair(self.rows[a].id, self.rows[b].id, found[a, b]) for a, b in sorted(found)]


def _couples(some: Sequence[int]) -> Iterable[tuple[int, int]]:
    if len(some) <= CROWD:
        return combinations(some, 2)
    return ((some[0], other) for other in some[1:])


def _both(one: _Row, other: _Row, witness: str) -> bool:
    value = getattr(one, witness)
    return bool(value) and value == getattr(other, witness)


def _elsewhere(one: str, other: str) -> bool:
    """Whether two addresses differ; one may say less than the other."""
    return bool(one and other) and not f"{one}-".startswith(f"{other}-") and not f"{other}-".startswith(f"{one}-")


def _unlike(one: _Row, other: _Row, witness: str) -> bool:
    first, second = getattr(one, witness), getattr(other, witness)
    return bool(first) and bool(second) and first != second


def _ways(one: Spelling, other: Spelling) -> Iterator[Why]:
    """In what the two are written differently."""
    if bool(one.form) != bool(other.form):
        yield Why("match_form_missing")
    if bool(one.branch) != bool(other.branch):
        yield Why("match_branch", (one.branch or other.branch,))
    if bool(one.entity) != bool(other.entity):
        yield Why("match_entity_missing")


def is_short(said: Spelling) -> bool:
    """Whether so many bear the name that it needs a second witness."""
    return len(said.core) <= (SHORT_LATIN if said.core.isascii() else SHORT) or _is_common_facility(said)


def _is_common_facility(said: Spelling) -> bool:
    """中央病院, さくら医院: a facility whose own word is a short one, or a town's."""
    return said.facility is not None and len(said.facility) <= SHORT + 1
