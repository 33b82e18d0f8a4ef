"""What codes in tables are called in front of people: stages, roles, desks, states. Imports core.values only."""

from __future__ import annotations

from collections.abc import Mapping

from hagukumi.journeys.core.values import Words

STAGES = {
    "lead": Words("リード", "lead"),
    "mql": Words("MQL", "MQL"),
    "sql": Words("SQL", "SQL"),
    "opportunity": Words("商談", "opportunity"),
    "won": Words("受注", "won"),
    "ng": Words("対象外(NG)", "not a lead (NG)"),
}

ROLES = {
    "decision_maker": Words("決裁者", "decision-maker"),
    "influencer": Words("影響者", "influencer"),
    "user": Words("利用者", "user"),
    "purchaser": Words("購買担当", "purchaser"),
    "veto": Words("拒否権のある方", "holder of a veto"),
    "champion": Words("推進者", "champion"),
    "opponent": Words("反対者", "opponent"),
    "gatekeeper": Words("窓口", "gatekeeper"),
    "dealer": Words("代理店", "dealer"),
}

DESKS = {
    "inside_sales": Words("インサイドセールス", "inside sales"),
    "field_sales": Words("フィールドセールス", "field sales"),
    "marketing": Words("マーケティング", "marketing"),
    "IS": Words("インサイドセールス", "inside sales"),
    "FS": Words("フィールドセールス", "field sales"),
    "MA": Words("マーケティング", "marketing"),
}

TASK_KINDS = {
    "call": Words("電話", "call"),
    "task": Words("依頼", "task"),
    "handover": Words("トスアップ", "hand-over"),
    "post": Words("郵送", "letter by post"),
    "visit": Words("訪問", "visit"),
}

TASK_STATES = {
    "open": Words("未完了", "open"),
    "done": Words("完了", "done"),
    "withdrawn": Words("取り下げ", "withdrawn"),
}

LETTER_STATES = {
    "queued": Words("送信待ち", "waiting"),
    "held": Words("保留", "held"),
    "granted": Words("送信待ち(順番が来ました)", "about to leave"),
    "sending": Words("送信中", "being sent"),
    "accepted": Words("送信済み", "sent"),
    "unknown": Words("結果不明", "outcome unknown"),
    "delivered": Words("到達", "delivered"),
    "bounced": Words("不達", "bounced"),
    "stopped": Words("見送り", "not sent"),
    "rejected": Words("送信先で拒否", "rejected"),
    "dropped": Words("配信会社で中止", "dropped by the provider"),
    "withdrawn": Words("取り下げ", "withdrawn"),
}

DEAL_STAGES = {
    "open": Words("商談中", "open"),
    "won": Words("受注", "won"),
    "lost": Words("失注", "lost"),
}

REFUSAL_CAUSES = {
    "refused": Words("お断り", "refused"),
    "unsubscribed": Words("配信停止", "unsubscribed"),
    "spam_report": Words("迷惑メールの申告", "reported as spam"),
    "former_tool": Words("旧ツールで配信停止", "opted out in the former tool"),
    "hard_bounce": Words("宛先不明", "address bounced for good"),
}

CALL_OUTCOMES = {
    "不在": Words("不在", "no answer"),
    "留守電": Words("留守電", "voicemail"),
    "受付ブロック": Words("受付ブロック", "stopped at reception"),
    "担当不在": Words("担当不在", "was out"),
    "番号違い": Words("番号違い", "wrong number"),
    "会話": Words("会話", "talked"),
    "アポ獲得": Words("アポ獲得", "meeting agreed"),
    "資料送付希望": Words("資料送付希望", "asked for material"),
    "当方折り返し": Words("当方折り返し", "we call back"),
    "先方折り返し待ち": Words("先方折り返し待ち", "they call back"),
    "時期尚早": Words("時期尚早", "too early"),
    "担当者違い": Words("担当者違い", "wrong person"),
    "退職・異動": Words("退職・異動", "left or moved on"),
    "競合導入済": Words("競合導入済", "has a competitor's product"),
    "課題なし": Words("課題なし", "sees no need"),
    "電話お断り": Words("電話お断り", "wants no calls"),
    "NG": Words("NG", "not a lead (NG)"),
}
"""Results of calls and meetings as callers record them; journeys/steps/outcomes.py says which were a conversation."""

VISIT_RESULTS = {
    "面談": Words("面談", "met"),
    "面会お断り": Words("面会お断り", "refused to see us"),
}
"""Results of a visit that are no result of a call."""

SENT_BACK = {
    "information_missing": Words("情報が足りない", "information is missing"),
    "no_authority": Words("決裁の権限がない", "no authority"),
    "issue_unclear": Words("課題がはっきりしない", "the issue is unclear"),
    "too_late": Words("導入時期が12か月より先", "timing over twelve months"),
    "deal_exists": Words("すでに商談がある", "there is a deal already"),
}
"""Why field sales sends a hand-over back."""

DESK_OUTCOMES = {
    "handed": Words("FSへ引き継ぎ", "handed over to field sales"),
    "accepted": Words("FSが受け取り", "accepted by field sales"),
    "sent_back": Words("差し戻し", "sent back"),
    "attended": Words("決裁者が同席", "the decision-maker attended"),
    "not_attended": Words("決裁者の同席なし", "without the decision-maker"),
    "cancelled": Words("中止", "cancelled"),
    "machine": Words("機械の反応", "a machine"),
    "play_over": Words("プレイの終了", "the play has ended"),
    "play_without": Words("プレイから外れた方", "the play goes on without them"),
    "phone_refused": Words("電話をお断り", "calls are refused"),
    "off_target": Words("的外れ", "beside the point"),
}
"""What became of hand-overs, meetings and tasks."""

ATTENDANCE = {
    "none": Words("なし", "none"),
    "willing": Words("意向あり", "willing"),
    "asked": Words("依頼中", "asked"),
    "promised": Words("確定", "promised"),
    "attended": Words("同席", "attended"),
}

MEETING_STATES = {
    "set": Words("予定", "set"),
    "held": Words("実施済み", "held"),
    "cancelled": Words("中止", "cancelled"),
}

HANDOVER_STATES = {
    "open": Words("返事待ち", "waiting for the answer"),
    "accepted": Words("受け取り済み", "accepted"),
    "sent_back": Words("差し戻し", "sent back"),
}

BUDGETS = {
    "none": Words("なし", "none"),
    "provisional": Words("仮", "provisional"),
    "secured": Words("確保済み", "secured"),
}

MAIL_OUTCOMES = {
    "away": Words("不在", "away"),
    "received": Words("受信のお知らせ", "received"),
    "soft_bounce": Words("一時的な不達", "a temporary failure"),
}
"""What automatic mail says."""

NO_CALLS = Words("【電話お断り】", "[do not call]")
POSTING_STATES = {
    "waiting": Words("印刷待ち", "to be printed"),
    "printed": Words("印刷済み", "printed"),
    "posted": Words("投函済み", "posted"),
    "returned": Words("返送", "returned"),
    "stopped": Words("見送り", "not posted"),
    "withdrawn": Words("取り下げ", "withdrawn"),
}
CHANNELS = {
    "mail": Words("メール", "mail"),
    "phone": Words("電話", "phone"),
    "fax": Words("FAX", "fax"),
    "post": Words("郵送", "letters by post"),
    "visit": Words("訪問", "visits"),
    "ads": Words("広告", "ads"),
}

MACHINES = {
    "trap": Words("人には見えないリンクのクリック", "a link followed that no person sees"),
    "with_trap": Words("人には見えないリンクと続けてクリック", "clicked in one go with a link that no person sees"),
    "sg_machine_open": Words("配信会社が機械の開封と通知", "the provider says a machine opened it"),
    "known_agent": Words("既知の巡回・検査プログラム", "a known scanner or crawler"),
    "scans": Words("検査サービスのネットワークから", "from a network that scans mail"),
    "mixed": Words("検査サービスも使うネットワークから", "from a network that scanners use too"),
    "at_once": Words("送信から数秒以内のクリック", "clicked within seconds of departure"),
    "burst": Words("全リンクを数秒以内にクリック", "every link clicked within seconds"),
    "every_link": Words("全リンクを続けてクリック", "every link clicked, one after the other"),
    "night": Words("夜間のクリック", "clicked at night"),
    "again": Words("機械が開いたメールの再検査", "looked at again, after a machine"),
    "network": Words(
        "ほかの施設でも見えないリンクを開くなど、人らしくないネットワークから",
        "from a network that, at other facilities too, does what people do not",
    ),
    "all_links": Words("全リンクを10秒以内にクリック", "every link clicked within 10 seconds"),
}
"""Why an open or a click is taken for a machine's. The last one is from before the rule weighed evidence."""

ATTRIBUTES = {
    "stage": Words("段階", "stage"),
    "role": Words("役割", "role"),
    "tags": Words("タグ", "tags"),
    "title": Words("役職", "title"),
    "department": Words("部署", "department"),
    "industry": Words("業種", "industry"),
    "kind": Words("施設の種類", "kind of facility"),
    "prefecture": Words("都道府県", "prefecture"),
    "city": Words("市区町村", "city"),
    "beds": Words("病床数", "beds"),
    "headcount": Words("職員数", "headcount"),
    "owner_type": Words("開設主体", "owner type"),
    "source": Words("獲得元", "source"),
    "primary_campaign": Words("主なキャンペーン", "primary campaign"),
    "language": Words("言語", "language"),
    "left_company": Words("退職・異動", "left the company"),
    "tier": Words("ティア", "tier"),
    "fit": Words("適合度", "fit"),
    "theme": Words("いちばん関心の高いテーマ", "theme of most interest"),
    "temperature": Words("温度", "temperature"),
    "gap": Words("外れる理由", "reason to leave the list"),
    "listed": Words("ターゲットリストにあること", "on the target list"),
    "in_deal": Words("商談中", "in a deal"),
    "roles": Words("分かっている役割", "roles that are known"),
}

NEXT_ACTS = {
    "follow_up": Words("面談後のフォロー", "follow up the meeting"),
    "answer": Words("返信への対応", "answer their reply"),
    "call": Words("電話", "call"),
    "visit": Words("訪問", "visit"),
    "post": Words("手紙の郵送", "a letter by post"),
    "mail": Words("メール", "write a mail"),
    "find": Words("決裁者の特定", "find the decision-maker"),
    "play_on": Words("プレイを進める", "the play goes on"),
    "wake": Words("再開の判断", "decide whether to go on"),
    "introduce": Words("新しい施設の担当者と状況を確認", "look into the new account"),
    "check": Words("状況の確認", "see how things stand"),
}
"""What somebody does next about an account, as a review decides."""

KEPT_PAPERS = {
    "paper-unknown": Words("その名前の資料がない", "there is none of that name"),
    "paper-unapproved": Words("承認が済んでいない", "it is not approved"),
    "paper-withdrawn": Words("取り下げ中", "it has been withdrawn"),
    "paper-roi-broken": Words("roi.yaml に誤りがある", "roi.yaml has errors"),
    "paper-no-language": Words("その言葉の文面がない", "it is not there in that language"),
    "paper-cannot": Words("文面に誤りがある", "its text has errors"),
    "print-no-library": Words("PDFのライブラリがない", "the library that makes PDF is missing"),
    "print-no-font": Words("フォントにない文字がある", "the fonts lack some of its characters"),
}
"""Why a paper cannot go with a letter by post."""

HOLD_OUT = Words("送らずに比べる組", "held out")

PLAY_CAUSES: Mapping[str, Words] = {
    **{f"because_{code}": words for code, words in ATTRIBUTES.items()},
    "because_account": Words("施設", "the facility"),
    "because_last_touch": Words("最後の接点", "last touch"),
    "because_ng_reason": Words("対象外(NG)の理由", "reason for NG"),
    "because_acquainted": Words("面識", "acquainted"),
    "because_scenarios": Words("入っているシナリオ", "scenarios they are in"),
    "because_clicked": Words("クリック", "a click"),
    "because_opened": Words("開封", "an open"),
    "because_received": Words("メールの送信", "a letter sent"),
    "because_delivered": Words("メールの到達", "a letter delivered"),
    "because_posted": Words("手紙の投函", "a letter posted"),
    "because_bounced": Words("メールの不達", "a letter that came back"),
    "because_downloaded": Words("資料のダウンロード", "a download"),
    "because_visited": Words("ページの閲覧", "a page view"),
    "because_submitted": Words("フォームの送信", "a form"),
    "because_registered": Words("セミナーの申し込み", "a registration"),
    "because_attended": Words("セミナーへの参加", "an attendance"),
    "because_visit_result": Words("訪問の結果", "the result of a visit"),
    "because_replied": Words("返信", "a reply"),
    "because_met": Words("面談", "a meeting"),
    "because_called": Words("電話の結果", "the result of a call"),
    "because_in_deal": Words("商談中", "an open deal"),
    "because_stage": Words("段階が進んだこと", "the stage"),
    "because_ng": Words("対象外(NG)になったこと", "NG"),
    "because_gap": Words("リストから外れる理由", "a reason to leave the list"),
    "because_listed": Words("リストから外れたこと", "it left the list"),
    "because_refused": Words("お断り", "a refusal"),
    "because_unsubscribed": Words("配信停止", "an unsubscription"),
    "because_left": Words("退職・異動", "somebody left"),
    "because_left_company": Words("退職・異動", "somebody left"),
    "because_rule": Words("止める決まり", "a stop rule"),
}
"""What changes a play for everybody."""

# A code means the same wherever a sentence names it.
VALUES: Mapping[str, Words] = {
    "hold_out": HOLD_OUT, **DESKS, **SENT_BACK, **CALL_OUTCOMES, **VISIT_RESULTS, **LETTER_STATES, **PLAY_CAUSES,
    **KEPT_PAPERS, "returned": POSTING_STATES["returned"],
    **{f"act_{code}": words for code, words in NEXT_ACTS.items()},
}  # fmt: skip


def name_of(names: Mapping[str, Words], code: str | None, lang: str) -> str:
    """What a code is called; a code without a name is shown as it stands, None as nothing."""
    if code is None:
        return ""
    words = names.get(code)
    return code if words is None else words.say(lang)


ANSWERED = Words("送信先の返事: {}", "The provider's words: {}")
