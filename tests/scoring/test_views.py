"""Kind-wide caps, themes, the grade, and a facility's points: worked figures, then what holds for any history."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hagukumi.journeys.core.facts import Activity
from hagukumi.journeys.core.values import Share
from models.scoring.accounts import Member, account_receipt
from models.scoring.faults import faults
from models.scoring.points import compile_points
from models.scoring.receipts import explain
from models.scoring.rules import AccountRule, GradeRules, PointRules
from models.scoring.views import Views, grade_of, next_grade, themes_of, warming
from tests.scoring.examples import (
    DECIDER,
    DECISION_MAKER,
    KINDS,
    NOW,
    behaviour,
    did,
    rules,
    some_activities,
    some_rules,
)

GRADES = GradeRules(fit=(Decimal(15), Decimal(10), Decimal(5)), behaviour=(Decimal(20), Decimal(10), Decimal(5)))
WEEK = timedelta(days=7)


def test_a_kind_adds_its_cap_at_most_however_many_rules_count_it() -> None:
    scorer = compile_points(
        rules(
            behaviour("downloaded", "15", None, "30", id="roi", content=("roi",)),
            behaviour("downloaded", "10", None, "30"),
            caps={"downloaded": Decimal(40)},
        )
    )
    done = [did("downloaded", content="roi", number=n) for n in (1, 2, 3)] + [
        did("downloaded", number=n) for n in (4, 5)
    ]
    receipt = scorer.receipt({}, done, NOW)
    assert receipt.points == scorer.points({}, done, NOW) == 40.0
    assert [term.tenths for term in receipt.terms if term.event is None] == [-150, -100]
    assert receipt.terms[-1].because.ja == "「資料のダウンロード」の合計は40点まで"


def test_what_a_kind_takes_away_is_capped_apart_from_what_it_adds() -> None:
    scorer = compile_points(
        rules(
            behaviour("called", "20", None, id="talked", outcome=("会話",)),
            behaviour("called", "-40", None, id="refused", outcome=("NG",)),
            caps={"called": Decimal(50)},
        )
    )
    talks = [did("called", outcome="会話", number=n) for n in range(1, 5)]
    refusals = [did("called", outcome="NG", number=n) for n in range(5, 8)]
    assert scorer.points({}, talks, NOW) == 50.0
    assert scorer.points({}, talks + refusals, NOW) == 0.0


def test_the_theme_that_gained_most_within_the_week_warms() -> None:
    scorer = compile_points(
        rules(behaviour("downloaded", "10", None), behaviour("visited", "1", None)),
        {"overtime-case": "overtime", "claims-roi": "claims", "claims-page": "claims"},
    )
    done = [
        did("downloaded", timedelta(days=20), 1, content="overtime-case"),
        did("downloaded", timedelta(days=2), 2, content="claims-roi"),
        did("visited", timedelta(days=1), 3, content="claims-page"),
        did("downloaded", timedelta(days=1), 4, content="about-us"),
    ]
    themes = themes_of(scorer.of({}, done), NOW, NOW - WEEK)
    assert [(each.theme, each.tenths, each.before) for each in themes] == [("claims", 110, 0), ("overtime", 100, 100)]
    warm = warming(themes)
    assert warm is not None
    assert warm.theme == "claims"
    assert warming(themes[1:]) is None


@pytest.mark.parametrize(
    ("attributes", "downloads", "grade"),
    [(DECIDER, 2, "A1"), (DECIDER, 1, "A2"), ({}, 1, "D2"), ({}, 0, "D4"), (DECIDER, 0, "A4")],
)
def test_fit_and_behaviour_are_graded_apart(attributes: dict[str, object], downloads: int, grade: str) -> None:
    scorer = compile_points(
        rules(behaviour("downloaded", "10", 14), attributes=(DECISION_MAKER,), grades=GRADES, floor=Decimal(0))
    )
    standing = scorer.of(attributes, [did("downloaded", number=n) for n in range(downloads)])
    assert str(grade_of(standing, NOW)) == grade


def test_a_grade_changes_by_time_at_the_instant_that_was_foretold() -> None:
    scorer = compile_points(rules(behaviour("downloaded", "10", 14), attributes=(DECISION_MAKER,), grades=GRADES))
    standing = scorer.of(DECIDER, [did("downloaded", number=1), did("downloaded", number=2)])
    change = next_grade(standing, NOW)
    assert change is not None
    before = grade_of(standing, change - timedelta(microseconds=1))
    assert (str(before), str(grade_of(standing, change))) == ("A1", "A2")


def test_a_condition_is_told_the_grade_and_the_points_of_a_theme_and_when_they_change() -> None:
    scorer = compile_points(
        rules(behaviour("downloaded", "10", 14), attributes=(DECISION_MAKER,), grades=GRADES),
        {"overtime-case": "overtime", "claims-roi": "claims"},
    )
    did_both = [did("downloaded", content="overtime-case", number=1), did("downloaded", content="claims-roi", number=2)]
    views = Views(scorer.of(DECIDER, did_both))
    assert (views.grade(NOW), views.theme_points("claims", NOW), views.theme_points("strange", NOW)) == (
        "A1",
        10.0,
        0.0,
    )
    at = views.next_theme_line("claims", NOW, 5.0)
    assert at is not None and views.next_grade(NOW) is not None and views.next_theme_line("strange", NOW, 5.0) is None
    before = at - timedelta(microseconds=1)
    assert (views.theme_points("claims", before) > 5.0, views.theme_points("claims", at)) == (True, 5.0)


def test_without_lines_there_is_no_grade() -> None:
    assert grade_of(compile_points(rules(behaviour("visited", "1"))).of({}, []), NOW) is None


def test_a_facility_counts_its_strongest_whole_and_of_the_others_a_share() -> None:
    scorer = compile_points(rules(behaviour("downloaded", "10", None), attributes=(DECISION_MAKER,)))
    strong = scorer.receipt(DECIDER, [did("downloaded", number=1)], NOW)
    other = scorer.receipt({}, [did("downloaded", number=2)], NOW)
    rule = AccountRule(others=Share(3000), unknown_role=Share(5000))
    found = account_receipt([Member(8, False, other), Member(7, True, strong)], rule)
    assert [(part.person, part.tenths) for part in found.parts] == [(7, 250), (8, 15)]
    assert found.points == 26.5
    assert found.parts[1].terms[-1].because.ja == "点数が最も高い方のほかで、役割のわからない方は15%で数える"
    capped = account_receipt([Member(7, True, strong)], AccountRule(ceiling=Decimal(20)))
    assert (capped.points, capped.parts[-1].terms[0].tenths) == (20.0, -50)


@given(some_rules(), st.lists(some_activities(), max_size=4), st.integers(0, 10_000), st.booleans())
def test_a_facilitys_receipt_adds_up_and_leads_to_events(
    some: PointRules, histories: list[list[Activity]], others: int, known: bool
) -> None:
    scorer = compile_points(some)
    members = [Member(n, known, scorer.receipt(DECIDER, done, NOW)) for n, done in enumerate(histories)]
    found = account_receipt(members, AccountRule(others=Share(others), unknown_role=Share(4000), ceiling=Decimal(60)))
    assert found.tenths == sum(term.tenths for part in found.parts for term in part.terms)
    assert all(part.tenths == sum(term.tenths for term in part.terms) for part in found.parts)
    assert found.tenths <= 600
    for member, done in zip(members, histories, strict=True):
        own = [part for part in found.parts if part.person == member.person]
        events = [term.event for part in own for term in part.terms if term.event is not None]
        assert set(events) <= {each.id for each in done}


@given(some_rules(), some_activities(), st.integers(1, 500))
def test_with_caps_of_kinds_the_receipt_still_adds_up(some: PointRules, done: list[Activity], most: int) -> None:
    from dataclasses import replace

    capped = replace(some, caps=dict.fromkeys(KINDS, Decimal(most) / 10))
    scorer = compile_points(capped)
    receipt = scorer.receipt(DECIDER, done, NOW)
    assert receipt.tenths == sum(term.tenths for term in receipt.terms) == scorer.of(DECIDER, done).tenths(NOW)
    assert explain(receipt, "ja")["points"] == receipt.points


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"caps": {"visited": Decimal(0)}}, "cap", ("caps", "visited")),
        ({"caps": {"clicked": Decimal(5)}}, "kind_uncounted", ("caps", "clicked")),
        ({"grades": GradeRules(fit=(Decimal(5),), behaviour=GRADES.behaviour)}, "grades", ("grades", "fit")),
        (
            {"grades": GradeRules(fit=GRADES.fit, behaviour=(Decimal(5), Decimal(5), Decimal(1)))},
            "grades",
            ("grades", "behaviour"),
        ),
        ({"account": AccountRule(ceiling=Decimal("0.55"))}, "not_tenths", ("account", "ceiling")),
    ],
)
def test_wrong_views_are_named_with_their_place(more: dict[str, object], code: str, path: tuple[str, ...]) -> None:
    found = faults(rules(behaviour("visited", "1"), **more))
    assert [(fault.code, fault.path) for fault in found] == [(code, path)]
