"""Hospitals of the large public owners: 済生会, 日本赤十字社, KKR, JCHO, NHO, 厚生連, 労災. Pure. Start with `owned`.

Long and short ways of naming the owner come out as one; the facility's own name keeps what tells it from others.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Owned(NamedTuple):
    """A public owner's facility. entity: the owner in full. place: the prefecture its branch names, or ''.

    short: the owner is abbreviated (KKR, JCHO), or only its mark stands in the name (済生会, 赤十字).
    """

    entity: str
    facility: str
    place: str = ""
    short: bool = False


_SAISEIKAI, _RED_CROSS = "社会福祉法人恩賜財団済生会", "日本赤十字社"
_PREFECTURE = r"(?:北海道|東京都|京都府|大阪府|[^\s\d()]{2,3}県)"
_PREFIXED = (
    ("国家公務員共済組合連合会", "国家公務員共済組合連合会", "kkr|国共連"),
    ("独立行政法人地域医療機能推進機構", "地域医療機能推進機構", "jcho"),
    ("独立行政法人国立病院機構", "国立病院機構", "nho"),
    ("独立行政法人労働者健康安全機構", "労働者健康安全機構|労働者健康福祉機構", "johas"),
)
_AHEAD = tuple(
    (entity, re.compile(rf"^(?:独立行政法人|\(独\))?\s*(?:({long})|(?:{short})(?=\W|[^\W\da-z_]))[\s・-]*(?=\S)"))
    for entity, long, short in _PREFIXED
)
_KOSEIREN = re.compile(r"^(?:ja)?\s*([^\s\d()]{0,8}?)(厚生農業協同組合連合会|厚生連)\s*(?=\S)")
_SAISEIKAI_AHEAD = re.compile(
    rf"^(?:社会福祉法人|\(福\))?\s*(恩賜財団)?\s*(?:済生会)?\s*(?:支部)?\s*({_PREFECTURE}(?=\s*済生会))?\s*(?:済生会)?\s*"
)
_RED_CROSS_AHEAD = re.compile(rf"^(日本赤十字社)?\s*(?:({_PREFECTURE})支部)?\s*")
_MARK = re.compile("赤十字|日赤")
_OTHERS_FORM = re.compile(
    r"^(?!社会福祉法人|\(福\)|独立行政法人|\(独\))(\S*?法人|\((?!独|福)[^)]{1,2}\)|株式会社|有限会社)"
)
_BARE = re.compile(r"(総合|中央)?(病院|医療センター|医院|クリニック|診療所|センター)")


def owned(flat: str) -> Owned | None:
    """The owner and the facility of a name in lower case and NFKC, or None where it is none of theirs.

    The caller makes sure that the name ends as one of a facility does.
    """
    if _OTHERS_FORM.match(flat):
        return None
    if "済生会" in flat:
        return _saiseikai(flat)
    if _MARK.search(flat):
        return _red_cross(flat)
    for entity, pattern in _AHEAD:
        found = pattern.match(flat)
        if found is not None and not _BARE.fullmatch(flat[found.end() :]):
            return Owned(entity, flat[found.end() :], short=found[1] is None)
    found = _KOSEIREN.match(flat)
    if found is not None and not _BARE.fullmatch(flat[found.end() :]):
        return _koseiren(found[1], flat[found.end() :], short=found[2] == "厚生連")
    return None


def owner_in_full(flat: str) -> str:
    """An owner alone as its full name, any other name as it is: JCHO and 地域医療機能推進機構 are one."""
    return owner_alone(flat) or flat


def owner_alone(flat: str) -> str | None:
    """The full name of a public owner where the name, in lower case and NFKC, is the owner's and nothing else."""
    for entity, long, short in _PREFIXED:
        if re.fullmatch(rf"(?:独立行政法人|\(独\))?\s*(?:{long}|{short})", flat):
            return entity
    if re.fullmatch(rf"(社会福祉法人|\(福\))?\s*(恩賜財団)?\s*済生会\s*(支部\s*{_PREFECTURE}\s*済生会)?", flat):
        return _SAISEIKAI
    found = re.fullmatch(r"(?:ja)?\s*([^\s\d()]{0,8}?)(?:厚生農業協同組合連合会|厚生連)", flat)
    if found is not None:
        # JA神奈川厚生連 and 神奈川県厚生農業協同組合連合会; 北海道 keeps its last letter.
        return re.sub(r"(?<=\S{2})[都府県]$", "", found[1]) + "厚生連合会"
    return _RED_CROSS if re.fullmatch(rf"日本赤十字社?(\s*{_PREFECTURE}支部)?|日赤", flat) else None


def _saiseikai(flat: str) -> Owned | None:
    found = _SAISEIKAI_AHEAD.match(flat)
    if found is None:
        return None
    place, name = found[2] or "", flat[found.end() :].replace("済生会", "", 1)
    # 福井県済生会病院 has no other name than its prefecture's.
    own = place + name if _BARE.fullmatch(name) else name
    return Owned(_SAISEIKAI, f"済生会{own}", place, short=found[1] is None)


def _red_cross(flat: str) -> Owned | None:
    found = _RED_CROSS_AHEAD.match(flat)
    if found is None:
        return None
    own = _MARK.sub("", flat[found.end() :], count=1)
    return Owned(_RED_CROSS, f"赤十字{own}", found[2] or "", short=found[1] is None)


def _koseiren(who: str, facility: str, *, short: bool) -> Owned:
    return Owned(f"{who}厚生農業協同組合連合会", facility, who, short)
