"""What the workspace's probability says: refusals, features as people call them, alarms. Pure data.

{0}, {1} ... stand for the arguments. Start with `refusal` and `feature_name`.
"""

from __future__ import annotations

from collections.abc import Mapping

from hagukumi.journeys.core.values import Words
from hagukumi.words.learning import CANDIDATES
from hagukumi.words.names import ROLES
from hagukumi.words.names import STAGES as STAGE_NAMES
from hagukumi.words.refusal import NotDone

REFUSALS = {
    "outcomes-few": Words(
        "{1}日以内にSQLになった方は、まだ{0}名です。{2}名に満たないうちは確率を学べないため、点数だけで運用します。"
        "結果がたまったら、もう一度お試しください。",
        "So far {0} people became SQLs within {1} days. With fewer than {2} no probability would hold, so points stand "
        "alone. Try again when more outcomes are known.",
    ),
    "outcomes-few-known": Words(
        "検証用に新しい期間を除くと、SQLになった例は{0}件で、{1}件に足りません。確率は使わず、点数だけで運用します。"
        "結果がたまったら、もう一度お試しください。",
        "Without the newest stretch, which tests, there are {0} examples of SQLs and {1} are needed. Points stand "
        "alone. Try again when more outcomes are known.",
    ),
    "outcomes-nothing": Words(
        "学習に使える違いが、どの方の間にも見つかりません。行動や属性の記録が取り込まれているかご確認ください。",
        "Nothing differs between people that could be learned from. Check that activities and attributes are imported.",
    ),
    "model-unknown": Words(
        "モデル「{0}」はありません。「hagukumi score models」で一覧をご確認ください。",
        "There is no model {0}. See the list with: hagukumi score models",
    ),
    "model-none": Words(
        "使用中のモデルがありません。「hagukumi score train」で学習できます。",
        "No model is in use. Train one with: hagukumi score train",
    ),
    "model-refused": Words(
        "使用中のモデル {0} は使えません({1})。点数だけで運用しています。"
        "控えから戻すか、「hagukumi score train」で学習し直すか、"
        "「hagukumi score use 版」で別の版に切り替えてください。",
        "Model {0} is in use but cannot be used ({1}); points stand alone. Restore its file, train again with "
        "hagukumi score train, or put another version in use with hagukumi score use VERSION.",
    ),
    "model-not-stored": Words(
        "モデルを {0} に保存できません。空き容量と権限をご確認ください。",
        "The model cannot be stored at {0}. Check space and permissions.",
    ),
    "suspended-already": Words(
        "採点はすでに止まっています。再開は「hagukumi score resume --by 担当者」です。",
        "Scores are suspended already. To go on: hagukumi score resume --by STAFF",
    ),
    "not-suspended": Words("採点は止まっていません。", "Scores are not suspended."),
    "scoring-off": Words(
        "点数の決まり(scenarios/rules/points.yaml)がないか、hagukumi.yaml で採点が止めてあります。",
        "There are no rules for points (scenarios/rules/points.yaml), or scoring is switched off in hagukumi.yaml.",
    ),
}

FACILITIES = {
    "hospital": Words("病院", "hospital"),
    "clinic": Words("クリニック", "clinic"),
    "care_home": Words("介護施設", "care home"),
    "company": Words("会社", "company"),
    "other": Words("そのほか", "other"),
}

STATES = {
    "champion": Words("使用中", "in use"),
    "challenger": Words("比較用(表に出さずに採点)", "scores silently beside"),
    "retired": Words("休止", "retired"),
}

KINDS = {
    "points": Words("点数だけ", "points alone"),
    "logistic": CANDIDATES["logistic"],
    "additive": CANDIDATES["additive"],
    "boosting": CANDIDATES["full"],
}

REFUSED = {
    "model-missing": Words("ファイルがありません", "its file is missing"),
    "model-foreign": Words("育みのモデルではないファイルです", "its file is no model of Hagukumi"),
    "model-changed": Words("保存した後に書き換えられています", "its file was changed after it was stored"),
    "model-stranger": Words("ここで作られたモデルではありません", "it was not made here"),
    "model-versions": Words("別の版のライブラリで作られています", "it was made with other versions of the libraries"),
}
"""Why a model's file is not used; points go on alone."""

WHY_NOT = {
    "no_model": Words(
        "確率のモデルがまだありません。点数だけでご覧ください。",
        "There is no model of the probability yet: the points stand alone.",
    ),
    "no_lead": Words(
        "すでにSQL以降か対象外の方なので、確率はありません。",
        "No probability: this person is an SQL already, or no lead.",
    ),
    **{
        code: Words(
            f"確率のモデルは使えません({said.ja})。点数だけでご覧ください。",
            f"The model of the probability is not used ({said.en}): the points stand alone.",
        )
        for code, said in REFUSED.items()
    },
}
"""Why nothing is said of somebody."""

ALARMS = {
    "drift": Words(
        "採点される方々が、学習したころと変わっています", "those who are scored are not like those who taught the model"
    ),
    "calibration": Words("90日前の確率が、実際の結果と合っていません", "what was said 90 days ago did not come true"),
    "early": Words("最近の確率が、途中の結果と合っていません", "what was said lately is not coming true so far"),
}
"""What speaks against a model."""

ALARM_FIGURES = {
    "drift": Words("PSI {psi:.2f}、0.25を超えると別の集団", "PSI {psi:.2f}; above 0.25 it is another population"),
    "calibration": Words(
        "SQLになる見込み{ripe[expected]:.1f}名、実際は{ripe[seen]:,}名",
        "{ripe[expected]:.1f} SQLs expected, {ripe[seen]:,} seen",
    ),
    "early": Words(
        "ここまでの見込み{early[expected]:.1f}名、実際は{early[seen]:,}名",
        "{early[expected]:.1f} SQLs expected so far, {early[seen]:,} seen",
    ),
}
"""What was measured when it was first noticed."""

ALARM_TODO = Words(
    "「hagukumi score health」で今の数字をご確認ください。当てにできないときは「hagukumi score suspend --by 担当者 "
    "--why {why}」で手動の決まりに切り替え、「hagukumi score train」で学習し直します。"
    "確認が済んだら「hagukumi score health --seen-by 担当者」です。",
    "Look at today's figures: hagukumi score health. If they are not to be trusted, let hand rules route: "
    "hagukumi score suspend --by STAFF --why {why}, and train again: hagukumi score train. "
    "When you have looked: hagukumi score health --seen-by STAFF",
)
"""What somebody of marketing does about it."""


def alarm_why(code: str) -> str:
    """The reason that `score suspend` takes for an alarm."""
    return "drift" if code == "drift" else "calibration"


SUSPENDED_WHY = {
    "drift": Words("対象の変化", "other people than before"),
    "calibration": Words("確率のずれ", "chances that do not come true"),
    "wrong_rule": Words("点数の決まりの誤り", "a wrong rule"),
    "other": Words("そのほか", "another reason"),
}

_DEEDS = {
    "visited": Words("ページの閲覧", "pages read"),
    "clicked": Words("メールのクリック", "clicks in letters"),
    "downloaded": Words("資料のダウンロード", "downloads"),
    "submitted": Words("フォームの送信", "forms sent"),
    "registered": Words("セミナーの申し込み", "webinar registrations"),
    "attended": Words("セミナーの参加", "webinars attended"),
    "replied": Words("メールへの返信", "replies"),
    "met": Words("面談", "meetings"),
    "opened": Words("メールの開封", "letters opened"),
    "talked": Words("電話での会話", "talks on the phone"),
    "declined": Words("電話での「不要」", "“no” on the phone"),
    "not_reached": Words("つながらなかった電話", "calls that reached nobody"),
    "refused": Words("お断り・配信停止", "refusals"),
    "received": Words("お送りしたメール", "letters received"),
}
_ASPECTS = {
    "": Words("{0}の回数", "{0}: how many"),
    "warm": Words("最近の{0}", "recent {0}"),
    "days": Words("最後の{0}からの日数", "{0}: days since the last"),
}
_OTHERS = {
    "points": Words("点数", "points"),
    "points_rise": Words("7日間の点数の伸び", "rise of points within 7 days"),
    "stage": Words("段階", "stage"),
    "role": Words("役割", "role"),
    "kind": Words("施設の種類", "kind of facility"),
    "industry": Words("業種", "industry"),
    "owner_type": Words("開設主体", "owner type"),
    "source": Words("出会いの経路", "source"),
    "beds": Words("病床数", "beds"),
    "headcount": Words("職員数", "headcount"),
    "received_month": Words("4週間にお送りしたメール", "letters within four weeks"),
    "click_share": Words("お送りしたメールのうち、クリックされた割合", "share of letters that were clicked"),
    "off_hours": Words("夜間・休日の行動の割合", "share of acts out of office hours"),
    "calibration": Words("確率の補正", "calibration"),
    "typical": Words("ふつうの方", "somebody typical"),
    "rest": Words("そのほか{0}項目", "{0} others"),
}
_THEME = Words("「{0}」への関心", "interest in “{0}”")


def feature_name(name: str, lang: str, themes: Mapping[str, Words], *args: str) -> str:
    """A feature as people call it."""
    if name in _OTHERS:
        return _filled(_OTHERS[name], lang, *args)
    head, _, tail = name.partition(":")
    if head == "theme":
        return _filled(_THEME, lang, themes[tail].say(lang) if tail in themes else tail)
    if head in _DEEDS and tail in _ASPECTS:
        return _filled(_ASPECTS[tail], lang, _DEEDS[head].say(lang))
    return name


_NEVER = Words("まだなし", "never yet")
_DAYS = Words("{0}日", "{0} days")
_LATELY = Words("{0}回分(古いほど軽く数えます)", "as much as {0}; older ones count less")


def value_name(feature: str, value: str, lang: str) -> str:
    """What a feature says of somebody, as people call it."""
    codes = {"stage": STAGE_NAMES, "role": ROLES, "kind": FACILITIES}.get(feature, {})
    if value in codes:
        return codes[value].say(lang)
    if feature.endswith(":days"):
        return _filled(_DAYS, lang, f"{float(value):.0f}") if value else _NEVER.say(lang)
    if value and feature.endswith(":warm"):
        return _filled(_LATELY, lang, f"{float(value):.1f}")
    if value and feature in ("click_share", "off_hours"):
        return f"{float(value):.0%}"
    if value and feature.startswith("theme:"):
        return f"{float(value):.1f}"
    return value


def refusal(code: str, *args: str | Words) -> NotDone:
    """The exception to raise; an argument may be worded in both languages."""

    def said(lang: str) -> str:
        return _filled(REFUSALS[code], lang, *(each.say(lang) if isinstance(each, Words) else each for each in args))

    return NotDone(code, said("ja"), said("en"))


def _filled(words: Words, lang: str, *args: str) -> str:
    text = words.say(lang)
    for number, value in enumerate(args):
        text = text.replace(f"{{{number}}}", value)
    return text
