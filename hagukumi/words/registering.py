"""What the page says on which somebody registers for a webinar. Pure data."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

PAGE = {
    "open_title": Words("ウェビナーのお申し込み", "Register for the webinar"),
    "open": Words(
        "内容をご確認のうえ、下のボタンを押してください。お名前などのご記入は要りません。",
        "Please check what it is and press the button below. There is nothing to fill in.",
    ),
    "button": Words("申し込む", "Register"),
    "note": Words(
        "お申し込みは、このご案内をお受け取りになった方のお名前で承ります。"
        "確認のメールを、ご案内と同じ宛先にお送りします。",
        "You register as the person this invitation was sent to. A confirmation goes to the same address.",
    ),
    "done_title": Words("お申し込みを受け付けました", "You are registered"),
    "done": Words(
        "ありがとうございます。参加用のURLを記した確認のメールをお送りします。",
        "Thank you. We are sending you a confirmation that says where to join.",
    ),
    "again_title": Words("お申し込み済みです", "You are registered already"),
    "again": Words(
        "すでにお申し込みいただいています。参加用のURLは、確認のメールをご覧ください。",
        "We have your registration. The confirmation says where to join.",
    ),
    "full_title": Words("満席になりました", "All seats are taken"),
    "full": Words(
        "申し訳ございません。定員に達したため、お申し込みを締め切りました。"
        "次回のご案内をご希望の方は、下の窓口へお知らせください。",
        "We are sorry: all seats are taken. To hear of the next date, please write to the contact below.",
    ),
    "over_title": Words("お申し込みは終了しました", "Registration is closed"),
    "over": Words(
        "このウェビナーは開催を終えたか、すでに始まっています。",
        "This webinar is over, or has begun already.",
    ),
    "unknown_title": Words("ページが見つかりません", "This page does not exist"),
    "unknown": Words(
        "リンクが途中で切れているか、ウェビナーのご案内を終了しています。お手数ですが、下の窓口へお知らせください。",
        "The link is incomplete, or the webinar is not offered any more. Please write to the contact below.",
    ),
    "apart_title": Words("お申し込みが確認できません", "There is no registration"),
    "apart": Words(
        "カレンダーのファイルは、お申し込みいただいた方にお渡ししています。"
        "お申し込みは、ご案内のメールまたは郵便に記した「お申し込み」のリンクから承ります。",
        "The calendar file is for those who have registered. To register, please use the link in your invitation.",
    ),
    "late_title": Words("ただいま混み合っています", "Please try again in a moment"),
    "late": Words(
        "しばらくしてから、もう一度お試しください。",
        "Your request could not be answered. Please try again in a moment.",
    ),
    "busy_title": Words("ただいま混み合っています", "Please try again in a moment"),
    "busy": Words(
        "お申し込みは、まだ受け付けていません。しばらくしてから、もう一度お試しください。",
        "You are not registered yet. Please try again in a moment.",
    ),
    "often_title": Words("しばらくお待ちください", "Please wait a moment"),
    "often": Words("短い間に多くのアクセスがありました。", "There were too many requests in a short time."),
    "calendar": Words("カレンダーに追加する(.ics)", "Add it to your calendar (.ics)"),
    "sender": Words("送信者", "Sender"),
    "address": Words("住所", "Address"),
    "phone": Words("電話", "Phone"),
    "complaints": Words("お問い合わせ", "Contact"),
}
