"""scenarios/rules/roi.yaml: what an account gains and when its costs come back, every figure with its source. Pure.

Start with `RoiRules` and `worked`; a figure that nobody gave is never made up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from abm.formula import Formula, NotAFormula, names, printed, read, worth
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Words

Basis = Literal["law", "public", "ours", "agree"]
Size = Literal["beds", "headcount"]
NO_WORDS = Words("", "")
_YEN = "円"
_MAN = 10_000
SIZES: Mapping[Size, tuple[Words, Words]] = {
    "beds": (Words("病床数・定員", "beds or places"), Words("床", "beds")),
    "headcount": (Words("職員数", "staff"), Words("名", "people")),
}
"""What an account's size is called, and its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A value for accounts up to a size."""

    up_to: int = entry("この規模まで", "for sizes up to this one")
    value: Decimal = entry("値", "the value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One figure that is assumed: its value, where it comes from and as of when."""

    id: str = entry("計算式で使う名前", "its name in formulas")
    label: Words = entry("資料に出る名前", "what the paper calls it")
    value: Decimal | None = entry("値", "its value", None)
    tiers: tuple[Tier, ...] = entry("規模ごとの値(小さい順)", "values by size, in rising order", ())
    unit: Words = entry("単位(％は%、金額は円)", "its unit (% and JPY are known)", NO_WORDS)
    basis: Basis = entry(
        "根拠(law: 法令、public: 公表資料、ours: 自社の料金や実績、agree: ご相談のうえ決める仮の数字)",
        "what it rests on: law, public, ours (our prices, our customers), or agree (to be agreed with the account)",
        "agree",
    )
    source: Words = entry(
        "出どころ。agree では、確かめ方", "where it comes from; for agree, how to find it out", NO_WORDS
    )
    as_of: date = entry("いつの数字か", "as of when")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRule:
    """One line of the calculation: what it is made of, its unit and to what it is rounded before it is used further."""

    id: str = entry("計算式で使う名前", "its name in formulas below")
    label: Words = entry("資料に出る名前", "what the paper calls it")
    is_: str = entry("計算式(＋−×÷は + - * /)", "its formula: names, numbers, + - * / and brackets")
    unit: Words = entry("単位", "its unit", NO_WORDS)
    step: Decimal = entry("丸める単位(次の行も、丸めた値で計算します)", "it is rounded to this", Decimal(1))
    up: bool = entry("切り上げる", "rounded up", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vary:
    """What happens when one assumption turns out otherwise."""

    assumption: str = entry("変えてみる前提", "the assumption")
    values: tuple[Decimal, ...] = entry("試す値", "values it is tried with")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Why the sum is taken to hold for larger accounts as well: an assumption of its own, printed for those."""

    above: int = entry("この規模を超える取引先に示す", "shown to accounts above this size")
    assumed: Words = entry("前提として資料に出る言葉", "what the paper says is assumed")
    source: Words = entry("確かめ方", "how to find out")
    as_of: date = entry("いつの前提か", "as of when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """One calculation, for kinds of facility and themes."""

    id: str = entry("名前", "its name")
    title: Words = entry("資料に出る題名", "what the paper calls it")
    kinds: tuple[str, ...] = entry("施設の種類", "kinds of facility")
    themes: tuple[str, ...] = entry("テーマ(省略するとすべて)", "themes (all when left out)", ())
    size: Size = entry("もとにする規模(beds: 病床数・定員、headcount: 職員数)", "which size it begins with")
    size_unit: Words = entry("規模の単位(省略すると床・名)", "its unit (beds or people when left out)", NO_WORDS)
    at_least: int = entry("この規模から計算する", "not for smaller ones", 1)
    at_most: int = entry("この規模まで計算する(超えると個別のお見積もり)", "not for larger ones")
    lines: tuple[LineRule, ...] = entry("計算の行(上から順に)", "its lines, from the top")
    result: str = entry("結論となる行", "the line that is the result")
    never: Words = entry(
        "得るものがないときの言葉(省略すると「費用は戻りません」)", "what is said where nothing is gained", NO_WORDS
    )
    vary: Vary | None = entry("前提を変えたときの結論", "the result under other assumptions", None)
    examples: tuple[int, ...] = entry(
        "規模がわからないときに示す例", "sizes shown where the account's is not known", ()
    )
    holds: tuple[Holding, ...] = entry(
        "大きい規模でも計算が成り立つとみなす前提", "why it is taken to hold for larger ones", ()
    )
    left_out: tuple[Words, ...] = entry("計算に入れていないもの", "what is not in it", ())

    def sized(self, size: int, lang: str) -> str:
        """A size with its unit: 200床."""
        return amount(Decimal(size), self.size_unit if self.size_unit.ja else SIZES[self.size][1], lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoiRules:
    """scenarios/rules/roi.yaml: assumptions with their sources, and calculations made of them."""

    main_theme: str = entry("関心がまだわからないときのテーマ", "the theme where an account's own is not known", "")
    assumptions: tuple[Assumption, ...] = entry("前提", "assumptions", ())
    returns: tuple[Return, ...] = entry(
        "計算(上から順に、最初に当てはまるもの)", "calculations; the first that fits", ()
    )

    def of(self, kind: str, theme: str) -> Return | None:
        """The calculation for a kind of facility and a theme."""
        fitting = (each for each in self.returns if kind in each.kinds and (not each.themes or theme in each.themes))
        return next(fitting, None)

    def assumed(self, name: str) -> Assumption | None:
        """The assumption of this name."""
        return next((each for each in self.assumptions if each.id == name), None)


class Line(NamedTuple):
    """A line worked out. value: rounded, None where the costs never come back; exact: rounding changed nothing."""

    rule: LineRule
    formula: Formula
    value: Decimal | None
    exact: bool


class Worked(NamedTuple):
    """A calculation for one size. used: the assumptions it rests on, in order, with the value each has for it."""

    rule: Return
    size: int
    lines: Sequence[Line]
    used: Sequence[tuple[Assumption, Decimal]]

    @property
    def result(self) -> Line:
        """The line that it is all about."""
        return next(each for each in self.lines if each.rule.id == self.rule.result)

    @property
    def gains(self) -> bool:
        """Whether anything is gained under these assumptions."""
        return self.result.value is not None and self.result.value > 0

    def printed(self, line: Line, lang: str) -> str:
        """What a line is made of, with values: 200床 × 0.6名."""
        return printed(line.formula, lambda name: self._said(name, lang), lang)

    def _said(self, name: str, lang: str) -> str:
        if name == self.rule.size:
            return self.rule.sized(self.size, lang)
        for each in self.lines:
            if each.rule.id == name:
                return "−" if each.value is None else amount(each.value, each.rule.unit, lang)
        return next(amount(value, each.unit, lang) for each, value in self.used if each.id == name)


def worked(rules: RoiRules, rule: Return, size: int, instead: Mapping[str, Decimal] | None = None) -> Worked:
    """The calculation for a size within its bounds; instead: other values for assumptions. For rules without faults."""
    given = {each.id: value for each in rules.assumptions if (value := value_of(each, size)) is not None}
    given |= instead or {}
    units = {each.id: each.unit for each in rules.assumptions}
    values = {name: value / 100 if units[name].ja == "%" else value for name, value in given.items()}
    values[rule.size] = Decimal(size)
    lines: list[Line] = []
    asked: dict[str, None] = {}
    for each in rule.lines:
        formula = read(each.is_)
        wanted = [*names(formula)]
        asked |= dict.fromkeys(wanted)
        exactly = worth(formula, values) if all(name in values for name in wanted) else None
        value = None if exactly is None else _rounded(exactly, each)
        if value is not None:
            values[each.id] = value
        lines.append(Line(each, formula, value, value == exactly))
    used = [(each, given[each.id]) for each in rules.assumptions if each.id in asked and each.id in given]
    return Worked(rule, size, lines, used)


def method(rules: RoiRules, rule: Return, lang: str) -> list[tuple[str, str]]:
    """How it is worked out, without a figure: each line with its sum in words, for whoever has figures of their own."""
    called: dict[str, Words] = {each.id: each.label for each in rules.assumptions}
    called |= {each.id: each.label for each in rule.lines} | {rule.size: SIZES[rule.size][0]}
    return [
        (each.label.say(lang), printed(read(each.is_), lambda name: called[name].say(lang), lang))
        for each in rule.lines
    ]


def value_of(assumption: Assumption, size: int) -> Decimal | None:
    """What it is for an account of this size; None above its last tier."""
    if assumption.value is not None:
        return assumption.value
    return next((tier.value for tier in assumption.tiers if size <= tier.up_to), None)


def amount(value: Decimal, unit: Words, lang: str) -> str:
    """As people read it: 480時間, 1億6,000万円, 50%; 480 hours, JPY 160,000,000, 50%."""
    sign, value = ("−", -value) if value < 0 else ("", value)
    said = f"{value.normalize():,f}" if value % 1 else f"{int(value):,}"
    if unit.ja == "%":
        return f"{sign}{said}%"
    if unit.ja == _YEN:
        return f"{sign}{_yen(int(value))}" if lang == "ja" else f"JPY {sign}{said}"
    if lang == "ja":
        return f"{sign}{said}{unit.ja}"
    return f"{sign}{said} {unit.en}".rstrip()


def _yen(value: int) -> str:
    """Whole 10,000 yen as 万円, so that sums stay short; else to the yen."""
    if not value or value % _MAN:
        return f"{value:,}円"
    many, rest = divmod(value // _MAN, _MAN)
    return (f"{many:,}億" if many else "") + (f"{rest:,}万" if rest else "") + "円"


def _rounded(value: Decimal, rule: LineRule) -> Decimal:
    rounding = ROUND_CEILING if rule.up else ROUND_HALF_UP
    return (value / rule.step).quantize(Decimal(1), rounding) * rule.step


Code = Literal[
    "same_id", "value", "tiers", "source", "formula", "unknown_name", "short_tiers", "result", "vary", "sizes", "step",
    "kind", "theme", "percent",
]  # fmt: skip


class Fault(NamedTuple):
    """What is wrong with rules that parse well: a code, its place, and what the sentence names."""

    code: Code
    path: tuple[str | int, ...]
    args: tuple[str, ...] = ()


def faults(rules: RoiRules, kinds: Collection[str], themes: Collection[str] | None) -> Iterator[Fault]:
    """All faults, in the order of the file. themes: those of content.yaml, None where there is no such file."""
    if rules.main_theme and themes is not None and rules.main_theme not in themes:
        yield Fault("theme", ("main_theme",), (rules.main_theme,))
    seen: set[str] = {*SIZES}
    for number, assumed in enumerate(rules.assumptions):
        yield from _of_assumption(assumed, ("assumptions", number), seen)
    known, titles = frozenset(seen), set[str]()
    for number, each in enumerate(rules.returns):
        place = ("returns", number)
        if each.id in titles:
            yield Fault("same_id", (*place, "id"), (each.id,))
        titles.add(each.id)
        for at, kind in enumerate(each.kinds):
            if kind not in kinds:
                yield Fault("kind", (*place, "kinds", at), (kind, ", ".join(kinds)))
        for at, theme in enumerate(each.themes):
            if themes is not None and theme not in themes:
                yield Fault("theme", (*place, "themes", at), (theme,))
        yield from _of_return(rules, each, place, known)


def _of_assumption(each: Assumption, place: tuple[str | int, ...], seen: set[str]) -> Iterator[Fault]:
    if each.id in seen or not each.id.isidentifier():
        yield Fault("same_id", (*place, "id"), (each.id,))
    seen.add(each.id)
    if (each.value is None) == (not each.tiers):
        yield Fault("value", place, (each.id,))
    sizes = [tier.up_to for tier in each.tiers]
    if sizes != sorted(set(sizes)) or any(size < 1 for size in sizes):
        yield Fault("tiers", (*place, "tiers"), (each.id,))
    if each.basis != "agree" and not each.source.ja.strip():
        yield Fault("source", place, (each.id,))


def _of_return(rules: RoiRules, each: Return, place: tuple[str | int, ...], known: frozenset[str]) -> Iterator[Fault]:
    if not 1 <= each.at_least <= each.at_most:
        yield Fault("sizes", (*place, "at_most"), (str(each.at_least), str(each.at_most)))
    for at, size in enumerate(each.examples):
        if not each.at_least <= size <= each.at_most:
            yield Fault("sizes", (*place, "examples", at), (str(each.at_least), str(each.at_most)))
    for at, holding in enumerate(each.holds):
        if not each.at_least <= holding.above < each.at_most:
            yield Fault("sizes", (*place, "holds", at, "above"), (str(each.at_least), str(each.at_most)))
    there = {name for name in known if name == each.size or name not in SIZES}
    asked: set[str] = set()
    for number, line in enumerate(each.lines):
        yield from _of_line(line, (*place, "lines", number), there, asked)
        there.add(line.id)
    for name in sorted(asked):
        assumed = rules.assumed(name)
        if assumed is not None and assumed.tiers and assumed.tiers[-1].up_to < each.at_most:
            yield Fault("short_tiers", (*place, "at_most"), (name, str(assumed.tiers[-1].up_to), str(each.at_most)))
    if each.result not in {line.id for line in each.lines}:
        yield Fault("result", (*place, "result"), (each.result,))
    vary = each.vary
    if vary is not None and (vary.assumption not in asked or rules.assumed(vary.assumption) is None):
        yield Fault("vary", (*place, "vary", "assumption"), (vary.assumption,))


def _of_line(line: LineRule, place: tuple[str | int, ...], there: Collection[str], asked: set[str]) -> Iterator[Fault]:
    if line.id in there or not line.id.isidentifier():
        yield Fault("same_id", (*place, "id"), (line.id,))
    if line.step <= 0:
        yield Fault("step", (*place, "step"), (line.id,))
    if line.unit.ja == "%":
        yield Fault("percent", (*place, "unit"), (line.id,))
    try:
        wanted = [*names(read(line.is_))]
    except NotAFormula:
        yield Fault("formula", (*place, "is"), (line.is_[:60],))
        return
    asked.update(wanted)
    for name in dict.fromkeys(wanted):
        if name not in there:
            yield Fault("unknown_name", (*place, "is"), (name,))
