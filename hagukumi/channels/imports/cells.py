"""One cell of a list becomes a value: dates, numbers, yes and no, known words. Pure. Start with `parser`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple, get_args
from zoneinfo import ZoneInfo

from abm.listed import corporate_number, domain_of
from hagukumi.channels.imports.mapping import ActivityKind
from hagukumi.channels.imports.targets import Target
from hagukumi.letters.recipients import as_json, read_words
from hagukumi.pipeline.addresses import normalised

LONGEST = 2_000  # characters; longer text in a cell is a quote that was never closed


LONGEST_NAME = 100  # characters; a longer name is a text in the wrong column, or abuse


class BadCell(Exception):
    """A cell that cannot be used: a code of words/import_problems.py and its arguments."""

    def __init__(self, code: str, *args: object) -> None:
        super().__init__(code, *args)
        self.code, self.details = code, args


class Address(NamedTuple):
    """A mail address as entered and as compared."""

    entered: str
    norm: str


class Name(NamedTuple):
    """A name taken apart at its space; a name without one is kept whole as the family name."""

    family: str
    given: str | None


Parser = Callable[[str], Any]

_STAGES = {"リード": "lead", "見込み客": "lead", "受注": "won", "商談": "opportunity", "見送り": "ng", "対象外": "ng"}
_DEAL_STAGES = {
    "受注": "won", "成約": "won", "商談中": "open", "進行中": "open", "商談": "open", "失注": "lost",
    "1": "won", "true": "won", "yes": "won", "closed won": "won", "closed lost": "lost",
}  # fmt: skip
_ROLES = {
    "決裁者": "decision_maker", "decision maker": "decision_maker", "影響者": "influencer",
    "インフルエンサー": "influencer", "利用者": "user", "購買": "purchaser", "購買担当": "purchaser",
    "用度": "purchaser", "拒否権者": "veto", "推進者": "champion", "反対者": "opponent", "窓口": "gatekeeper",
    "代理店": "dealer",
}  # fmt: skip
_KINDS = {
    "病院": "hospital", "クリニック": "clinic", "診療所": "clinic", "医院": "clinic", "介護施設": "care_home",
    "老人ホーム": "care_home", "企業": "company", "会社": "company", "その他": "other", "care home": "care_home",
}  # fmt: skip
_GROUNDS = {
    "同意": "consent", "オプトイン": "consent", "名刺": "card", "名刺交換": "card", "取引": "business",
    "取引関係": "business", "公表": "published", "公開アドレス": "published",
}  # fmt: skip
_CHANNELS = {
    "メール": "mail", "email": "mail", "電話": "phone", "tel": "phone", "ファックス": "fax", "ファクス": "fax",
    "郵送": "post", "訪問": "visit", "広告": "ads",
}  # fmt: skip
_LANGUAGES = {"日本語": "ja", "japanese": "ja", "英語": "en", "english": "en"}
_CAUSES = {"配信停止": "unsubscribed", "拒否": "refused", "迷惑メール報告": "spam_report", "spam": "spam_report"}
_ACTIVITIES = {
    "クリック": "clicked", "開封": "opened", "受信": "received", "到達": "received", "ダウンロード": "downloaded",
    "資料ダウンロード": "downloaded", "資料dl": "downloaded", "閲覧": "visited", "ページ閲覧": "visited",
    "サイト訪問": "visited", "フォーム送信": "submitted", "問い合わせ": "submitted",
    "お問い合わせ": "submitted", "資料請求": "submitted", "セミナー申込": "registered", "申込": "registered",
    "申し込み": "registered", "セミナー参加": "attended", "参加": "attended", "ウェビナー参加": "attended",
    "ウェビナー視聴": "attended", "視聴": "attended", "返信": "replied", "電話": "called", "架電": "called",
    "配信停止": "unsubscribed", "不達": "bounced", "エラー": "bounced", "迷惑メール報告": "spam_report",
    "webinar": "attended", "download": "downloaded", "click": "clicked", "open": "opened", "call": "called",
    "reply": "replied", "visit": "visited", "unsubscribe": "unsubscribed", "bounce": "bounced", "spam": "spam_report",
}  # fmt: skip
"""Of several words for one kind the first is the one that messages name."""
_VOCABULARY: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "stage": (("lead", "mql", "sql", "opportunity", "won", "ng"), _STAGES),
    "deal_stage": (("open", "won", "lost"), _DEAL_STAGES),
    "role": (
        ("decision_maker", "influencer", "user", "purchaser", "veto", "champion", "opponent", "gatekeeper", "dealer"),
        _ROLES,
    ),
    "account_kind": (("hospital", "clinic", "care_home", "company", "other"), _KINDS),
    "ground": (("consent", "card", "business", "published"), _GROUNDS),
    "channel": (("mail", "phone", "fax", "post", "visit", "ads"), _CHANNELS),
    "language": (("ja", "en"), _LANGUAGES),
    "activity_kind": (get_args(ActivityKind), _ACTIVITIES),
    "cause": (("unsubscribed", "refused", "spam_report", "hard_bounce", "former_tool"), _CAUSES),
}
_YES = {"1", "true", "yes", "y", "on", "はい", "有", "あり", "○", "〇", "済", "可", "x"}
_NO = {"0", "false", "no", "n", "off", "いいえ", "無", "なし", "×", "否", "未", "-"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_UNITS = re.compile(r"(床|名|人|円|件|台|歳|年|回|点|%|beds?|people|yen)$")
_WRITTEN = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"), 0),
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:\([^)]*\))? *(?:(\d{1,2})[:時](\d{1,2})?分?(?::(\d{2}))?)?"), 0),
    (re.compile(r"令和(\d{1,2}|元)年(\d{1,2})月(\d{1,2})日()()()"), 2018),
    (re.compile(r"R(\d{1,2})[./](\d{1,2})[./](\d{1,2})()()()", re.IGNORECASE), 2018),
    (re.compile(r"平成(\d{1,2}|元)年(\d{1,2})月(\d{1,2})日()()()"), 1988),
    (re.compile(r"(\d{4})(\d{2})(\d{2})()()()"), 0),
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_SPOKEN = re.compile(r"(?:(\d{1,3}) ?(?:時間|hours?|h))? ?(?:(\d{1,4}) ?(?:分間?|minutes?|mins?|m)?)?")
_EXCEL_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones
_EXCEL_DAYS = (20_000.0, 80_000.0)  # 1954 to 2119; smaller numbers are no dates of a list


def clean(cell: str) -> str:
    """The cell without outer spaces, line ends, control characters and marks of direction; nothing else is touched."""
    text = cell.strip()
    if text.isprintable():
        return text
    return _CONTROLS.sub(" ", text).strip()


def parser(target: Target, date: str | None, zone: str) -> Parser:
    """The function that reads a non-empty cell of this target. It raises BadCell."""
    match target.type:
        case "text" | "key":
            return _text
        case "email":
            return _email
        case "name":
            return _name
        case "number":
            return _whole
        case "decimal":
            return _decimal
        case "flag":
            return _flag
        case "tags":
            return _tags
        case "domain":
            return _domain
        case "corporate_number":
            return _corporate_number
        case "instant":
            return lambda text: instant(text, date, zone)
        case "closed":
            return _closed
        case "choice":
            return _one_of(target.choices, {})
        case _:
            return _one_of(*_VOCABULARY[target.type])


def _closed(text: str) -> dict[str, Any]:
    found = read_words(text)
    if found is None:
        raise BadCell("import.closed")
    return as_json(found)


@lru_cache(50_000)
def instant(text: str, form: str | None, zone: str) -> datetime:
    """The UTC instant of a date or date and time; a date alone is its midnight in `zone`. Raises BadCell."""
    flat = unicodedata.normalize("NFKC", text).strip()
    found = _by_form(flat, form) if form else None
    if found is None:
        found = _as_written(flat)
    if found is None or not 1900 <= found.year <= 2100:
        raise BadCell("import.date", form or "2026-04-28, 2026/4/28, 2026年4月28日")
    if found.tzinfo is None:
        found = found.replace(tzinfo=_zone(zone))
    return found.astimezone(UTC)


def _by_form(flat: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(flat, form)  # noqa: DTZ007 - the list's zone is added later
    except ValueError:
        return None


def _as_written(flat: str) -> datetime | None:
    for pattern, era in _WRITTEN:
        found = pattern.fullmatch(flat)
        if found is None:
            continue
        year, month, day, hour, minute, second = (1 if part == "元" else int(part or 0) for part in found.groups())
        try:
            return datetime(year + era, month, day, hour, minute, second)  # noqa: DTZ001 - the list's zone is added later
        except ValueError:
            return None
    return _with_zone(flat) or _serial(flat)


def _with_zone(flat: str) -> datetime | None:
    try:
        return datetime.fromisoformat(flat) if "-" in flat[:8] else None
    except ValueError:
        return None


def _serial(flat: str) -> datetime | None:
    try:
        days = float(flat)
    except ValueError:
        return None
    low, high = _EXCEL_DAYS
    return _EXCEL_DAY_0 + timedelta(seconds=round(days * 86_400)) if low <= days <= high else None


@lru_cache(64)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise BadCell("import.too_long", len(text), LONGEST)
    return text


def _email(text: str) -> Address:
    norm = normalised(text)
    if norm is None:
        raise BadCell("import.email")
    return Address(text, norm)


def _name(text: str) -> Name:
    if len(text) > LONGEST_NAME:
        raise BadCell("import.too_long", len(text), LONGEST_NAME)
    family, _, given = " ".join(text.replace("\u3000", " ").split()).partition(" ")
    return Name(family, given or None)


def _flat_number(text: str) -> str:
    return _UNITS.sub("", unicodedata.normalize("NFKC", text).strip().lower().lstrip("¥\\$約")).strip()


def _decimal(text: str) -> float | int:
    flat = text if text.isascii() and text.isdigit() else _flat_number(text)
    if len(flat) > 18 or not _NUMBER.fullmatch(flat):
        raise BadCell("import.number")
    number = float(flat.replace(",", ""))
    return int(number) if number.is_integer() else number


def _whole(text: str) -> int:
    number = _decimal(text)
    if not isinstance(number, int) or number < 0:
        raise BadCell("import.whole")
    return number


def minutes(text: str) -> int:
    """A length of time in whole minutes: 52, 52分, 0:52:10, 1時間5分. Raises BadCell."""
    flat = unicodedata.normalize("NFKC", text).strip().lower()
    found = _CLOCK.fullmatch(flat) or _SPOKEN.fullmatch(flat)
    if found is None or not any(found.groups()):
        raise BadCell("import.whole")
    hours, rest = (int(part or 0) for part in found.groups())
    return hours * 60 + rest


def _flag(text: str) -> bool:
    flat = unicodedata.normalize("NFKC", text).lower()
    if flat in _YES:
        return True
    if flat in _NO:
        return False
    raise BadCell("import.flag")


def _tags(text: str) -> list[str]:
    return sorted({part.strip() for part in re.split(r"[;,、，；\n]", _text(text)) if part.strip()})


def _domain(text: str) -> str:
    domain = domain_of(text)
    if not domain or normalised(f"a@{domain}") is None:
        raise BadCell("import.domain")
    return domain


def _corporate_number(text: str) -> str:
    # What fails its check digit is kept as it stands: it recognises nobody, and a person may mend it.
    return corporate_number(text) or _text(text)


def _one_of(names: tuple[str, ...], synonyms: dict[str, str]) -> Parser:
    known = {name.lower(): name for name in names} | synonyms
    words: dict[str, str] = {}
    for word, name in synonyms.items():
        if not word.isascii():
            words.setdefault(name, word)
    shown = ", ".join(f"{words[name]} ({name})" if name in words else name for name in names)

    def read(text: str) -> str:
        found = known.get(text) or known.get(unicodedata.normalize("NFKC", text).lower())
        if found is None:
            raise BadCell("import.choice", shown)
        return found

    return read
