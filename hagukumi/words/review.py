"""What the fortnightly review says: proposals and their reasons, next acts, refusals, what was carried out. Pure data.

Start with `say`, `say_course` and `refused`. {0} stands for the first argument of a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from hagukumi.journeys.core.values import Words
from hagukumi.journeys.core.verdict import Why
from hagukumi.words.abm import VETOES
from hagukumi.words.committee import GAPS
from hagukumi.words.dates import say_day
from hagukumi.words.intent import STAGES, TEMPERATURES
from hagukumi.words.names import CHANNELS as OF_CHANNELS
from hagukumi.words.names import ROLES
from hagukumi.words.priority import REACTIONS
from hagukumi.words.refusal import NotDone

DECISIONS = {
    "go_on": Words("継続", "go on"),
    "change": Words("やり方を変更", "change the approach"),
    "freeze": Words("凍結", "freeze"),
    "swap": Words("入れ替え", "swap"),
}
STATES = {
    "open": Words("未決定", "undecided"),
    "approved": Words("承認", "approved"),
    "changed": Words("変更して決定", "decided otherwise"),
    "rejected": Words("却下(何もしない)", "rejected; nothing is done"),
    "gone": Words("リストから外れた", "has left the list"),
}
OUTCOMES = {**DECISIONS, "rejected": STATES["rejected"]}
CHANNELS = {
    **OF_CHANNELS,
    "post": Words("郵送", "post"),
    "meeting": Words("面談", "meeting"),
    "webinar": Words("ウェビナー", "webinar"),
}
KINDS = {
    "summary": Words("決裁者向けの1枚資料", "one-page summary for decision-makers"),
    "checklist": Words("現場向けチェックリスト", "checklist for the field"),
    "comparison": Words("他社との比較資料", "comparison with competitors"),
    "case": Words("導入事例", "case"),
    "case_study": Words("導入事例", "case study"),
    "roi": Words("ROI試算", "ROI simulation"),
    "webinar": Words("ウェビナー", "webinar"),
    "other": Words("資料", "material"),
}

REQUEST_STATES = {
    "open": Words("未完了", "open"),
    "delivered": Words("完成", "delivered"),
    "withdrawn": Words("取り下げ", "withdrawn"),
}

REASONS = {
    "gap": Words("リストから外れる理由があります({0})", "it has to leave the list: {0}"),
    "locked": Words("{0}までロックされています", "it is locked until {0}"),
    "no_candidate": Words("代わりの候補がありません", "there is no candidate for its place"),
    "fills_gap": Words(
        "候補に替えます(入れ替えの数には入りません)", "the candidate takes its place; it does not count as a swap"
    ),
    "refused": Words("決裁者に断られました", "the decision-maker refused"),
    "still_frozen": Words("{0}まで凍結中です", "it is frozen until {0}"),
    "later": Words("先方から{0}以降にとの話です", "they asked to be approached after {0}"),
    "met_others": Words(
        "前回のあとに決裁者以外の方とお会いしています(決裁者の同席なし)",
        "others there met us since the last review; the decision-maker was not there",
    ),
    "replied_others": Words(
        "前回のあとに決裁者以外の方から返信がありました", "somebody there replied, other than the decision-maker"
    ),
    "reacted": Words("前回のあとに反応がありました({0})", "they reacted since the last review ({0})"),
    "quiet_for": Words("見直し{0}回続けて反応がありません", "no reaction for {0} reviews in a row"),
    "better": Words(
        "候補のほうが優先度が高くなっています({0}点、いまは{1}点)", "the candidate has priority {0}, this one {1}"
    ),
    "overtaken": Words(
        "面談も返信もなく、候補に大きく差をつけられています",
        "a candidate is far ahead, and they neither met us nor replied",
    ),
    "nobody": Words("この施設の方を、まだ一人も知りません", "nobody is known there yet"),
    "no_contact": Words("前回のあと接触がなく、プレイも動いていません", "nobody has come to them, and no play runs"),
    "no_play": Words("前回のあとに接触しましたが、プレイが動いていません", "we came to them, and no play runs"),
    "play_over": Words("プレイが終わり、反応がありません", "the play is over without a reaction"),
    "next_play": Words("プレイ「{0}」を始められます", "the play {0} is ready"),
    "next_channel": Words("まだ使っていない経路があります({0})", "{0} was not tried yet"),
    "nothing_left": Words("ほかの手を使い切りました", "nothing else is left to try"),
    "viewed": Words("資料が見られています", "they look at our content"),
    "give_time": Words("いまのやり方を続けます", "what runs is given its time"),
    "changed_priority": Words("優先度 {0} → {1}", "priority {0} -> {1}"),
    "changed_rank": Words("順位 {0} → {1}", "rank {0} -> {1}"),
    "changed_intent": Words("関心 {0} → {1}", "intent {0} -> {1}"),
    "changed_heat": Words("温度 {0} → {1}", "temperature {0} -> {1}"),
    "changed_stage": Words("検討段階 {0} → {1}", "stage {0} -> {1}"),
    "changed_theme": Words("テーマ {0} → {1}", "theme {0} -> {1}"),
    "changed_play": Words("プレイ {0} → {1}", "play {0} -> {1}"),
    "changed_step": Words("プレイ「{0}」 {1} → {2}", "play {0}: {1} -> {2}"),
    "role_came": Words("{0}がわかりました", "{0} is known now"),
    "role_went": Words("{0}がいなくなりました", "{0} is not there any more"),
    "did_swap": Words("{0} と入れ替えました", "exchanged for {0}"),
    "did_start": Words("プレイ「{0}」を開始", "play {0} started"),
    "did_stop": Words("プレイ「{0}」を停止", "play {0} stopped"),
    "did_wake": Words("プレイ「{0}」を再開", "play {0} goes on"),
    "did_wake_account": Words("凍結を解除", "not frozen any more"),
    "did_freeze": Words("{0}まで凍結", "frozen until {0}"),
    "did_task": Words("タスク #{0}", "task #{0}"),
    "did_request": Words("資料の依頼 #{0}", "request for content #{0}"),
    "did_nothing": Words("何も変えていません", "nothing was changed"),
}
"""Why it is proposed, what is different from the last time, what was carried out."""

RULES = {
    "gap": Words("外れる理由({0})があるか", "does it have to leave ({0})?"),
    "refused": Words("反応({0})が拒否か", "is the reaction ({0}) a refusal?"),
    "frozen": Words("凍結の期限({0})がまだ先か", "is the freeze ({0}) still on?"),
    "later": Words("先方の指定({0})がまだ先か", "is the day they named ({0}) still ahead?"),
    "reacted": Words("反応({0})が面談か返信か", "is the reaction ({0}) a meeting or a reply?"),
    "hopeless": Words(
        "無反応{0}回(入れ替えは{1}回から)、優先度{2}、候補{3}、残りの入れ替え{4}件",
        "{0} reviews without a reaction (a swap from {1}), priority {2}, candidate {3}, swaps left {4}",
    ),
    "overtaken": Words(
        "優先度{1}、候補{2}(入れ替えは{0}点差から)、残りの入れ替え{3}件",
        "priority {1}, candidate {2} (a swap from {0} points ahead), swaps left {3}",
    ),
    "nobody": Words("面識のある方がいないか({0})", "is nobody known there ({0})?"),
    "idle": Words("接触{0}回、プレイ{1}", "{0} contacts, play {1}"),
    "quiet": Words("無反応{0}回(変更は{1}回から)", "{0} reviews without a reaction (another approach from {1})"),
    "over": Words("プレイ{0}、反応{1}", "play {0}, reaction {1}"),
    "steady": Words("どれにも当たらない(反応{0})", "none of the others (reaction {0})"),
}
"""What each rule looked at; the receipt of a proposal."""

_OTHERWISE = Words(
    "「hagukumi abm review change {account} --with 施設 --by 担当者 --why 理由」で別の施設にしてください。"
    "未決定の案は「hagukumi abm review prepare --anew」で作り直せます。",
    "Choose another with `hagukumi abm review change {account} --with ACCOUNT --by STAFF --why WHY`; "
    "`hagukumi abm review prepare --anew` makes undecided proposals anew.",
)

REFUSED = {
    "none-open": Words(
        "進行中の見直しはありません。「hagukumi abm review prepare」で準備できます。",
        "No review is open. `hagukumi abm review prepare` prepares one.",
    ),
    "unknown": Words("第{number}回の見直しはありません。", "There is no review number {number}."),
    "not-agreed": Words(
        "まだ合意したリストがないため、見直しはできません。「hagukumi abm propose」から始めてください。",
        "There is no agreed list to review yet. Begin with `hagukumi abm propose`.",
    ),
    "done-already": Words(
        "第{number}回の見直しは終わっています。次は{day}です。",
        "Review {number} is finished. The next one meets on {day}.",
    ),
    "not-in-review": Words(
        "{account} は、この見直しにありません。「hagukumi abm review show」でご確認ください。",
        "{account} is not in this review; see `hagukumi abm review show`.",
    ),
    "account-or-all": Words(
        "施設を指定するか、未決定のすべてを承認するときは --all を付けてください。",
        "Name accounts, or approve all undecided ones with --all.",
    ),
    "decision": Words(
        "「{text}」という決定はありません。go_on(継続)、change(変更)、freeze(凍結)、swap(入れ替え)から選んでください。",
        "There is no decision {text}. Choose go_on, change, freeze or swap.",
    ),
    "choice": Words("「{text}」は使えません。選べるもの: {known}", "{text} is none of: {known}"),
    "undecided": Words(
        "{of}件中{number}件が未決定です: {accounts}。"
        "「hagukumi abm review approve | change | reject」で決めてから finish してください。何も変えていません。",
        "{number} of {of} are undecided: {accounts}. Decide them with `hagukumi abm review approve | change | reject`, "
        "then finish. Nothing was changed.",
    ),
    "done": Words(
        "{accounts} は実行済みのため、決定を変えられません。", "{accounts} was carried out already and stays as it is."
    ),
    "gone": Words(
        "{accounts} は見直しの間にリストから外れました。決めることはありません。",
        "{accounts} has left the list meanwhile; there is nothing to decide.",
    ),
    "no-why": Words(
        "{accounts}: 理由(--why)を書いてください。記録に残ります。", "{accounts}: say why (--why); it is kept."
    ),
    "no-day": Words(
        "{accounts}: いつまで凍結するか(--until)を書いてください。",
        "{accounts}: say until when it is frozen (--until).",
    ),
    "past": Words(
        "{accounts}: 凍結の期限は今日以降にしてください。",
        "{accounts}: a freeze ends today or later; choose another day.",
    ),
    "nothing-to-change": Words(
        "{accounts}: 何を変えるか(--play、--channel、--role のどれか)を書いてください。",
        "{accounts}: say what changes: --play, --channel or --role.",
    ),
    "play-unknown": Words(
        "{accounts}: プレイ「{name}」は公開されていません。公開中: {known}。"
        "「hagukumi abm review change {account}」で別の決定にしてください。",
        "{accounts}: the play {name} is not open. Open: {known}. "
        "Decide otherwise with `hagukumi abm review change {account}`.",
    ),
    "no-other": Words(
        "{accounts}: どの施設と入れ替えるか(--with)を書いてください。候補は「hagukumi abm review show」にあります。",
        "{accounts}: say which account comes for it (--with); `hagukumi abm review show` has candidates.",
    ),
    "not-on-list": Words(
        "{accounts} はリストにありません。「hagukumi abm list」でご確認ください。",
        "{accounts} does not stand on the list; see `hagukumi abm list`.",
    ),
    "on-list": Words(
        "{accounts} の代わりの {come} は、すでにリストにあります。" + _OTHERWISE.ja,
        "{come}, which would come for {accounts}, stands on the list already. " + _OTHERWISE.en,
    ),
    "taken": Words(
        "{accounts} の代わりの {come} は、この見直しでほかの施設の代わりに決まっています。" + _OTHERWISE.ja,
        "{come}, which would come for {accounts}, comes for another account in this review. " + _OTHERWISE.en,
    ),
    "account-locked": Words(
        "{accounts} は{until}までロックされています。別の決定にするか、先に「hagukumi abm unlock」で解除してください。",
        "{accounts} is locked until {until}. Decide otherwise, or take the lock away first: `hagukumi abm unlock`.",
    ),
    "vetoed": Words(
        "{accounts} の代わりの {come} は、リストに載せられません({veto})。" + _OTHERWISE.ja,
        "{come}, which would come for {accounts}, cannot stand on the list: {veto}. " + _OTHERWISE.en,
    ),
    "swaps-used": Words(
        "入れ替えは1回の見直しで{of}件までです(もう{number}件あります)。{accounts} は別の決定にしてください。",
        "A review has {of} swaps, and {number} are used or decided. Decide otherwise about {accounts}.",
    ),
    "nothing-to-do": Words(
        "{account} に、見直しで決めた未完了のタスクはありません。架電は「hagukumi tasks done」で結果を記録します。",
        "No open task of {account} comes from a review. Calls are closed by their outcome: `hagukumi tasks done`.",
    ),
    "stopped": Words(
        "{account} を実行できません: {why} それまでの{number}件は実行済みです。"
        "「hagukumi abm review change」で決め直してから、もう一度 finish してください。",
        "{account} cannot be carried out: {why} The {number} before it are done. "
        "Decide again with `hagukumi abm review change`, then finish again.",
    ),
    "request-unknown": Words("資料の依頼 #{number} はありません。", "There is no request for content #{number}."),
    "request-closed": Words("資料の依頼 #{number} は完了しています。", "The request for content #{number} is closed."),
    "content-unknown": Words(
        "「{name}」というコンテンツは content.yaml にありません。{near}",
        "There is no content {name} in content.yaml. {near}",
    ),
}

_KNOWN = {"nobody": Words("はい", "yes"), "somebody": Words("いいえ", "no")}
_CODES: tuple[Mapping[str, Words], ...] = (_KNOWN, REACTIONS, CHANNELS, ROLES, TEMPERATURES, STAGES)


def refused(code: str, **args: str | int | Words) -> NotDone:
    """The exception to raise; an argument may be worded in both languages."""

    def said(lang: str) -> str:
        given = {name: arg.say(lang) if isinstance(arg, Words) else arg for name, arg in args.items()}
        return REFUSED[code].say(lang).format_map(given)

    return NotDone(f"review-{code}", said("ja"), said("en"))


class Titles(NamedTuple):
    """What themes and plays are called, by their ids."""

    themes: Mapping[str, Words] = {}
    plays: Mapping[str, Words] = {}


NO_TITLES = Titles()
"""Ids stand as they are: for programs."""
_OF_PLAYS = frozenset({
    "next_play", "changed_play", "changed_step", "did_start", "did_stop", "did_wake", "idle", "over",
})  # fmt: skip
"""Reasons and rules that speak of plays."""


def why_kept(number: int, own: str | None, why: Sequence[Why], lang: str, titles: Titles) -> str:
    """The reason that histories keep: in the words of whoever decided, else the proposal's."""
    head = f"第{number}回の見直し" if lang == "ja" else f"review {number}"
    said = own or ("。" if lang == "ja" else "; ").join(say(each, lang, titles) for each in why)
    return f"{head}: {said}" if said else head


def say(why: Why, lang: str, titles: Titles = NO_TITLES) -> str:
    """A reason in a sentence; days, codes and ids in its arguments are put into words."""
    return REASONS[why.code].say(lang).format(*(_value(why.code, each, lang, titles) for each in why.args))


def say_rule(rule: str, args: tuple[str, ...], lang: str, titles: Titles = NO_TITLES) -> str:
    """What a rule looked at."""
    return RULES[rule].say(lang).format(*(_value(rule, each, lang, titles) for each in args))


def say_missing(code: str, lang: str) -> str:
    """What is not known of a committee; a code that has no words any more as it stands."""
    words = GAPS.get(code)
    return code if words is None else words.say(lang)


def _value(code: str, value: str, lang: str, titles: Titles) -> str:
    own = VETOES if code == "gap" else titles.themes if code == "changed_theme" else {}
    for words in (titles.plays if code in _OF_PLAYS else own, *_CODES):
        if value in words:
            return words[value].say(lang)
    try:
        return say_day(date.fromisoformat(value), lang, year=True)
    except ValueError:
        return value
