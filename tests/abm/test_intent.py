"""Points of intent add up to their receipt, fade week by week, and tell warm accounts from cold ones."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.heat import Cell, Clockwork, Evidence, Intent, intent_of, monday, stage_of, week_of
from abm.intent import Stage, Topics, amount_of, faults
from abm.worked import DAY, SHARES, Worked, shares
from hagukumi.journeys.core.values import Words
from tests.abm.market import shipped_rules

RULES = shipped_rules()
TODAY = date(2026, 5, 1)
WEEK = week_of(TODAY)
SOURCES = [*(each.id for each in RULES.own), *(each.id for each in RULES.lists)]


def _of(cells: Iterable[Cell], today: date = TODAY, newest: int = WEEK, since: int = WEEK - 20) -> Intent:
    worked = Worked(min(today.weekday() + 1, 5) * DAY, (5,) * 4)
    clockwork = Clockwork(RULES, today, dict.fromkeys(SOURCES, newest), dict.fromkeys(SOURCES, since), worked)
    return intent_of(clockwork, cells)


def _surges(*scores: int, source: str = "weekly-surge") -> list[Cell]:
    """A score a week, the last one of this week."""
    weeks = range(WEEK - len(scores) + 1, WEEK + 1)
    return [Cell("overtime", source, week, score) for week, score in zip(weeks, scores, strict=True) if score]


def test_a_week_begins_on_monday() -> None:
    assert monday(WEEK) == date(2026, 4, 27)
    assert week_of(date(2026, 5, 3)) == WEEK
    assert week_of(date(2026, 5, 4)) == WEEK + 1


def test_what_is_two_weeks_old_is_worth_half_at_a_half_life_of_two_weeks() -> None:
    now, then = (_of([Cell("overtime", "keyword", week, 300)]) for week in (WEEK, WEEK - 2))
    assert (now.tenths, then.tenths) == (60, 30)
    assert now.theme == "overtime"


def test_a_week_of_one_source_adds_no_more_than_its_cap() -> None:
    assert _of([Cell("overtime", "keyword", WEEK, 50_000)]).points == 12.0


@given(
    st.lists(st.tuples(st.sampled_from(["overtime", "unpaid-claims", ""]), st.integers(0, 25), st.integers(1, 9_999)))
)
def test_the_receipt_adds_up_exactly(drawn: list[tuple[str, int, int]]) -> None:
    cells = {(theme, age): Cell(theme, "keyword", WEEK - age, amount) for theme, age, amount in drawn}
    intent = _of(cells.values())
    terms = [term.tenths for theme in intent.themes for term in theme.terms]
    assert sum(terms) + intent.over == intent.tenths <= RULES.ceiling * 10


@pytest.mark.parametrize(
    ("scores", "state"),
    [
        ((70, 70, 70, 100), "rising"),
        ((70, 70, 70, 70), "steady"),
        ((90, 90, 90, 60), "cooling"),
        ((80, 80, 80, 0), "cooling"),
        ((0, 0, 0, 60), "rising"),
        ((), "quiet"),
    ],
)
def test_this_week_is_held_against_the_three_before(scores: tuple[int, ...], state: str) -> None:
    assert _of(_surges(*scores)).heat.state == state


def test_a_weekly_list_that_is_not_there_yet_makes_nobody_cool() -> None:
    cells = _surges(70, 70, 70, 70, 0)
    assert _of(cells, newest=WEEK - 1).heat.state == "steady"
    assert _of(cells, newest=WEEK).heat.state == "cooling"


def test_a_running_week_is_held_against_the_days_that_are_gone() -> None:
    before = [Cell("overtime", "keyword", WEEK - age, 500) for age in (1, 2, 3, 4)]
    monday_only = [*before, Cell("overtime", "keyword", WEEK, 100)]
    assert _of(monday_only, today=date(2026, 4, 27)).heat.state == "steady"
    assert _of(monday_only, today=date(2026, 5, 1)).heat.state == "cooling"


@given(st.integers(0, 5 * DAY), st.lists(st.integers(0, 5), min_size=4, max_size=12))
def test_a_week_is_in_the_two_windows_for_no_more_than_all_of_it(gone: int, days: list[int]) -> None:
    for share in shares(Worked(gone, tuple(days))):
        assert share.now >= 0 and share.before >= 0 and share.now + share.before <= SHARES


def test_a_week_without_a_working_day_moves_nothing() -> None:
    friday, closed, monday_after = Worked(5 * DAY, (5,) * 4), Worked(0, (5,) * 5), Worked(0, (0, *(5,) * 5))
    assert list(shares(friday)) == list(shares(closed))[1:]
    assert list(shares(friday)) == list(shares(monday_after))[2:]


def test_three_weeks_against_twelve_before_are_a_surge_where_there_is_history() -> None:
    doubled = [Cell("overtime", "keyword", WEEK - age, 400 if age <= 3 else 200) for age in range(1, 16)]
    theme = _of(doubled).themes[0]
    assert (theme.surge.score, theme.surge.surging) == (67, True)
    level = [cell._replace(amount=200) for cell in doubled]
    assert (_of(level).themes[0].surge.score, _of(level).themes[0].surge.surging) == (50, False)
    assert _of(doubled, since=WEEK - 10).themes[0].surge.score is None


def test_the_longest_word_tells_the_theme_and_nobody_s_topic_has_none() -> None:
    topics = Topics(RULES)
    assert topics.theme("看護 記録 システム 比較") == "overtime"
    assert topics.theme("ﾚｾﾌﾟﾄ 返戻") == "unpaid-claims"
    assert topics.theme("電子カルテ システム更新") == "ageing-equipment"
    assert topics.theme("駐車場") is None
    assert topics.stage("看護記録 料金 事例") == "比較"


@pytest.mark.parametrize("score", [-1, 101, None, float("nan")])
def test_scores_out_of_range_are_none(score: float | None) -> None:
    source = RULES.list_named("weekly-surge")
    assert source is not None
    assert amount_of(source, None, score) is None
    assert amount_of(source, None, 72.4) == 72


def _proof(stage: Stage, tenths: int) -> Evidence:
    return Evidence(stage, "keyword", Words("x", "x"), datetime(2026, 4, 28, tzinfo=UTC), tenths)


def test_the_stage_is_the_latest_with_enough_evidence_else_the_one_with_most() -> None:
    rule = RULES.stage
    assert stage_of(rule, [_proof("認知", 90), _proof("比較", 30)]).stage == "比較"
    assert stage_of(rule, [_proof("認知", 90), _proof("比較", 29)]).stage == "認知"
    assert stage_of(rule, [_proof("検討", 5), _proof("比較", 4)]).stage == "検討"
    assert stage_of(rule, []).stage is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("id: clicks", "id: views"), "same_id"),
        (("weight: 2, half_life: 14日, cap: 8", "weight: 9, half_life: 14日, cap: 8"), "weight"),
        (("weight: 2, half_life: 14日, cap: 8", "weight: 2.25, half_life: 14日, cap: 8"), "weight"),
        (("weight: 2, half_life: 14日, cap: 8", "weight: 2, half_life: 14日, cap: 8.05"), "weight"),
        (("by_stage: {認知: 0.5, 比較: 4", "by_stage: {認知: 0.5, 比較: 40"), "weight"),
        (("by_stage: {認知: 0.5", "by_stage: {認知: 0.25"), "weight"),
        (("half_life: 60日", "half_life: 5営業日"), "half_life"),
        (("kinds: [visited]", "kinds: []"), "no_kinds"),
        (("line: 60", "line: 0"), "line"),
        (("recent: 3", "recent: 0"), "weeks"),
        (("recent: 3, before: 12", "recent: 7, before: 20"), "history"),
        (("at_least: 3", "at_least: 0"), "least"),
        (("within: 90日", "within: 12時間"), "within"),
        (("within: 90日", "within: 60営業日"), "within"),
        (("ceiling: 100", "ceiling: 0"), "ceiling"),
        (("  overtime: [", "  overtimes: ["), "theme"),
        (("請求漏れ, 返戻", "看護記録, 返戻"), "word_twice"),
        (("rising: 130", "rising: 90"), "percent"),
    ],
)
def test_rules_that_cannot_be_meant_are_faults(change: tuple[str, str], code: str) -> None:
    themes = {"overtime", "unpaid-claims", "ageing-equipment"}
    assert not list(faults(RULES, themes))
    assert code in {fault.code for fault in faults(shipped_rules(change), themes)}
