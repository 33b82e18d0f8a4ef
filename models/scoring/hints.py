"""Names that hint at a column written after the outcome. A hint is never alone enough; leaks.py asks for evidence."""

from __future__ import annotations

import re
from typing import Literal

Hint = Literal["judged", "after", "last", "same"]
"""A judgement of somebody or of another program; written when it was over; a state that is overwritten; the outcome's
own word."""

JUDGED = {
    "score", "scores", "scoring", "index", "quality", "rating", "grade", "rank", "profile", "probability", "likelihood",
    "propensity", "prediction", "predicted", "tag", "tags",
}  # fmt: skip
AFTER = {
    "reason", "reasons", "result", "results", "outcome", "disposition", "status", "stage", "closed", "close", "closing",
    "won", "win", "lost", "loss", "converted", "conversion", "cancelled", "canceled", "cancellation", "churned", "exit",
    "resolution", "resolved", "deal", "invoice", "recovery", "recoveries", "refund", "duration", "talktime", "final",
    "feedback",
}  # fmt: skip
LAST = {"last", "latest"}
BEFORE = {"prev", "previous", "prior", "past", "before", "first", "initial", "historic", "history"}
"""With one of these words it is about an earlier time."""
JUDGED_JA = ("スコア", "評価", "ランク", "確度", "品質", "見込み度", "見込度", "タグ", "指数", "格付")
AFTER_JA = (
    "理由", "結果", "ステータス", "受注", "失注", "成約", "解約", "退職", "終了", "完了", "商談", "通話時間", "通話秒",
)  # fmt: skip
LAST_JA = ("最終", "最新", "直近")
BEFORE_JA = ("前回", "過去", "初回", "以前")

_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")


def pieces(name: str) -> list[str]:
    """The words of a name: lastActivity, last_activity and Last Activity are the same two."""
    return [piece.lower() for piece in _PIECE.findall(name)]


def hint_of(name: str, outcome: str = "") -> Hint | None:
    """What the name hints at; None for nothing."""
    found = pieces(name)
    if BEFORE.intersection(found) or any(word in name for word in BEFORE_JA):
        return None
    own = [piece for piece in pieces(outcome) if len(piece) > 3]
    if own and set(own).issubset(found) and name != outcome:
        return "same"
    if found and (found[0] in LAST or name.startswith(LAST_JA)):
        return "last"
    if JUDGED.intersection(found) or any(word in name for word in JUDGED_JA):
        return "judged"
    if AFTER.intersection(found) or any(word in name for word in AFTER_JA):
        return "after"
    return None
