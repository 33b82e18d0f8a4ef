"""What mail that came in is called in front of people. Imports core.values only."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

KLASSES: dict[str, Words] = {
    "human": Words("返信", "a reply"),
    "refusal": Words("配信停止のお申し出", "a refusal"),
    "absence": Words("不在の自動応答", "an automatic reply: away"),
    "left": Words("退職・異動の知らせ", "news that somebody left"),
    "auto": Words("自動応答", "an automatic reply"),
    "bounce_hard": Words("不達(宛先なし)", "a bounce: no such mailbox"),
    "bounce_soft": Words("不達(一時的・拒否)", "a bounce: not now, or not this letter"),
    "complaint": Words("迷惑メールの申告", "a complaint about spam"),
    "challenge": Words("送信者の確認を求めるメール", "a demand to prove the sender"),
    "receipt": Words("受信・開封の通知", "a receipt"),
    "bulk": Words("一斉配信・メーリングリスト", "bulk mail or a list"),
    "spam": Words("迷惑メール", "spam"),
    "loop": Words("自社からのメール", "our own mail"),
}
"""Classes of channels/inbound/classify.py."""

ASKS: dict[str, Words] = {
    "unknown_sender": Words("登録のない方からのメールです", "from somebody we do not know"),
    "unknown_recipient": Words("登録のない宛先についての知らせです", "about an address we do not know"),
    "other_sender": Words(
        "お送りした方とは別の、登録のないアドレスからです", "from another address than the letter went to"
    ),
    "challenge": Words("相手のサーバーが送信者の確認を求めています", "their server wants the sender confirmed"),
}
"""Why a person is to look at a mail."""

NOTHING = Words("何も変わりません", "nothing follows")
KNOWN = Words("すでに受け取ったメールです", "was received before")
