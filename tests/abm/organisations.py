"""Thousands of invented organisations from a seed, the ways lists write them, and who is who. Start with `write`.

Words, towns, numbers (registry 9999) and domains (.example) are invented; public owners are forms only.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from random import Random
from typing import NamedTuple

from abm.listed import Organisation
from abm.matching import Matched
from hagukumi.world.naming import half_width
from tests.abm.invented_words import FIRST, SECOND, STEMS, TRADES, Word
from tests.abm.market import corporate

_PLACES = ("東京都 神奈川県 大阪府 愛知県 福岡県 宮城県 北海道 広島県").split()
_TOWNS = ("木漏市 虹霓市 月暈市 草笛市 潮騒市 霜柱町 氷柱市 水鏡市 花筏市 星影市 朝靄町 夕虹市").split()
_BRANCHES = ("大阪支店", "東京支社", "名古屋営業所", "本社")
_OWNERS = (
    (
        "社会福祉法人恩賜財団済生会{}病院",
        "済生会{}病院",
        "恩賜財団済生会支部{place}済生会{}病院",
        "{place}済生会{}病院",
    ),
    ("日本赤十字社　{}赤十字病院", "{}赤十字病院", "日本赤十字社{}病院", "{}日赤病院"),
    ("国家公務員共済組合連合会{}病院", "KKR{}病院", "国家公務員共済組合連合会　{}病院", "ＫＫＲ {}病院"),
    ("独立行政法人地域医療機能推進機構{}病院", "JCHO{}病院", "独立行政法人地域医療機能推進機構　{}病院"),
    ("独立行政法人国立病院機構{}医療センター", "NHO{}医療センター", "国立病院機構 {}医療センター"),
    ("{place}厚生農業協同組合連合会{}総合病院", "JA{place}厚生連　{}総合病院", "{place}厚生連{}総合病院"),
    ("独立行政法人労働者健康安全機構{}労災病院", "労働者健康安全機構 {}労災病院", "(独)労働者健康安全機構 {}労災病院"),
)
_OLD = str.maketrans("髙濱櫻澤鐵嶋", "高浜桜沢鉄島")
_SIGNS = {
    "株式会社": ("㈱", "(株)", "（株）"),
    "有限会社": ("㈲", "(有)"),
    "医療法人": ("(医)", "医）"),
    "合同会社": ("(同)",),
}

_SAID = {"株式会社": "カブシキガイシャ", "有限会社": "ユウゲンガイシャ", "合同会社": "ゴウドウガイシャ"}


@dataclass(frozen=True)
class Invented:
    """An organisation as its register knows it."""

    number: str
    core: str
    kana: str
    english: str
    place: str
    domain: str
    form: str = ""
    after: bool = False
    entity: str = ""
    ways: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its full name."""
        if self.entity:
            return f"{self.form}{self.entity}　{self.core}"
        return self.core + self.form if self.after else self.form + self.core


def _width(one: Invented, _: Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in one.name)


def _half(one: Invented, _: Random) -> str:
    return half_width(one.name)


def _sign(one: Invented, lots: Random) -> str:
    signs = _SIGNS.get(one.form, (one.form,))
    sign = lots.choice(signs)
    if one.after and sign.endswith("）") and not sign.startswith("（"):
        sign = signs[0]
    return one.name.replace(one.form, sign) if one.form else one.name


def _spaces(one: Invented, lots: Random) -> str:
    if one.entity:
        return one.name.replace("　", lots.choice((" ", "  ", "")))
    gap = lots.choice((" ", "　"))
    return f"{one.core}{gap}{one.form}" if one.after else f"{one.form}{gap}{one.core}"


def _split(one: Invented, lots: Random) -> str:
    at = lots.randint(1, len(one.core) - 1)
    return one.name.replace(one.core, one.core[:at] + "　" + one.core[at:])


def _bare(one: Invented, _: Random) -> str:
    return one.core


def _new_letters(one: Invented, _: Random) -> str:
    return one.name.translate(_OLD)


def _ke(one: Invented, lots: Random) -> str:
    return one.name.replace("ヶ", lots.choice("ケが")).replace("ノ", "の")


def _long(one: Invented, lots: Random) -> str:
    for long in ("コンピューター", "センター", "エネルギー"):
        if long in one.name:
            return one.name.replace(long, long[:-1])
    return one.name.replace("ー", lots.choice("－‐−―"))


def _dots(one: Invented, lots: Random) -> str:
    return one.name.replace("・", lots.choice(("", " ", "･", "＝")))


def _branch(one: Invented, lots: Random) -> str:
    return one.name + lots.choice(("　{}", "({})", "（{}）")).format(lots.choice(_BRANCHES))


def _town(one: Invented, _: Random) -> str:
    return f"{one.name}（{one.place[: one.place.index('見')]}）"


def _kana(one: Invented, lots: Random) -> str:
    text = one.kana
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text) if lots.random() < 0.3 else text


def _english(one: Invented, lots: Random) -> str:
    return lots.choice(
        (one.english, one.english.upper(), one.english.replace(", ", ",").replace("Co.,Ltd.", "CO.,LTD"))
    )


def _bank(one: Invented, _: Random) -> str:
    short, kana = {"株式会社": "カ", "有限会社": "ユ"}[one.form], _plain(one.kana)
    return f"{kana}({short}" if one.after else f"{short}){kana}"


def _owner(one: Invented, lots: Random) -> str:
    return lots.choice(one.ways)


def _plain(kana: str) -> str:
    """A reading without the words for a legal form."""
    for said in _SAID.values():
        kana = kana.removeprefix(said).removesuffix(said)
    return kana


Way = Callable[[Invented, Random], str]
WAYS: dict[str, tuple[Way, Callable[[Invented], bool]]] = {
    "width": (_width, lambda one: any(map(str.isascii, one.name))),
    "half width": (_half, lambda one: True),
    "sign": (_sign, lambda one: bool(one.form)),
    "spaces": (_spaces, lambda one: bool(one.form)),
    "split": (_split, lambda one: not one.ways and len(one.core) > 2 and not one.core.isascii()),
    "no form": (_bare, lambda one: bool(one.form)),
    "new letters": (_new_letters, lambda one: one.name.translate(_OLD) != one.name),
    "ke and no": (_ke, lambda one: "ヶ" in one.name or "ノ" in one.name),
    "long vowel": (_long, lambda one: "ー" in one.name),
    "dots": (_dots, lambda one: "・" in one.name),
    "branch": (_branch, lambda one: not one.ways and not one.entity),
    "town": (_town, lambda one: True),
    "kana": (_kana, lambda one: not one.ways and not one.entity),
    "english": (_english, lambda one: not one.ways and not one.entity),
    "bank": (_bank, lambda one: one.form in ("株式会社", "有限会社")),
    "owner": (_owner, lambda one: bool(one.ways)),
}
"""Ways lists write a name, and of which organisations."""


class Listed(NamedTuple):
    """The rows of a list. who: id of a row -> its organisation. way: id of a row written otherwise -> how."""

    rows: list[Organisation]
    who: dict[str, int]
    way: dict[str, str]


@dataclass
class Measured:
    """What matching found of the pairs that are one organisation. missed, wrong: pairs of ids."""

    sure: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)
    doubtful: int = 0
    doubtful_true: int = 0
    ways: dict[str, Counter[str]] = field(default_factory=dict)
    missed: list[tuple[str, str]] = field(default_factory=list)

    def share(self, *found: str, ways: Iterable[str] = WAYS) -> float:
        """Of rows written otherwise, those that were found so."""
        told = [self.ways[way] for way in ways if way in self.ways]
        return sum(each[what] for each in told for what in found) / max(sum(each.total() for each in told), 1)


def invent(seed: int, many: int) -> list[Invented]:
    """Organisations, among them twins, namesakes of other towns and forms, and houses of one owner."""
    lots = Random(seed)
    made: list[Invented] = []
    while len(made) < many:
        one = lots.choices((_firm, _facility, _public), (8, 3, 2))[0](lots, len(made))
        made.append(one)
        if lots.random() < 0.06 and not one.ways and len(made) < many:
            made.append(_other_of_that_name(one, lots, len(made)))
    return made


def write(
    seed: int, made: list[Invented], rows: int, known: Iterable[str] = ("kana", "english", "number", "domain", "place")
) -> Listed:
    """A register of them all with the columns `known`, and as many rows that write some of them otherwise.

    Of those, half say their name alone, the others one thing more that the list has a column for.
    """
    lots, known = Random(seed + 1), tuple(known)
    listed = Listed([], {}, {})
    for number, one in enumerate(made):
        listed.rows.append(_row(f"r{number}", one.name, one, known))
        listed.who[f"r{number}"] = number
    while len(listed.way) < rows:
        number = lots.randrange(len(made))
        one = made[number]
        way = lots.choice([name for name, (_, fits) in WAYS.items() if fits(one)])
        written = WAYS[way][0](one, lots)
        if written == one.name:
            continue
        key = f"w{len(listed.way)}"
        more = [each for each in ("number", "domain", "place") if each in known]
        said = (lots.choice(more),) if more and lots.random() < 0.5 else ()
        listed.rows.append(_row(key, written, one, said))
        listed.who[key], listed.way[key] = number, way
    lots.shuffle(listed.rows)
    return listed


def measure(listed: Listed, found: Matched) -> Measured:
    """Holds the pairs against who is who."""
    told, best = Measured(), dict.fromkeys(listed.way, "missed")
    for state, pairs in (("doubtful", found.doubtful), ("sure", found.sure)):
        for pair in pairs:
            true = listed.who[pair.a] == listed.who[pair.b]
            if state == "sure":
                told.sure += 1
                told.wrong += [] if true else [(pair.a, pair.b)]
            else:
                told.doubtful += 1
                told.doubtful_true += true
            for key, other in ((pair.a, pair.b), (pair.b, pair.a)) if true else ():
                if key in best and other not in best:
                    best[key] = state
    for key, state in best.items():
        told.ways.setdefault(listed.way[key], Counter())[state] += 1
        if state == "missed":
            told.missed.append((f"r{listed.who[key]}", key))
    return told


def _row(key: str, name: str, one: Invented, known: Iterable[str]) -> Organisation:
    return Organisation(key, name, **{each: getattr(one, each) for each in known})


def _number(count: int) -> str:
    return corporate(f"9999{count:08d}")


def _address(lots: Random) -> str:
    house = f"{lots.randint(1, 9)}-{lots.randint(1, 30)}-{lots.randint(1, 20)}"
    return f"{lots.choice(_PLACES)}{lots.choice(_TOWNS)}見本町{house}"


def _domain(text: str, count: int) -> str:
    return f"{unicodedata.normalize('NFKC', text).lower().replace(' ', '')}{count}.example"


def _stem(lots: Random) -> Word:
    """A word of two letters, or in one case of five one that is written in other ways."""
    if lots.random() < 0.2:
        return lots.choice(STEMS)
    first, second = lots.choice(FIRST), lots.choice(SECOND)
    return first[0] + second[0], first[1] + second[1], (first[2] + second[2]).capitalize()


def _firm(lots: Random, count: int) -> Invented:
    some = [
        *(_stem(lots) for _ in range(lots.choice((1, 1, 2)))),
        *lots.choices(TRADES, k=lots.choice((0, 1, 1, 1, 1))),
    ]
    name, kana, english = ("".join(word[n] for word in some) for n in range(3))
    form = lots.choices(("株式会社", "有限会社", "合同会社"), (8, 2, 1))[0]
    latin = {"株式会社": "Co., Ltd.", "有限会社": "Ltd.", "合同会社": "LLC"}[form]
    said = _SAID[form]
    after = lots.random() < 0.5
    reading = lots.choice((kana, kana + said if after else said + kana))
    spaced = " ".join(word[2] for word in some)
    return Invented(
        _number(count), name, reading, f"{spaced} {latin}", _address(lots),
        _domain(english, count), form, after,
    )  # fmt: skip


def _facility(lots: Random, count: int) -> Invented:
    stem, house = _stem(lots), _stem(lots)
    end = lots.choice(
        (
            ("病院", "ビョウイン"),
            ("記念病院", "キネンビョウイン"),
            ("クリニック", "クリニック"),
            ("内科医院", "ナイカイイン"),
        )
    )
    form = lots.choice(("医療法人", "医療法人社団", "社会医療法人"))
    return Invented(
        _number(count), house[0] + end[0], house[1] + end[1], f"{house[2]} Hospital", _address(lots),
        _domain(house[2], count), form, entity=f"{stem[0]}会",
    )  # fmt: skip


def _public(lots: Random, count: int) -> Invented:
    stem, address = _stem(lots), _address(lots)
    place = next(each for each in _PLACES if address.startswith(each))
    ways = tuple(way.replace("{place}", place).format(stem[0]) for way in lots.choice(_OWNERS))
    return Invented(
        _number(count), ways[0], stem[1], f"{stem[2]} Hospital", address, _domain(stem[2], count), ways=ways
    )


def _other_of_that_name(one: Invented, lots: Random, count: int) -> Invented:
    """Another organisation that is called nearly the same."""
    other = replace(one, number=_number(count), place=_address(lots), domain=_domain("x", count), kana=_plain(one.kana))
    if one.entity:
        return replace(other, entity=_stem(lots)[0] + "会")
    return lots.choice(
        (
            other,
            replace(other, after=not one.after),
            replace(other, form={"株式会社": "有限会社"}.get(one.form, "株式会社")),
        )
    )
