"""scenarios/rules/talks.yaml as values: how a call opens by its cause, what to talk about by theme and role. Pure.

Start with `talk_for` and `opening_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NewType, get_args

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.desk import LetterName
from hagukumi.pipeline.roles import Role

ThemeName = NewType("ThemeName", str)
"""A theme of content.yaml."""

CauseKind = Literal[
    "downloaded", "clicked", "visited", "registered", "attended", "form", "reply", "referral", "find_person",
    "successor", "call_back", "material", "date_come", "renewal", "sent_back", "scenario",
]  # fmt: skip
"""Why somebody is called, as far as it changes the first sentence. scenario: they did nothing of which we may speak."""
CAUSES: tuple[CauseKind, ...] = get_args(CauseKind)
ABOUT_SOMEBODY_ELSE: frozenset[CauseKind] = frozenset({"find_person", "successor"})
"""Calls that look for another person: no follow-up goes to the one they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a caller asks people of some roles about some theme; the first that fits is taken."""

    name: str = entry("名前", "its name")
    theme: ThemeName | None = entry("テーマ(省略するとどのテーマでも)", "theme of content.yaml; any if left out", None)
    role: tuple[Role, ...] = entry("役割(省略するとどなたでも)", "roles; anybody if left out", ())
    topic: tuple[str, ...] = entry(
        "この用件の電話だけ(シナリオの call: の言葉)", "only for calls with this topic (call: of a scenario)", ()
    )
    ask: Words = entry(
        "ご用件の一言(名乗りと、きっかけの一言の後に続きます。お相手の行動には触れません)",
        "what is asked for; it follows the greeting and the word about the cause, and names nothing that they did",
    )
    track: tuple[Words, ...] = entry("お話の流れ", "what to talk about, in order", ())
    letter: LetterName | None = entry("合うフォローメール", "the follow-up letter that goes with it", None)
    after_talk: LetterName | None = entry(
        "お話しした後のフォローメール(「先ほどお話しした」と書けるのはこちらだけ)",
        "the follow-up after a recorded talk; only this one may say “as we discussed”",
        None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first sentence of calls with some causes; the first that fits is taken."""

    cause: tuple[CauseKind, ...] = entry("きっかけ", "why they are called")
    opening: Words = entry(
        "はじめの一言({company} {caller} {name} {facility} {content} {day} {referrer} {product} {ask} が入ります)",
        "the opening sentence; takes {company} {caller} {name} {facility} {content} {day} {referrer} {product} {ask}",
    )
    track: tuple[Words, ...] = entry(
        "お話の流れ(省略するとテーマと役割のもの)", "what to talk about; that of the theme and role if left out", ()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRules:
    """All of talks.yaml."""

    openings: tuple[Opening, ...] = entry("きっかけごとの、はじめの一言", "how to open a call, by its cause", ())
    talks: tuple[Talk, ...] = entry("テーマと役割ごとの、お話の流れ", "how to talk, by theme and role", ())


def talk_for(rules: TalkRules, theme: str | None, role: str | None, topic: str | None = None) -> Talk | None:
    """The first that fits the topic of the call, the theme and the role; else the first for any topic."""
    fits = [
        talk
        for talk in rules.talks
        if (talk.theme is None or talk.theme == theme) and (not talk.role or role in talk.role)
    ]
    exact = next((talk for talk in fits if topic is not None and topic in talk.topic), None)
    return exact or next((talk for talk in fits if not talk.topic), None)


PLAIN = Words("{company}の{caller}と申します。{ask}", "This is {caller} of {company}. {ask}")
"""How a call opens whose cause has no sentence of its own."""
NAMELESS: Mapping[CauseKind, Words] = {
    "downloaded": Words("資料", "our material"),
    "clicked": Words("ご案内", "something"),
    "visited": Words("ページ", "our pages"),
    "registered": Words("セミナー", "our webinar"),
    "attended": Words("セミナー", "our webinar"),
}
"""What somebody saw, where it has no title."""


def opening_for(rules: TalkRules, cause: CauseKind) -> Opening | None:
    """The first that fits the cause."""
    return next((one for one in rules.openings if cause in one.cause), None)


def opening_of(opening: Opening | None, talk: Talk | None, lang: str, values: Mapping[str, str]) -> str:
    """The opening sentence with its places filled by the values, which are as they are spoken."""
    said = (PLAIN if opening is None else opening.opening).say(lang)
    for place, value in {"ask": "" if talk is None else talk.ask.say(lang), **values}.items():
        said = said.replace("{" + place + "}", value)
    return " ".join(said.split())
