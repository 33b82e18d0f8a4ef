"""Every question of a scenario: what it answers, when time alone changes that, and what it has to be told."""

import typing
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from hagukumi.journeys.core.facts import Activity, Change
from hagukumi.journeys.core.program import Condition, Needs
from hagukumi.journeys.core.values import GRADES, Bounds, StageRange
from hagukumi.journeys.steps.conditions import All, Any, Did, Grade, Holds, Not, Number, OneOf, Score, Stage, ThemeScore
from tests.journeys.scenes import (
    EVERYBODY,
    LETTER_KEY,
    MONDAY,
    business_days,
    days,
    did,
    hours,
    journey,
    jst,
    known,
    moment,
)

HOSPITAL = OneOf("industry", frozenset({"病院", "診療所"}))
BEDS = Number("beds", Bounds(Decimal(100)))
KEEN = Holds("tags", frozenset({"関心", "急ぎ"}))
SALES = Stage(StageRange("sql", "won"))
HOT = Score(Bounds(Decimal(60)))
CLICKED = Did("clicked")
NOBODY = Any(())


def holds(condition: Condition, *activities: Activity, at: str = MONDAY, **attributes: typing.Any) -> bool:
    return condition.holds(journey(), known(*activities, **attributes), moment(at))


def test_an_attribute_is_one_of_some_values() -> None:
    assert holds(HOSPITAL, industry="診療所")
    assert not holds(HOSPITAL, industry="介護")
    assert not holds(HOSPITAL)
    assert holds(OneOf("onboarded", frozenset({False})), onboarded=False)
    assert not holds(OneOf("onboarded", frozenset({False})))


def test_a_number_lies_within_bounds_and_a_missing_one_does_not() -> None:
    assert holds(BEDS, beds=100)
    assert not holds(BEDS, beds=99)
    assert not holds(BEDS)
    assert holds(Number("beds", Bounds(high=Decimal(10))), beds=0)


def test_a_stage_lies_in_a_range_and_somebody_without_one_is_a_lead() -> None:
    assert holds(SALES, stage="opportunity")
    assert not holds(SALES, stage="mql")
    assert not holds(SALES, stage="ng")
    assert not holds(SALES)
    assert holds(Stage(StageRange("lead", "mql")))


def test_a_set_holds_one_of_some_names() -> None:
    assert holds(KEEN, tags=frozenset({"急ぎ", "別"}))
    assert not holds(KEEN, tags=frozenset({"別"}))
    assert not holds(KEEN)


def test_an_attribute_is_read_as_it_stood_at_the_moment() -> None:
    facts = known(industry="病院", beds=300, stage="sql", tags=frozenset({"関心"}))
    changed = jst("2026-06-01 12:00")
    facts.changes = tuple(
        Change(changed, name, old) for name, old in {"industry": "介護", "beds": 1, "stage": None, "tags": None}.items()
    )
    for condition in (HOSPITAL, BEDS, SALES, KEEN):
        assert not condition.holds(journey(), facts, moment("2026-06-01 11:59"))
        assert condition.holds(journey(), facts, moment("2026-06-01 12:00"))


def test_of_several_changes_the_first_one_ahead_tells_the_old_value() -> None:
    facts = known(industry="病院")
    facts.changes = (
        Change(jst("2026-06-01 11:00"), "industry", "介護"),
        Change(jst("2026-06-01 12:00"), "industry", "診療所"),
    )
    told = [facts.attribute("industry", jst(f"2026-06-01 {clock}")) for clock in ("10:59", "11:00", "12:00")]
    assert told == ["介護", "診療所", "病院"]


def test_what_attributes_say_time_alone_never_changes() -> None:
    facts = known(did("clicked"))
    for condition in (HOSPITAL, BEDS, SALES, KEEN, CLICKED):
        assert condition.changes_at(journey(), facts, moment()) is None


def test_a_click_counts_when_it_has_settled() -> None:
    click = did("clicked", MONDAY)
    assert not holds(CLICKED, click, at=MONDAY)
    assert holds(CLICKED, click, at="2026-06-01 10:01")
    assert holds(Did("visited"), did("visited", MONDAY), at=MONDAY)


def test_what_did_not_happen_or_was_something_else_does_not_count() -> None:
    assert not holds(CLICKED)
    assert not holds(CLICKED, did("visited", "2026-05-01 10:00"))


def test_so_many_times_are_needed() -> None:
    twice = Did("visited", at_least=2)
    one, two = did("visited", "2026-05-01 10:00", 1), did("visited", "2026-05-02 10:00", 2)
    assert not holds(twice, one)
    assert not holds(twice, one, did("downloaded", "2026-05-02 10:00", 2))
    assert holds(twice, one, two)
    assert holds(CLICKED, did("clicked", "2026-05-01 10:00"), did("clicked", "2026-05-01 10:00", 2))


def test_content_letter_and_outcome_narrow_what_counts() -> None:
    roi = Did("downloaded", content=frozenset({"roi", "case"}))
    assert holds(roi, did("downloaded", MONDAY, content="case"))
    assert not holds(roi, did("downloaded", MONDAY, content="other"))
    assert not holds(roi, did("downloaded", MONDAY))
    met = Did("called", outcome=frozenset({"アポ獲得"}))
    assert holds(met, did("called", MONDAY, outcome="アポ獲得"))
    assert not holds(met, did("called", MONDAY, outcome="不在"))
    of_first = Did("opened", letter="first")
    assert holds(of_first, did("opened", MONDAY, letter=LETTER_KEY))
    assert not holds(of_first, did("opened", MONDAY, letter="interest/other/1/p1/1"))
    assert not holds(of_first, did("opened", MONDAY, letter="interest/first/2/p1/1"))


def test_all_of_what_is_asked_about_an_activity_must_fit_it() -> None:
    asked = Did("called", content=frozenset({"roi"}), outcome=frozenset({"会話"}))
    assert holds(asked, did("called", MONDAY, content="roi", outcome="会話"))
    assert not holds(asked, did("called", MONDAY, content="roi", outcome="不在"))
    assert not holds(asked, did("called", MONDAY, content="case", outcome="会話"))


def test_a_window_goes_by_when_it_happened_and_not_by_when_it_was_known() -> None:
    within = Did("visited", within=days(7))
    visit = did("visited", "2026-05-25 10:01", known=jst("2026-06-01 10:00"))
    assert holds(within, visit, at="2026-06-01 10:00")
    assert not holds(within, visit, at="2026-06-01 10:01")
    assert not holds(within, visit, at="2026-06-01 09:59")


def test_a_window_may_be_counted_in_business_days() -> None:
    before_the_holidays = did("visited", "2026-05-01 10:00")
    assert holds(Did("visited", within=business_days(1)), before_the_holidays, at="2026-05-06 09:59")
    assert not holds(Did("visited", within=business_days(1)), before_the_holidays, at="2026-05-06 10:00")


def test_the_answer_changes_when_the_oldest_in_the_window_leaves_it() -> None:
    within = Did("visited", within=hours(24))
    facts = known(did("visited", "2026-05-31 12:00"), did("visited", "2026-05-31 18:00", 2))
    assert within.changes_at(journey(), facts, moment()) == jst("2026-06-01 12:00")
    assert within.changes_at(journey(), facts, moment("2026-06-01 12:00")) == jst("2026-06-01 18:00")
    assert within.changes_at(journey(), facts, moment("2026-06-01 18:00")) is None
    assert within.changes_at(journey(), known(), moment()) is None


def test_the_oldest_is_the_one_that_happened_first() -> None:
    known_late = did("visited", "2026-05-31 12:00", known=jst("2026-06-01 09:00"))
    facts = known(did("visited", "2026-05-31 18:00", 2), known_late)
    assert Did("visited", within=hours(24)).changes_at(journey(), facts, moment()) == jst("2026-06-01 12:00")


def test_a_window_that_shrinks_over_a_holiday_never_names_the_past() -> None:
    # Counted back from Wednesday, one business day lies before the holidays; counted on from there, it is over.
    facts = known(did("visited", "2026-05-02 12:00"))
    within = Did("visited", within=business_days(1))
    change = within.changes_at(journey(), facts, moment("2026-05-06 12:00"))
    assert change is None or change > jst("2026-05-06 12:00")


def test_a_window_after_entry_changes_with_what_came_after_entry() -> None:
    both = Did("visited", within=hours(24), since_entry=True)
    facts = known(did("visited", "2026-05-31 11:00"), did("visited", "2026-05-31 12:00", 2))
    entered = journey(entered_at=jst("2026-05-31 11:30"))
    assert both.changes_at(entered, facts, moment()) == jst("2026-06-01 12:00")


def test_since_entry_counts_what_became_known_after_the_visit_began() -> None:
    since = Did("visited", since_entry=True)
    entered = journey(entered_at=jst("2026-06-01 09:00"))
    for known_at, counts in (("2026-06-01 08:59", False), ("2026-06-01 09:00", True), ("2026-06-01 09:30", True)):
        visit = did("visited", "2026-05-31 10:00", known=jst(known_at))
        assert since.holds(entered, known(visit), moment()) is counts
        assert Did("visited").holds(entered, known(visit), moment())


def test_an_activity_ahead_hides_nothing_that_already_counts() -> None:
    assert holds(Did("visited"), did("visited", "2026-06-01 09:00"), did("visited", "2026-06-03 09:00", 2))


def test_points_are_asked_for_at_the_moment() -> None:
    facts = known()
    facts.points = lambda now: 60.0 if now < jst("2026-06-01 12:00") else 59.9
    assert HOT.holds(journey(), facts, moment())
    assert not HOT.holds(journey(), facts, moment("2026-06-01 12:00"))
    assert not HOT.holds(journey(), known(), moment())


def test_points_change_when_they_cross_the_nearer_bound() -> None:
    lines = {40.0: jst("2026-06-03 10:00"), 60.5: jst("2026-06-02 10:00")}
    facts = known()
    facts.next_line = lambda now, line: lines.get(line) if now == jst(MONDAY) else None
    between = Score(Bounds(Decimal(40), Decimal("60.5")))
    assert between.changes_at(journey(), facts, moment()) == lines[60.5]
    assert Score(Bounds(low=Decimal(40))).changes_at(journey(), facts, moment()) == lines[40.0]
    assert Score(Bounds(high=Decimal(50))).changes_at(journey(), facts, moment()) is None
    assert HOT.changes_at(journey(), known(), moment()) is None


class Told:
    """Views that somebody told: points of themes, when they cross, the grade."""

    def __init__(self, themes: dict[str, float], lines: dict[float, datetime], grade: str | None) -> None:
        self.themes, self.lines, self.graded = themes, lines, grade

    def theme_points(self, theme: str, now: datetime) -> float:
        return self.themes.get(theme, 0.0)

    def next_theme_line(self, theme: str, now: datetime, line: float) -> datetime | None:
        return self.lines.get(line) if theme in self.themes else None

    def grade(self, now: datetime) -> str | None:
        return self.graded

    def next_grade(self, now: datetime) -> datetime | None:
        return self.lines.get(0.0)


def test_a_theme_is_asked_by_its_own_points_and_changes_when_they_cross_a_bound() -> None:
    facts = known()
    facts.views = lambda: Told({"overtime": 20.0}, {20.0: jst("2026-06-03 10:00")}, None)
    overtime, claims = (ThemeScore(theme, Bounds(Decimal(20))) for theme in ("overtime", "claims"))
    assert overtime.holds(journey(), facts, moment())
    assert not claims.holds(journey(), facts, moment())
    assert overtime.changes_at(journey(), facts, moment()) == jst("2026-06-03 10:00")
    assert claims.changes_at(journey(), facts, moment()) is None


def test_a_grade_is_one_of_some_and_changes_when_behaviour_leaves_a_line() -> None:
    facts = known()
    facts.views = lambda: Told({}, {0.0: jst("2026-06-04 10:00")}, "B1")
    assert Grade(frozenset({"A1", "B1"})).holds(journey(), facts, moment())
    assert not Grade(frozenset({"A1", "B2"})).holds(journey(), facts, moment())
    assert Grade(frozenset({"A1"})).changes_at(journey(), facts, moment()) == jst("2026-06-04 10:00")


def test_where_no_rule_says_so_nobody_has_a_grade_or_points_for_a_theme() -> None:
    every, cold = Grade(frozenset(GRADES)), ThemeScore("overtime", Bounds(high=Decimal(5)))
    assert not every.holds(journey(), known(), moment())
    assert cold.holds(journey(), known(), moment())
    assert (every.changes_at(journey(), known(), moment()), cold.changes_at(journey(), known(), moment())) == (
        None,
    ) * 2


def test_all_holds_when_each_does_and_for_everybody_when_empty() -> None:
    both = All((HOSPITAL, BEDS))
    assert holds(both, industry="病院", beds=100)
    assert not holds(both, industry="病院")
    assert not holds(both, beds=100)
    assert holds(EVERYBODY)


def test_any_holds_when_one_does_and_for_nobody_when_empty() -> None:
    either = Any((HOSPITAL, BEDS))
    assert holds(either, industry="病院")
    assert holds(either, beds=100)
    assert not holds(either)
    assert not holds(NOBODY)


def test_not_turns_the_answer_round() -> None:
    assert holds(Not(HOSPITAL))
    assert not holds(Not(HOSPITAL), industry="病院")


def test_what_is_put_together_changes_at_the_earliest_change_of_its_parts() -> None:
    facts = known(did("visited", "2026-05-31 12:00"), did("opened", "2026-05-31 11:00", 2))
    visited, opened = Did("visited", within=days(1)), Did("opened", within=days(1))
    for condition in (All((HOSPITAL, visited, opened)), Any((opened, visited)), Not(opened)):
        assert condition.changes_at(journey(), facts, moment()) == jst("2026-06-01 11:00")
    assert All((visited, HOSPITAL)).changes_at(journey(), facts, moment()) == jst("2026-06-01 12:00")
    for condition in (EVERYBODY, NOBODY, All((HOSPITAL,)), Not(HOSPITAL)):
        assert condition.changes_at(journey(), facts, moment()) is None


@pytest.mark.parametrize(
    ("condition", "needs"),
    [
        (HOSPITAL, Needs(attributes=frozenset({"industry"}))),
        (BEDS, Needs(attributes=frozenset({"beds"}))),
        (SALES, Needs(attributes=frozenset({"stage"}))),
        (KEEN, Needs(attributes=frozenset({"tags"}))),
        (HOT, Needs(points=True)),
        (ThemeScore("overtime", Bounds(Decimal(20))), Needs(points=True)),
        (Grade(frozenset({"A1"})), Needs(points=True)),
        (CLICKED, Needs(kinds=frozenset({"clicked"}), ever=True)),
        (Did("clicked", within=days(7)), Needs(kinds=frozenset({"clicked"}), back=(days(7),))),
        (Did("clicked", letter="first"), Needs(kinds=frozenset({"clicked"}), letters=True)),
        (Did("clicked", since_entry=True), Needs(kinds=frozenset({"clicked"}))),
        (Did("called", since_entry=True), Needs(kinds=frozenset({"called", "task_withdrawn"}))),
        (Not(KEEN), Needs(attributes=frozenset({"tags"}))),
        (EVERYBODY, Needs()),
        (
            All((HOSPITAL, Did("visited", within=days(7)), Did("opened", within=days(7)), HOT)),
            Needs(frozenset({"industry"}), frozenset({"visited", "opened"}), False, (days(7),), False, True),
        ),
        (
            Any((CLICKED, Did("opened", letter="first"), KEEN, BEDS)),
            Needs(frozenset({"tags", "beds"}), frozenset({"clicked", "opened"}), True, (), True, False),
        ),
    ],
)
def test_a_condition_asks_for_what_it_reads_and_nothing_else(condition: Condition, needs: Needs) -> None:
    assert condition.needs() == needs


def test_needs_put_together_keep_what_either_needs() -> None:
    one, other = Needs(ever=True, back=(days(1), days(2)), letters=True), Needs(back=(days(2), days(3)), points=True)
    together = Needs(ever=True, back=(days(1), days(2), days(3)), letters=True, points=True)
    assert one.and_(other) == together
    assert other.and_(one)._replace(back=()) == together._replace(back=())
    assert Needs().and_(Needs()) == Needs()


def test_a_condition_names_the_letters_it_is_about() -> None:
    first, second = Did("clicked", letter="first"), Did("opened", letter="second")
    assert first.letter_steps() == ("first",)
    assert CLICKED.letter_steps() == ()
    assert Not(first).letter_steps() == ("first",)
    assert All((first, HOSPITAL, second)).letter_steps() == ("first", "second")
    assert Any((first, second)).letter_steps() == ("first", "second")
    for condition in (HOSPITAL, BEDS, SALES, KEEN, HOT, EVERYBODY, NOBODY):
        assert condition.letter_steps() == ()


def test_an_alternative_that_can_still_happen_is_about_no_letter() -> None:
    assert Any((Did("clicked", letter="first"), CLICKED)).letter_steps() == ()


def test_a_second_is_enough_to_be_too_late() -> None:
    click = did("clicked", MONDAY)
    just = moment("2026-06-01 10:01")
    assert not CLICKED.holds(journey(), known(click), just._replace(now=just.now - timedelta(microseconds=1)))
