"""Names that may be one although spelt apart: Latin letters in kana, a public owner's place left out. Pure.

A person decides about all of them. Start with `other_ways`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import NamedTuple

from abm.places import PREFECTURES, Place
from abm.spelling import loosened

LONGEST = 6
"""Letters that are read one by one; more of them are a word."""
SHORTEST = 4
"""Signs that a name has at least once its letters are read."""
_READINGS = """
a=エー/エイ b=ビー c=シー/スィー d=ディー/デー e=イー f=エフ g=ジー h=エイチ/エッチ i=アイ j=ジェー/ジェイ k=ケー/ケイ
l=エル m=エム n=エヌ/エン o=オー p=ピー q=キュー r=アール s=エス t=ティー/テー u=ユー v=ブイ/ヴィー
w=ダブリュー/ダブル x=エックス y=ワイ z=ゼット/ズィー"""
_READ = {each[0]: tuple(each[2:].split("/")) for each in _READINGS.split()}
_LETTERS = re.compile(r"[a-z]+")
_PUBLIC = re.compile(r"(?P<owner>\S{1,7})(?P<what>[都道府県市区町村]立\S{2,})")


class Way(NamedTuple):
    """Two cores and how they differ. place: of the owner that one names and the other leaves out."""

    first: str
    second: str
    code: str
    place: Place = Place()


def other_ways(cores: Collection[str]) -> Iterator[Way]:
    """Each pair once. Time grows with the cores and the pairs found."""
    yield from _letters_in_kana(cores)
    yield from _owners_left_out(cores)


def _letters_in_kana(cores: Collection[str]) -> Iterator[Way]:
    """HKCデータ and エイチケイシーデータ."""
    in_kana: Mapping[str, list[str]] = defaultdict(list)
    for core in cores:
        if re.search("[ァ-ヺ]{2}", core):
            in_kana[loosened(core)].append(core)
    for core in cores:
        for said in spelt(core):
            for other in in_kana.get(said, ()):
                if other != core:
                    yield Way(core, other, "match_letters")


def spelt(core: str) -> frozenset[str]:
    """The loosened core with its Latin letters read in kana, in each way they may be read; none where it has none."""
    runs = _LETTERS.findall(core)
    letters = "".join(runs)
    if not 0 < len(letters) <= LONGEST:
        return frozenset()
    rest = _LETTERS.split(core)
    ways = []
    for said in product(*(_READ[letter] for letter in letters)):
        left = iter(said)
        read = ("".join(next(left) for _ in run) for run in runs)
        ways.append(rest[0] + "".join(run + behind for run, behind in zip(read, rest[1:], strict=True)))
    return frozenset(way for way in map(loosened, ways) if len(way) >= SHORTEST)


def _owners_left_out(cores: Collection[str]) -> Iterator[Way]:
    """東京都立青葉台病院 and 都立青葉台病院; with the owner in both they are two."""
    bare = {core for core in cores if re.match("[都道府県市区町村]立", core)}
    for core in cores:
        found = None if core in bare else _PUBLIC.fullmatch(core)
        if found is not None and found["what"] in bare:
            yield Way(core, found["what"], "match_public", _place_of(found["owner"], found["what"][0]))


def _place_of(owner: str, kind: str) -> Place:
    name = owner + kind
    if name in PREFECTURES:
        return Place(prefecture=name)
    return Place(town=name) if kind in "市区町村" else Place()
