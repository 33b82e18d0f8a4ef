"""What the ranking says: factors, why a figure moved, faults of priority.yaml, refusals. Pure data."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

FACTORS = {
    "fit": Words("当てはまり", "fit"),
    "intent": Words("関心", "intent"),
    "engagement": Words("施設の方の行動", "what its people did"),
    "reaction": Words("決裁者の反応", "the decision-maker's reaction"),
    "veto": Words("リストに載せられない施設", "cannot stand on the list"),
}

REACTIONS = {
    "met": Words("面談", "met"),
    "replied": Words("返信", "replied"),
    "viewed": Words("閲覧", "viewed"),
    "none": Words("無反応", "no reaction"),
    "refused": Words("拒否", "refused"),
}

WAYS = {
    "mail": Words("メール", "mail"),
    "phone": Words("電話", "phone"),
    "visit": Words("面談・訪問", "a meeting or visit"),
    "post": Words("郵送", "post"),
}

MOVED = {
    "first": Words("はじめて計算", "reckoned for the first time"),
    "margin": Words("差が{margin}点を超えたため", "it changed by more than {margin} points"),
    "event": Words("大きな出来事があったため", "something of weight happened"),
}
"""Why the figure moved last."""

FAULTS = {
    "full": (
        Words("full は1点以上です(いまは{0})", "full is 1 point or more, not {0}"),
        Words("1以上にしてください", "raise it"),
    ),
    "within": (
        Words("反応を見る期間は、1日以上の日数で書きます", "reactions count for a number of days, at least one"),
        Words("90日 のように書いてください", "write it like 90 days"),
    ),
    "worth": (
        Words("反応「{0}」の値打ちがありません", "the reaction {0} has no worth"),
        Words("worth に {0}: 40% のように書いてください", "write it under worth, like {0}: 40%"),
    ),
    "margin": (
        Words("差(margin)は0〜99点です(いまは{0})", "the margin is 0 to 99 points, not {0}"),
        Words("4 のように書いてください", "write it like 4"),
    ),
}
"""What is wrong with priority.yaml: (what, what to do)."""

REFUSED = {
    "faulty": Words(
        "priority.yaml に誤りがあります。"
        "「hagukumi check scenarios/rules/priority.yaml」で場所と直し方をご確認ください。",
        "priority.yaml has errors. Run `hagukumi check scenarios/rules/priority.yaml` to see where, and what to do.",
    ),
    "not-ranked": Words(
        "まだ優先度を計算していません。「hagukumi abm rank」を実行してください(毎朝、自動でも行います)。",
        "Accounts have not been ranked yet. Run `hagukumi abm rank`; it is done every morning as well.",
    ),
}


def refused(code: str) -> NotDone:
    """The exception to raise."""
    return NotDone(f"priority-{code}", REFUSED[code].ja, REFUSED[code].en)
