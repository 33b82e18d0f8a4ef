"""Which rows of a list are one organisation: pairs that are sure, and pairs a person has to look at. Pure.

A name alone never makes a sure pair where the list itself shows that several bear it. Start with `match`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from abm.listed import (
    Organisation,
    Row,
    apart,
    both,
    differ,
    is_common_facility,
    is_short,
    read,
    unlike,
    ways,
    witnesses,
)
from abm.other_ways import other_ways
from abm.places import Place
from abm.spelling import Spelling, in_katakana, loosened, without_known_branch
from hagukumi.journeys.core.verdict import Why
from hagukumi.pipeline.names import fold

SHORT = 2
"""A branch is set apart only of a name with more letters."""
SHORT_LOOSE = 6
"""Kana of the other kind means the same word only where it is a long one: みずほ and ミズホ are two companies."""
SHORT_KANA = 3
CROWD = 200
"""Rows of one name of which all pairs are told; beyond, each is paired with the first alone."""
SHARED_DOMAIN = 5
"""Different names at one domain before it is taken for a provider's or a group's."""


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


class _Name(NamedTuple):
    """A name as narrowly as its rows tell it; form, entity and place are None or unknown where they leave it out."""

    core: str
    signature: tuple[str, str] | None
    entity: str
    place: Place


class _List:
    """The rows of one list, and what is known of every name in it."""

    def __init__(self, rows: Sequence[Organisation]) -> None:
        self.rows = [read(row) for row in rows]
        self.numbers_bad = sum(row.odd for row in self.rows)
        self.by_core: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            self.by_core[row.said.core].append(number)
        self._set_branches_apart()
        self.twins = {core for core, some in self.by_core.items() if len(self._signatures(some)) > 1}
        self.several: dict[_Name, bool] = {}
        self.readings: dict[str, list[int]] = defaultdict(list)
        self.english: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            if row.reading and not row.said.kana:
                self.readings[row.reading].append(number)
            if row.english and not row.said.latin:
                self.english[row.english].append(number)
        self.common_english = {
            name for name, some in self.english.items() if len({self.rows[n].said.core for n in some}) > 1
        }
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
        self._in_other_ways()
        return Matched(self._pairs(self.sure), self._pairs(self.doubtful), self.numbers_bad)

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

    def _is_several(self, some: Sequence[Row]) -> bool:
        """Whether the list shows that several organisations are among rows of one name."""
        numbers = {row.number for row in some if row.number and not row.odd}
        if len(numbers) > 1 or len({row.code for row in some if row.code}) > 1:
            return True
        if len({row.said.entity for row in some if row.said.entity}) > 1:
            return True
        # Of a register's names that stand there twice, letter by letter, five in six are two companies.
        bare = Counter(row.written for row in some if not (row.number or row.code or row.domain or row.address))
        twice = any(count > 1 for count in bare.values())
        return twice or _are_apart([row for row in some if not (row.number or row.code or row.said.branch)])

    def _is_one_of_several(self, name: _Name) -> bool:
        """Whether several of the list bear the name, as far as it is told."""
        if name not in self.several:
            rows = [self.rows[n] for n in self.by_core.get(name.core, ())]
            some = [row for row in rows if _fits(row, name)]
            self.several[name] = len(some) > 1 and self._is_several(some)
        return self.several[name]

    def _borne_by_several(self, one: Row, other: Row) -> bool:
        """Whether the name, with the legal form, entity and place that both tell, is that of several."""
        return self._is_one_of_several(_name_of(one, other)) or (
            one.said.core in self.twins and bool(one.said.form) != bool(other.said.form)
        )

    def _is_unclear(self, row: Row, other: Row) -> bool:
        """Whether the row's name could be that of several, one of whom is called as the other row is."""
        name = _name_of(row, other)
        return self._is_one_of_several(name) or (name.signature is None and name.core in self.twins)

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
        if differ(one, other):
            return
        alike = one.said.core == other.said.core or one.said.whole == other.said.whole
        why = [Why(f"match_{witness}")] + ([Why("match_name")] if alike else [])
        if witness == "code" or alike:
            against = [] if witness == "code" else list(_two_sites(one, other))
            self._say(a, b, [*why, *against], sure=not against)
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
                    if one.said.core != other.said.core and not differ(one, other):
                        against = [why for why in self._against(one, other) if why.code != "match_short"]
                        if self._is_unclear(one, other) or self._is_unclear(other, one):
                            against.append(Why("match_several"))
                        self._say(a, b, [Why("match_whole"), *against], sure=not against)

    def _compared(self, a: int, b: int) -> None:
        """Two rows of one core: what speaks for one organisation, and what against."""
        one, other = self.rows[a], self.rows[b]
        if differ(one, other):
            return
        against = list(self._against(one, other))
        witness = witnesses(one, other)
        # Its reading is the name once more, and an English name that others bear too tells nothing.
        strong = [why for why in witness if not self._is_weak(one, why)]
        if not strong and one.written == other.written:
            against.append(Why("match_nothing_else"))
        elif self._borne_by_several(one, other) and not both(one, other, "number"):
            against.append(Why("match_several"))
        elif not strong and self._is_called_alike(one):
            against.append(Why("match_called_alike"))
        elif not strong and is_short(one.said) and not _told_apart(one.said, other.said):
            against.append(Why("match_short"))
        if any(why.code == "match_domain" for why in witness):
            against = [why for why in against if why.code not in ("match_twin", "match_form")]
        why = [Why("match_name"), *witness, *ways(one.said, other.said), *against]
        self._say(a, b, why, sure=not against)

    def _is_called_alike(self, row: Row) -> bool:
        """Whether the name is in kana or Latin letters, and the reading or English name of several."""
        some = self.readings.get(row.reading, []) if row.said.kana else []
        some = self.english.get(row.said.core, []) if row.said.latin else some
        return bool(some) and not self._are_one(some, row)

    def _is_weak(self, row: Row, why: Why) -> bool:
        return why.code == "match_reading" or (
            why.code == "match_english" and (row.said.latin or row.english in self.common_english)
        )

    def _against(self, one: Row, other: Row) -> Iterator[Why]:
        """What a person has to look at."""
        first, second = one.said, other.said
        signed = first.form and second.form and first.latin == second.latin
        if signed and first.signature != second.signature:
            yield Why("match_twin" if first.form == second.form else "match_form")
        if first.entity and second.entity and first.entity != second.entity:
            yield Why("match_entity")
        elif bool(first.entity) != bool(second.entity) and is_common_facility(first):
            yield Why("match_short")
        if first.branch and second.branch and first.branch != second.branch:
            yield Why("match_branches")
        if _owner_differs(one, other):
            yield Why("match_owner")
        if apart(one, other):
            yield Why("match_places")
        if first.gaps != second.gaps and first.latin == second.latin:
            yield Why("match_gaps")
        if first.aside != second.aside:
            yield Why("match_aside")
        if unlike(one, other, "domain"):
            yield Why("match_domains")
        if unlike(one, other, "number"):
            yield Why("match_numbers")

    def _by_other_names(self) -> None:
        """A name written in kana is another's reading; a Latin one is another's English name; a former name."""
        for number, row in enumerate(self.rows):
            if row.said.kana:
                self._other(number, self.readings.get(row.reading, []), "match_is_reading", row.reading)
            if row.said.latin:
                self._other(number, self.english.get(row.said.core, []), "match_is_english", row.said.core)
            if row.said.former:
                for one in self.by_core.get(row.said.former, []):
                    self._say(one, number, [Why("match_former")], sure=False)

    def _other(self, number: int, found: Sequence[int], code: str, text: str) -> None:
        # Who shares a reading or an English name with others is not known by it.
        alone = self._are_one(found, self.rows[number])
        for one in found[:CROWD]:
            if one != number and not differ(self.rows[one], self.rows[number]):
                forms = list(self._against(self.rows[one], self.rows[number]))
                if not alone:
                    forms.append(Why("match_called_alike"))
                elif len(text) < SHORT_LOOSE:
                    forms.append(Why("match_short"))
                self._say(one, number, [Why(code), *forms], sure=not forms)

    def _are_one(self, found: Sequence[int], other: Row) -> bool:
        """Whether the rows that share a reading or an English name bear one name, and it is that of one."""
        some = [self.rows[one] for one in found]
        return len({row.said.core for row in some}) == 1 and not any(self._is_unclear(row, other) for row in some)

    def _loosely(self) -> None:
        """Names that differ by kana of the other kind or a long vowel, or by 社団 and the like."""
        groups: dict[str, list[str]] = defaultdict(list)
        for core in self.by_core:
            groups[loosened(core)].append(core)
        for loose, cores in groups.items():
            for first, second in combinations(cores, 2):
                only_kind = fold(in_katakana(first)) == fold(in_katakana(second)) and _letters_differ(first, second)
                for a in self.by_core[first][:CROWD]:
                    for b in self.by_core[second][:CROWD]:
                        self._loose(a, b, sure=only_kind and len(loose) >= SHORT_LOOSE)

    def _loose(self, a: int, b: int, *, sure: bool) -> None:
        one, other = self.rows[a], self.rows[b]
        if differ(one, other):
            return
        against = list(self._against(one, other))
        if self._is_unclear(one, other) or self._is_unclear(other, one):
            against.append(Why("match_several"))
        if is_short(one.said) and bool(one.said.entity) != bool(other.said.entity):
            against.append(Why("match_short"))
        witness = both(one, other, "domain")
        if not witness and (self._is_called_alike(one) or self._is_called_alike(other)):
            against.append(Why("match_called_alike"))
        # ミズホ and みずほ株式会社 differ in two ways.
        if not witness and not (sure and one.said.signature == other.said.signature):
            against.append(Why("match_kana_differs"))
        why = [Why("match_kana"), *([Why("match_domain")] if witness else []), *against]
        self._say(a, b, why, sure=not against)

    def _in_other_ways(self) -> None:
        """Latin letters in kana, and public owners left out: a person decides."""
        for way in other_ways(self.by_core):
            for a in self.by_core[way.first][:CROWD]:
                for b in self.by_core[way.second][:CROWD]:
                    one, other = self.rows[a], self.rows[b]
                    if not differ(one, other) and not way.place.differs(other.place):
                        against = [*self._against(one, other), Why(f"{way.code}_doubt")]
                        self._say(a, b, [Why(way.code), *witnesses(one, other), *against], sure=False)

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


def _are_apart(some: Sequence[Row]) -> bool:
    """Whether rows of one name have different domains, or lie in different places."""
    domains = {row.domain for row in some if row.domain}
    places = list({row.place for row in some})
    return len(domains) > 1 or any(one.differs(other) for one, other in combinations(places[:CROWD], 2))


def _letters_differ(first: str, second: str) -> bool:
    """Whether so many letters are of the other kind that they are one word: ひまわり, but not みずほ."""
    return len(first) != len(second) or sum(map(str.__ne__, first, second)) > SHORT_KANA


def _name_of(row: Row, other: Row) -> _Name:
    """The row's name as narrowly as both rows tell it."""
    said = row.said
    signature = said.signature if said.form and said.signature == other.said.signature else None
    entity = said.entity if said.entity == other.said.entity else ""
    return _Name(said.core, signature, entity, row.place.shared(other.place))


def _fits(row: Row, name: _Name) -> bool:
    said = row.said
    if name.signature is not None and said.signature != name.signature:
        return False
    if name.entity and said.entity != name.entity:
        return False
    return not name.place.differs(row.place)


def _told_apart(one: Spelling, other: Spelling) -> bool:
    """Whether a legal form or the legal entity that both tell makes a common name their own."""
    return bool(one.form and one.signature == other.signature) or bool(one.entity and one.entity == other.entity)


def _two_sites(one: Row, other: Row) -> Iterator[Why]:
    """What speaks against one organisation although name and number or domain agree."""
    if one.said.entity and other.said.entity and one.said.entity != other.said.entity:
        yield Why("match_entity")
    if one.said.facility is not None and apart(one, other):
        yield Why("match_places")
    if unlike(one, other, "number"):
        yield Why("match_numbers")


def _owner_differs(one: Row, other: Row) -> bool:
    """Whether one abbreviates its public owner, and neither place nor address tells that they are one house."""
    first, second = one.said, other.said
    if first.short == second.short or not first.entity or first.entity != second.entity:
        return False
    return not (one.place.agrees(other.place) or both(one, other, "number") or both(one, other, "domain"))
