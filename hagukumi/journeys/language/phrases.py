"""Values and conditions as phrases in natural Japanese and English. Pure. Start with `clause` and `span`.

A condition becomes a Clause: the same thought as a statement, before a noun, before "and", denied, and as an event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import GRADES, STAGES, Bounds, ClockRange, Share, Span, SpanUnit, StageRange, Words
from hagukumi.journeys.language.synonyms import SYNONYMS
from hagukumi.journeys.steps.conditions import All, Did, Grade, Holds, Not, Number, OneOf, Score, Stage, ThemeScore
from hagukumi.journeys.steps.conditions import Any as AnyOf
from hagukumi.journeys.steps.outcomes import as_written
from hagukumi.words.deeds import DEEDS
from hagukumi.words.names import ATTRIBUTES, CALL_OUTCOMES, DESKS, ROLES, name_of
from hagukumi.words.names import STAGES as STAGE_NAMES


@dataclass(frozen=True, slots=True)
class Names:
    """What letters and content, send steps and fields are called. A stranger keeps its name."""

    contents: Mapping[str, Words] = field(default_factory=dict)
    sends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, Words] = field(default_factory=dict)
    themes: Mapping[str, Words] = field(default_factory=dict)

    def letter(self, content: str, lang: str) -> str:
        """A letter by its title, quoted."""
        title = name_of(self.contents, content, lang)
        return f"“{title}”" if lang == "en" else f"『{title}』"

    def sent(self, step: str, lang: str) -> str:
        """The letter of a send step; a step of a repeat may have several."""
        contents = self.sends.get(step.rpartition(":")[2], (step,))
        return ("/" if lang == "en" else "・").join(self.letter(content, lang) for content in contents)

    def piece(self, name: str, lang: str) -> str:
        """A piece of content by its title, quoted."""
        title = name_of(self.contents, name, lang)
        return f"“{title}”" if lang == "en" else f"「{title}」"

    def paper(self, name: str, lang: str) -> str:
        """A paper of accounts by its title; anything else to take along or to enclose as it is written."""
        return self.letter(f"papers/{name}", lang) if f"papers/{name}" in self.contents else name

    def attribute(self, name: str, lang: str) -> str:
        """What a field is called."""
        return name_of({**ATTRIBUTES, **_MORE_ATTRIBUTES, **self.fields}, name, lang)


_MORE_ATTRIBUTES = {
    "last_touch": Words("最後の接点", "last touch"),
    "ng_reason": Words("対象外の理由", "reason for NG"),
    "account": Words("取引先", "account"),
    "acquainted": Words("面識", "acquainted"),
    "scenarios": Words("シナリオ", "scenario"),
}


class Clause(NamedTuple):
    """One thought in the forms that sentences need. In English `noun`, `and_` and `plain` are alike."""

    plain: str
    noun: str
    and_: str
    event: str
    no: str
    no_and: str
    deed: bool = False


_UNITS = {
    SpanUnit.MINUTES: ("分", "minute"),
    SpanUnit.HOURS: ("時間", "hour"),
    SpanUnit.DAYS: ("日", "day"),
    SpanUnit.BUSINESS_DAYS: ("営業日", "business day"),
}


def span(value: Span, lang: str) -> str:
    """3営業日, 3 business days."""
    ja, en = _UNITS[value.unit]
    if lang == "en":
        return f"{value.amount} {en}" if value.amount == 1 else f"{value.amount} {en}s"
    return f"{value.amount}{ja}"


def share(value: Share, lang: str) -> str:
    """45%, 12.5%."""
    return f"{value.points / 100:g}%"


def hours(value: ClockRange, lang: str) -> str:
    """16:00〜17:30, 16:00-17:30."""
    return f"{value.start:%H:%M}{'-' if lang == 'en' else '〜'}{value.end:%H:%M}"


def bounds(value: Bounds, lang: str, unit: tuple[str, str] = ("", "")) -> str:
    """60点以上, at least 60 points; 40以上80未満, from 40 to below 80."""
    low = None if value.low is None else f"{value.low:f}"
    high = None if value.high is None else f"{value.high:f}"
    if low is not None and low == high:
        return f"{low}{unit[1]}" if lang == "en" else f"{low}{unit[0]}"
    if lang == "en":
        parts = [] if low is None else [f"at least {low}" if value.low_included else f"more than {low}"]
        parts += [] if high is None else [f"at most {high}" if value.high_included else f"less than {high}"]
        return " and ".join(parts) + unit[1]
    ja = "" if low is None else f"{low}{unit[0]}{'以上' if value.low_included else '超'}"
    return ja + ("" if high is None else f"{high}{unit[0]}{'以下' if value.high_included else '未満'}")


def stages(value: StageRange, lang: str) -> str:
    """リード, MQL以降, lead, MQL or later."""
    low, high = name_of(STAGE_NAMES, value.low, lang), name_of(STAGE_NAMES, value.high, lang)
    if value.low == value.high:
        return low
    if value.high == STAGES[-1]:
        return f"{low} or later" if lang == "en" else f"{low}以降"
    if value.low == STAGES[0]:
        return f"up to {high}" if lang == "en" else f"{high}まで"
    return f"{low} to {high}" if lang == "en" else f"{low}から{high}"


def grades_said(grades: frozenset[str], lang: str) -> str:
    """A1またはB1, A1 or B1; all of a fit by its letter (A), all of a behaviour by its number (1)."""
    said, left = [], set(grades)
    for one in (*"ABCD", *"1234"):
        whole = {grade for grade in GRADES if one in grade}
        if whole <= grades and not whole.isdisjoint(left):
            said.append(one)
            left -= whole
    return (" or " if lang == "en" else "または").join([*said, *sorted(left)])


def desk(value: str, lang: str) -> str:
    """インサイドセールス, inside sales."""
    return name_of(DESKS, value, lang)


def clause(condition: Condition, lang: str, names: Names) -> Clause:
    """A condition as a phrase."""
    match condition:
        case OneOf(attribute, values):
            return _one_of(attribute, values, lang, names)
        case Number(attribute, range_):
            return _number(attribute, range_, lang, names)
        case Stage(range_):
            return _state(names.attribute("stage", lang), stages(range_, lang), lang)
        case Score(range_):
            return _state(
                "スコア" if lang == "ja" else "the score", bounds(range_, lang, ("点", " points")), lang, the=""
            )
        case ThemeScore(theme, range_):
            title = name_of(names.themes, theme, lang)
            what = f"the score of the theme “{title}”" if lang == "en" else f"テーマ「{title}」のスコア"
            return _state(what, bounds(range_, lang, ("点", " points")), lang, the="")
        case Grade(grades):
            return _state("grade" if lang == "en" else "評価", grades_said(grades, lang), lang)
        case Holds(attribute, held):
            return _holds(attribute, sorted(held), lang)
        case Did():
            return _did(condition, lang, names)
        case Not(inner):
            return _denied(clause(inner, lang, names))
        case All(parts):
            return _together([clause(part, lang, names) for part in parts], lang)
        case AnyOf(parts):
            return _either([clause(part, lang, names) for part in parts], lang)
        case _:
            raise TypeError(f"no words for {type(condition).__name__}")


def relative(condition: Condition, names: Names) -> str:
    """A condition in English behind people or accounts: who clicked “x”, whose stage is lead, that are on the list."""
    match condition:
        case All(parts) if parts:
            return " and ".join(relative(part, names) for part in parts)
        case AnyOf(parts):
            return " or ".join(relative(part, names) for part in parts)
        case _:
            plain = clause(condition, "en", names).plain
            found = next((each for each in _RELATIVE if plain.startswith(each[0])), ("", "for whom "))
            return found[1] + plain[len(found[0]) :]


_RELATIVE = (
    ("they ", "who "),
    ("the account is not ", "that are not "),
    ("the account is ", "that are "),
    ("we have", "whom we have"),
    ("the ", "whose "),
    ("somebody is known as ", "with a known "),
    ("nobody is known as ", "without a known "),
)
"""How a statement in English begins, and how it does behind those it is about."""


def _state(what: str, is_: str, lang: str, the: str = "the ") -> Clause:
    if lang == "en":
        yes, no = f"{the}{what} is {is_}", f"{the}{what} is not {is_}"
        return Clause(yes, yes, yes, yes, no, no)
    stem = f"{what}が{is_}"
    return Clause(stem, f"{stem}の", f"{stem}で", f"{stem}になるの", f"{stem}ではない", f"{stem}ではなく")


_COUNTED = {"beds": ("床", " beds"), "headcount": ("名", " staff")}


def _number(attribute: str, range_: Bounds, lang: str, names: Names) -> Clause:
    unit = _COUNTED.get(attribute, ("", ""))
    said = bounds(range_, lang, unit)
    if lang == "en" and attribute in _COUNTED:
        yes, no = f"the facility has {said}", f"the facility does not have {said}"
        return Clause(yes, yes, yes, yes, no, no)
    return _state(names.attribute(attribute, lang), said, lang)


def _verb(stem: str, event: str) -> Clause:
    done = f"{stem}した"
    return Clause(done, done, f"{stem}していて", event, f"{stem}していない", f"{stem}していなくて", deed=True)


def _english(yes: str, no: str, event: str, deed: bool = True) -> Clause:
    return Clause(yes, yes, yes, event, no, no, deed)


def _one_of(attribute: str, values: frozenset[str | bool], lang: str, names: Names) -> Clause:
    what = names.attribute(attribute, lang)
    if attribute in _FLAGS and len(values) == 1:
        return _flag(attribute, lang, holds=True in values)
    if values <= {True, False}:
        known = True in values
        if lang == "en":
            yes, no = f"“{what}” is yes", f"“{what}” is not yes"
            return _english(yes, no, yes, deed=False) if known else _english(no, yes, no, deed=False)
        said = _state(f"「{what}」", "「はい」", lang)
        return said if known else _denied(said)
    order = list(SYNONYMS)
    texts = sorted(map(str, values), key=lambda value: (order.index(value) if value in order else len(order), value))
    said_values = [_value(value, lang) for value in texts]
    return _state(what, (" or " if lang == "en" else "または").join(said_values), lang)


_FLAGS = {
    "left_company": (
        ("退職・異動した", "退職・異動していて"),
        ("退職・異動していない", "退職・異動していなくて"),
        "退職・異動",
    ),
    "acquainted": (("面識がある", "面識があり"), ("面識がない", "面識がなく"), "面識があるの"),
    "listed": (
        ("ターゲットリストにある", "ターゲットリストにあり"),
        ("ターゲットリストにない", "ターゲットリストになく"),
        "ターゲットリストに入るの",
    ),
    "in_deal": (("商談中である", "商談中で"), ("商談中ではない", "商談中ではなく"), "商談中になるの"),
}
_FLAGS_EN = {
    "left_company": ("they have left the company", "they have not left the company"),
    "acquainted": ("we have met them", "we have not met them"),
    "listed": ("the account is on the target list", "the account is not on the target list"),
    "in_deal": ("the account is in a deal", "the account is in no deal"),
}


def _flag(attribute: str, lang: str, *, holds: bool) -> Clause:
    if lang == "en":
        yes, no = _FLAGS_EN[attribute]
        return _english(yes, no, yes, deed=False) if holds else _english(no, yes, no, deed=False)
    (yes, yes_and), (no, no_and), event = _FLAGS[attribute]
    said = Clause(yes, yes, yes_and, event, no, no_and)
    return said if holds else _denied(said)


def _value(value: str, lang: str) -> str:
    if value in ROLES:
        return ROLES[value].say(lang)
    if lang == "en":
        return value.replace("_", " ")
    return SYNONYMS[value][0] if value in SYNONYMS else value


def _holds(attribute: str, names: list[str], lang: str) -> Clause:
    if attribute == "roles":
        return _roles(names, lang)
    inside = attribute == "scenarios"
    if lang == "en":
        either = " or ".join(f"“{name}”" for name in names)
        if inside:
            return _english(
                f"they are in the scenario {either}", f"they are not in the scenario {either}", f"the scenario {either}"
            )
        return _english(
            f"they have the tag {either}", f"they do not have the tag {either}", f"the tag {either}", deed=False
        )
    either = "または".join(f"「{name}」" for name in names)
    if inside:
        stem = f"シナリオ{either}に入って"
        return Clause(
            f"{stem}いる", f"{stem}いる", f"{stem}いて", f"シナリオ{either}に入るの", f"{stem}いない", f"{stem}いなくて"
        )
    stem = f"タグ{either}が付いて"
    return Clause(
        f"{stem}いる", f"{stem}いる", f"{stem}いて", f"タグ{either}が付くの", f"{stem}いない", f"{stem}いなくて"
    )


def _roles(names: list[str], lang: str) -> Clause:
    said = [name_of(ROLES, name, lang) for name in names]
    if lang == "en":
        either = " or ".join(said)
        yes, no = f"somebody is known as {either}", f"nobody is known as {either}"
        return _english(yes, no, f"somebody known as {either}", deed=False)
    stem = f"{'または'.join(said)}のかたが分かって"
    return Clause(f"{stem}いる", f"{stem}いる", f"{stem}いて", f"{stem}いるの", f"{stem}いない", f"{stem}いなくて")


def _did(condition: Did, lang: str, names: Names) -> Clause:
    said = DEEDS[condition.kind]
    about = _about(condition, lang, names)
    if condition.kind in ("called", "met", "visit_result") and condition.outcome:
        return _resulted(condition, lang)
    within = "" if condition.within is None else span(condition.within, lang)
    often = condition.at_least
    if lang == "en":
        ending = ("" if often == 1 else " at least twice" if often == 2 else f" at least {often} times") + (
            f" within {within}" if within else ""
        )
        what = said.en_some.format(about) if about else said.en_any
        noun = f"{said.noun}{what}{ending}"
        return _english(f"they {said.did}{what}{ending}", f"they did not {said.do}{what}{ending}", noun)
    what, before = said.ja_some.format(about) if about else said.ja_any, f"{within}以内に" if within else ""
    count = "" if often == 1 else f"{often}回以上"
    event = f"{f'{within}以内の' if within else ''}{what[:-1]}{f'の{count}' if count else ''}{said.ja_event}"
    return _verb(f"{before}{what}{count}{said.ja_verb}", event)


def _about(condition: Did, lang: str, names: Names) -> str:
    if condition.letter is not None:
        return names.sent(condition.letter, lang)
    return (" or " if lang == "en" else "・").join(names.piece(name, lang) for name in sorted(condition.content))


def _resulted(condition: Did, lang: str) -> Clause:
    results = sorted(as_written(condition.outcome))
    if lang == "en":
        what = "a call" if condition.kind == "called" else "a meeting"
        either = " or ".join(f"“{name_of(CALL_OUTCOMES, each, lang)}”" for each in results)
        within = "" if condition.within is None else f" within {span(condition.within, lang)}"
        yes, no = f"{what} ended with {either}{within}", f"no {what[2:]} ended with {either}{within}"
        return _english(yes, no, f"{what} with the result {either}{within}")
    what = "電話" if condition.kind == "called" else "面談"
    either = "または".join(f"「{each}」" for each in results)
    within = "" if condition.within is None else f"{span(condition.within, lang)}以内に"
    said = _state(f"{within}{what}の結果", either, lang)
    return said._replace(event=f"{within}{what}の結果{either}", deed=True)


def _denied(said: Clause) -> Clause:
    return Clause(said.no, said.no, said.no_and, f"{said.no}状態", said.plain, said.and_)


def _together(parts: list[Clause], lang: str) -> Clause:
    if not parts:
        return _english("it is anybody", "it is nobody", "anything") if lang == "en" else _state("条件", "なし", lang)
    if len(parts) == 1:
        return parts[0]
    if lang == "en":
        yes = " and ".join(part.plain for part in parts)
        no = " or ".join(part.no for part in parts)
        return _english(yes, no, yes, deed=False)
    joined = "、".join(part.and_ for part in parts[:-1])
    no = "か、".join(part.no for part in parts)
    last = parts[-1]
    return Clause(
        f"{joined}、{last.plain}",
        f"{joined}、{last.noun}",
        f"{joined}、{last.and_}",
        f"{joined}、{last.event}",
        no,
        f"{no}で",
    )


def _either(parts: list[Clause], lang: str) -> Clause:
    if len(parts) == 1:
        return parts[0]
    if lang == "en":
        yes = " or ".join(part.plain for part in parts)
        no = " and ".join(part.no for part in parts)
        return _english(yes, no, " or ".join(part.event for part in parts), deed=False)
    joined = "か、".join(part.plain for part in parts[:-1])
    last = parts[-1]
    no = "、".join([*(part.no_and for part in parts[:-1]), parts[-1].no])
    events = "か、".join(part.event for part in parts)
    return Clause(
        f"{joined}か、{last.plain}", f"{joined}か、{last.noun}", f"{joined}か、{last.and_}", events, no, f"{no}で"
    )
