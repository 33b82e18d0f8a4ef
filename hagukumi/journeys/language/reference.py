"""The reference of the language, one page in each tongue, made from the step kinds, conditions and problem codes.

`python -m hagukumi.journeys.language.reference [DIR]` writes reference.md and reference.ja.md. Start at `page`.
"""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

from hagukumi.journeys.core.program import Condition, Goal, Reentry
from hagukumi.journeys.core.values import Bounds, ClockRange, Share, Span, StageRange, Words
from hagukumi.journeys.language import conditions
from hagukumi.journeys.language.entries import entries_of
from hagukumi.journeys.language.examples import Example
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.phrases import Names, clause
from hagukumi.journeys.language.scenario import Scenario, StopRule
from hagukumi.journeys.language.schema import example_of, pages_of
from hagukumi.journeys.language.synonyms import STAGE_NAMES, SYNONYMS
from hagukumi.journeys.steps import KINDS
from hagukumi.journeys.steps.base import Arm, Kind
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.repeat import Rounds
from hagukumi.journeys.steps.test import Draw
from hagukumi.words.problems import catalogue

FILES = {"en": "reference.md", "ja": "reference.ja.md"}

WHOLE = """\
scenario: welcome
title: {ja: はじめての方へ, en: For newcomers}
purpose: はじめての資料から相談まで
owner: 佐藤
who:
  stage: lead
  industry: 病院
enter: 180日後に再度可
stop_when: defaults
goal: {stage: mql.., within: 90日}
steps:
  - send: welcome/first
    id: first
  - wait_for: {clicked: first}
    at_most: 5営業日
    then:
      - handover: inside_sales
        id: hand
    else:
      - send: welcome/reminder
        id: reminder
  - end: 月1回のお知らせへ
examples:
  - {then: {1日目: first, 6日目: reminder}, never: hand}
  - {given: {beds: 300}, when: {3日目: clicked first}, then: {3日目: [hand, end]}}
"""

CONDITIONS: tuple[tuple[str, ...], ...] = (
    ("stage: lead", "stage: mql..", "stage: 商談以降", "stage: ng"),
    ("industry: 病院", "role: [decision_maker, 影響者]", "kind: 介護施設", "language: ja", "title: 事務長"),
    ("beds: 100以上", "headcount: 40..80", "beds: 200床未満"),
    ("left_company: はい", "acquainted: false"),
    ("tagged: 費用対効果に関心", "in_scenario: issue"),
    ("score: 60点以上", "theme_score: {overtime: 20点以上}", "grade: [A1, B1]", "grade: A", "grade: 1"),
    ("clicked: checklist", "clicked: {at_least: 2, within: 14日}", "clicked: {content: overtime-case, within: 14日}"),
    ("downloaded: roi-simulation", "visited: {content: price, at_least: 3, within: 2週間}", "submitted: any"),
    ("replied: any", "call_result: any", "call_result: [会話, 不在]", "attended: {within: 1か月}"),
    (
        "any: [{score: 60点以上}, {submitted: {within: 14日}}]",
        "not: {role: user}",
        "all: [{beds: 100以上}, {role: user}]",
    ),
)
"""Conditions shown in the reference, line by line; the page says what each means."""


class Value(NamedTuple):
    """A kind of value: its type, what it is called, ways to write it."""

    type: Any
    name: Words
    forms: tuple[str, ...]


VALUES = (
    Value(
        Span,
        Words("期間", "length of time"),
        ("3営業日", "3 business days", "14日", "14 days", "2週間", "2 weeks", "3か月", "3 months", "2時間", "30分"),
    ),
    Value(
        Bounds,
        Words("数の範囲", "range of numbers"),
        ("100以上", ">= 100", "100以下", "60点未満", "under 60", "60超", "40..80", "60..", "..40", "5"),
    ),
    Value(Share, Words("割合", "share"), ("45%", "12.5%", "45％")),
    Value(ClockRange, Words("時間帯", "hours"), ("16:00-17:30", "16時-17時半")),
    Value(
        StageRange,
        Words("段階の範囲", "range of stages"),
        ("lead", "mql..", "sql..won", "リード", "商談以降", "受注", "ng"),
    ),
    Value(bool, Words("はい・いいえ", "yes or no"), ("true", "false", "はい", "いいえ", "yes", "no", "on", "off")),
    Value(date, Words("日付", "day"), ("2026-04-28", "2026年4月28日")),
    Value(datetime, Words("日時", "day and time"), ("2026-06-18 14:00", "2026年6月18日 14時")),
    Value(time, Words("時刻", "clock time"), ("9:00", "16時半")),
)

_TYPES: dict[Any, Words] = {
    **{value.type: value.name for value in VALUES},
    str: Words("文字", "text"),
    int: Words("整数", "whole number"),
    Decimal: Words("数", "number"),
    Words: Words("文字、または {ja, en}", "text, or {ja, en}"),
    Condition: Words("条件", "condition"),
    Kind: Words("ステップ", "step"),
    Goal: Words("条件と within", "condition, and within"),
    Reentry: Words("once、または 180日後に再度可", "once, or again after 180 days"),
    StopRule: Words("defaults、none、または条件", "defaults, none, or conditions"),
    Example: Words("見本", "example"),
}
_NAMES = {
    "StepName": Words("ステップの id", "id of a step"),
    "SendRef": Words("send の id", "id of a send step"),
    "ContentName": Words("メールの名前", "name of a letter"),
    "WebinarRef": Words("ウェビナーの名前", "name of a webinar"),
    "PaperName": Words("施設ごとの資料の名前", "name of a paper for an account"),
    "PieceName": Words("資料の名前", "name of a piece of content"),
    "AudienceName": Words("配信対象の名前", "name of an audience"),
    "TagName": Words("タグ", "tag"),
    "VariantName": Words("案の名前", "name of a variant"),
    "ArmName": Words("枝の名前", "name of an arm"),
    "ScenarioName": Words("名前", "name"),
}
_SEVERITIES = {"error": Words("誤り", "error"), "warning": Words("注意", "warning"), "hint": Words("助言", "hint")}


def page(lang: str) -> str:
    """The whole page in "ja" or "en", as Markdown."""
    return "\n".join(_lines(lang)).rstrip() + "\n"


def write(folder: Path) -> list[Path]:
    """Writes both pages into `folder` and returns their files."""
    folder.mkdir(parents=True, exist_ok=True)
    for lang, name in FILES.items():
        (folder / name).write_text(page(lang), "utf-8")
    return [folder / name for name in FILES.values()]


def _lines(lang: str) -> Iterable[str]:
    def say(ja: str, en: str) -> str:
        return en if lang == "en" else ja

    yield from (f"# {say('シナリオの書き方', 'The language of scenarios')}", "")
    other = say("[English](reference.md)", "[日本語](reference.ja.md)")
    made = say(
        "このページは `make schema` がコードから作ります。載っている例はすべてテストで動かしています。",
        "`make schema` makes this page from the code. Every example on it is run by a test.",
    )
    yield from (f"{other} · {made}", "")
    yield from (f"## {say('全体', 'A whole scenario')}", "", "```yaml", WHOLE.rstrip(), "```", "")
    yield from _table(Scenario, lang)
    yield from (say("太字のキーは必ず書きます。", "Keys in bold have to be written."), "")
    yield from (f"## {say('ステップ', 'Steps')}", "")
    yield from (
        say(
            "上から下へ進みます。枝の終わりは、その枝を持つステップの次へ合流します。"
            "働きかけやくじを含むステップには、変えない `id` を付けます。",
            "Steps are read from top to bottom; the end of a branch goes on below the step that holds it. "
            "Every step with an effect or a draw has an `id` that is never changed.",
        ),
        "",
    )
    yield from (
        say(
            "プレイ(`for: account`)では、どのステップにも次のキーを書けます。"
            "`to` と `who` は、宛先のあるステップだけです。",
            "In a play (`for: account`) every step may say these; `to` and `who` where a step is for somebody.",
        ),
        "",
    )
    yield from _table(Kind, lang)
    for kind in KINDS:
        yield from _kind(kind, lang)
    yield from _conditions(lang)
    yield from _values(lang)
    yield from _problems(lang)


def _kind(kind: type[Kind], lang: str) -> Iterable[str]:
    ja, en = pages_of(kind)
    yield from (f"### {kind.word}", "", en if lang == "en" else ja, "", "```yaml", example_of(kind), "```", "")
    yield from _table(kind, lang)
    inner = {"repeat": Rounds, "test": Draw}.get(kind.word)
    if inner is not None:
        yield from (f"`{kind.word}:`", "")
        yield from _table(inner, lang)
    if kind.word == "test":
        yield from ("`arms:`", "")
        yield from _table(Arm, lang)


def _table(type_: type, lang: str) -> Iterable[str]:
    yield "| キー | 値 | 意味 |" if lang == "ja" else "| key | value | meaning |"
    yield "| --- | --- | --- |"
    docs = {each.name: each.metadata.get("doc") for each in dataclasses.fields(type_)}
    shared = frozenset[str]() if type_ is Kind else frozenset(each.name for each in entries_of(Kind))
    for each in entries_of(type_):
        if each.name in shared and issubclass(type_, Kind):
            continue
        doc = docs[each.name]
        needed = each.default is dataclasses.MISSING
        key = f"**`{each.key}`**" if needed else f"`{each.key}`"
        yield f"| {key} | {_cell(type_words(each.type, lang))} | {_cell(doc.say(lang) if doc else '')} |"
    yield ""


def type_words(type_: Any, lang: str) -> str:
    """What stands for a type of value on the page."""
    if type_ in _TYPES:
        return _TYPES[type_].say(lang)
    if isinstance(type_, typing.NewType):
        return _NAMES[type_.__name__].say(lang)
    origin, inner = typing.get_origin(type_), typing.get_args(type_)
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in inner)
    if origin in (types.UnionType, typing.Union):
        return " / ".join(type_words(each, lang) for each in inner if each is not type(None))
    if origin is tuple:
        one = type_words(inner[0], lang)
        return f"{one}の一覧" if lang == "ja" else f"list of: {one}"
    if origin in (dict, Mapping):
        key, value = type_words(inner[0], lang), type_words(inner[1], lang)
        return f"{key}: {value}"
    if dataclasses.is_dataclass(type_):
        return "下の表" if lang == "ja" else "see below"
    raise TypeError(f"no words for {type_!r}")


def _conditions(lang: str) -> Iterable[str]:
    ja = (
        "書いたことがすべて満たされるときに成り立ちます。`any`(どれか)、`all`(すべて)、`not`(否定)で組み合わせます。"
        "属性がない方は、その属性の条件を満たしません。"
    )
    en = (
        "All that is written has to hold; `any`, `all` and `not` combine conditions. "
        "A missing attribute fulfils no condition on it."
    )
    yield from ("## 条件" if lang == "ja" else "## Conditions", "", ja if lang == "ja" else en, "")
    yield "| 書き方 | 意味 |" if lang == "ja" else "| written | meaning |"
    yield "| --- | --- |"
    for group in CONDITIONS:
        for text in group:
            yield f"| `{text}` | {_cell(clause(condition_of(text), lang, Names()).plain)} |"
    yield ""
    texts = ", ".join(f"`{name}`" for name in conditions.known_keys({}))
    yield from (f"{'使えるキー' if lang == 'ja' else 'Keys'}: {texts}.", "")
    details = {
        "content": ("資料・ページの名前", "a piece of content"),
        "letter": ("このシナリオの send の id", "the id of a send step of this scenario"),
        "outcome": ("結果", "the outcome"),
        "at_least": ("何回以上", "how often at least"),
        "within": ("この期間のうちに", "within this time"),
    }
    deeds = ", ".join(f"`{name}`" for name in (*conditions.DEEDS, "call_result"))
    yield ("行動の条件には次を添えられます: " if lang == "ja" else "Deeds may be narrowed: ") + deeds + "."
    yield ""
    yield from (f"- `{name}`: {en if lang == 'en' else ja}" for name, (ja, en) in details.items())
    yield ""


def condition_of(text: str) -> Condition:
    """A condition of the reference as a value. Raises ValueError when it cannot be read."""
    steps = f"  - if: {{{text}}}\n"
    head = "scenario: x\ntitle: x\npurpose: x\nowner: x\nwho: {stage: lead}\nsteps:\n"
    loaded = load_text(head + "  - {send: a/b, id: checklist}\n" + steps, Scenario)
    if loaded.value is None:
        raise ValueError(f"{text}: {[each.message('en') for each in loaded.problems]}")
    _, asks = loaded.value.steps
    assert isinstance(asks, If)
    return asks.if_


def _values(lang: str) -> Iterable[str]:
    yield from ("## 値" if lang == "ja" else "## Values", "")
    yield "| 種類 | 書き方 |" if lang == "ja" else "| kind | ways to write it |"
    yield "| --- | --- |"
    for value in VALUES:
        yield f"| {value.name.say(lang)} | {_cell(', '.join(f'`{form}`' for form in value.forms))} |"
    yield ""
    yield from ("### 日本語の名前" if lang == "ja" else "### Japanese names", "")
    yield "| 値 | 別名 |" if lang == "ja" else "| value | may be called |"
    yield "| --- | --- |"
    for name, others in {**STAGE_NAMES, **SYNONYMS}.items():
        if others:
            yield f"| `{name}` | {_cell(', '.join(others))} |"
    yield ""


def _problems(lang: str) -> Iterable[str]:
    yield from ("## 問題の番号" if lang == "ja" else "## Problem codes", "")
    yield "| 番号 | 重さ | 意味 | すること |" if lang == "ja" else "| code | gravity | meaning | what to do |"
    yield "| --- | --- | --- | --- |"
    for code, said in sorted(catalogue().items()):
        severity = _SEVERITIES[said.severity].say(lang)
        yield f"| `{code}` | {severity} | {_cell(said.message.say(lang))} | {_cell(said.help.say(lang).strip())} |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[3] / "docs")
