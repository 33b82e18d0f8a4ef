"""What the pages behind the link to refuse say, and how channels are called there. Pure data."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

CHANNELS = {
    "mail": Words("ご案内メール(すべて)", "All advertising mail"),
    "phone": Words("お電話", "Phone calls"),
    "fax": Words("FAX", "Fax"),
    "post": Words("郵送のご案内", "Letters by post"),
    "visit": Words("ご訪問", "Visits"),
    "ads": Words("インターネット広告の配信対象", "Being an audience of online advertisements"),
}
TOPIC = Words("「{topic}」についてのご案内メール", "Mail about “{topic}”")
GONE_TOPIC = Words("以前のテーマ", "a former topic")

ONE_CLICK = Words(
    "ご案内メールの配信を停止しました。", "You are unsubscribed: we will send you no more advertising mail."
)

PAGE = {
    "title": Words("配信停止・受信設定", "Unsubscribe or choose what you receive"),
    "lead": Words(
        "このメールの宛先にお送りしている、{company}からのご案内についての設定です。"
        "ログインは要りません。お選びいただくと、すぐに反映します。",
        "These settings are about what {company} sends to the address that received the letter. "
        "There is no login, and what you choose takes effect at once.",
    ),
    "all_head": Words("メールをすべて停止する", "Stop all mail"),
    "all_button": Words("ご案内メールをすべて停止する", "Unsubscribe from all advertising mail"),
    "all_note": Words(
        "ご契約や日程など、お取引に必要なご連絡は、停止後もお送りすることがあります。",
        "Messages needed for our business with you (contracts, dates) may still be sent.",
    ),
    "some_head": Words("一部だけを停止する", "Stop only some of it"),
    "rest_head": Words("メール以外のご連絡も停止する", "Stop other contact as well"),
    "some_lead": Words(
        "ご不要なものにチェックを入れてください。チェックのないものは、これまでどおりです。",
        "Tick what you do not want. Everything else stays as it is.",
    ),
    "topics": Words("メールのテーマ", "Topics of mail"),
    "channels": Words("メール以外のご連絡", "Other ways of reaching you"),
    "some_button": Words("チェックしたものを停止する", "Stop what is ticked"),
    "since": Words("{at} から停止しています", "stopped since {at}"),
    "since_unknown": Words("停止しています", "stopped"),
    "facility": Words(
        "施設全体へのご連絡をお断りになる場合は、下の窓口へお知らせください。",
        "To refuse contact with your whole facility, please write to the contact below.",
    ),
    "already_title": Words("ご案内メールは停止しています", "You are unsubscribed"),
    "already": Words(
        "{company}からのご案内メールは、{since}。",
        "Advertising mail from {company} to this address: {since}.",
    ),
    "done_title": Words("停止しました", "Done"),
    "done_lead": Words("次のものを停止しました。", "We have stopped:"),
    "done_at": Words("{at} から有効です。", "In force from {at}."),
    "done_known": Words("次のものは、すでに停止しています。", "This was stopped already:"),
    "done_crossing": Words(
        "この時刻までに送信を終えたメールが、行き違いで届くことがあります。ご容赦ください。",
        "A letter that had left before then may still arrive; please excuse that one.",
    ),
    "again": Words(
        "再開をご希望のときは、下の窓口へお知らせください。あらためて同意をうかがうため、この画面では再開できません。",
        "If you wish to hear from us again, please write to the contact below: we need your consent anew, "
        "so this page cannot do it.",
    ),
    "other": Words("ほかの設定を見る", "See the other settings"),
    "nothing_title": Words("まだ何も停止していません", "Nothing has been stopped yet"),
    "nothing": Words(
        "チェックが入っていませんでした。前の画面に戻ってお選びください。",
        "Nothing was ticked. Please go back and choose.",
    ),
    "test_title": Words("テスト送信のメールです", "This was a test letter"),
    "test": Words(
        "このリンクは確認用です。何も停止されません。お送りする本番のメールでは、ここが配信停止・受信設定のページになります。",
        "The link is for looking only, and nothing is stopped. In real letters the page to unsubscribe stands here.",
    ),
    "unknown_title": Words("リンクを確認できませんでした", "We could not read this link"),
    "unknown": Words(
        "アドレスが途中で切れているようです。メールのリンクをもう一度開いてください。"
        "停止されない場合は、下の窓口へお知らせいただければ、こちらで停止します。",
        "The address seems to be cut. Please open the link in the letter again. If that does not help, "
        "write to the contact below and we will unsubscribe you.",
    ),
    "missing_title": Words("担当者が確認して停止します", "We will unsubscribe you by hand"),
    "missing": Words(
        "お申し出を受け付けましたが、元のメールの記録が見つかりません。担当者が確認します。"
        "お急ぎの場合は、下の窓口へお知らせください。",
        "We have your request, but the record of the letter is missing. Somebody will see to it. "
        "If it is urgent, please write to the contact below.",
    ),
    "kept_title": Words("受け付けました", "We have your request"),
    "kept": Words(
        "お申し出を記録しました。次のメールをお送りする前に反映します。",
        "Your request is recorded and will be carried out before the next letter leaves.",
    ),
    "busy_title": Words("ただいま受け付けられません", "Nothing can be taken at the moment"),
    "busy": Words(
        "少し待って、もう一度お試しください。お急ぎの場合は、下の窓口へお知らせください。",
        "Please try again in a moment. If it is urgent, write to the contact below.",
    ),
    "often_title": Words("少し時間をおいてください", "Please wait a little"),
    "often": Words(
        "正しくないリンクが続けて開かれています。1分ほど待って、もう一度お試しください。",
        "Too many links that are not ours came from here. Please try again in a minute.",
    ),
    "sender": Words("送信者", "Sender"),
    "address": Words("住所", "Address"),
    "phone": Words("電話", "Phone"),
    "complaints": Words("ご意見・苦情の窓口", "Questions and complaints"),
}
OTHER_LANGUAGE = {"ja": ("en", "English"), "en": ("ja", "日本語")}
