"""What the fields of a hand-over sheet are called. Imports core.values and names only. Start with `FIELDS`."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words
from hagukumi.words.names import BUDGETS, name_of

FIELDS: dict[str, Words] = {
    "issue": Words("課題(お客様の言葉)", "issue, in the customer's words"),
    "present": Words("今の方法・競合", "present solution or competitor"),
    "budget": Words("予算", "budget"),
    "budget_year": Words("予算の年度", "budget year"),
    "authority": Words("決裁の権限", "authority"),
    "need": Words("課題がはっきりしている", "a clear need"),
    "decision_path": Words("決裁の流れ", "decision path"),
    "attendees": Words("出席される方", "attendees"),
    "timing_months": Words("導入時期(何か月後)", "months until they want it"),
    "promised": Words("お約束した資料", "promised material"),
    "not_to_say": Words("言ってはいけないこと", "what not to say"),
    "recording": Words("録音のリンク", "link to the recording"),
}


def field_named(text: str) -> str:
    """The field by its name or what it is called; what is neither comes back as it was."""
    return next((name for name, words in FIELDS.items() if text in (name, words.ja, words.en)), text)


def value_of(name: str, value: object, lang: str) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return ("はい" if value else "いいえ") if lang == "ja" else ("yes" if value else "no")
    return name_of(BUDGETS, str(value), lang) if name == "budget" else str(value)
