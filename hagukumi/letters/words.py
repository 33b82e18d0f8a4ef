"""Sentences of the guards' answers, the guard table and wrong rules, in ja and en. Imports core.values only.

In a hold's sentence {0} is the local time until which the letter is held; further values follow.
"""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

REASONS: dict[str, Words] = {
    "hold_not_due": Words("送信予定の{0}まで保留", "Held until it is due at {0}"),
    "hold_paused": Words(
        "「{1}」が一時停止中のため保留(次の確認は{0})", "Held while {1} is paused (asked again at {0})"
    ),
    "hold_frozen": Words("プレイが凍結中のため、{0}まで保留", "Held until {0} while its play is frozen"),
    "hold_account_frozen": Words(
        "この施設を{1}まで凍結しているため保留(決めた方: {2}、次の確認は{0})",
        "Held: this account is frozen until {1} by {2} (asked again at {0})",
    ),
    "hold_group": Words(
        "同じステップのほかのかたのメールを待って、{0}まで保留(同じ日に送ります)",
        "Held until {0} for the others of its step: they leave on the same day",
    ),
    "stop_group_left": Words(
        "同じステップのほかのかたのメールが先に出たため、見送り", "Not sent: the others of its step left without it"
    ),
    "hold_opt_outs_unsettled": Words(
        "旧ツールの配信停止リストが未取り込みのため保留(次の確認は{0})。取り込むか、「停止者なし」と署名してください",
        "Held because the former tool's opt-outs are missing (asked again at {0}); import them or sign there are none",
    ),
    "hold_task": Words(
        "インサイドセールスの対応待ちのため、最長{0}まで保留", "Held for inside sales' open task, at most until {0}"
    ),
    "hold_conversation": Words("会話が続いているため、最長{0}まで保留", "Held for the conversation, at most until {0}"),
    "hold_not_approved": Words(
        "「{1}」の承認が済んでいないため保留(次の確認は{0})",
        "Held because {1} has not been approved (asked again at {0})",
    ),
    "hold_in_deal": Words(
        "この施設と商談中のため保留(次の確認は{0})",
        "Held while sales is in a deal with this account (asked again at {0})",
    ),
    "hold_recipient": Words(
        "お相手の休診・休業の時間、またはお忙しい日のため{0}まで保留",
        "Held until {0}: the recipient is closed or has no time",
    ),
    "hold_channel": Words(
        "メールの出口({1})が停止中のため保留(次の確認は{0})", "Held while the outlet {1} rests (asked again at {0})"
    ),
    "hold_channel_domain": Words(
        "このドメインあての送信({1})が停止中のため保留(次の確認は{0})",
        "Held while the outlet {1} rests for this mail domain (asked again at {0})",
    ),
    "hold_not_begun": Words("送り始める日より前のため{0}まで保留", "Held until {0}: sending has not begun yet"),
    "hold_warm_up": Words(
        "新しい差出人の慣らし中(24時間に{1}通まで)のため{0}まで保留",
        "Held until {0}: a new sender, at most {1} letters in 24 hours",
    ),
    "hold_domain_rate": Words(
        "同じドメインあての通数の上限({1}通)のため{0}まで保留",
        "Held until {0}: at most {1} letters to one mail domain, for now",
    ),
    "hold_no_send_day": Words("送信しない日のため{0}まで保留", "Held until {0}: no letters leave on this day"),
    "hold_hours": Words("送信時間外のため{0}まで保留", "Held until {0}: outside the sending hours"),
    "hold_cap": Words(
        "お一人への通数の上限({1}通)または間隔のため{0}まで保留",
        "Held until {0}: at most {1} letters a person, and apart",
    ),
    "hold_voice": Words(
        "本日この施設には「{1}」からお送りするため{0}まで保留", "Held until {0}: today this account hears {1}"
    ),
    "hold_account_cap": Words(
        "この施設への通数の上限({1}通)のため{0}まで保留", "Held until {0}: at most {1} letters an account"
    ),
    "stop_no_address": Words("メールアドレスがないため見送り", "Not sent: no mail address"),
    "stop_hard_bounce": Words("宛先不明で戻ったアドレスのため見送り", "Not sent: the address bounced for good"),
    "stop_no_surname": Words("姓が分からないため見送り", "Not sent: the surname is unknown"),
    "stop_refused": Words("メールをお断りされているため見送り", "Not sent: mail was refused"),
    "stop_unsubscribed": Words("配信停止のお申し出があるため見送り", "Not sent: the person unsubscribed"),
    "stop_spam_report": Words("迷惑メールの申告があったため見送り", "Not sent: a letter was reported as spam"),
    "stop_former_tool": Words("旧ツールで配信停止のため見送り", "Not sent: the person opted out in the former tool"),
    "stop_topic": Words(
        "このテーマのメールをお断りされているため見送り", "Not sent: letters on this theme were refused"
    ),
    "stop_in_deal": Words("この施設と商談中のため見送り", "Not sent: sales is in a deal with this account"),
    "stop_no_ground": Words(
        "広告メールをお送りできる法的な根拠がないため見送り", "Not sent: there is no legal ground for advertising mail"
    ),
    "stop_no_evidence": Words(
        "送信の根拠を示す記録(いつ・どこで・誰が)がないため見送り",
        "Not sent: the legal ground lacks its evidence (when, where, who)",
    ),
    "stop_content_withdrawn": Words("「{0}」は取り下げられているため見送り", "Not sent: {0} has been withdrawn"),
    "stop_same_content": Words(
        "同じ宛先に「{0}」を{1}に送信済みのため見送り", "Not sent: {0} went to this mailbox on {1}"
    ),
    "stop_stale": Words("保留が長引き、時機を過ぎたため見送り", "Not sent: it was held for too long"),
}

GUARD_TITLES: dict[str, Words] = {
    "stop_switch": Words("一時停止", "stop switch"),
    "frozen_play": Words("プレイの凍結", "its play is not frozen"),
    "frozen_account": Words("施設の凍結", "its account is not frozen"),
    "opt_outs_settled": Words("旧ツールの配信停止リストの取り込み", "former tool's opt-outs are settled"),
    "address": Words("メールアドレスがある", "there is an address"),
    "live_address": Words("届くアドレスである", "the address is alive"),
    "surname": Words("姓が分かる", "the surname is known"),
    "refusal": Words("配信停止・お断り", "refusals"),
    "legal_ground": Words("法的な根拠と記録", "legal ground with evidence"),
    "content_stands": Words("内容が取り下げられていない", "content not withdrawn"),
    "content_approved": Words("内容の承認", "content is approved"),
    "inside_sales": Words("インサイドセールスの対応中", "inside sales is acting"),
    "account_in_deal": Words("商談中の施設", "account in a deal"),
    "sending_day": Words("送信してよい日", "sending days"),
    "sending_hours": Words("送信してよい時間帯", "sending hours"),
    "recipient_calendar": Words("お相手の暦", "the recipient's calendar"),
    "person_cap": Words("お一人への通数の上限", "cap per person"),
    "same_content": Words("同じ内容の繰り返し", "same content"),
    "freshness": Words("保留の期限", "freshness"),
    "voice": Words("一施設一営業日に一つのシナリオ", "one voice an account and business day"),
    "account_cap": Words("一施設への通数の上限", "cap per account"),
    "channel_open": Words("出口・ドメインの停止", "the outlet takes letters"),
    "warm_up": Words("新しい差出人の慣らし", "warm-up of a new sender"),
    "domain_rate": Words("宛先ドメインごとの上限", "rate per mail domain"),
}

CLASS_TITLES: dict[str, Words] = {
    "nurture": Words("育成メール", "nurture"),
    "play": Words("ABM施策のメール", "play"),
    "personal": Words("担当者の個別メール", "personal"),
    "notice": Words("契約・日程のお知らせ", "notice"),
    "apology": Words("お詫び", "apology"),
}

REFUSE_LABEL = Words("配信停止・受信設定", "Unsubscribe or choose what you receive")
"""What the HTML part shows in place of the address of the way to refuse."""

RULES: dict[str, tuple[Words, Words]] = {
    "rules_hours": (
        Words("時間帯の終わりが始まりより前です", "the hours end before they begin"),
        Words("「9:00-18:00」のように書いてください", "write them like 9:00-18:00"),
    ),
    "rules_days": (
        Words("日付の範囲を読み取れません", "this is no range of days"),
        Words(
            "毎年なら「12-29..01-04」、その年だけなら「2026-10-01」や「2026-10-01..2026-10-03」と書いてください",
            "write 12-29..01-04 for every year, or 2026-10-01, or 2026-10-01..2026-10-03",
        ),
    ),
    "rules_letters": (
        Words("通数の上限が1より小さくなっています", "the cap is less than one letter"),
        Words(
            "1以上の数を書いてください。すべて止めたいときは「hagukumi pause ALL」を使います",
            "write 1 or more; to stop everything use `hagukumi pause ALL`",
        ),
    ),
    "rules_month_days": (
        Words("毎月の日を読み取れません", "these are no days of the month"),
        Words("「1-10」「25」「1-5, 25-31」のように書いてください", "write them like 1-10, 25 or 1-5, 25-31"),
    ),
    "rules_ramp": (
        Words("慣らしの計画は、1以上の数が増えていく順に並びます", "a warm-up is numbers from 1 up that never fall"),
        Words("「plan: [50, 100, 200, 400]」のように書いてください", "write it like plan: [50, 100, 200, 400]"),
    ),
    "rules_length": (
        Words("ここでは営業日を使えません", "business days cannot be used here"),
        Words("「168時間」「14日」のように書いてください", "write hours or days such as 168 hours or 14 days"),
    ),
}
"""What `hagukumi.letters.rules.wrong_in` finds: (what is wrong, what to do)."""
