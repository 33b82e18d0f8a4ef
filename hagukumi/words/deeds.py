"""What people do, as parts of sentences in ja and en. Pure data; put together by journeys/language/phrases.py."""

from __future__ import annotations

from typing import NamedTuple


class Deed(NamedTuple):
    """Parts of a sentence about one kind of deed; {0} is what it was about.

    ja_some, ja_any: the object with its particle; ja_verb takes する; ja_event follows the object's noun.
    en_some, en_any: what follows the verb; did, do: the verb; noun: the deed as an event.
    """

    ja_some: str
    ja_any: str
    ja_verb: str
    ja_event: str
    en_some: str
    en_any: str
    did: str
    do: str
    noun: str


DEEDS: dict[str, Deed] = {
    "clicked": Deed(
        "{0}のリンクを", "メールのリンクを", "クリック", "のクリック",
        " a link in {0}", " a link in a letter", "clicked", "click", "a click on",
    ),
    "opened": Deed(
        "{0}を", "メールを", "開封", "の開封", " {0}", " a letter", "opened", "open", "the opening of",
    ),
    "received": Deed(
        "{0}を", "メールを", "受信", "の受信", " {0}", " a letter", "received", "receive", "the receipt of",
    ),
    "delivered": Deed(
        "{0}の配達を", "メールの配達を", "確認", "の確認", " {0}", " a letter", "got", "get",
        "the delivery of",
    ),
    "posted": Deed(
        "{0}の投函を", "手紙の投函を", "確認", "の確認", " {0} by post", " a letter by post", "got", "get",
        "the arrival of",
    ),
    "replied": Deed(
        "{0}に", "メールに", "返信", "への返信", " to {0}", " to a letter", "replied", "reply", "a reply",
    ),
    "bounced": Deed(
        "{0}の不達を", "メールの不達を", "記録", "の記録", " {0}", " a letter", "bounced", "bounce", "the bounce of",
    ),
    "downloaded": Deed(
        "{0}を", "資料を", "ダウンロード", "のダウンロード",
        " {0}", " something", "downloaded", "download", "the download of",
    ),
    "visited": Deed(
        "{0}のページを", "サイトのページを", "閲覧", "の閲覧", " {0}", " a page", "read", "read", "the reading of",
    ),
    "submitted": Deed(
        "フォーム{0}を", "フォームを", "送信", "の送信", " the form {0}", " a form", "sent", "send", "the sending of",
    ),
    "registered": Deed(
        "セミナー{0}に", "セミナーに", "登録", "への登録",
        " for {0}", " for a webinar", "registered", "register", "the registration",
    ),
    "attended": Deed(
        "セミナー{0}に", "セミナーに", "参加", "への参加",
        " {0}", " a webinar", "attended", "attend", "the attendance of",
    ),
    "called": Deed(
        "電話の結果を", "電話の結果を", "記録", "の記録", " a call", " a call", "had", "have", "the result of",
    ),
    "met": Deed(
        "面談の結果を", "面談の結果を", "記録", "の記録", " a meeting", " a meeting", "had", "have", "the result of",
    ),
    "visit_result": Deed(
        "訪問の結果を", "訪問の結果を", "記録", "の記録", " a visit", " a visit", "had", "have", "the result of",
    ),
    "refused": Deed(
        "ご連絡を", "ご連絡を", "お断り", "のお断り", " contact", " contact", "refused", "refuse", "the refusal of",
    ),
    "unsubscribed": Deed(
        "配信停止を", "配信停止を", "依頼", "の依頼",
        " from letters", " from letters", "unsubscribed", "unsubscribe", "the unsubscription",
    ),
    "left": Deed(
        "退職・異動を", "退職・異動を", "確認", "の確認",
        " the company", " the company", "left", "leave", "the leaving of",
    ),
}  # fmt: skip
