"""How one addresses people in business mail, in ja and en, and what readers dislike in a subject. Pure.

Start at `salutation` and `subject_manners`. The rules are those of docs for marketers: 様, doctors 先生, never 院長様.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

DOCTOR_TITLES: tuple[str, ...] = (
    "医師", "院長", "病院長", "副院長", "診療所長", "診療部長", "診療科長", "医長", "医局長", "医務部長", "ドクター",
    "physician", "doctor", "medical director",
)  # fmt: skip
"""Titles that make 先生; scenarios/rules/roles.yaml may declare others."""

NOT_DOCTORS: tuple[str, ...] = (
    "看護",
    "事務",
    "秘書",
    "薬剤",
    "栄養",
    "技師",
    "学院長",
    "nurs",
    "assistant",
    "secretary",
)
"""Words that undo it: 副院長兼看護部長, 院長秘書."""

NAMELESS = {"ja": "ご担当者様", "en": "Sir or Madam"}
"""Whoever is written to by post without a name."""

SUBJECT_WIDTH = 60
"""Widest subject in half-width columns: 30 full-width characters."""

LINE_WIDTH = 70
"""Widest body line in half-width columns: 35 full-width characters."""

_INSTITUTES = {"hospital", "clinic"}
_COURTESIES = {
    "institute": {"ja": "貴院", "en": "your institution"},
    "hospital": {"ja": "貴院", "en": "your hospital"},
    "clinic": {"ja": "貴院", "en": "your clinic"},
    "care_home": {"ja": "貴施設", "en": "your facility"},
    "corporation": {"ja": "貴法人", "en": "your organisation"},
    "school": {"ja": "貴学", "en": "your institution"},
    "office": {"ja": "貴庁", "en": "your office"},
    "company": {"ja": "貴社", "en": "your company"},
    "other": {"ja": "貴社", "en": "your organisation"},
}
_BY_NAME: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("institute", ("病院", "クリニック", "医院", "診療所", "医療センター", "hospital", "clinic")),
    ("care_home", ("老人ホーム", "介護", "ケアホーム", "老健", "特養", "デイサービス")),
    ("school", ("大学", "学校", "学院", "university")),
    ("office", ("市役所", "県庁", "町役場", "保健所")),
    ("company", ("株式会社", "有限会社", "合同会社")),
    ("corporation", ("法人", "厚生連", "生協", "協会", "組合", "財団")),
)

_GREETINGS = {
    ("ja", True): "いつもお世話になっております。",
    ("ja", False): "突然のご連絡失礼いたします。",
    ("en", True): "I hope this finds you well.",
    ("en", False): "Please excuse me for writing to you out of the blue.",
}

_FAKE_REPLY = re.compile(r"^\s*(re|fw|fwd|ref?)\s*[:：]", re.IGNORECASE)
_DOUBLED = re.compile("(院長|先生)様")
_SHOUTING = re.compile(r"【\s*(重要|緊急|至急|必読|要確認)\s*】|!{2,}|！{2,}|\b(URGENT|IMPORTANT)\b")


class Refusal(NamedTuple):
    """Why this person gets no letter: `no_surname` or `no_address`."""

    code: str


class Finding(NamedTuple):
    """A breach of manners: code, severity (warning or hint), line (from 1) and the facts for the message."""

    code: str
    severity: str
    line: int
    facts: dict[str, int | str]


def may_be_written_to(family_name: str | None, email: str | None) -> Refusal | None:
    """No surname, no mail; no address, no mail."""
    if not (family_name or "").strip():
        return Refusal("no_surname")
    return None if (email or "").strip() else Refusal("no_address")


@lru_cache(maxsize=4096)
def is_doctor(title: str | None, doctors: tuple[str, ...] = DOCTOR_TITLES) -> bool:
    """Whether the title is a doctor's; compared after NFKC, without case."""
    plain = unicodedata.normalize("NFKC", title or "").casefold()
    if not plain or any(word in plain for word in NOT_DOCTORS):
        return False
    return any(unicodedata.normalize("NFKC", word).casefold() in plain for word in doctors)


def salutation(
    family_name: str,
    title: str | None = None,
    language: str = "ja",
    given_name: str | None = None,
    doctors: tuple[str, ...] = DOCTOR_TITLES,
) -> str:
    """山田様, for doctors 山田先生; in English Hanako Yamada, Yamada-san without a given name, Dr. Yamada.

    A name that is entered in Japanese letters only keeps its own order, with -san: 山田 花子-san.
    """
    doctor = is_doctor(title, doctors)
    if language == "ja":
        return f"{family_name}先生" if doctor else f"{family_name}様"
    if doctor:
        return f"Dr. {family_name}"
    if not given_name or _in_japanese(family_name):
        return f"{full_name(family_name, given_name, language)}-san"
    return full_name(family_name, given_name, language)


def dear(
    family_name: str | None,
    title: str | None = None,
    language: str = "ja",
    given_name: str | None = None,
) -> str:
    """The first line of a letter; somebody without a name is ご担当者様 (only notices and apologies get that far)."""
    if not (family_name or "").strip():
        return "ご担当者様" if language == "ja" else "To whom it may concern,"
    named = salutation(family_name or "", title, language, given_name)
    return named if language == "ja" else f"Dear {named},"


def full_name(family_name: str, given_name: str | None, language: str = "ja") -> str:
    """The name as entered, in the order of the language."""
    if not given_name:
        return family_name
    own_order = language == "ja" or _in_japanese(family_name)
    return f"{family_name} {given_name}" if own_order else f"{given_name} {family_name}"


def _in_japanese(name: str) -> bool:
    """Whether a name is written in kanji or kana: then the family name stands first in any language."""
    return any(sign >= "\u3040" for sign in name)


def display_name(family_name: str, given_name: str | None, title: str | None, language: str = "ja") -> str:
    """The name in the To header: 山田 花子様."""
    name = full_name(family_name, given_name, language)
    if language != "ja":
        return name
    return f"{name}先生" if is_doctor(title) else f"{name}様"


@lru_cache(maxsize=4096)
def courtesy(kind: str | None, name: str | None = None, language: str = "ja") -> str:
    """貴院, 貴施設, 貴法人 or 貴社 by the account's kind, else by what its name says."""
    if kind in _INSTITUTES or kind in ("care_home", "company"):
        return _COURTESIES[kind][language]
    plain = unicodedata.normalize("NFKC", name or "").casefold()
    for word_for, signs in _BY_NAME:
        if any(sign in plain for sign in signs):
            return _COURTESIES[word_for][language]
    return _COURTESIES["other"][language]


def greeting(acquainted: bool, language: str = "ja") -> str:
    """The opening sentence: known people are thanked, strangers are asked to excuse the mail."""
    return _GREETINGS[language, acquainted]


def width(text: str) -> int:
    """Columns of the text: full-width and ambiguous characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "FWA" else 1 for character in text)


def subject_manners(subject: str) -> list[Finding]:
    """What a reader dislikes in this subject."""
    found: list[Finding] = []
    if not subject.strip():
        found.append(Finding("template.subject_empty", "error", 1, {}))
    if width(subject) > SUBJECT_WIDTH:
        found.append(
            Finding("template.subject_long", "warning", 1, {"characters": (width(subject) + 1) // 2, "most": 30})
        )
    if _FAKE_REPLY.search(subject):
        found.append(Finding("template.subject_fake_reply", "warning", 1, {"subject": subject}))
    if shout := _SHOUTING.search(subject):
        found.append(Finding("template.subject_shouts", "warning", 1, {"words": shout[0]}))
    return found


def body_manners(text: str, language: str = "ja") -> list[Finding]:
    """Lines too wide for a phone, 御中 beside 様, and titles with 様."""
    found: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        if language == "ja" and 2 * len(line) > LINE_WIDTH and "://" not in line and width(line) > LINE_WIDTH:
            facts: dict[str, int | str] = {"characters": (width(line) + 1) // 2, "most": 35}
            found.append(Finding("template.line_long", "hint", number, facts))
        if _DOUBLED.search(line):
            found.append(Finding("template.double_honorific", "warning", number, {"line": line.strip()}))
    head = "\n".join(text.splitlines()[:6])
    if "御中" in head and re.search(r"様|先生", head):
        found.append(Finding("template.onchu_with_sama", "warning", 1, {}))
    return found
