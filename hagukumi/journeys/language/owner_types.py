"""The owner types (開設主体) of facilities, and the words that lists and rules use for each. Pure data.

This is the one vocabulary: imports, roles.yaml, icp.yaml and conditions all read it. Start with `owner_type_of`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple


class OwnerType(NamedTuple):
    """name: as it is stored. words: a pattern of what else is written for it, in NFKC and lower case."""

    name: str
    en: str
    words: str


TYPES = (
    OwnerType("日赤", "Japanese Red Cross", "日赤|赤十字"),
    OwnerType("済生会", "Saiseikai", "済生会"),
    OwnerType("厚生連", "agricultural co-operative federation", "厚生連|厚生農業協同組合"),
    OwnerType(
        "社会保険関係団体", "social insurance body",
        "社会保険関係|健康保険組合|健保組合|健保連|国保組合|共済組合|共済連|国共連|kkr",
    ),
    OwnerType("国立大学法人", "national university corporation", "国立大学"),
    # A 公立大学法人 is one by law (地方独立行政法人法).
    OwnerType(
        "地方独立行政法人", "local incorporated administrative agency",
        r"地方独立行政法人|地方独法|地独|公立大学法人|[都道府県市]立大学法人",
    ),
    OwnerType(
        "独立行政法人", "incorporated administrative agency",
        "独立行政法人|独法|^独$|国立研究開発法人|国立高度専門|国立病院機構|地域医療機能推進機構|労働者健康(安全|福祉)機構"
        r"|jcho|johas|nho|\(国研\)|\(独\)",
    ),
    OwnerType("社会医療法人", "social medical corporation", "社会医療法人"),
    OwnerType("医療法人", "medical corporation", r"医療法人|\(医[社財]?\)"),
    OwnerType("社会福祉法人", "social welfare corporation", r"社会福祉|\(福\)|^社福"),
    OwnerType("学校法人", "private school corporation", r"学校法人|私立(学校|大学)|\(学\)"),
    OwnerType("生協", "co-operative", "生協|生活協同組合"),
    OwnerType("財団", "foundation", r"財団|公益法人|\([一公]?財\)"),
    OwnerType("社団", "association", r"社団|\([一公]?社\)"),
    OwnerType("会社", "company", r"会社|企業(?!団)|\([株有同資名]\)"),
    # Prefectures, towns and their unions; 国立市 is a town, too.
    OwnerType(
        "公立", "local government",
        r"公立|[都道府県市区町村]立|地方公共団体|自治体|都道府県|市区?町村|事務組合|広域連合|企業団|病院組合"
        r"|^\d*\S{0,7}[都道府県市区町村]$",
    ),
    OwnerType("国立", "national government", r"国立|^国(?!\w)|^国の機関|厚生労働省|防衛省|法務省"),
    OwnerType("個人", "individual", "個人"),
    OwnerType("その他", "other corporation", r"^その他(の法人)?$|宗教法人|\(宗\)|特定非営利活動法人|npo"),
)  # fmt: skip
"""In the order in which a text is tried: 日本赤十字社 before 会社, 社会医療法人 before 医療法人."""
OWNER_TYPES = tuple(each.name for each in TYPES)
_PATTERNS = tuple((each.name, re.compile(each.words)) for each in TYPES)
_EXACT = {word.lower(): each.name for each in TYPES for word in (each.name, each.en)}


@lru_cache(20_000)
def owner_type_of(text: str) -> str | None:
    """The owner type that a text means, or None: 医療法人社団 is 医療法人, 市立 and 一部事務組合 are 公立."""
    flat = unicodedata.normalize("NFKC", text).strip().lower()
    exact = _EXACT.get(flat)
    if exact is not None:
        return exact
    joined = re.sub(r"\s+", "", flat)
    return next((name for name, pattern in _PATTERNS if pattern.search(joined)), None)


def as_owner_type(text: str) -> str:
    """What a rule names, as an owner type; a word nobody knows stays, and no facility has it."""
    return owner_type_of(text) or text
