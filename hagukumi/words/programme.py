"""What the list of target accounts says: faults of abm.yaml, refusals, what happened and why. Pure data.

Start with `refused` and `say_event`.
"""

from __future__ import annotations

from collections.abc import Mapping

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

FAULTS = {
    "size": (
        Words("リストの数は1以上です(いまは{0})", "the list holds 1 account or more, not {0}"),
        Words("1以上にしてください", "raise it"),
    ),
    "tiers": (
        Words("ティアの合計が{0}で、size({1})と合いません", "the tiers add up to {0}, not to size ({1})"),
        Words("足して{1}になるように直してください", "change them until they add up to {1}"),
    ),
    "tier": (
        Words("ティアの数は1以上です(いまは{0})", "a tier holds 1 account or more, not {0}"),
        Words("1以上にするか、このティアを消してください", "raise it, or remove the tier"),
    ),
    "proposals": (
        Words("提案の数({0})がリストの数({1})より少なくなっています", "proposals ({0}) are fewer than size ({1})"),
        Words("{1}以上にしてください", "make it {1} or more"),
    ),
    "nominations": (
        Words("指名の数は1以上です(いまは{0})", "each of field sales names 1 or more, not {0}"),
        Words("1以上にしてください", "raise it"),
    ),
    "adds": (
        Words("加える点は0〜100です(いまは{0})", "points added are 0 to 100, not {0}"),
        Words("0〜100にしてください", "choose 0 to 100"),
    ),
    "days": (
        Words("ここは日か週で書きます", "this is written in days or weeks"),
        Words("「14日」「13週」のように書いてください", "write it like 14 days or 13 weeks"),
    ),
    "lock": (
        Words(
            "固定する期間が、見直しの間隔より短くなっています", "the list is locked for less than from review to review"
        ),
        Words("見直しの間隔以上にしてください", "make it at least as long"),
    ),
    "swaps": (
        Words("入れ替えの数は0〜{1}です(いまは{0})", "swaps are 0 to {1}, not {0}"),
        Words("0〜{1}にしてください", "choose 0 to {1}"),
    ),
    "business": (
        Words("ここは営業日で、1以上を書きます", "this is written in business days, 1 or more"),
        Words("「2営業日」のように書いてください", "write it like 2 business days"),
    ),
    "later": (
        Words(
            "管理者に上げるのが、担当に知らせる({0}営業日)より後になっていません",
            "the manager is not told later than the reminder ({0} business days)",
        ),
        Words("{0}営業日より後にしてください", "make it later than {0} business days"),
    ),
    "quiet": (
        Words("反応のない見直しの回数は1以上です(いまは{0})", "reviews without a reaction are 1 or more, not {0}"),
        Words("1以上にしてください", "raise it"),
    ),
    "hopeless": (
        Words(
            "入れ替えの案({0}回)が、やり方を変える案({1}回)より先になっています",
            "a swap ({0} reviews) is proposed before another approach ({1})",
        ),
        Words("{1}回以上にしてください", "make it {1} or more"),
    ),
    "overtaken": (
        Words(
            "overtaken({0}点)が、margin({1}点)より小さいか、100点を超えています",
            "the points of overtaken ({0}) are fewer than those of margin ({1}), or more than 100",
        ),
        Words("{1}〜100点にしてください", "choose {1} to 100"),
    ),
    "unknown_play": (
        Words("プレイ「{0}」がありません", "there is no play {0}"),
        Words(
            "scenarios/plays にあるプレイ(for: account)の名前にするか、消してください。あるプレイ: {1}",
            "name a play (for: account) of scenarios/plays, or remove it. There are: {1}",
        ),
    ),
    "margin": (
        Words("点差は0〜100です(いまは{0})", "the margin is 0 to 100, not {0}"),
        Words("0〜100にしてください", "choose 0 to 100"),
    ),
}
"""What is wrong with abm.yaml: (what, what to do)."""

SIDES = Words("マーケティング(marketer・abm)か営業(fs・leader)", "marketing (marketer, abm) or sales (fs, leader)")
ROLES_OF = {
    "marketing": Words("マーケティング(marketer・abm)", "marketing (marketer, abm)"),
    "sales": Words("営業(fs・leader)", "sales (fs, leader)"),
}
SIDE = {"marketing": Words("マーケティング", "marketing"), "sales": Words("営業", "sales")}

REFUSED = {
    "rules-faulty": Words(
        "abm.yaml に誤りがあります。「hagukumi check scenarios/rules/abm.yaml」で場所と直し方をご確認ください。",
        "abm.yaml has errors. Run `hagukumi check scenarios/rules/abm.yaml` to see where, and what to do.",
    ),
    "staff-unknown": Words(
        "staff.yaml に「{key}」さんがいません。いる方: {known}", "There is no {key} in staff.yaml. There are: {known}"
    ),
    "not-their-side": Words(
        "{name}さん(役割: {role})はこの操作をできません。できるのは{wanted}の方です。何も変えていません。",
        "{name} (role: {role}) cannot do this; it takes {wanted}. Nothing was changed.",
    ),
    "draft-changed": Words(
        "案は、ご覧になったものから変わっています。「hagukumi abm draft」で確かめてから署名してください。",
        "The draft is not the one you looked at any more. See `hagukumi abm draft`, then sign.",
    ),
    "nothing-to-propose": Words(
        "提案できる施設がありません。「hagukumi abm candidates」で、下限と除いた理由をご確認ください。",
        "No facility can be proposed. `hagukumi abm candidates` tells the least fit, and what was left out.",
    ),
    "named-too-many": Words(
        "指名はひとり{of}件までです(これで{number}件になります)。"
        "先に --take-back でほかの指名を取り消してください。何も変えていません。",
        "Each names {of} at most; these would make {number}. Take others back first with --take-back. "
        "Nothing was changed.",
    ),
    "not-named": Words(
        "{account} は指名していません。何も変えていません。", "{account} was not named. Nothing was changed."
    ),
    "vetoed": Words(
        "{account} はリストに載せられません({veto})。何も変えていません。",
        "{account} cannot stand on the list: {veto}. Nothing was changed.",
    ),
    "tier-unknown": Words(
        "ティアは1〜{of}です(0は案から外す)。{number} は使えません。",
        "Tiers are 1 to {of} (0: not in the draft); {number} is none.",
    ),
    "tier-full": Words(
        "ティア{number}の{of}件は、すべて手で決めたかロックした施設です。先にどれかを別のティアにしてください。",
        "All {of} places of tier {number} are set by hand or locked. Move one of them first.",
    ),
    "not-in-draft": Words(
        "{account} は提案にも指名にもありません。営業の方が「hagukumi abm nominate」で指名すると、案に入ります。",
        "{account} is neither proposed nor named. Somebody of sales brings it in with `hagukumi abm nominate`.",
    ),
    "quarter-locked": Words(
        "いまのリストは{until}まで固定です。それまでは「hagukumi abm swap」(理由が必要)で入れ替えてください。",
        "The list stands until {until}. Until then accounts are exchanged with `hagukumi abm swap`, with a reason.",
    ),
    "draft-short": Words(
        "案が{number}件で、{of}件に足りません。「hagukumi abm propose」で提案するか、指名を増やすか、"
        "abm.yaml の size を減らしてください。",
        "The draft holds {number} of {of} accounts. Propose (`hagukumi abm propose`), name more, "
        "or lower size in abm.yaml.",
    ),
    "signed-already": Words(
        "この案には、{until} に署名済みです。相手方の署名を待っています。",
        "This draft was signed {until} already. It waits for the other side.",
    ),
    "not-agreed": Words(
        "まだ合意したリストがありません。「hagukumi abm propose」から始めてください。",
        "No list has been agreed upon yet. Begin with `hagukumi abm propose`.",
    ),
    "not-on-list": Words(
        "{account} はリストにありません。「hagukumi abm list」でご確認ください。何も変えていません。",
        "{account} does not stand on the list; see `hagukumi abm list`. Nothing was changed.",
    ),
    "on-list": Words(
        "{account} はすでにリストにあります。何も変えていません。",
        "{account} stands on the list already. Nothing was changed.",
    ),
    "account-locked": Words(
        "{account} は{until}までロックされています。必要なら先に「hagukumi abm unlock」で解除してください。",
        "{account} is locked until {until}. If it has to be, `hagukumi abm unlock` comes first.",
    ),
    "swaps-used": Words(
        "この見直し期間({day}まで)の入れ替え{of}件は使い切りました。次の期間に行ってください。何も変えていません。",
        "All {of} swaps of this review period (until {day}) are used. Do it in the next one. Nothing was changed.",
    ),
    "other-tier": Words(
        "{account} はティア{number}です。入れ替わる2件のティアをご確認ください。何も変えていません。",
        "{account} stands in tier {number}. Look at the tiers of the two. Nothing was changed.",
    ),
    "no-why": Words("理由(--why)を書いてください。履歴に残ります。", "Say why (--why); it is kept in the history."),
    "lock-past": Words("ロックの期限は今日以降にしてください。", "A lock ends today or later."),
    "not-locked": Words("{account} はロックされていません。", "{account} is not locked."),
    "date": Words(
        "「{text}」を日付として読めません。2026-06-30 のように書いてください。",
        "{text} is no date. Write it like 2026-06-30.",
    ),
}

EVENTS = {
    "proposed": Words("優先度の順に提案(当てはまり {fit})", "proposed, by priority (fit {fit})"),
    "withdrawn": Words("提案から外れる", "not proposed any more"),
    "named": Words("指名", "named"),
    "unnamed": Words("指名の取り消し", "named no more"),
    "picked": Words("案でティア{tier}に", "set to tier {tier} in the draft"),
    "picked/0": Words("案から外す", "left out of the draft"),
    "signed": Words("署名({side})", "signed ({side})"),
    "agreed": Words("合意({until}まで固定)", "agreed; the list stands until {until}"),
    "left/swap": Words("{other} と入れ替え", "exchanged for {other}"),
    "left/gap": Words("外れる理由があり {other} と入れ替え", "had to leave; {other} came for it"),
    "left/renewal": Words("次の合意で外れる", "not in the next agreement"),
    "joined": Words(
        "優先度と指名の順でティア{tier}に入る(当てはまり {fit})",
        "came into tier {tier}, by priority and who was named (fit {fit})",
    ),
    "joined/swap": Words(
        "{other} に代わりティア{tier}に入る(当てはまり {fit})", "came for {other} into tier {tier} (fit {fit})"
    ),
    "joined/gap": Words(
        "{other} に代わりティア{tier}に入る(当てはまり {fit})", "came for {other} into tier {tier} (fit {fit})"
    ),
    "stayed": Words(
        "優先度と指名の順でティア{tier}で継続(当てはまり {fit})",
        "stays, in tier {tier}, by priority and who was named (fit {fit})",
    ),
    "moved": Words("{other} と入れ替わりティア{tier}へ", "changed tiers with {other}, now in tier {tier}"),
    "locked": Words("{until}までロック", "locked until {until}"),
    "unlocked": Words("ロック解除", "unlocked"),
    "gap": Words("要入れ替え: {veto}", "has to leave: {veto}"),
    "recovered": Words("要入れ替えの理由がなくなる", "need not leave any more"),
    "suggested": Words(
        "優先度の順で入れ替え候補: {other}(当てはまり {fit})",
        "candidate for its place, by priority: {other} (fit {fit})",
    ),
    "suggested/none": Words("入れ替え候補なし", "no candidate for its place"),
    "looked": Words("週次の確認", "the weekly look"),
}
"""What happened, by event (and what it was about)."""

REASONS = {
    "priority": Words("優先度 {points}点(全体の{rank}位)", "priority {points} (number {rank} of all)"),
    "priority_now": Words("優先度 {points}点", "priority {points}"),
    "intent": Words("関心 {points}点({theme}、{warm})", "intent {points} ({theme}, {warm})"),
    "reaction": Words("決裁者の反応: {reaction}({day})", "the decision-maker's reaction: {reaction}, {day}"),
    "reaction/unknown": Words(
        "決裁者の反応: {reaction}({day}。ご同席、お名前は未確認)",
        "the decision-maker's reaction: {reaction}, {day}; sat in a meeting, the name is not known yet",
    ),
    "fit": Words("当てはまり {fit}点({terms})", "fit {fit} ({terms})"),
    "named": Words("FSの指名: {names}", "named by {names}"),
    "stands": Words("すでにリストにある", "stands on the list"),
    "locked": Words("{until}までロック", "locked until {until}"),
    "picked": Words("手で決めたティア", "tier set by hand"),
    "gap": Words("要入れ替え: {veto}({since}から)", "has to leave since {since}: {veto}"),
    "candidate": Words("入れ替え候補: {other}", "candidate for its place: {other}"),
}
"""Why an account stands where it stands."""


def refused(code: str, **args: str | int | Words) -> NotDone:
    """The exception to raise; an argument may be worded in both languages."""

    def said(lang: str) -> str:
        given = {name: arg.say(lang) if isinstance(arg, Words) else arg for name, arg in args.items()}
        return REFUSED[code].say(lang).format_map(given)

    return NotDone(f"abm-{code}", said("ja"), said("en"))


def say_event(what: str, about: str | None, lang: str, args: Mapping[str, object]) -> str:
    """One event in a line; `about` picks the wording where there are several."""
    words = EVENTS.get(f"{what}/{about}") or EVENTS[what]
    return words.say(lang).format_map(args)


def say_reason(code: str, lang: str, **args: object) -> str:
    """One reason."""
    return REASONS[code].say(lang).format_map(args)
