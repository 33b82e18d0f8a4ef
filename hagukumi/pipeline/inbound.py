"""The words by which mail that comes back is told apart: scenarios/rules/inbound.yaml as values. Pure.

channels/inbound/classify.py asks them; phrases.py says how a phrase is compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from hagukumi.journeys.core.fields import entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Words that a sentence holds, unless it holds one of the others too. `…` stands for up to 20 characters."""

    say: tuple[str, ...] = entry("文に含まれる言葉(… は20字まで何でも)", "words of a sentence (… = up to 20 signs)", ())
    unless: tuple[str, ...] = entry("同じ文にあれば数えない言葉", "words that undo it in the same sentence", ())
    alone: tuple[str, ...] = entry("これだけが書かれた返信", "the whole of what was written", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """How mail written by a machine gives itself away."""

    headers: tuple[str, ...] = entry("見出し(「名前」か「名前: 値」)", "headers, as NAME or NAME: value", ())
    subjects: tuple[str, ...] = entry("件名の始まり", "how the subject begins", ())
    texts: tuple[str, ...] = entry("本文の言葉", "words in the text", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Somebody has left the company or moved within it. People must also say whom they mean."""

    say: tuple[str, ...] = entry("退職・異動を伝える言葉", "words that tell it", ())
    automatic: tuple[str, ...] = entry(
        "自動応答の中でだけ数える言葉", "words that tell it in automatic replies only", ()
    )
    unless: tuple[str, ...] = entry("同じ文にあれば数えない言葉", "words that undo it in the same sentence", ())
    whom: tuple[str, ...] = entry(
        "人が書いた文で、誰のことかを示す言葉", "words by which a person says who is meant", ()
    )
    oneself: tuple[str, ...] = entry("自分のことを指す言葉", "words for oneself", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced:
    """Mail that tells of a letter that did not arrive."""

    senders: tuple[str, ...] = entry("差出人(@の前、または名前)", "senders: before the @, or their name", ())
    subjects: tuple[str, ...] = entry("件名の言葉", "words in the subject", ())
    hard: tuple[str, ...] = entry("宛先がないことを示す言葉", "words for: there is no such mailbox", ())
    soft: tuple[str, ...] = entry("一時的、または拒否を示す言葉", "words for: not now, or not this letter", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRules:
    """scenarios/rules/inbound.yaml."""

    refusal: Phrases = entry("配信を断る返信", "replies that ask us to stop", Phrases())
    left: Left = entry("退職・異動の知らせ", "news that somebody left", Left())
    automatic: Automatic = entry("自動応答", "automatic replies", Automatic())
    absence: Automatic = entry("不在の自動応答", "automatic replies of somebody away", Automatic())
    unmarked: Phrases = entry(
        "見出しにも件名にも印のない、短い不在の自動応答", "short absences that carry no mark of a machine", Phrases()
    )
    deputy: tuple[str, ...] = entry("代わりの方の案内", "words that name a deputy", ())
    bounced: Bounced = entry("戻ってきたメール", "letters that came back", Bounced())
    challenge: Automatic = entry("送信者の確認を求めるメール", "mail that wants proof of the sender", Automatic())
    bulk: Automatic = entry("一斉配信・メーリングリスト", "bulk mail and mailing lists", Automatic())
    spam: Automatic = entry("迷惑メール", "spam", Automatic())
