"""What a person did or what happened to them, as a line of their story. Start with `happening`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hagukumi.journeys.core.values import Words
from hagukumi.words.names import (
    ATTRIBUTES,
    CALL_OUTCOMES,
    CHANNELS,
    DEAL_STAGES,
    DESK_OUTCOMES,
    MAIL_OUTCOMES,
    REFUSAL_CAUSES,
    ROLES,
    SENT_BACK,
    STAGES,
    VISIT_RESULTS,
    name_of,
)

KINDS: dict[str, Words] = {
    "arrived": Words("一覧に加わりました", "Came onto our lists"),
    "clicked": Words("メールのリンク{content}をクリック", "Clicked the link {content}"),
    "opened": Words("メール{content}を開封", "Opened the letter {content}"),
    "received": Words("メールを受信", "Received a letter"),
    "delivered": Words("メールが届いたことを確認", "A letter was delivered"),
    "downloaded": Words("資料{content}をダウンロード", "Downloaded {content}"),
    "visited": Words("ページ{content}を閲覧", "Read the page {content}"),
    "submitted": Words("フォーム{content}を送信", "Sent the form {content}"),
    "registered": Words("セミナー{content}に申し込み", "Registered for {content}"),
    "met": Words("お会いしました({outcome})", "Met ({outcome})"),
    "posted": Words("手紙{content}を投函", "Posted the letter {content}"),
    "post_returned": Words("郵送の手紙{content}が戻りました", "The letter {content} came back by post"),
    "visit_result": Words("訪問: {outcome}", "Visit: {outcome}"),
    "attended": Words("セミナー{content}に参加", "Attended {content}"),
    "replied": Words("メールに返信", "Replied to a letter"),
    "called": Words("電話: {outcome}", "Call: {outcome}"),
    "unsubscribed": Words("配信停止のお申し出", "Unsubscribed"),
    "refused": Words("{channel}をお断り({outcome})", "Refused {channel} ({outcome})"),
    "bounced": Words("メールが戻りました({outcome})", "A letter came back ({outcome})"),
    "auto_replied": Words("自動応答({outcome}{until})", "Automatic reply ({outcome}{until})"),
    "undelivered": Words("メールが今は届きませんでした({outcome})", "A letter could not be delivered now ({outcome})"),
    "spam_report": Words("迷惑メールとして申告", "Reported a letter as spam"),
    "handed_over": Words("引き継ぎ: {outcome}", "Hand-over: {outcome}"),
    "meeting": Words("商談の予定: {outcome}", "Meeting: {outcome}"),
    "marked": Words("ISの評価: {outcome}", "Inside sales says: {outcome}"),
    "task_withdrawn": Words("架電のタスクを取り下げ: {outcome}", "The call was taken off the desk: {outcome}"),
    "deal": Words("商談: {outcome}", "Deal: {outcome}"),
}
"""Kinds of activities. A missing content leaves its place empty."""

_CHANGED = Words("{what}が変わりました", "{what} changed")
_TAGS_CAME = Words("タグを追加: {tags}", "Tag added: {tags}")
_TAGS_GONE = Words("タグを削除: {tags}", "Tag removed: {tags}")
_OTHER = Words("{kind} {content}", "{kind} {content}")
_OUTCOMES = {
    **SENT_BACK,
    **DESK_OUTCOMES,
    **REFUSAL_CAUSES,
    **DEAL_STAGES,
    **CALL_OUTCOMES,
    **VISIT_RESULTS,
    **MAIL_OUTCOMES,
}
_VALUES = {**STAGES, **ROLES}


def happening(kind: str, content: str | None, outcome: str | None, detail: Mapping[str, Any] | None, lang: str) -> str:
    """The line. `content` is its title as people know it; `detail` is what the activity stores."""
    told = detail or {}
    if kind == "changed":
        return _change(told, lang)
    words = KINDS.get(kind, _OTHER)
    quoted = "" if content is None else f"“{content}”" if lang == "en" else f"「{content}」"
    text = words.say(lang).replace("{kind}", kind).replace("{content}", quoted)
    text = text.replace("{outcome}", name_of(_OUTCOMES, outcome, lang) or ("結果なし" if lang == "ja" else "no result"))
    if "minutes" in told:
        text += f"({told['minutes']}分)" if lang == "ja" else f" ({told['minutes']} minutes)"
    text = text.replace("{until}", _until(told.get("until"), lang))
    return " ".join(text.replace("{channel}", name_of(CHANNELS, told.get("channel", "mail"), lang)).split())


def _until(day: object, lang: str) -> str:
    try:
        last = date.fromisoformat(str(day))
    except ValueError:
        return ""
    return f" until {last.day} {last:%b}" if lang == "en" else f"、{last.month}月{last.day}日まで"


def _change(told: Mapping[str, Any], lang: str) -> str:
    attribute, old, new = told.get("attribute"), told.get("old"), told.get("new")
    if attribute == "tags" and new is not None and set(new) != set(old or ()):
        return _tags(old or [], new, lang)
    what = name_of(ATTRIBUTES, attribute, lang) or ("登録内容" if lang == "ja" else "a detail")
    text = _CHANGED.say(lang).replace("{what}", what[:1].upper() + what[1:])
    if old in (None, "", []):
        return text
    before = _value(old, lang)
    if new is not None:
        return f"{text}: {before} → {_value(new, lang)}"
    return f"{text} (before: {before})" if lang == "en" else f"{text}(変更前: {before})"


def _value(value: object, lang: str) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else name_of(_VALUES, str(value), lang)


def _tags(old: list[str], new: list[str], lang: str) -> str:
    """Which came and which went."""
    came, gone = [tag for tag in new if tag not in old], [tag for tag in old if tag not in new]
    moves = ((_TAGS_CAME, came), (_TAGS_GONE, gone))
    return "; ".join(words.say(lang).replace("{tags}", ", ".join(tags)) for words, tags in moves if tags)
