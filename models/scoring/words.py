"""Sentences about points and jumps in both languages, by code; {0}, {1} … stand for the arguments."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

REASONS = {
    # 0 points then, 1 points now, 2 days, 3 events in Japanese, 4 events in English, 5 the line
    "jump_rise": Words("{3}で、{2}日間に{0}→{1}点", "{4}: from {0} to {1} points in {2} days"),
    "jump_line": Words(
        "{3}で、{2}日間に{0}→{1}点({5}点に到達)", "{4}: from {0} to {1} points in {2} days, reaching {5}"
    ),
}
"""Why codes of models/scoring/jumps.py."""

RECEIPT = {
    "cap": Words("「{0}」の合計は{2}点まで", "“{1}” counts {2} points at most"),
    "low_cap": Words("「{0}」の減点は{2}点まで", "“{1}” takes {2} points at most"),
    "floor": Words("合計は{0}点を下回らない", "the total never falls below {0}"),
    "ceiling": Words("合計は{0}点を上回らない", "the total never rises above {0}"),
}
"""Terms that no event made."""

KINDS = {
    "opened": Words("メールの開封", "Opened letters"),
    "clicked": Words("リンクのクリック", "Clicked links"),
    "visited": Words("ページの閲覧", "Pages read"),
    "downloaded": Words("資料のダウンロード", "Downloads"),
    "submitted": Words("フォームからの問い合わせ", "Forms sent"),
    "registered": Words("セミナーへの申し込み", "Webinar registrations"),
    "attended": Words("セミナーへの参加", "Webinars attended"),
    "replied": Words("メールへの返信", "Replies"),
    "called": Words("電話", "Calls"),
    "met": Words("面談", "Meetings"),
    "refused": Words("連絡のお断り", "Refusals"),
    "unsubscribed": Words("配信停止", "Unsubscriptions"),
    "bounced": Words("不達", "Bounces"),
    "left": Words("退職・異動", "Left the company"),
}
"""Kinds of activity, as caps name them."""

ACCOUNT = {
    "share": Words("点数が最も高い方のほかは{0}で数える", "everybody but the strongest counts {0}"),
    "unknown": Words("役割のわからない方は{0}で数える", "people without a role count {0}"),
    "both": Words(
        "点数が最も高い方のほかで、役割のわからない方は{0}で数える", "not the strongest, and without a role: counts {0}"
    ),
    "ceiling": Words("施設の点数は{0}点を上回らない", "the points of a facility never rise above {0}"),
}
"""Terms of a facility's receipt that no event made."""

FAULTS = {
    "same_id": (
        Words("ルール名「{0}」が二度使われています", "the rule name “{0}” is used twice"),
        Words("別の名前を付けてください", "give one of them another name"),
    ),
    "not_an_attribute": (
        Words("属性ではない条件(行動・点数)が使われています", "the condition asks about behaviour or points"),
        Words("行動は behaviour に書いてください", "write behaviour under `behaviour:`"),
    ),
    "half_life": (
        Words("半減期は1日から3650日までの日数です", "a half-life is 1 to 3650 days"),
        Words("「14日」のように暦日で書いてください", "write calendar days such as `14 days`"),
    ),
    "cap": (
        Words("上限は0より大きい数です", "a cap is a number above 0"),
        Words("「15」のように書くか、行を消してください", "write a number such as 15, or remove the line"),
    ),
    "grades": (
        Words("区切りは大きい順の三つの点数です", "a grade has three lines, the highest first"),
        Words("「[25, 15, 5]」のように書いてください", "write three numbers such as [25, 15, 5]"),
    ),
    "kind_uncounted": (
        Words(
            "「{0}」を数えるルールがないため、この上限は使われません", "no rule counts “{0}”, so this cap is not used"
        ),
        Words("ルールを書くか、行を消してください", "write a rule for it, or remove the line"),
    ),
    "never_reached": (
        Words("上の「{0}」が先に数えるため、このルールは使われません", "“{0}” above counts all of these first"),
        Words("条件の細かいルールを先に書いてください", "put the narrower rule first"),
    ),
    "floor_above_ceiling": (
        Words("下限が上限より大きくなっています", "the floor is above the ceiling"),
        Words("floor と ceiling を見直してください", "correct `floor` or `ceiling`"),
    ),
    "too_large": (
        Words("点数が大きすぎます(10000点まで)", "points beyond 10,000 are not possible"),
        Words("小さな数にしてください", "use a smaller number"),
    ),
    "not_tenths": (
        Words("点数は0.1点きざみです", "points come in steps of 0.1"),
        Words("小数は一桁で書いてください", "write one digit after the point"),
    ),
    "rise": (
        Words("伸びは0より大きい点数です", "the rise is a number above 0"),
        Words("「25」のように書いてください", "write a number such as 25"),
    ),
}
"""What `models.scoring.faults` finds: (what is wrong, what to do)."""


def say(words: Words, lang: str, args: tuple[str, ...]) -> str:
    """The sentence with its arguments."""
    text = words.say(lang)
    for number, value in enumerate(args):
        text = text.replace(f"{{{number}}}", value)
    return text
