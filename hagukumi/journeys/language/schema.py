"""JSON Schemas (draft 2020-12) of the files people write, made from the same dataclasses as the parser. Pure.

Editors complete and explain with them, in ja and en; `check` stays the judge. Start with `schema_of`.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

from hagukumi.journeys.core.program import Condition, Goal, Reentry
from hagukumi.journeys.core.values import STAGES, Bounds, ClockRange, Share, Span, StageRange, Words
from hagukumi.journeys.language import conditions
from hagukumi.journeys.language.entries import entries_of
from hagukumi.journeys.language.examples import Example
from hagukumi.journeys.language.scenario import StopRule
from hagukumi.journeys.language.synonyms import NO, ONCE, STAGE_WORDS, SYNONYMS, YES
from hagukumi.journeys.language.vocabulary import CustomField
from hagukumi.journeys.steps import KINDS
from hagukumi.journeys.steps.base import Kind
from hagukumi.words.deeds import DEEDS
from hagukumi.words.names import ATTRIBUTES

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DIGITS = "0-9０-９"
_NUMBER = f"[-+]?[{_DIGITS}][{_DIGITS},，]*([.．][{_DIGITS}]+)?"
NAME: Schema = {"type": "string", "pattern": r"^[^\s!-,./:-@\[-^`{-~]{1,64}$"}
"""A name: letters of any script, digits, - and _."""
TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""A text; YAML itself takes 2026 for a number and on for a truth value."""
REFERENCES = {"Condition": "condition", "Kind": "step"}


def schema_of(type_: type, fields: Mapping[str, CustomField] | None = None) -> Schema:
    """The schema of a file that the binder reads as `type_`. `fields`: the workspace's own, for conditions."""
    made = _Maker(fields or {})
    root = made.record(type_)
    ready = {"$schema": DRAFT, "title": _first(type_), **root}
    if made.definitions:
        ready["$defs"] = dict(sorted(made.definitions.items()))
    return ready


def words_of(ja: str, en: str) -> Schema:
    """A description in both languages, as editors show it."""
    return {"description": f"{ja}\n\n{en}"}


class _Maker:
    def __init__(self, fields: Mapping[str, CustomField]) -> None:
        self.fields = fields
        self.definitions: dict[str, Schema] = {}

    def of(self, type_: Any) -> Schema:
        """The schema of a value of a type."""
        own = _OWN.get(type_)
        if own is not None:
            return dict(own)
        if type_ is Condition:
            return self._shared("condition", self._condition)
        if type_ is Kind:
            return self._shared("step", self._step)
        if type_ in _SPECIAL:
            made: Schema = _SPECIAL[type_](self)
            return made
        origin, inner = typing.get_origin(type_), typing.get_args(type_)
        if isinstance(type_, typing.NewType):
            named = type_.__name__ in ("StepName", "ArmName", "VariantName", "ScenarioName")
            return dict(NAME) if named else self.of(type_.__supertype__)
        if origin is Literal:
            return {"enum": _choices(tuple(map(str, inner)))}
        if origin in (types.UnionType, typing.Union):
            return _any_of([self.of(each) for each in inner if each is not type(None)])
        if origin in (tuple, frozenset, list):
            return self._many(inner[0])
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if dataclasses.is_dataclass(type_):
            assert isinstance(type_, type)
            return self.record(type_)
        raise TypeError(f"nothing is known about the schema of {type_!r}")

    def record(self, type_: type) -> Schema:
        """A dataclass: its keys, which of them are needed, and no others."""
        docs = {each.name: each.metadata.get("doc") for each in dataclasses.fields(type_)}
        properties: Schema = {}
        needed = []
        for each in entries_of(type_):
            doc = docs[each.name]
            properties[each.key] = self.of(each.type) | (words_of(doc.ja, doc.en) if doc else {})
            if each.default is dataclasses.MISSING:
                needed.append(each.key)
            elif isinstance(each.default, str | bool | int):
                properties[each.key]["default"] = each.default
        made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return made | ({"required": needed} if needed else {})

    def _many(self, inner: Any) -> Schema:
        one = self.of(inner)
        many: Schema = {"type": "array", "items": one}
        alone = inner in (Condition, Kind) or dataclasses.is_dataclass(inner)
        return many if alone else {"anyOf": [one, many]}

    def _shared(self, name: str, make: Any) -> Schema:
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def _step(self) -> Schema:
        kinds = []
        for kind in KINDS:
            ja, en = pages_of(kind)
            self.definitions[kind.word] = {**self.record(kind), **words_of(ja, en)}
            kinds.append({"$ref": f"#/$defs/{kind.word}"})
        return {"anyOf": kinds, **words_of("ステップを一つ", "one step")}

    def _condition(self) -> Schema:
        made: Schema = {"type": "object", "minProperties": 1, "properties": self.questions()}
        return {
            **made,
            "additionalProperties": False,
            **words_of("書いたことがすべて満たされる条件", "all of it must hold"),
        }

    def questions(self) -> Schema:
        """The keys of a condition."""
        ref = {"$ref": "#/$defs/condition"}
        listed = {"type": "array", "minItems": 1, "items": ref}
        found: Schema = {"stage": _listed(_OWN[StageRange]) | _attribute("stage")}
        for name, values in conditions.CHOICES.items():
            found[name] = _listed({"enum": _choices(values)}) | _attribute(name)
        for name in conditions.TEXTS:
            found[name] = _listed(TEXT) | _attribute(name)
        for name in conditions.NUMBERS:
            found[name] = dict(_OWN[Bounds]) | _attribute(name)
        for name in conditions.FLAGS:
            found[name] = dict(_OWN[bool]) | _attribute(name)
        found["tagged"] = _listed(TEXT) | words_of("付いているタグ", "tags the person has")
        found["in_scenario"] = _listed(TEXT) | words_of("いま入っているシナリオ", "scenarios the person is in")
        found["score"] = dict(_OWN[Bounds]) | words_of("スコア(60点以上)", "the score, such as at least 60")
        found["theme_score"] = {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": dict(_OWN[Bounds]),
        } | words_of("テーマごとのスコア(テーマ: 20点以上)", "the score of a theme, such as at least 20")
        found["grade"] = _listed({"type": ["string", "integer"], "pattern": _GRADE}) | words_of(
            "評価(A1。属性だけなら A、行動だけなら 1)", "the grade: A1; A alone is a fit, 1 alone a behaviour"
        )
        for name in (*conditions.DEEDS, "call_result"):
            found[name] = self._deed(name)
        found["any"] = listed | words_of("どれかが満たされる", "at least one holds")
        found["all"] = listed | words_of("すべてが満たされる", "all hold")
        found["not"] = {"anyOf": [ref, listed]} | words_of("満たされない", "does not hold")
        for name, field in self.fields.items():
            found[name] = self._custom(name, field)
        return found

    def _deed(self, name: str) -> Schema:
        text = {"anyOf": [{"enum": ["any"]}, TEXT]}
        details = {
            "content": _listed(TEXT) | words_of("資料・ページの名前", "a piece of content"),
            "letter": TEXT | words_of("このシナリオの send の id", "the id of a send step of this scenario"),
            "outcome": _listed(TEXT) | words_of("結果", "the outcome"),
            "at_least": {"type": ["integer", "string"]} | words_of("何回以上", "how often at least"),
            "within": dict(_OWN[Span]) | words_of("この期間のうちに", "within this time"),
        }
        full = {"type": "object", "properties": details, "additionalProperties": False}
        said = DEEDS["called" if name == "call_result" else name]
        about = words_of(f"{said.ja_any}{said.ja_verb}した", f"they {said.did}{said.en_any}")
        return {"anyOf": [text, {"type": "array", "minItems": 1, "items": TEXT}, full], **about}

    def _custom(self, name: str, field: CustomField) -> Schema:
        label = field.label or Words(name, name)
        match field.type:
            case "number":
                made = dict(_OWN[Bounds])
            case "bool":
                made = dict(_OWN[bool])
            case "choice":
                made = _listed({"enum": list(field.values)})
            case _:
                made = _listed(TEXT)
        return made | words_of(label.ja, label.en)


def pages_of(kind: type[Kind]) -> tuple[str, str]:
    """What a step kind does, in Japanese and in English, from its docstring without the example."""
    parts = (inspect.getdoc(kind) or "").split("\n\n")
    return " ".join(parts[1].split()) if len(parts) > 1 else "", " ".join(parts[0].split())


def example_of(kind: type[Kind]) -> str:
    """The example of a step kind, as YAML."""
    _, _, example = (inspect.getdoc(kind) or "").partition("Example::\n")
    return inspect.cleandoc(example)


def _first(type_: type) -> str:
    return (inspect.getdoc(type_) or type_.__name__).split("\n")[0]


def _attribute(name: str) -> Schema:
    known = ATTRIBUTES.get(name, Words(name, name.replace("_", " ")))
    return words_of(known.ja, known.en)


def _choices(allowed: tuple[str, ...]) -> list[Any]:
    return [*allowed, *(other for value in allowed for other in SYNONYMS.get(value, ()))]


def _listed(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}


def _any_of(choices: list[Schema]) -> Schema:
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _stage_pattern() -> str:
    words = sorted({*STAGE_WORDS, *STAGES}, key=lambda word: (-len(word), word))
    either = "|".join(
        "".join(f"[{c}{c.upper()}]" if c.isascii() and c.isalpha() else c for c in word) for word in words
    )
    ends = "以降|以上|から|以前|以下|まで| or later| or earlier"
    gap = r"\s*(\.\.|[〜～~])\s*"
    return rf"^\s*(({either})\s*({ends})?|({either}){gap}({either})?|{gap}({either}))\s*$"


def _flags(words: frozenset[str]) -> list[str]:
    return sorted(word for word in words if not word.isdigit())


_GRADE = r"^\s*([A-Da-dＡ-Ｄａ-ｄ][1-4１-４]?|[1-4１-４])\s*$"

_OWN: dict[Any, Schema] = {
    str: TEXT,
    Any: {},
    Words: {
        "anyOf": [
            TEXT,
            {
                "type": "object",
                "properties": {"ja": TEXT, "en": TEXT},
                "required": ["ja", "en"],
                "additionalProperties": False,
            },
        ]
    },
    Span: {
        "type": "string",
        "pattern": rf"^\s*[{_DIGITS}]+\s*[^\s{_DIGITS}]",
        "examples": ["3営業日", "14日", "2 hours"],
    },
    Bounds: {"type": ["string", "number"], "pattern": f"[{_DIGITS}]", "examples": ["100以上", "60点未満", "40..80"]},
    Share: {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*([%％]|パーセント|percent)\s*$", "examples": ["45%"]},
    ClockRange: {"type": "string", "pattern": rf"^[^{_DIGITS}]*[{_DIGITS}]{{1,2}}[:：時].*[{_DIGITS}]"},
    StageRange: {"type": "string", "pattern": _stage_pattern(), "examples": [*STAGES, "mql..", "sql..won"]},
    bool: {"anyOf": [{"type": "boolean"}, {"enum": _flags(YES | NO)}]},
    int: {"type": ["integer", "string"], "pattern": rf"^\s*{_NUMBER}\s*\D*$"},
    Decimal: {"type": ["number", "string"], "pattern": rf"^\s*{_NUMBER}\s*\D*$"},
    float: {"type": ["number", "string"], "pattern": rf"^\s*{_NUMBER}\s*\D*$"},
    date: {"type": "string", "pattern": rf"[{_DIGITS}]{{4}}", "examples": ["2026-04-28"]},
    datetime: {"type": "string", "pattern": rf"[{_DIGITS}]{{4}}.*[:：時]", "examples": ["2026-06-18 14:00"]},
    time: {"type": "string", "pattern": rf"^[{_DIGITS}]{{1,2}}[:：時]"},
}  # fmt: skip


def _goal(maker: _Maker) -> Schema:
    maker.of(Condition)
    within = {"within": dict(_OWN[Span]) | words_of("入ってからこの期間のうちに", "within this time of coming in")}
    properties = {**maker.questions(), **within}
    return {"type": "object", "minProperties": 1, "properties": properties, "additionalProperties": False}


def _reentry(maker: _Maker) -> Schema:
    again = {"again_after": dict(_OWN[Span])}
    full = {"type": "object", "properties": again, "required": ["again_after"], "additionalProperties": False}
    after = {"type": "string", "pattern": rf"[{_DIGITS}].*後|after.*[{_DIGITS}]", "examples": ["180日後に再度可"]}
    return {"anyOf": [{"enum": sorted(ONCE, key=lambda word: (not word.isascii(), word))}, after, full]}


def _stop_rule(maker: _Maker) -> Schema:
    words = {"enum": ["defaults", "none", "default", "共通", "既定", "なし", "止めない"]}
    one = {"anyOf": [words, maker.of(Condition)]}
    return {"anyOf": [words, maker.of(Condition), {"type": "array", "minItems": 1, "items": one}]}


def _example(maker: _Maker) -> Schema:
    days = {"type": "object", "propertyNames": {"pattern": rf"[{_DIGITS}]\s*(日目|営業日目)|[dD]ay\s*[{_DIGITS}]"}}
    happened = {**days, "additionalProperties": _listed(TEXT)}
    properties = {
        "given": {"type": "object"}
        | words_of(
            "その人の属性。score・theme_score・grade は点数・テーマ別の点数・評価を固定する。"
            "プレイでは施設の属性と、いる方の roles(役割)、without_mail(アドレスのない役割)",
            "the person; score, theme_score and grade fix the points, those of themes, and the grade; in a play the"
            " account with roles of its people and without_mail",
        ),
        "when": happened | words_of("その人がすること(3日目: clicked first)", "what they do (day 3: clicked first)"),
        "then": happened | words_of("起きること(6日目: reminder)", "what happens (day 6: reminder)"),
        "never": _listed(TEXT) | words_of("起きないこと", "what never happens"),
    }
    needed = {"anyOf": [{"required": ["then"]}, {"required": ["never"]}]}
    return {"type": "object", "properties": properties, "additionalProperties": False, **needed}


_SPECIAL: dict[Any, Any] = {Goal: _goal, Reentry: _reentry, StopRule: _stop_rule, Example: _example}
