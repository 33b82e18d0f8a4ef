"""Points and their receipts: worked figures first, then what must hold for any rules and any history."""

import json
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hagukumi.journeys.core.facts import Activity, Change
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import Bounds, Span, SpanUnit, Words
from hagukumi.journeys.steps.conditions import Did, Score
from models.scoring.faults import HARMLESS, faults
from models.scoring.points import compile_points
from models.scoring.receipts import explain
from models.scoring.rules import AttributeRule, BehaviourRule, JumpRule, PointRules
from models.scoring.words import FAULTS
from tests.scoring.examples import DECIDER, NOW, PRACTICE, behaviour, days, did, rules, some_activities, some_rules

SCORER = compile_points(PRACTICE)


@pytest.mark.parametrize(
    ("age", "points"),
    [
        (timedelta(0), 10.0),
        (timedelta(days=7), 7.1),  # 10 / √2 = 7.071
        (timedelta(days=14), 5.0),
        (timedelta(days=28), 2.5),
        (timedelta(days=42), 1.2),  # 1.25 is halfway: to the even tenth
        (timedelta(days=56), 0.6),  # 0.625
        (timedelta(days=84), 0.2),  # 0.156
        (timedelta(days=112), 0.0),  # 0.039
    ],
)
def test_ten_points_with_a_half_life_of_a_fortnight_fade_as_worked_by_hand(age: timedelta, points: float) -> None:
    scorer = compile_points(rules(behaviour("downloaded", "10", 14)))
    assert scorer.points({}, [did("downloaded", age)], NOW) == points


def test_points_without_a_half_life_stay() -> None:
    scorer = compile_points(rules(behaviour("downloaded", "10", None)))
    assert scorer.points({}, [did("downloaded", timedelta(days=4000))], NOW) == 10.0


def test_an_event_dated_ahead_has_not_faded_and_one_that_counts_later_does_not_count() -> None:
    scorer = compile_points(rules(behaviour("clicked", "5", 1)))
    ahead = did("clicked", timedelta(days=-3), counts_at=NOW)
    settling = did("clicked", counts_at=NOW + timedelta(seconds=60), number=2)
    assert scorer.points({}, [ahead, settling], NOW) == 5.0
    assert scorer.points({}, [ahead, settling], NOW + timedelta(seconds=60)) == 10.0


def test_the_receipt_of_a_decision_maker_names_every_point() -> None:
    history = [
        did("clicked", timedelta(days=14), 1, content="overtime-case"),
        did("downloaded", timedelta(0), 2, content="roi-simulation"),
    ]
    receipt = SCORER.receipt(DECIDER, history, NOW)
    assert explain(receipt, "ja", {"roi-simulation": Words("ROI試算", "ROI simulation")}) == {
        "points": 32.5,
        "terms": [
            {"points": 15.0, "because": "決裁者", "event": None, "at": None},
            {"points": 5.0, "because": "100床以上", "event": None, "at": None},
            {
                "points": 10.0,
                "because": "資料『ROI試算』をダウンロード",
                "event": 2,
                "at": "2026-05-01T03:00:00+00:00",
            },
            {
                "points": 2.5,
                "because": "メールのリンク『overtime-case』をクリック",
                "event": 1,
                "at": "2026-04-17T03:00:00+00:00",
            },
        ],
    }
    english = explain(receipt, "en", {"roi-simulation": "ROI simulation"})
    assert english["terms"][2]["because"] == "Downloaded “ROI simulation”"
    assert json.loads(json.dumps(english)) == english


def test_a_cap_is_a_term_of_its_own_and_applies_to_what_is_left() -> None:
    history = [did("clicked", number=number) for number in range(1, 7)]
    receipt = SCORER.receipt({}, history, NOW)
    assert receipt.points == 20.0
    assert receipt.terms[-1].points == -10.0
    assert receipt.terms[-1].because == Words(
        "「メールのリンクをクリック」の合計は20点まで", "“Clicked” counts 20 points at most"
    )
    assert SCORER.points({}, history, NOW + timedelta(days=14)) == 15.0


def test_a_cap_of_negative_points_limits_what_is_taken() -> None:
    scorer = compile_points(rules(behaviour("refused", "-30", None, "45"), attributes=PRACTICE.attributes))
    receipt = scorer.receipt({}, [did("refused", number=1), did("refused", number=2)], NOW)
    assert [term.points for term in receipt.terms] == [-30.0, -30.0, 15.0]
    assert receipt.terms[-1].because.en == "“refused” takes 45 points at most"


def test_floor_and_ceiling_are_terms() -> None:
    low = SCORER.receipt(DECIDER, [did("refused")], NOW)
    assert (low.points, [term.points for term in low.terms]) == (0.0, [15.0, 5.0, -50.0, 30.0])
    assert low.terms[-1].because.ja == "合計は0点を下回らない"
    ceiling = compile_points(rules(behaviour("clicked", "7.5", None), ceiling=Decimal("12.5")))
    high = ceiling.receipt({}, [did("clicked", number=1), did("clicked", number=2)], NOW)
    assert (high.points, high.terms[-1].points) == (12.5, -2.5)
    assert high.terms[-1].because.en == "the total never rises above 12.5"


def test_a_term_that_has_faded_to_nothing_is_left_out() -> None:
    assert SCORER.receipt({}, [did("clicked", timedelta(days=365))], NOW) == (0, ())


def test_the_first_rule_that_fits_counts_an_activity_and_no_other() -> None:
    scorer = compile_points(
        rules(
            behaviour("downloaded", "15", id="roi", content=("roi-simulation",)),
            behaviour("downloaded", "10"),
            behaviour("called", "20", outcome=("会話",)),
        )
    )
    assert scorer.points({}, [did("downloaded", content="roi-simulation")], NOW) == 15.0
    assert scorer.points({}, [did("downloaded", content="overtime-case")], NOW) == 10.0
    assert scorer.points({}, [did("called", outcome="会話")], NOW) == 20.0
    assert scorer.points({}, [did("called", outcome="不在")], NOW) == 0.0


def test_attributes_count_as_they_stood_at_the_instant() -> None:
    promoted = Change(NOW, "role", "user")
    standing = SCORER.of(DECIDER, [], [promoted])
    assert standing.points(NOW - timedelta(seconds=1)) == 5.0
    assert standing.points(NOW) == 20.0
    assert standing.next_line(NOW - timedelta(days=1), 10.0) == NOW


def test_the_scorer_says_what_must_be_gathered_for_it() -> None:
    assert SCORER.needs.kinds == {"downloaded", "clicked", "submitted", "refused"}
    assert SCORER.needs.attributes == {"role", "beds"}


def test_kinds_that_no_rule_gives_a_point_for_are_not_asked_for() -> None:
    scorer = compile_points(rules(behaviour("opened", "0"), behaviour("clicked", "5")))
    assert scorer.needs.kinds == {"clicked"}
    assert scorer.points({}, [did("opened"), did("clicked", number=2)], NOW) == 5.0


@given(some_rules(), some_activities(), st.sampled_from([{}, DECIDER]), st.integers(0, 100_000))
def test_every_receipt_adds_up_exactly_to_the_points(
    point_rules: PointRules, history: list[Activity], attributes: dict[str, Any], minutes: int
) -> None:
    standing = compile_points(point_rules).of(attributes, history)
    now = NOW + timedelta(minutes=minutes)
    receipt = standing.receipt(now)
    assert sum(term.tenths for term in receipt.terms) == receipt.tenths == standing.tenths(now)
    assert sum(Decimal(str(term.points)) for term in receipt.terms) == Decimal(str(standing.points(now)))
    assert all(term.tenths for term in receipt.terms)


@given(some_rules(), some_activities(), st.randoms(use_true_random=False))
def test_the_order_of_activities_changes_nothing(
    point_rules: PointRules, history: list[Activity], dice: Random
) -> None:
    scorer = compile_points(point_rules)
    receipt = scorer.receipt(DECIDER, history, NOW)
    shuffled = dice.sample(history, len(history))
    assert scorer.receipt(DECIDER, shuffled, NOW) == receipt
    assert scorer.points(DECIDER, shuffled, NOW) == receipt.points


FAULTY = [
    ("half_life", ("behaviour", 0, "half_life"), rules(behaviour("clicked", "5", 0))),
    ("half_life", ("behaviour", 0, "half_life"), rules(behaviour("clicked", "5", 4000))),
    ("cap", ("behaviour", 0, "cap"), rules(behaviour("clicked", "5", cap="-1"))),
    ("same_id", ("behaviour", 1, "id"), rules(behaviour("clicked", "5"), behaviour("visited", "5", id="clicked"))),
    (
        "never_reached",
        ("behaviour", 1),
        rules(behaviour("clicked", "5"), behaviour("clicked", "9", id="roi", content=("roi",))),
    ),
    ("not_tenths", ("behaviour", 0, "points"), rules(behaviour("clicked", "0.25"))),
    ("too_large", ("behaviour", 0, "points"), rules(behaviour("clicked", "1000000"))),
    ("too_large", ("lines", 0), rules(lines=(Decimal("NaN"),))),
    ("floor_above_ceiling", ("floor",), PointRules(floor=Decimal(10), ceiling=Decimal(5))),
    ("rise", ("jump", "rise"), rules(jump=JumpRule(rise=Decimal(0)))),
]


@pytest.mark.parametrize(("code", "path", "faulty"), FAULTY)
def test_rules_that_cannot_work_are_named_with_their_place(
    code: str, path: tuple[str | int, ...], faulty: PointRules
) -> None:
    assert [(fault.code, fault.path) for fault in faults(faulty)] == [(code, path)]
    if code in HARMLESS:
        compile_points(faulty)
        return
    with pytest.raises(ValueError, match=code):
        compile_points(faulty)


def test_a_half_life_in_business_days_is_refused() -> None:
    rule = BehaviourRule(
        id="clicked",
        kind="clicked",
        points=Decimal(5),
        half_life=Span(5, SpanUnit.BUSINESS_DAYS),
        because=Words("クリック", "Clicked"),
    )
    assert [fault.code for fault in faults(rules(rule))] == ["half_life"]


@pytest.mark.parametrize("condition", [Did("clicked", within=days(7)), Did("clicked"), Score(Bounds(Decimal(10)))])
def test_attribute_rules_may_not_ask_about_behaviour(condition: Condition) -> None:
    rule = AttributeRule(id="hot", when=condition, points=Decimal(5), because=Words("活発", "Active"))
    assert [fault.code for fault in faults(rules(attributes=(rule,)))] == ["not_an_attribute"]


def test_every_fault_is_worded_in_both_languages() -> None:
    assert {code for code, _, _ in FAULTY} <= FAULTS.keys()
    assert all(words.ja and words.en for pair in FAULTS.values() for words in pair)
