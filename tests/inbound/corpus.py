"""Mails of every class in Japanese and English, with the hard ones. Written for the tests; no real person or company.

Each entry: the class it must be taken for, a name, the raw mail.
"""

# A table of mails is read by its rows.
# ruff: noqa: E501

from __future__ import annotations

import base64
from typing import Any

from tests.inbound.mails import (
    ENGLISH_QUOTE,
    LETTER_ID,
    OUR_QUOTE,
    SIGNATURE,
    THEM,
    US,
    multipart,
    oral_bounce,
    raw,
    report,
)

RE = "Re: 青葉病院様 看護記録の残業を減らした事例"
RE_EN = "Re: How a hospital of your size saved four hours"
AUTO = {"Auto_Submitted": "auto-replied"}

_HUMAN = {
    "plain": (RE, "佐藤様\n\n資料をありがとうございます。一度お話を伺えますか。\n" + SIGNATURE + OUR_QUOTE),
    "away next week": (RE, "ご連絡ありがとうございます。来週は不在です。再来週でしたら伺えます。" + OUR_QUOTE),
    "was away": (RE, "先週まで休暇をいただいており、返信が遅れました。ぜひ詳しくお聞かせください。"),
    "about auto replies": ("Re: 自動応答の設定について", "自動応答の設定方法を教えてください。"),
    "successor": (RE, "退職した前任の田中に代わり、私が承ります。資料をお送りください。" + OUR_QUOTE),
    "nurses quit": (RE, "先月、看護師が3名退職しまして、現場が困っております。\n導入費用を教えてください。"),
    "staff quit": (RE, "スタッフの退職が続いており、担当者も疲れています。\nまずは資料を拝見したいです。"),
    "no estimate yet": (RE, "お見積りはまだ不要です。事例をもう少し見せてください。"),
    "no answer needed": (RE, "承知しました。このメールへの返信は不要です。"),
    "resume": (RE, "誤って配信停止にしてしまったようです。配信を再開していただけますか。"),
    "undo": (RE, "配信停止の解除をお願いします。"),
    "not this time": (RE, "ご提案ありがとうございます。今年度は予算がなく、導入は見送ります。"),
    "question mark": (RE, "これはクリニックでも使えますか？"),
    "one word": (RE, "了解です"),
    "quote below only": (RE, "ありがとうございます。\n\n-----Original Message-----\nFrom: 佐藤 美咲\nSent: Friday\n"
                             "To: 山田\nSubject: 事例\n\n配信停止はこちら\n"),
    "outlook quote": (RE, "検討します。\n\n________________________________\n差出人: 佐藤 美咲 <sato@hagukumi.example>\n"
                          "送信日時: 2026年4月24日 10:00\n宛先: 山田\n件名: 事例のご案内\n\n配信停止をご希望の方はこちら\n"),
    "apple quote": (RE, "了解しました。\n\n2026/04/24 10:00、佐藤 美咲 <sato@hagukumi.example>のメール:\n\n配信停止はこちら\n"),
    "between the lines": (RE, "> 30分ほどお時間をいただけますか。\nはい、木曜の午後でしたら。\n> 配信停止はこちら\n"),
    "meeting": (RE, "4月30日(木) 14:00 でお願いします。場所は当院3階です。"),
    "asks by phone": (RE, "お電話で詳しく伺いたいです。担当者が不在の場合は鈴木までお願いします。"),
    "cancel order word": (RE, "先日の打ち合わせは中止にして、来月あらためてお願いできますか。"),
    "stopped using": (RE, "今のシステムは来年度で利用を停止する予定です。乗り換え先を探しています。"),
    "forward by them": ("Fwd: 青葉病院様 事例", "部長の鈴木にも共有しました。\n\n---------- Forwarded message ---------\n"
                        "From: 佐藤 美咲\nDate: x\nSubject: 事例\nTo: 山田\n\n配信停止はこちら\n"),
    "forwarded auto reply": ("FW: 自動応答: 打ち合わせの件", "先方がこのような返事でした。どうしましょう。\n\n"
                             "-----Original Message-----\nFrom: a\nSent: b\nTo: c\nSubject: 自動応答\n\n不在にしております。\n"),
    "auto wording about product": (RE, "御社の製品は記録を自動で送信できますか。自動化に関心があります。"),
    "en plain": (RE_EN, "Thanks, this looks useful. Could we talk next week?\n" + ENGLISH_QUOTE),
    "en away": (RE_EN, "I'm out next week, but the week after works well for me.\n" + ENGLISH_QUOTE),
    "en stop by": (RE_EN, "Please stop by our booth on Thursday, we can talk there."),
    "en don't stop": (RE_EN, "Please don't stop sending these, they are helpful!"),
    "en staff left": (RE_EN, "Two of our nurses have left the hospital, so staff time is short. What does it cost?"),
    "en no attachment": (RE_EN, "Please do not send the attachment again, our gateway blocks it. A link is fine."),
    "en unsubscribe feature": (RE_EN, "How does your newsletter tool count people who are not unsubscribed?"),
    "en outlook": (RE_EN, "Sounds good.\n\nFrom: Misaki Sato <sato@hagukumi.example>\nSent: Friday, April 24, 2026\n"
                          "To: Yamada\nSubject: A case\n\nTo unsubscribe click here.\n"),
    "en vacation plans": ("Vacation plans and a question", "Before my vacation in May I would like to see a demo."),
    "en phone": (RE_EN, "Call me after lunch.\n\nSent from my iPhone\n" + ENGLISH_QUOTE),
    "empty": (RE, ""),
    "away and asks": (RE, "ただいま不在にしておりますが、資料は拝見しました。戻りましたらお話を伺いたいです。"),
    "en away and asks": (RE_EN, "I am out of the office until Monday. Could you call me on Tuesday?"),
    "en left a message": (RE_EN, "I have left a message with your colleague. When can we talk?"),
    "polite delay": (RE, "理事会のため今月は動けません。来月15日以降にご連絡ください。"),
}  # fmt: skip

_REFUSAL = {
    "plain": (RE, "今後のご案内は不要です。" + SIGNATURE + OUR_QUOTE),
    "please stop": (RE, "お世話になっております。\n恐れ入りますが、配信停止をお願いいたします。\n" + OUR_QUOTE),
    "one word": (RE, "配信停止"),
    "stop only": (RE, "停止\n" + OUR_QUOTE),
    "broken line": (
        RE,
        "お世話になります。大変恐縮ですが、今後のご案内\nは不要でございます。よろしくお願いいたします。",
    ),
    "take off": (RE, "リストから削除してください。"),
    "do not send": (RE, "二度と送らないでください。"),
    "refrain": (RE, "恐縮ですが、今後の営業メールはお控えください。"),
    "mail magazine": (RE, "メルマガは不要です。"),
    "angry": (RE, "何度も届いて迷惑です。"),
    "how to": (RE, "配信停止の方法を教えてください。"),
    "declined": (RE, "当院では営業メールをお断りしております。"),
    "registration": (RE, "登録を解除してください。"),
    "half width": (RE, "ﾒｰﾙは不要です。配信を停止して下さい。"),
    "in the subject": ("配信停止希望", ""),
    "en plain": (RE_EN, "Please unsubscribe me.\n" + ENGLISH_QUOTE),
    "en stop": (RE_EN, "STOP"),
    "en remove": (RE_EN, "Kindly remove me from your mailing list."),
    "en no more": (RE_EN, "No more emails please.\n"),
    "en don't": (RE_EN, "Don’t contact me again."),
    "en wish": (RE_EN, "We no longer wish to receive these messages. Thank you."),
    "en subject": ("unsubscribe", ""),
}

_ABSENCE = {
    "exchange": ("自動応答: 事例のご案内", "4月29日から5月6日まで不在にしております。", AUTO),
    "outlook": ("不在: 事例のご案内", "ただいま不在にしております。急ぎのご用件は鈴木までご連絡ください。", {}),
    "holiday": ("【自動返信】休暇中です", "本日から5/6(水)まで休暇をいただいております。", {}),
    "no mark but header": (RE, "出張のため、返信が遅れます。5月1日に戻ります。", {"X_Autoreply": "yes"}),
    "text says so": (RE, "このメールは自動送信しております。現在出張中のため、ご返信は5月7日以降となります。", {}),
    "cybozu": (RE, "5月7日まで休みをいただいております。", {"X_Cybozu_Auto_Reply": "1"}),
    "precedence": (RE, "夏季休業のため8月17日まで不在です。", {"Precedence": "auto_reply"}),
    "asks to reply again": ("自動応答: 事例", "不在のため、5月7日以降に改めてご返信ください。", AUTO),
    "en": ("Automatic reply: A case", "I am out of the office until 6 May with limited access to email.", AUTO),
    "en ooo": ("Out of Office: Re: A case", "I'm on annual leave, back on Thursday, May 7.", {}),
    "en ooo until": ("Out of office until May 6", "I am away from my desk. For urgent matters contact Suzuki.", {}),
    "en leave": ("Auto: A case", "I am on parental leave until 31 August 2026.", {"X_Autorespond": "A case"}),
    "rules agent": (RE, "外出しており、席を外しております。",
                    {"X_MS_Exchange_Generated_Message_Source": "Mailbox Rules Agent"}),
    "no mark at all": (RE, "ただいま不在にしております。\n4月30日より出勤いたします。", {}),
    "no mark at all en": (RE_EN, "I am out of the office until 30 April and will answer after my return.", {}),
    "generated": ("自動応答: 事例", "休診日のため、明日ご連絡いたします。", {"Auto_Submitted": "auto-generated"}),
    "absence mentions refusal": ("自動応答: 事例", "不在にしております。広告メールの送信はお控えください。5月6日まで。", AUTO),
}  # fmt: skip

_LEFT = {
    "auto": ("自動応答: 事例", "山田は3月末で退職いたしました。後任は鈴木です。", AUTO),
    "auto moved": ("自動応答: 事例", "4月1日付で異動いたしました。", AUTO),
    "auto en": ("Automatic reply: A case", "Hanako Yamada is no longer with Aoba Hospital.", AUTO),
    "auto en 2": ("Automatic reply", "Thank you for your message. I have left the company. Please contact Suzuki.", AUTO),
    "no longer used": (RE, "このアドレスは、担当者の異動に伴い使用を停止しました。", {}),
    "mailbox not read": ("Out of Office: A case", "I have left Aoba Hospital. This mailbox is not read any more.", {}),
    "auto address": ("自動返信", "このメールアドレスは現在使用されておりません。", AUTO),
    "colleague": (RE, "お世話になっております。担当の山田は先月末で退職いたしました。"
                      "今後は鈴木までお願いいたします。" + OUR_QUOTE),
    "colleague honorific": (RE, "宛先の山田さんは異動されました。"),
    "oneself": (RE, "私は4月より経理部へ異動いたしました。今後は鈴木にご連絡ください。"),
    "oneself leaving": (RE, "一身上の都合により、今月末で退職いたします。お世話になりました。"),
    "colleague en": (RE_EN, "Ms. Yamada is no longer with us. Please write to Mr. Suzuki instead.\n" + ENGLISH_QUOTE),
    "oneself en": (RE_EN, "I am leaving the company, my last day is Friday."),
    "retired": (RE, "前任の院長は3月に退任いたしました。"),
}  # fmt: skip

_AUTO = {
    "ticket": ("【自動返信】お問い合わせありがとうございます", "このメールは自動で送信しています。受付番号: 1234", {}),
    "received": ("Re: A case", "This is an automated response. We received your message. Ticket 42.", {}),
    "moderation": ("Your message to staff awaits approval", "Your mail awaits moderator approval.",
                   {"Auto_Submitted": "auto-replied", "Precedence": "list"}),
    "header": ("受付完了のお知らせ", "お問い合わせを承りました。", AUTO),
}  # fmt: skip

_BOUNCES = {
    "hard 5.1.1": ("bounce_hard", report("5.1.1", "smtp; 550 5.1.1 User unknown")),
    "hard headers only": ("bounce_hard", report("5.1.1", "smtp; 550 No such user", whole=False)),
    "hard 5.1.10": ("bounce_hard", report("5.1.10", "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound")),
    "hard 5.0.0 in words": ("bounce_hard", report("5.0.0", "smtp; 550 Unknown user yamada@aoba.example")),
    "hard 5.2.1": ("bounce_hard", report("5.2.1", "smtp; 550 5.2.1 The email account is disabled")),
    "hard 5.4.1": ("bounce_hard", report("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied")),
    "hard no host": ("bounce_hard", report("5.4.4", "dns; Host not found")),
    "hard nearer code": ("bounce_hard", report("5.0.0", "smtp; 550-5.1.1 no such mailbox")),
    "soft full": ("bounce_soft", report("5.2.2", "smtp; 552 5.2.2 Mailbox full")),
    "soft policy": ("bounce_soft", report("5.7.1", "smtp; 550 5.7.1 Message blocked by policy, user unknown to us")),
    "soft delayed": ("bounce_soft", report("4.4.1", "smtp; connection timed out", action="delayed")),
    "soft 4.2.2": ("bounce_soft", report("4.2.2", "smtp; 452 4.2.2 over quota")),
    "soft 5.0.0 silent": ("bounce_soft", report("5.0.0", "smtp; 554 transaction failed")),
    "soft size": ("bounce_soft", report("5.3.4", "smtp; 552 message too large")),
    "receipt": ("receipt", report("2.0.0", "smtp; 250 ok", action="delivered", subject="Successful Mail Delivery")),
    "qmail": ("bounce_hard", oral_bounce(
        "failure notice",
        "Hi. This is the qmail-send program at mx.aoba.example.\nI'm afraid I wasn't able to deliver your message to "
        "the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<yamada@aoba.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nMessage-ID: " + LETTER_ID)),
    "exim": ("bounce_hard", oral_bounce(
        "Mail delivery failed: returning message to sender",
        "A message that you sent could not be delivered to one or more of its recipients.\n\n  yamada@aoba.example\n"
        "    Unrouteable address\n", X_Failed_Recipients=THEM)),
    "docomo": ("bounce_hard", oral_bounce(
        "メール送信エラーのお知らせ",
        "次のあて先へのメッセージはエラーのため送信できませんでした。\n<yamada@aoba.example>\n"
        "送信先メールアドレスが見つかりませんでした。\n", charset="iso-2022-jp")),
    "au": ("bounce_hard", oral_bounce(
        "Mail System Error - Returned Mail",
        "Each of the following recipients was rejected by a remote mail server.\n"
        "Recipient: <yamada@aoba.example>\nReason: 550 : User unknown\n", sender="Postmaster@mx.aoba.example")),
    "japanese full": ("bounce_soft", oral_bounce(
        "配信エラー", "相手先のメールボックスの容量が超過しているため、お届けできませんでした。\nyamada@aoba.example\n")),
    "japanese provider": ("bounce_hard", oral_bounce(
        "【重要】メールを配送できませんでした", "下記の宛先は存在しません。\nyamada@aoba.example\n",
        sender="postmaster@provider.example")),
    "old warning": ("bounce_soft", oral_bounce(
        "Warning: could not send message for past 4 hours",
        "THIS IS A WARNING MESSAGE ONLY\n----- The following addresses had transient non-fatal errors -----\n"
        "<yamada@aoba.example>\n")),
    "google text": ("bounce_hard", oral_bounce(
        "Delivery Status Notification (Failure)",
        "Your message wasn't delivered to yamada@aoba.example because the address couldn't be found.\n"
        "550 5.1.1 The email account that you tried to reach does not exist.\n",
        sender="mailer-daemon@mx.aoba.example")),
}  # fmt: skip

_REPORT = """From: abuse@provider.example
To: {us}
Subject: Abuse report
Message-ID: <arf@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: x
Version: 1
Original-Rcpt-To: {them}
--b
Content-Type: message/rfc822

From: {us}
To: {them}
Message-ID: {id}
X-Hagukumi-Key: interest/case/1/p1/1

--b--
"""
_NONE = {
    "read receipt": ("receipt", _REPORT.format(us=US, them=THEM, id="<x@y.example>").replace(
        "feedback-report", "disposition-notification").encode()),
    "abuse report": ("complaint", _REPORT.format(us=US, them=THEM, id=LETTER_ID).encode()),
    "newsletter": ("bulk", raw("今週の医療ニュース", "配信停止はこちら", answers=None, sender="news@news.example",
                               List_Unsubscribe="<https://news.example/u>")),
    "list": ("bulk", raw("[users] hello", "Hi all", answers=None, sender="x@list.example", List_Id="<users.list.example>")),
    "bulk precedence": ("bulk", raw("Sale", "50% off", answers=None, sender="s@shop.example", Precedence="bulk")),
    "system notice": ("bulk", raw("Your invoice", "Invoice attached.", answers=None, sender="i@shop.example",
                                  Auto_Submitted="auto-generated")),
    "answer through a list": ("human", raw(RE, "皆で読みました。説明会をお願いします。", List_Id="<staff.aoba.example>")),
    "spam": ("spam", raw("You won", "Click here", answers=None, sender="x@y.example", X_Spam_Flag="YES")),
    "challenge": ("challenge", raw("送信者認証のお願い", "送信者の確認のため、下記のURLをクリックするとメールが届きます。")),
    "challenge en": ("challenge", raw("Please confirm your message", "Click the link below to deliver your message: "
                                      "this proves you are human. Spam Arrest", answers=None)),
    "own letter": ("loop", raw("青葉病院様 事例", "x", sender=US, X_Hagukumi_Key="interest/case/1/p1/1")),
    "own colleague": ("loop", raw("Re: 青葉病院様 事例", "ご返信ありがとうございます。", sender="tanaka@hagukumi.example")),
}  # fmt: skip

_SHAPES = {
    "iso-2022-jp": ("refusal", raw(RE, "配信停止をお願いします。", charset="iso-2022-jp")),
    "shift_jis": ("refusal", raw(RE, "髙橋です。今後のご案内は不要です。", charset="cp932").replace(b"cp932", b"shift_jis")),
    "euc-jp": ("refusal", raw(RE, "配信停止をお願いします。", charset="euc-jp")),
    "says utf-8, is cp932": ("refusal", raw(RE, "配信停止をお願いします。", charset="cp932").replace(b"cp932", b"utf-8")),
    "says latin-1, is utf-8": ("refusal", raw(RE, "配信停止をお願いします。").replace(b'"utf-8"', b'"iso-8859-1"')),
    "says nothing": ("refusal", raw(RE, "配信停止をお願いします。", charset="euc-jp").replace(b'; charset="euc-jp"', b"")),
    "unknown charset": ("refusal", raw(RE, "配信停止をお願いします。").replace(b'"utf-8"', b'"x-nobody-knows"')),
    "raw 8-bit subject": ("absence", raw("不在: 事例", "不在にしております。").replace(
        b"=?utf-8?b?", b"\xe4\xb8\x8d\xe5\x9c\xa8: =?utf-8?b?")),
    "html only": ("human", raw(RE, "<p>承知しました。</p><blockquote>配信停止はこちら</blockquote>", html=True)),
    "html refusal": ("refusal", raw(RE, "<style>p{}</style><div>今後は<b>不要</b>です</div>"
                                    '<div class="gmail_quote">事例</div>', html=True)),
    "both forms": ("human", multipart("承知しました。\n", "<p>承知しました。</p>")),
    "base64": ("refusal", raw(RE, base64.b64encode("配信停止をお願いします。".encode()).decode() + "\n").replace(
        b"8bit", b"base64")),
    "broken base64": ("human", raw(RE, "!!!%%%").replace(b"8bit", b"base64")),
    "cut off": ("human", multipart("承知しました。\n", "<p>x</p>")[:420]),
    "no headers": ("human", "承知しました。".encode()),
    "nothing": ("human", b""),
}  # fmt: skip


def mails() -> list[tuple[str, str, bytes]]:
    """(class, name, raw mail) of the whole corpus."""
    found: list[tuple[str, str, bytes]] = []
    for klass, table in (("human", _HUMAN), ("refusal", _REFUSAL)):
        for name, (subject, text) in table.items():
            answers = None if not subject.startswith(("Re", "Fw", "FW")) else LETTER_ID
            found.append((klass, name, raw(subject, text, answers=answers)))
    for klass, told in (("absence", _ABSENCE), ("left", _LEFT), ("auto", _AUTO)):
        for name, row in told.items():
            parts: Any = row
            headers = parts[2] if len(parts) > 2 else {}
            found.append((klass, name, raw(parts[0], parts[1], **headers)))
    for other in (_BOUNCES, _NONE, _SHAPES):
        found += [(klass, name, mail) for name, (klass, mail) in other.items()]
    return [(klass, name, _numbered(mail, number)) for number, (klass, name, mail) in enumerate(found)]


def _numbered(mail: bytes, number: int) -> bytes:
    """Each mail has an identifier of its own."""
    for identifier in (b"<m1@", b"<report1@"):
        mail = mail.replace(identifier, identifier[:-2] + str(number).encode() + b"@")
    return mail
