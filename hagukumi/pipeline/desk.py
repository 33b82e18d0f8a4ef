"""scenarios/rules/desk.yaml as values: what can come of a call, what is written down with it, what follows. Pure.

Start with `DeskRules`; pipeline/calling.py says what follows from one call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, NewType, get_args

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Span, SpanUnit, Words
from hagukumi.journeys.steps.outcomes import CONVERSATIONS, NOT_REACHED

OutcomeName = NewType("OutcomeName", str)
"""An outcome as callers say it: 不在, アポ獲得, or one of one's own."""
FieldName = NewType("FieldName", str)
"""What is written down with an outcome: 再架電日, 紹介先 …"""
StandardName = NewType("StandardName", str)
"""An outcome that steps, scores and training know."""
LetterName = NewType("LetterName", str)
"""A letter of templates/."""

FieldKind = Literal["text", "date", "time", "month", "email", "attendance", "reason"]
Next = Literal[
    "redial", "find_number", "close", "again", "meeting", "material", "referral", "left", "refuse_phone", "ng"
]
Attendance = Literal["none", "willing", "asked", "promised", "attended"]
ATTENDANCES: tuple[Attendance, ...] = ("none", "willing", "asked", "promised", "attended")
"""Of the decision-maker, from nothing to having sat there."""
Budget = Literal["none", "provisional", "secured"]
SentBack = Literal["information_missing", "no_authority", "issue_unclear", "too_late", "deal_exists"]
SENT_BACK: tuple[SentBack, ...] = get_args(SentBack)
STANDARD = NOT_REACHED | CONVERSATIONS


class FieldSpec(NamedTuple):
    """kind: how it is read. name: what programs call it in JSON. title: in English (the key itself is Japanese)."""

    kind: FieldKind
    name: str
    title: str


FIELDS: Mapping[str, FieldSpec] = {
    "戻り時刻": FieldSpec("time", "back_at", "back at"),
    "宛先": FieldSpec("email", "to", "send to"),
    "再架電日": FieldSpec("date", "call_again_on", "call again on"),
    "年月": FieldSpec("month", "month", "month"),
    "予算期": FieldSpec("text", "budget_period", "budget period"),
    "紹介先": FieldSpec("text", "referred_to", "referred to"),
    "紹介先の部署": FieldSpec("text", "referred_department", "their department"),
    "紹介先の電話": FieldSpec("text", "referred_phone", "their telephone"),
    "紹介先のメール": FieldSpec("email", "referred_email", "their address"),
    "製品": FieldSpec("text", "product", "product"),
    "更新月": FieldSpec("month", "renewal_month", "renewed in"),
    "決裁者同席": FieldSpec("attendance", "attendance", "decision-maker attends"),
    "日時": FieldSpec("time", "meets_at", "meets at"),
    "課題": FieldSpec("text", "issue", "issue, in their words"),
    "移動先": FieldSpec("text", "moved_to", "moved to"),
    "後任": FieldSpec("text", "successor", "who came after them"),
    "理由": FieldSpec("reason", "reason", "reason"),
    "メモ": FieldSpec("text", "memo", "memo"),
}
"""Every field there is; desk.yaml says which outcome asks for which."""

ATTENDANCE_WORDS: Mapping[str, Attendance] = {
    "確定": "promised", "promised": "promised",
    "依頼中": "asked", "asked": "asked",
    "意向あり": "willing", "willing": "willing",
    "なし": "none", "none": "none",
}  # fmt: skip
"""How callers say it, in both languages."""

SENT_BACK_WORDS: Mapping[str, SentBack] = {
    "情報不足": "information_missing", "情報が足りない": "information_missing",
    "決裁権なし": "no_authority", "決裁の権限がない": "no_authority",
    "課題が不明確": "issue_unclear", "課題がはっきりしない": "issue_unclear",
    "時期が先": "too_late", "導入時期が12か月より先": "too_late",
    "商談あり": "deal_exists", "すでに商談がある": "deal_exists",
    **{code: code for code in SENT_BACK},
}  # fmt: skip
"""Why field sales sends a hand-over back, as they say it and as it is shown."""

NG_WORDS: Mapping[str, str] = {
    "学生": "student", "student": "student",
    "同業他社": "competitor", "competitor": "competitor",
    "既存顧客": "customer", "customer": "customer",
    "個人": "free_mail", "free_mail": "free_mail",
    "営業お断り": "no_sales", "no_sales": "no_sales",
    "対象外": "no_fit", "no_fit": "no_fit",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRule:
    """What one outcome of a call means."""

    name: OutcomeName = entry("結果の名前", "its name")
    key: str = entry("入力するキー(1文字)", "the key that records it, one sign")
    title: Words | None = entry("表示名(独自の結果のとき)", "what it is called, for outcomes of one's own", None)
    counts_as: StandardName | None = entry(
        "どの標準の結果として数えるか(独自の結果のとき)",
        "the standard outcome it is counted as, for outcomes of one's own",
        None,
    )
    needs: tuple[FieldName, ...] = entry("必ず書く項目", "what has to be written down with it", ())
    takes: tuple[FieldName, ...] = entry("書いてもよい項目", "what may be written down with it", ())
    next: Next = entry(
        "次の動き(redial: かけ直し、find_number: 番号の確認、close: 完了、again: 日を改めて架電、meeting: 商談の設定、"
        "material: 資料の送付、referral: 紹介先へ、left: 後任を探す、refuse_phone: 電話の停止、ng: 対象外)",
        "what follows: redial, find_number, close, again (a call at a later date), meeting, material, referral, left, "
        "refuse_phone, ng",
    )
    after: Span | None = entry("日付を書かないときの、次の架電まで", "until the next call, when no date is given", None)
    ahead: Span | None = entry("年月・更新月の何日前に架電するか", "how long before the month to call", None)
    stage: Literal["mql"] | None = entry("少なくともこの段階に進める", "moves the person to this stage at least", None)
    letter: LetterName | None = entry("送るメール", "the letter that is sent", None)

    @property
    def standard(self) -> str:
        """The outcome as steps, scores and training know it."""
        return str(self.counts_as or self.name)

    @property
    def reached(self) -> bool:
        """Whether somebody was talked to."""
        return self.standard in CONVERSATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Redial:
    """How often and when somebody is tried again."""

    tries: int = entry("かける回数の上限", "most dials", 5)
    within: Span = entry("この期間のうちに", "within this time", Span(10, SpanUnit.BUSINESS_DAYS))
    morning: str = entry("午前にかけ直す時刻", "when to try in the morning", "10:00")
    afternoon: str = entry("午後にかけ直す時刻", "when to try in the afternoon", "14:00")
    letter_after: int = entry(
        "何回目の不在の後に「お電話しました」のメールを送るか(0: 送らない)",
        "after how many dials a “missed you” letter goes out; 0: never",
        3,
    )
    letter: LetterName = entry("そのメール", "that letter", LetterName("follow-up/missed-you"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlRule:
    """What makes an SQL (BANT): a budget, authority, a clear need, and a decision-maker willing to attend."""

    budget: Literal["provisional", "secured", "none"] = entry(
        "予算(provisional: 仮でもよい、secured: 確保済み、none: 問わない)",
        "budget: at least provisional, or secured; none: not asked",
        "provisional",
    )
    authority: bool = entry("決裁の権限・経路が分かっている", "authority is known", True)
    need: bool = entry("課題がはっきりしている", "the need is clear", True)
    attendance: Literal["none", "willing", "asked", "promised"] = entry(
        "決裁者の同席(willing: 意向あり以上)", "the decision-maker's attendance, at least", "willing"
    )
    within_months: int | None = entry("導入時期(この月数以内。省略すると問わない)", "months until they want it", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRule:
    """How field sales answers a hand-over."""

    answer_within: Span = entry("FSが返事をする期限", "field sales answers within", Span(1, SpanUnit.BUSINESS_DAYS))
    again_within: Span = entry(
        "差し戻しの後、ISが動く期限", "inside sales acts on what came back within", Span(1, SpanUnit.BUSINESS_DAYS)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRules:
    """All of desk.yaml."""

    outcomes: tuple[OutcomeRule, ...] = entry("架電の結果と、次の動き", "what can come of a call, and what follows")
    redial: Redial = entry("かけ直しの決まり", "how to try again", Redial())
    sql: SqlRule = entry("SQLの条件", "what makes an SQL", SqlRule())
    handover: HandoverRule = entry("FSへの引き継ぎ", "handing over to field sales", HandoverRule())

    def outcome(self, said: str) -> OutcomeRule | None:
        """The outcome by its name or its key."""
        text = said.strip()
        return next((one for one in self.outcomes if text in (one.name, one.key)), None)
