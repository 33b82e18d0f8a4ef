"""What tells that an account is looking for something, and about what: scenarios/rules/intent.yaml as values. Pure.

heat.py makes points, temperature and stage of it. Start with `IntentRules` and `Topics`.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from hagukumi.journeys.core.fields import NOTHING, entry
from hagukumi.journeys.core.values import Span, SpanUnit, Words
from models.scoring.rules import ActivityKind

Stage = Literal["認知", "検討", "比較", "導入"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""Stages of buying, the first one first."""
OwnKind = Literal[ActivityKind, "paper_viewed"]
"""Acts of people, and views of papers by links of the account, which may be anybody's there."""
Measure = Literal["count", "score", "listed"]
Covers = Literal["day", "week"]
LEAST_SCORE, MOST_SCORE = 0, 100
MOST_COUNT = 1_000_000
"""A count above that is a number from another column."""
UNIT = 100
"""Amounts are kept in hundredths: a count of one, a listing and a score of 100 are one unit each."""
HORIZON = 26
"""Weeks that are looked back upon; what is older has faded."""
FORTNIGHT, QUARTER = Span(14, SpanUnit.DAYS), Span(90, SpanUnit.DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSource:
    """Acts of the account's people that we see ourselves; machines' acts are never counted."""

    id: str = entry("名前", "its name")
    label: Words = entry("内訳に出る名前", "its name in the receipt")
    kinds: tuple[OwnKind, ...] = entry(
        "数える行動の種類(paper_viewed は、取引先ごとの資料の閲覧)",
        "kinds of activity it counts; paper_viewed: a look at a paper made for the account",
    )
    outcome: tuple[str, ...] = entry("結果(省略するとすべて)", "outcomes (all when left out)", ())
    weight: Decimal = entry("1回あたりの点数", "points each time")
    half_life: Span = entry("半減期(日)", "days in which the points halve", FORTNIGHT)
    cap: Decimal = entry("テーマごとの1週間の上限", "most that a theme gets in a week")
    stage: Stage | None = entry(
        "資料の検討段階がないときの段階", "stage of buying where the content has none of its own", None
    )
    by_stage: Mapping[Stage, Decimal] = entry(
        "検討段階ごとの点数(書いていない段階は weight)",
        "points by the stage of buying that the act speaks for; other stages get `weight`",
        NOTHING,
    )

    def units(self, stage: Stage | None) -> int:
        """Hundredths of a unit that an act counts which speaks for this stage."""
        if stage is None or stage not in self.by_stage:
            return UNIT
        return round(self.by_stage[stage] * UNIT / self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSource:
    """A service or list from outside, brought in by `abm import-intent`."""

    id: str = entry("名前(マッピングの source)", "its name, the source of its mapping")
    label: Words = entry("内訳に出る名前", "its name in the receipt")
    measure: Measure = entry(
        "数え方(count: 回数、score: 0〜100点、listed: 載っていれば1)",
        "what a row says: count, score from 0 to 100, or listed (being there counts)",
        "count",
    )
    covers: Covers = entry(
        "一つの一覧が言い尽くす期間。あとの一覧は、この期間ごとに前の一覧に代わる",
        "of what a list says everything: a later list takes the place of an earlier one day by day, or week by week",
        "day",
    )
    weight: Decimal = entry("1回、または100点あたりの点数", "points for a count of one, for being listed, or for 100")
    half_life: Span = entry("半減期(日)", "days in which the points halve", FORTNIGHT)
    cap: Decimal = entry("テーマごとの1週間の上限", "most that a theme gets in a week")
    stage: Stage | None = entry(
        "キーワードから分からないときの段階", "stage of buying where the topic tells none", None
    )
    any_topic: bool = entry(
        "テーマのない話題も数える(人事など、話題を問わず意味のある出来事)",
        "topics without a theme count as well, such as a new director",
        False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SurgeRule:
    """When interest surges: in a vendor's score, or three weeks against twelve before in our own history."""

    line: int = entry("急上昇とみなす点数(0〜100)", "the score from which it surges, 0 to 100", 60)
    recent: int = entry("見る週数", "weeks that are looked at", 3)
    before: int = entry("比べる、その前の週数", "weeks before, compared with", 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureRule:
    """This week against the average of the three before, in per cent."""

    rising: int = entry("上昇とみなす割合(%)", "from so many per cent it rises", 130)
    cooling: int = entry("下降とみなす割合(%)", "up to so many per cent it cools", 70)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRule:
    """How the stage of buying is told: the latest stage with enough evidence."""

    at_least: Decimal = entry("段階と認める点数", "points of evidence that make a stage", Decimal(3))
    within: Span = entry("証拠を見る期間(日)", "evidence is not older than so many days", QUARTER)
    words: Mapping[Stage, tuple[str, ...]] = entry(
        "段階を表すキーワード(話題に含まれるとき)", "words in a topic that tell a stage", NOTHING
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentRules:
    """scenarios/rules/intent.yaml: what counts as intent, about which theme, and how fast it fades."""

    own: tuple[OwnSource, ...] = entry("自社で分かる行動", "what we see ourselves", ())
    lists: tuple[ListSource, ...] = entry("外から届く一覧", "lists from outside", ())
    topics: Mapping[str, tuple[str, ...]] = entry(
        "テーマごとのキーワード(話題に含まれるとき、最も長いものが優先)",
        "words of each theme of content.yaml; a topic that holds one is about it, the longest wins",
        NOTHING,
    )
    surge: SurgeRule = entry("急上昇の決まり", "what a surge is", SurgeRule())
    temperature: TemperatureRule = entry("温度の決まり", "what warm and cold are", TemperatureRule())
    stage: StageRule = entry("検討段階の決まり", "how the stage of buying is told", StageRule())
    ceiling: int = entry("関心の点数の上限", "intent never rises above", 100)

    def own_named(self, name: str) -> OwnSource | None:
        """The acts of our own of this name."""
        return next((each for each in self.own if each.id == name), None)

    def list_named(self, name: str) -> ListSource | None:
        """The list of this name."""
        return next((each for each in self.lists if each.id == name), None)


class Fault(NamedTuple):
    """What is wrong with rules that parse well: a code, its place, and what the sentence names."""

    code: Literal[
        "same_id", "weight", "half_life", "no_kinds", "line", "weeks", "history", "theme", "word_twice", "percent",
        "least", "within", "ceiling",
    ]  # fmt: skip
    path: tuple[str | int, ...]
    args: tuple[str, ...] = ()


def faults(rules: IntentRules, themes: Collection[str] | None) -> Iterator[Fault]:
    """All faults, in the order of the file. themes: those of content.yaml, None where there is no such file."""
    seen: set[str] = set()
    parts: tuple[tuple[str, Sequence[OwnSource | ListSource]], ...] = (("own", rules.own), ("lists", rules.lists))
    for part, sources in parts:
        for number, each in enumerate(sources):
            yield from _of_source(each, (part, number), seen)
    words: dict[str, str] = {}
    for theme, listed in rules.topics.items():
        if themes is not None and theme not in themes:
            yield Fault("theme", ("topics", theme), (theme,))
        for number, word in enumerate(listed):
            first = words.setdefault(flat(word), theme)
            if first != theme or not flat(word):
                yield Fault("word_twice", ("topics", theme, number), (word, first))
    if not LEAST_SCORE < rules.surge.line <= MOST_SCORE:
        yield Fault("line", ("surge", "line"), (str(rules.surge.line),))
    yield from _of_weeks(rules.surge)
    if not 0 <= rules.temperature.cooling < 100 < rules.temperature.rising:
        yield Fault("percent", ("temperature",))
    if rules.stage.at_least <= 0:
        yield Fault("least", ("stage", "at_least"), (str(rules.stage.at_least),))
    if not _is_days(rules.stage.within):
        yield Fault("within", ("stage", "within"))
    if rules.ceiling <= 0:
        yield Fault("ceiling", ("ceiling",), (str(rules.ceiling),))


def _of_weeks(rule: SurgeRule) -> Iterator[Fault]:
    single = True
    for name in ("recent", "before"):
        if not 1 <= getattr(rule, name) <= HORIZON:
            single = False
            yield Fault("weeks", ("surge", name), (str(getattr(rule, name)), str(HORIZON)))
    if single and rule.recent + rule.before > HORIZON:
        yield Fault("history", ("surge", "before"), (str(rule.recent + rule.before), str(HORIZON)))


def _of_source(source: OwnSource | ListSource, place: tuple[str | int, ...], seen: set[str]) -> Iterator[Fault]:
    if source.id in seen:
        yield Fault("same_id", (*place, "id"), (source.id,))
    seen.add(source.id)
    # Points are counted in tenths; what is finer would be cut off.
    if not 0 < source.weight <= source.cap or not (_is_tenths(source.weight) and _is_tenths(source.cap)):
        yield Fault("weight", (*place, "weight"), (source.id, str(source.weight), str(source.cap)))
    if isinstance(source, OwnSource):
        for stage, points in source.by_stage.items():
            if not 0 <= points <= source.cap or not _is_tenths(points):
                yield Fault("weight", (*place, "by_stage", stage), (source.id, str(points), str(source.cap)))
    if not _is_days(source.half_life):
        yield Fault("half_life", (*place, "half_life"), (source.id,))
    if isinstance(source, OwnSource) and not source.kinds:
        yield Fault("no_kinds", (*place, "kinds"), (source.id,))


def _is_tenths(points: Decimal) -> bool:
    return points * 10 % 1 == 0


def _is_days(span: Span) -> bool:
    return span.unit is SpanUnit.DAYS and span.amount >= 1


def flat(text: str) -> str:
    """A topic or a word of the rules as they are compared: width, case and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class Topics:
    """Which theme and stage a topic is about, by the words of the rules; each topic is looked up once."""

    def __init__(self, rules: IntentRules) -> None:
        words = [(flat(word), theme) for theme, listed in rules.topics.items() for word in listed]
        # The longest word wins; of equally long ones the first of the file.
        self._words = sorted((each for each in words if each[0]), key=lambda each: -len(each[0]))
        self._stages = [(flat(word), stage) for stage in reversed(STAGES) for word in rules.stage.words.get(stage, ())]
        self._known: dict[str, str | None] = {}
        self._told: dict[str, Stage | None] = {}

    def theme(self, topic: str) -> str | None:
        """The theme, or None where nobody mapped the topic."""
        if topic not in self._known:
            text = flat(topic)
            self._known[topic] = next((theme for word, theme in self._words if word in text), None)
        return self._known[topic]

    def stage(self, topic: str) -> Stage | None:
        """The latest stage that a word of the topic tells."""
        if topic not in self._told:
            text = flat(topic)
            self._told[topic] = next((stage for word, stage in self._stages if word and word in text), None)
        return self._told[topic]


def amount_of(source: ListSource, count: float | None, score: float | None) -> int | None:
    """What a row says, in hundredths of a unit; None where it cannot be."""
    match source.measure:
        case "listed":
            return UNIT
        case "count":
            number = 1 if count is None else count
            return round(number * UNIT) if 0 < number <= MOST_COUNT else None
        case "score":
            if score is None or not math.isfinite(score) or not LEAST_SCORE <= score <= MOST_SCORE:
                return None
            return round(score)
