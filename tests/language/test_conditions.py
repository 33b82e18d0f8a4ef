"""Conditions as written become the conditions that are asked."""

from decimal import Decimal

import pytest

from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import Bounds, Span, SpanUnit, StageRange
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.vocabulary import CustomField, Vocabulary
from hagukumi.journeys.steps.conditions import All, Any, Did, Grade, Holds, Not, Number, OneOf, Score, Stage, ThemeScore
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.outcomes import CONVERSATIONS

FORTNIGHT = Span(14, SpanUnit.DAYS)
WORKSPACE = Vocabulary(
    fields={
        "it_staff": CustomField(type="number"),
        "chart": CustomField(type="choice", values=("paper", "electronic")),
        "visited_us": CustomField(type="bool"),
        "renewal": CustomField(type="date"),
    }
)
HEAD = "scenario: s\ntitle: T\npurpose: p\nowner: o\n"


def asked(text: str, where: str = "steps") -> Condition:
    """The condition of an `if`, or of `who`."""
    who = text if where == "who" else "stage: lead"
    step = text if where == "steps" else "stage: lead"
    source = f"{HEAD}who: {{{who}}}\nsteps:\n  - if: {{{step}}}\n    then: [{{end: x}}]\n"
    loaded = load_text(source, Scenario, vocabulary=WORKSPACE)
    assert loaded.value is not None, [each.message("en") for each in loaded.problems]
    if where == "who":
        return loaded.value.who
    (asks,) = loaded.value.steps
    assert isinstance(asks, If)
    return asks.if_


CASES = [
    ("role: 決裁者", OneOf("role", frozenset({"decision_maker"}))),
    ("industry: [病院, クリニック]", OneOf("industry", frozenset({"病院", "クリニック"}))),
    ("kind: 病院", OneOf("kind", frozenset({"hospital"}))),
    ("beds: 100以上", Number("beds", Bounds(low=Decimal(100)))),
    ("it_staff: ..2", Number("it_staff", Bounds(high=Decimal(2)))),
    ("chart: Paper", OneOf("chart", frozenset({"paper"}))),
    ("visited_us: はい", OneOf("visited_us", frozenset({True}))),
    ("renewal: 2026年4月1日", OneOf("renewal", frozenset({"2026-04-01"}))),
    ("left_company: no", OneOf("left_company", frozenset({False}))),
    ("stage: sql..", Stage(StageRange("sql", "won"))),
    ("stage: [lead, mql]", Stage(StageRange("lead", "mql"))),
    ("stage: [lead, ng]", Any((Stage(StageRange("lead", "lead")), Stage(StageRange("ng", "ng"))))),
    ("tagged: hot", Holds("tags", frozenset({"hot"}))),
    ("in_scenario: [a, b]", Holds("scenarios", frozenset({"a", "b"}))),
    ("score: 60点以上", Score(Bounds(low=Decimal(60)))),
    ("theme_score: {overtime: 20点以上}", ThemeScore("overtime", Bounds(low=Decimal(20)))),
    (
        "theme_score: {overtime: 20点以上, claims: 5点未満}",
        All(
            (
                ThemeScore("overtime", Bounds(low=Decimal(20))),
                ThemeScore("claims", Bounds(high=Decimal(5), high_included=False)),
            )
        ),
    ),
    ("grade: A1", Grade(frozenset({"A1"}))),
    ("grade: [Ａ１, b2]", Grade(frozenset({"A1", "B2"}))),
    ("grade: A", Grade(frozenset({"A1", "A2", "A3", "A4"}))),
    ("grade: [1, D4]", Grade(frozenset({"A1", "B1", "C1", "D1", "D4"}))),
    ("clicked: case", Did("clicked", letter="case")),
    ("clicked: any", Did("clicked")),
    ("clicked: {at_least: 2, within: 14日}", Did("clicked", at_least=2, within=FORTNIGHT)),
    ("clicked: {letter: case, at_least: 2}", Did("clicked", letter="case", at_least=2)),
    ("downloaded: roi-simulation", Did("downloaded", content=frozenset({"roi-simulation"}))),
    ("downloaded: {content: [a, b], within: 14日}", Did("downloaded", content=frozenset({"a", "b"}), within=FORTNIGHT)),
    ("call_result: any", Did("called", since_entry=True)),
    ("call_result: すべて", Did("called", since_entry=True)),
    ("call_result: [不在, アポ獲得]", Did("called", outcome=frozenset({"不在", "アポ獲得"}), since_entry=True)),
    ("call_result: {outcome: 不在, within: 14日}", Did("called", outcome=frozenset({"不在"}), within=FORTNIGHT)),
    ("replied: any", Did("replied", since_entry=True)),
    ("replied: {within: 14日}", Did("replied", within=FORTNIGHT)),
    ("not: {tagged: x}", Not(Holds("tags", frozenset({"x"})))),
    (
        "role: user, any: [{tagged: x}, {tagged: y}]",
        All(
            (
                OneOf("role", frozenset({"user"})),
                Any((Holds("tags", frozenset({"x"})), Holds("tags", frozenset({"y"})))),
            )
        ),
    ),
]


@pytest.mark.parametrize(("text", "condition"), CASES, ids=[text for text, _ in CASES])
def test_a_condition_means_what_it_says(text: str, condition: Condition) -> None:
    assert asked(text) == condition


def test_before_the_first_letter_a_name_is_a_piece_of_content() -> None:
    assert asked("clicked: overtime-case", "who") == Did("clicked", content=frozenset({"overtime-case"}))


def test_a_conversation_is_any_of_its_results() -> None:
    assert asked("call_result: 会話") == Did("called", outcome=CONVERSATIONS, since_entry=True)
