"""One organisation's name taken apart for matching: what stays when forms, branches and ways of writing are gone.

Pure; imports pipeline.names. Start with `spelling`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple

from abm.places import PLACES, is_place
from hagukumi.pipeline.names import FACILITY_ENDS, LEGAL_FORMS, company, entity_core, fold

BRANCHES = tuple("本社 本店 本部 支社 支店 支部 営業所 事業所 出張所 営業本部 営業部 工場 オフィス".split())
BRANCH = re.compile(rf"({'|'.join(BRANCHES)})$")
MAIN = frozenset({"本院", "本館", "本部", "本社", "本店", "本所"})
"""The chief site of several."""
BRACKETS = "([【〔〈<"
_ASIDE = re.compile(r"[(\[【〔〈<]([^()\[\]【】〔〕〈〉<>]+)[)\]】〕〉>]")
_FORMER = re.compile(r"^(旧|元|formerly|former|ex-)[:\s]*")
_BANK_AHEAD = re.compile(r"^(カ|ユ|ド|イ|フク|ダイ)\)\s*")
_BANK_AFTER = re.compile(r"\s*\((カ|ユ|ド|イ|フク|ダイ)$")
_BANK = {
    "カ": "株式会社",
    "ユ": "有限会社",
    "ド": "合同会社",
    "イ": "医療法人",
    "フク": "社会福祉法人",
    "ダイ": "国立大学法人",
}
_SAID = tuple(
    (said + end, meant)
    for said, meant in (("カブシキ", "株式会社"), ("ユウゲン", "有限会社"), ("ゴウドウ", "合同会社"))
    for end in ("カイシャ", "ガイシャ")
)
_LATIN_FORMS = (
    ("kk", r"k\.?k\.?|kabushiki[\s-]*kaisha|kabushiki[\s-]*gaisha"),
    ("ltd", r"co\.?\s*,?\s*ltd|co\.?\s*,?\s*limited|company\s*,?\s*limited|company\s*,?\s*ltd|ltd|limited"),
    ("inc", r"inc|incorporated"),
    ("corp", r"corp|corporation"),
    ("llc", r"l\.?l\.?c"),
    ("co", r"co|company"),
    ("plc", r"plc"),
    ("gmbh", r"gmbh"),
    ("ag", r"ag"),
)
_LATIN = tuple((name, re.compile(rf"[\s,.]+(?:{pattern})\.?$")) for name, pattern in _LATIN_FORMS)
_FORM_WITHIN = re.compile("|".join(sorted(map(re.escape, map(str.lower, LEGAL_FORMS)), key=len, reverse=True)))
_DROPPED = re.compile(r"[\s・･.,'’\"‐‑–—―\-~()\[\]「」『』【】/]+")
_GAP = re.compile(r"(?<=[a-z0-9])[\s・.,\-]+(?=[a-z0-9])")
_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_KANA_ONLY = re.compile(r"[ァ-ヺーぁ-ゖ\s・]+")


class Spelling(NamedTuple):
    """A name taken apart.

    core: what is compared, ways of writing folded. form: the legal form, '' none. at: 'before', 'after', ''.
    entity: the core of the legal entity written ahead of a facility. whole: entity and facility in one.
    branch, place: as written. aside: other words in brackets. former: the core of a former name in brackets.
    facility: a facility's own word (さくら of さくら病院), None of another organisation.
    gaps: spaces between Latin words. latin, kana: how it is written. short: its public owner is abbreviated.
    """

    core: str
    form: str = ""
    at: str = ""
    entity: str = ""
    whole: str = ""
    branch: str = ""
    place: str = ""
    aside: str = ""
    former: str = ""
    facility: str | None = None
    gaps: int = 0
    latin: bool = False
    kana: bool = False
    short: bool = False

    @property
    def signature(self) -> tuple[str, str]:
        """The legal form and where it stands."""
        return self.form, self.at


@lru_cache(50_000)
def spelling(entered: str) -> Spelling:
    """Takes a name apart. Width, case, old characters, kana, legal forms and their signs all say the same."""
    text = _flat(entered)
    text, place, branch, aside, former = _asides(text)
    if not branch:
        text, branch = _without_branch(text)
    text, place = _without_place(text, place)
    gaps = len(_GAP.findall(text))
    if _is_latin(text):
        core, form = _latin(text)
        at = "after" if form else ""
        return Spelling(core, form, at, "", core, branch, place, aside, former, None, gaps, latin=True)
    found = company(text)
    core = found.core
    entity = entity_core(found.entity) if found.entity else ""
    # A form in front of the entity is the entity's; the facility has none.
    form, at = (company(found.entity).form, "before") if found.entity else (found.form, found.form_at)
    kana = _KANA_ONLY.fullmatch(core) is not None
    return Spelling(
        core, form, at, entity, entity + core, branch, place or found.place, aside, former, _own_word(found.norm), gaps,
        kana=kana, short=found.short,
    )  # fmt: skip


def _own_word(norm: str) -> str | None:
    """さくら of さくら内科クリニック; None where it is no facility."""
    if FACILITY_ENDS.search(norm) is None:
        return None
    while (ending := FACILITY_ENDS.search(norm)) is not None and ending.start() > 0:
        norm = norm[: ending.start()]
    return norm


def in_katakana(core: str) -> str:
    """The same with hiragana as katakana."""
    return core.translate(_HIRAGANA)


def loosened(core: str) -> str:
    """A folded core with hiragana as katakana and without any long vowel."""
    return fold(in_katakana(core)).replace("ー", "").replace("社団", "").replace("財団", "")


def reading(entered: str) -> str:
    """A name's reading for comparing: katakana, without the words for a legal form."""
    text = unicodedata.normalize("NFKC", entered).translate(_HIRAGANA)
    text = re.sub(r"[\s・]+", "", text)
    for said, _ in _SAID:
        text = text.removeprefix(said).removesuffix(said)
    return loosened(text)


def without_known_branch(core: str, known: Container[str]) -> tuple[str, str] | None:
    """(core, branch) where a branch is written without a space and the rest is a name that is known; else None."""
    ending = BRANCH.search(core)
    if ending is None:
        return None
    stem = core[: ending.start()]
    if stem in known and ending[0] in ("本社", "本店"):
        return stem, ending[0]
    for size in range(2, 6):
        rest, town = stem[:-size], stem[-size:]
        if len(rest) >= 2 and rest in known and is_place(town):
            return rest, town + ending[0]
    return None


def _flat(entered: str) -> str:
    # T&K and TK are two names; T&K and T and K are one.
    text = re.sub(r"\s*&\s*|\s+and\s+", "and", unicodedata.normalize("NFKC", entered).lower())
    text = re.sub(r"\s+", " ", text).strip()
    ahead = _BANK_AHEAD.match(text)
    if ahead:
        text = _BANK[ahead[1]] + text[ahead.end() :]
    after = _BANK_AFTER.search(text)
    if after:
        text = text[: after.start()] + _BANK[after[1]]
    for said, meant in _SAID:
        folded = text.translate(_HIRAGANA)
        if folded.startswith(said):
            text = meant + text[len(said) :]
        elif folded.endswith(said):
            text = text[: -len(said)] + meant
    return text


def _asides(text: str) -> tuple[str, str, str, str, str]:
    """The text without its brackets, and what stood in them: a place, a branch, other words, a former name."""
    place, branch, asides, former = "", "", [], ""

    def take(found: re.Match[str]) -> str:
        nonlocal place, branch, former
        said = found[1].strip()
        if len(said) <= 3 and company(f"({said})青葉").form:
            return found[0]
        if is_place(said):
            place = said
        elif said in _FORMS_IN_WORDS:
            return said
        elif not branch and (said in MAIN or _is_branch(said)):
            branch = said
        elif _FORMER.match(said):
            former = company(_FORMER.sub("", said)).core
        else:
            asides.append(said)
        return " "

    rest = _ASIDE.sub(take, text).strip()
    # A name that is nothing but brackets stays as it is.
    return (re.sub(r"\s+", " ", rest), place, branch, " ".join(asides), former) if rest else (text, "", "", "", "")


_FORMS_IN_WORDS = frozenset({"株", "有", "医", "福", "株式会社", "有限会社", "医療法人", "社会福祉法人", "合同会社"})


def _without_branch(text: str) -> tuple[str, str]:
    head, space, last = text.rpartition(" ")
    if space and (last in MAIN or _is_branch(last)):
        return head, last
    # 青葉(株)大阪支店: behind a legal form nothing but a branch can stand.
    for found in _FORM_WITHIN.finditer(text):
        if found.start() > 0 and _is_branch(text[found.end() :].strip()):
            return text[: found.end()], text[found.end() :].strip()
    return text, ""


def _is_branch(text: str) -> bool:
    ending = BRANCH.search(text)
    if ending is None:
        return False
    town = text[: ending.start()]
    return is_place(town) or re.fullmatch(r"[一-龠々ぁ-んァ-ヶー]{0,4}(第?\d+)?", town) is not None


def _without_place(text: str, place: str) -> tuple[str, str]:
    """A prefecture or town ahead of the name or behind it, parted by a space, is where it is, and not its name."""
    head, space, last = text.rpartition(" ")
    if space and is_place(last):
        return head, place or last
    first, space, rest = text.partition(" ")
    # 中村 商事: a surname of two letters may end like a town.
    if space and is_place(first) and not place and (len(first) > 2 or first in PLACES):
        return rest, first
    return text, place


def _is_latin(text: str) -> bool:
    return all(ord(letter) < 0x250 or not letter.isalnum() for letter in text) and any(map(str.isalpha, text))


def _latin(text: str) -> tuple[str, str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = re.sub(r"^the\s+", "", plain)
    form = ""
    for name, pattern in _LATIN:
        found = pattern.search(plain)
        if found is not None and found.start() > 0:
            plain, form = plain[: found.start()], name
            break
    return _DROPPED.sub("", plain) or plain, form
