"""Results of a call as callers record them (domain words, kept as data). Which of them were a conversation."""

from __future__ import annotations

NOT_REACHED = frozenset({"不在", "留守電", "受付ブロック", "担当不在", "番号違い"})
"""Nobody was talked to: the task stays open."""

CONVERSATION = "会話"
"""Any conversation, whatever came of it."""

WON_BY_PHONE = "アポ獲得"
"""A meeting was agreed."""

CONVERSATIONS = frozenset({
    CONVERSATION, WON_BY_PHONE, "資料送付希望", "当方折り返し", "先方折り返し待ち", "時期尚早", "担当者違い",
    "退職・異動", "競合導入済", "課題なし", "電話お断り", "NG",
})  # fmt: skip
"""What can come of one."""


VISIT_MET, VISIT_ABSENT, VISIT_REFUSED = "面談", "不在", "面会お断り"
VISIT_RESULTS: dict[str, str] = {"met": VISIT_MET, "absent": VISIT_ABSENT, "refused": VISIT_REFUSED}
"""Results of a visit: as they are typed, and as they are kept."""


def meant_by(outcomes: frozenset[str]) -> frozenset[str]:
    """The outcomes that a condition asks for: 会話 stands for all that can come of a conversation."""
    return outcomes | CONVERSATIONS if CONVERSATION in outcomes else outcomes


def as_written(outcomes: frozenset[str]) -> frozenset[str]:
    """The other way round: what a person would have written to mean these outcomes."""
    return outcomes - CONVERSATIONS | {CONVERSATION} if outcomes >= CONVERSATIONS else outcomes
