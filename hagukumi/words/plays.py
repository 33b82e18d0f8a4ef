"""What is said about plays: refusals, what is missing before a start, what was done. Pure data."""

from __future__ import annotations

from collections.abc import Mapping

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

REFUSED: Mapping[str, Words] = {
    "play-unknown": Words(
        "公開中のプレイに「{play}」はありません。あるもの: {known}。「hagukumi publish」で公開できます。",
        "No published play is called {play}. There are: {known}. `hagukumi publish` publishes one.",
    ),
    "play-running": Words(
        "{account}では、プレイ「{play}」が進んでいます。先に「hagukumi abm play stop」で終えてください。",
        "The play {play} is running at {account}. End it first with `hagukumi abm play stop`.",
    ),
    "play-not-running": Words(
        "{account}では、プレイ「{play}」は進んでいません。", "The play {play} is not running at {account}."
    ),
    "play-not-listed": Words(
        "{account}はターゲットリストにありません。プレイはリストの施設で始めます(hagukumi abm list)。",
        "{account} is not on the target list. Plays start at accounts on the list (hagukumi abm list).",
    ),
    "play-not-for": Words(
        "{account}は、プレイ「{play}」の対象の条件(who)に当てはまりません。",
        "{account} is none of those the play {play} is for (its who).",
    ),
    "play-not-ready": Words(
        "{account}でプレイ「{play}」を始められません。理由: {missing}",
        "The play {play} cannot start at {account} yet: {missing}",
    ),
    "play-would-stop": Words(
        "{account}では、プレイを止める理由がすでにあります({why})。始めていません。",
        "There is a reason at {account} already that ends a play ({why}). It was not started.",
    ),
    "play-once": Words(
        "{account}でプレイ「{play}」を始められません。{again}。",
        "The play {play} was not started at {account}: {again}.",
    ),
    "play-until-past": Words(
        "凍結の期限({until})が過ぎています。あとの日をお書きください。",
        "The freeze would end in the past ({until}). Name a later day.",
    ),
}

CHECKS: Mapping[str, Words] = {
    "legal": Words("法務", "legal"),
    "brand": Words("ブランド", "brand"),
    "copy": Words("テスト送信", "test copy"),
    "eyes": Words("別の人の目", "a second pair of eyes"),
}
"""What approved letters need."""

LANGUAGES: Mapping[str, Words] = {"ja": Words("日本語", "Japanese"), "en": Words("英語", "English")}

EVENTS: Mapping[str, Words] = {
    "started": Words("開始", "started"),
    "stopped": Words("終了", "stopped"),
    "frozen": Words("凍結", "frozen"),
}


def written(step: str) -> str:
    """A step as its file names it, where a play rests before its day or behind its letters."""
    return step.removesuffix(".day").removesuffix(".rest")


KINDS: Mapping[str, Words] = {
    "wait": Words("待機", "a wait"),
    "wait_for": Words("反応待ち", "a wait for a reaction"),
    "if": Words("分岐", "a question"),
    "send": Words("メール", "a letter"),
    "invite": Words("ウェビナーのご案内", "an invitation"),
    "post": Words("郵送", "a letter by post"),
    "call": Words("電話", "a call"),
    "visit": Words("訪問", "a visit"),
    "task": Words("依頼", "a task"),
    "advertise": Words("広告", "an audience of ads"),
    "test": Words("くじ", "a test"),
    "repeat": Words("繰り返し", "a repeat"),
    "end": Words("終わり", "the end"),
}
"""Steps that have no name of their own, by the word that begins them."""


def say_step(step: str, kind: str, line: int) -> Words:
    """A step by its name; one without a name by what it is and where it stands in the file."""
    name = written(step)
    if not name[:1].isdigit() or kind not in KINDS:
        return Words(f"「{name}」", f"“{name}”")
    what = KINDS[kind]
    return Words(f"「{what.ja}」({line}行目)", f"{what.en} (line {line})")


def refused(code: str, **args: object) -> NotDone:
    """The refusal with its values. Values that are Words come in each language."""
    said = REFUSED[code]

    def in_(lang: str) -> dict[str, object]:
        return {name: value.say(lang) if isinstance(value, Words) else value for name, value in args.items()}

    return NotDone(code, said.ja.format(**in_("ja")), said.en.format(**in_("en")))
