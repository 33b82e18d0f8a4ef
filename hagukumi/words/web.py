"""What the HTTP endpoint says: for each stable code its status and a sentence in both languages. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hagukumi.journeys.core.values import Words


class Said(NamedTuple):
    """A refusal: the HTTP status and what is said."""

    status: int
    words: Words


def _said(status: int, ja: str, en: str) -> Said:
    return Said(status, Words(ja, en))


SAID: Mapping[str, Said] = {
    "json": _said(400, "JSON として読み取れません。", "This is no JSON."),
    "object": _said(400, "JSON のオブジェクト({…})をお送りください。", "Send a JSON object ({...})."),
    "encoding": _said(400, "UTF-8 で書かれたフォームをお送りください。", "Send the form in UTF-8."),
    "too-large": _said(413, "送られた内容が大きすぎます(最大 64 kB)。", "The body is too large (at most 64 kB)."),
    "too-slow": _said(408, "内容が届くまでに時間がかかりすぎました。", "The body took too long to arrive."),
    "media": _said(
        415,
        "application/json または application/x-www-form-urlencoded でお送りください。",
        "Send application/json or application/x-www-form-urlencoded.",
    ),
    "origin": _said(
        403,
        "このサイトからは受け付けていません。hagukumi.yaml の web.origins にサイトをお書きください。",
        "Nothing is taken from this site. Name it in hagukumi.yaml under web.origins.",
    ),
    "no-notice": _said(
        403,
        "外部送信の公表(hagukumi.yaml の tracking.notice_version)がないため、閲覧は受け付けていません。",
        "No notice is declared (tracking.notice_version in hagukumi.yaml), so visits are not taken.",
    ),
    "consent": _said(
        403,
        "同意(consent: notice_version と at)のない閲覧は受け付けません。",
        "Visits without consent (consent: notice_version and at) are not taken.",
    ),
    "notice-changed": _said(
        409,
        "同意された公表の版が、現在の版と異なります。もう一度同意をいただいてください。",
        "The consent is to another version of the notice than the one in force. Ask for consent again.",
    ),
    "visitor": _said(
        422,
        "visitor は英数字・-・_ の16〜64文字の乱数にしてください。",
        "visitor is a random text of 16 to 64 letters, digits, - and _.",
    ),
    "link": _said(422, "link は署名付きリンクの hk の値にしてください。", "link is the hk value of a signed link."),
    "events": _said(422, "events に1件以上の配列をお書きください。", "events is a list with one event or more."),
    "too-many": _said(422, "1回に送れるのは100件までです。", "A request holds at most 100 events."),
    "event": _said(422, "イベントはオブジェクト({…})にしてください。", "An event is an object ({...})."),
    "event-id": _said(
        422,
        "id は英数字・.・-・_ の1〜64文字にしてください。",
        "id is a text of 1 to 64 letters, digits, ., - and _.",
    ),
    "event-kind": _said(422, "kind は page_view か download です。", "kind is page_view or download."),
    "event-url": _said(
        422,
        "url は自社サイト(web.origins)のアドレスにしてください(2,000文字まで)。",
        "url is an address on the company's site (web.origins), at most 2,000 characters.",
    ),
    "event-content": _said(
        422,
        "content は content.yaml の name(英数字・.・-・_)にしてください。",
        "content is a name of content.yaml (letters, digits, ., - and _).",
    ),
    "event-about": _said(422, "url か content のどちらかが必要です。", "An event needs a url or a content."),
    "instant": _said(
        422,
        "日時は 2026-04-28T10:00:00Z のように、時間帯を付けてお書きください。",
        "Write instants with their zone, such as 2026-04-28T10:00:00Z.",
    ),
    "form-unknown": _said(404, "このフォームはありません。", "There is no such form."),
    "form-long": _said(422, "1つの欄に書けるのは2,000文字までです。", "An input holds at most 2,000 characters."),
    "form-value": _said(422, "欄の値は文字にしてください。", "The value of an input is text."),
    "form-inputs": _said(422, "フォームの欄が多すぎます(100まで)。", "The form has too many inputs (at most 100)."),
    "form-refused": _said(422, "受け付けられない欄があります。", "Some inputs cannot be taken."),
    "form-broken": _said(
        503,
        "このフォームの設定(forms.yaml)に誤りがあります。「hagukumi check」でご確認ください。",
        "The form's rules (forms.yaml) are wrong. `hagukumi check` says where.",
    ),
    "too-often": _said(
        429, "短い時間に送信が続いています。1分ほど待って、もう一度お送りください。", "Too many posts. Wait a minute."
    ),
    "not-found": _said(404, "このページはありません。", "There is no such page."),
    "method": _said(405, "この方法では受け付けていません。", "This method is not allowed here."),
    "busy": _said(
        503, "ただいま受け付けられません。少し待って、もう一度お送りください。", "Nothing can be taken now. Try again."
    ),
    "hook-secret": _said(
        401,
        "受け口の合言葉が違います。「hagukumi inbound --hook」で正しい宛先をご確認ください。",
        "The hook's secret is wrong. See its address with `hagukumi inbound --hook`.",
    ),
    "hook-no-key": _said(
        403,
        "イベントを受け付けていません。SendGridの画面に表示される検証鍵を、"
        "hagukumi.yaml の sendgrid.verification_key にお書きください。",
        "Events are not taken: put the verification key that SendGrid shows into hagukumi.yaml under "
        "sendgrid.verification_key.",
    ),
    "hook-bad-key": _said(
        403,
        "hagukumi.yaml の sendgrid.verification_key が正しくありません。"
        "SendGridの画面に表示される検証鍵をお書きください。",
        "sendgrid.verification_key in hagukumi.yaml is no verification key. Copy the one that SendGrid shows.",
    ),
    "hook-signature": _said(
        403,
        "署名を確認できませんでした。SendGridの署名付きWebhookを有効にし、検証鍵をご確認ください。",
        "The signature does not fit. Switch on SendGrid's signed webhook, and compare the verification key.",
    ),
    "hook-stale": _said(
        403,
        "署名の時刻が古すぎるか、進みすぎています(25時間前から10分後まで)。サーバーの時計をご確認ください。",
        "The signature is too old, or from the future (25 hours back, 10 minutes ahead). See to the server's clock.",
    ),
    "hook-too-large": _said(
        413, "送られたイベントが大きすぎます(最大 1 MB)。", "The events are too large (at most 1 MB)."
    ),
    "mail-too-large": _said(413, "メールが大きすぎます(最大 30 MB)。", "The mail is too large (at most 30 MB)."),
    "no-mail": _said(400, "送られた内容にメールが見つかりません。", "There is no mail in what was sent."),
    "failed": _said(500, "予期しない問題が起きました。", "Something unforeseen happened."),
}

FORGOTTEN = Words("取り消された閲覧など", "Visits since withdrawn")
LINK_BUSY = Words("少し待って、もう一度お開きください", "Please open the link again in a moment")
LINK_GONE = Words("リンクが見つかりません", "This link is not known")
LINK_GONE_MORE = Words(
    "アドレスが途中で切れているか、期限の切れたリンクのようです。メールのリンクをもう一度お開きいただくか、"
    "メールにご返信ください。",
    "The address may have been cut, or the link is no longer valid. Open the link in the mail again, "
    "or reply to the mail.",
)
PAGE_GONE = Words("ページが見つかりません", "There is no such page")
FORM_REFUSED = Words("ご入力の内容をご確認ください", "Please check what you entered")
FORM_LINK = Words("リンクは入力できません。", "No links here, please.")
FORM_THANKS = Words("お送りいただき、ありがとうございました", "Thank you")
BACK = Words("前のページに戻る", "Back")
BAR = {
    "ja": {
        "text": "閲覧したページを記録し、ご案内の内容をお選びするために使います。記録は同意された方だけです。",
        "more": "送信する情報について",
        "yes": "同意する",
        "no": "同意しない",
        "off": "記録をやめて、これまでの記録を消す",
    },
    "en": {
        "text": "We record the pages you read, to choose what we tell you about. Only if you agree.",
        "more": "What is sent where",
        "yes": "I agree",
        "no": "I do not agree",
        "off": "Stop recording and delete what was recorded",
    },
}
"""What the consent bar of our own pages says."""
