"""What access, erasure and consent audits say. Start with `SECTIONS` and `GROUNDS`."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

SECTIONS: dict[str, Words] = {
    "records": Words("登録情報(統合前の記録を含む)", "attributes (merged records included)"),
    "accounts": Words("施設", "facilities"),
    "grounds": Words("連絡の根拠と証跡", "grounds and their evidence"),
    "locked_evidence": Words("法定期間中の証跡(隔離保管)", "evidence locked apart by law"),
    "refusals": Words("お断り・配信停止", "refusals"),
    "activities": Words("行動の記録", "activities"),
    "waiting": Words("処理待ちの記録", "waiting to be handled"),
    "scores": Words("点数", "scores"),
    "themes": Words("テーマ別の点数", "points by theme"),
    "forecasts": Words("予測", "forecasts"),
    "jumps": Words("点数の急上昇", "jumps of the score"),
    "journeys": Words("シナリオの通過履歴", "journeys"),
    "walks": Words("ステップの記録", "walks"),
    "set_aside": Words("問題が起きて止めた記録", "set aside"),
    "tasks": Words("タスク", "tasks"),
    "meetings": Words("面談", "meetings"),
    "call_notes": Words("架電の記録", "what callers wrote down"),
    "roles": Words("営業が入れた役割", "roles given by sales"),
    "said_of_roles": Words("役割についての記録", "what sales said about roles"),
    "papers": Words("その方宛てのリンクでの資料の閲覧", "papers opened by links made for them"),
    "handovers": Words("引き継ぎシート", "hand-over sheets"),
    "audiences": Words("広告の配信対象と、渡したもの", "audiences of ads, and what was handed over"),
    "ad_steps": Words("広告の配信対象に入れたステップ", "steps that put them into an audience of ads"),
    "letters": Words("メール(送信した文面を含む)", "letters, with what was sent"),
    "provider_events": Words("配信会社からの通知", "events of providers"),
    "mails": Words("届いたメール", "mails that came in"),
    "browsers": Words("本人と結び付いたブラウザー", "browsers tied to the person"),
    "visits": Words("ページの閲覧", "visits of those browsers"),
    "deals": Words("商談", "deals"),
    "incidents": Words("誤送信の記録", "incidents"),
    "past_sends": Words("旧ツールの送信", "letters of the former tool"),
    "erasures": Words("消去の記録", "erasures"),
    "unread": Words("届いたまま読み取れていないもの", "came in and could not be read yet"),
}
"""Sections of `person export`, in the order in which they are shown."""

GROUNDS: dict[str, Words] = {
    "consent": Words("同意", "consent"),
    "card": Words("名刺の受領", "business card"),
    "business": Words("取引関係", "business relationship"),
    "published": Words("公表されたアドレス", "published address"),
}

CLASSES: dict[str, Words] = {
    "nurture": Words("育成", "nurture"),
    "play": Words("ABM", "play"),
    "personal": Words("個別", "personal"),
    "notice": Words("契約・日程の連絡", "notice"),
    "apology": Words("お詫び", "apology"),
}

EVIDENCE: dict[str, Words] = {
    "got_at": Words("取得日時", "got on"),
    "got_by": Words("取得者", "got by"),
    "got_where": Words("取得場所", "where"),
    "image_id": Words("画像の番号", "image"),
    "legal_entity": Words("対象の法人", "for"),
    "page": Words("ページ", "page"),
    "captured_on": Words("ページの確認日", "page read on"),
    "purpose_version": Words("利用目的の版", "purpose of use, version"),
    "wording_hash": Words("表示した文言(ハッシュ)", "words shown (hash)"),
    "source": Words("取り込み元", "source"),
    "withdrawn_at": Words("撤回日時", "withdrawn on"),
}
"""Parts of a ground's evidence, in the order in which they are read."""

NOT_RECORDED = Words("記録なし", "not recorded")

SOURCES: dict[str, Words] = {
    "link": Words("メールの配信停止リンクから", "by the link in a mail"),
    "reply": Words("届いたメールから", "by a mail that came in"),
    "sendgrid": Words("SendGridの通知から", "told by SendGrid"),
    "erasure": Words("消去の請求", "asked for erasure"),
    "staff/phone": Words("お電話でのお申し出", "told to us by telephone"),
    "staff/mail": Words("メールでのお申し出", "told to us by mail"),
    "staff/visit": Words("訪問時のお申し出", "told to us at a visit"),
    "staff/letter": Words("書面でのお申し出", "told to us by letter"),
    "staff/other": Words("担当者へのお申し出", "told to one of us"),
}
"""By what way we know of a refusal or a ground; lists and forms have names of their own."""


def said_source(source: str, lang: str) -> str:
    """Where we know it from; the name of a list stands as the mapping gives it."""
    known = SOURCES.get(source)
    if known is not None:
        return known.say(lang)
    kind, _, name = source.partition(":")
    if kind == "form" and name:
        return f"フォーム「{name}」" if lang == "ja" else f"form “{name}”"
    return source
