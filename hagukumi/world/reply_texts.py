"""What people and their mail programs write back, in words of our own. {name}, {facility} and {back} are filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Texts = Mapping[str, Sequence[str]]

KEEN: Texts = {
    "ja": (
        "お世話になっております。\nご案内の件、院内でも話題になっております。\n一度、詳しいお話を伺えますでしょうか。\n"
        "来週の火曜か木曜の午後でしたら都合がつきます。",
        "資料を拝見しました。\n当方でも同じ点で困っております。\n概算で結構ですので、費用の目安を教えてください。",
        "ご連絡ありがとうございます。\n実際の画面を見せていただくことは可能でしょうか。オンラインでも構いません。",
    ),
    "en": (
        "Hello,\n\nthis has come up in our house as well. Could you tell us more?\n"
        "Tuesday or Thursday afternoon would suit us.",
        "Thank you for the material. We struggle with the very same point.\n"
        "Could you give me a rough idea of the cost?",
    ),
}
QUESTION: Texts = {
    "ja": (
        "ご案内ありがとうございます。\n一点教えてください。今使っている電子カルテとの連携は可能でしょうか。",
        "いつもお世話になっております。\nチェックリストの3番について、もう少し詳しい資料はありますか。",
        "資料の中の事例は、何床くらいの病院のものでしょうか。当院は規模が小さいため、参考になるか確認したく存じます。",
    ),
    "en": (
        "Thank you. One question: does it work together with the electronic chart that we have?",
        "Could you send me more on the third point of the checklist?",
    ),
}
LATER: Texts = {
    "ja": (
        "ご連絡ありがとうございます。\n今年度は予算がつきませんでしたので、来年度の計画にあわせて検討いたします。\n"
        "秋ごろに改めてご連絡いただけますと幸いです。",
        "お世話になります。\n現在は監査の準備で手が回りません。落ち着きましたら、こちらからご連絡します。",
    ),
    "en": (
        "Thank you for writing. There is no budget this year; please get in touch again in autumn.",
        "We are busy with an audit right now. I will come back to you when it is over.",
    ),
}
THANKS: Texts = {
    "ja": (
        "資料をお送りいただき、ありがとうございます。\n参考にさせていただきます。",
        "ありがとうございます。部内で回覧しました。",
    ),
    "en": ("Thank you for the material, it is useful.", "Thanks. I have passed it round the department."),
}
WRONG_PERSON: Texts = {
    "ja": (
        "お世話になっております。\n本件は私の担当ではございません。用度課が窓口ですので、そちらへお願いいたします。",
        "ご連絡いただきましたが、システム関係は事務部で扱っております。私では分かりかねます。",
    ),
    "en": (
        "I am not the right person for this. Please turn to our purchasing department.",
        "Systems are handled by the administration here; I cannot help you with this.",
    ),
}
REFUSAL: Texts = {
    "ja": (
        "今後、このようなご案内は不要です。\n配信を停止してください。",
        "申し訳ございませんが、営業のメールはご遠慮しております。以後の送信はお控えください。",
        "メール配信の停止をお願いします。",
        "登録した覚えがありません。リストから削除してください。",
    ),
    "en": (
        "Please do not send me any more of these.",
        "Unsubscribe me, please.",
        "Take me off your list. I never asked for this.",
    ),
}
ABSENCE: Texts = {
    "ja": (
        "ただいま不在にしております。\n{back}より出勤いたします。お急ぎの場合は代表電話までご連絡ください。\n\n{name}",
        "このメールは自動で返信しています。\n休暇をいただいており、{back}以降に順次ご返信いたします。\nご迷惑をおかけいたします。",
        "出張のため、メールの確認が遅れております。{back}に戻ります。",
    ),
    "en": (
        "I am out of the office until {back} and will answer after my return.\n\n{name}",
        "Thank you for your message. I am on leave and back on {back}. This is an automatic reply.",
    ),
}
LEFT: Texts = {
    "ja": (
        "{name}は退職いたしました。\n今後のご連絡は、{facility}の代表アドレスまでお願いいたします。\n※このメールは自動返信です。",
        "いつもお世話になっております。\n私、{name}は先月末をもちまして{facility}を退職いたしました。\n在職中は大変お世話になりました。",
        "このアドレスは、担当者の異動に伴い使用を停止しました。",
    ),
    "en": (
        "{name} is no longer with {facility}. Please use our general address instead.",
        "I have left {facility}. This mailbox is not read any more.",
    ),
}
TEXTS: Mapping[str, Texts] = {
    "keen": KEEN,
    "question": QUESTION,
    "later": LATER,
    "thanks": THANKS,
    "wrong_person": WRONG_PERSON,
    "refusal": REFUSAL,
    "absence": ABSENCE,
    "left": LEFT,
}
"""By what is meant."""

AUTOMATIC_SUBJECTS: Texts = {
    "ja": ("自動応答: {subject}", "【自動返信】{subject}", "Re: {subject}", "不在通知"),
    "en": ("Automatic reply: {subject}", "Out of Office: {subject}", "Re: {subject}"),
}
SIGNATURES: Mapping[str, str] = {
    "ja": "--\n{facility}\n{department} {title}\n{name}\n{phone}",
    "en": "--\n{name}\n{title} / {department}\n{facility}\n{phone}",
}
QUOTED: Mapping[str, str] = {
    "ja": "{date} {sender}:",
    "en": "On {date}, {sender} wrote:",
}
BOUNCE = """This is the mail system at host mx.{domain}.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<{address}>: host mx.{domain} said: 550 5.1.1 User unknown
"""
