"""scenarios/rules/talks.yaml as values: how to open a call and what to talk about, by theme and role. Pure.

Start with `talk_for`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.desk import LetterName
from hagukumi.pipeline.roles import Role

ThemeName = NewType("ThemeName", str)
"""A theme of content.yaml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a caller says to people of some roles about some theme; the first that fits is taken."""

    name: str = entry("名前", "its name")
    theme: ThemeName | None = entry("テーマ(省略するとどのテーマでも)", "theme of content.yaml; any if left out", None)
    role: tuple[Role, ...] = entry("役割(省略するとどなたでも)", "roles; anybody if left out", ())
    opening: Words = entry(
        "はじめの一言({facility} {name} {company} {caller} {content} が入ります)",
        "the opening sentence; takes {facility} {name} {company} {caller} {content}",
    )
    track: tuple[Words, ...] = entry("お話の流れ", "what to talk about, in order", ())
    letter: LetterName | None = entry("合うフォローメール", "the follow-up letter that goes with it", None)
    after_talk: LetterName | None = entry(
        "お話しした後のフォローメール(「先ほどお話しした」と書けるのはこちらだけ)",
        "the follow-up after a recorded talk; only this one may say “as we discussed”",
        None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRules:
    """All of talks.yaml."""

    talks: tuple[Talk, ...] = entry("お話の流れ", "how to talk", ())


def talk_for(rules: TalkRules, theme: str | None, role: str | None) -> Talk | None:
    """The first that fits the theme and the role."""
    for talk in rules.talks:
        if (talk.theme is None or talk.theme == theme) and (not talk.role or role in talk.role):
            return talk
    return None


PLACES = ("facility", "name", "company", "caller", "content")


def opening_of(talk: Talk, lang: str, values: dict[str, str]) -> str:
    """The opening sentence with its places filled; an empty one closes with the sign before it."""
    said = talk.opening.say(lang)
    for place in PLACES:
        said = said.replace("{" + place + "}", values.get(place, ""))
    return " ".join(said.replace("『』", "資料").replace("“”", "our material").split())
