"""The list of fifty in a small company, held against the truth; how that is counted; and the page that tells of it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from abm.target_list import Event
from tools.programme_page import WANTED, Life, Week, figures_of, with_figures
from tools.programme_runs import FIGURES, PAGES, lived, returns, standing_at_each_instant, true_returns, unreasoned

SEED, PEOPLE, ACCOUNTS, WEEKS = "7", 800, 200, 6
"""A seed that neither tuned the rules nor judges them on the page."""
NOW = datetime(2026, 4, 6, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return lived(SEED, tmp_path_factory.mktemp("programme") / "w", PEOPLE, ACCOUNTS, WEEKS)


def test_fifty_stand_at_every_moment_after_the_first_agreement(life: Life) -> None:
    assert life.size == 50 and life.looked > 5 * WEEKS and life.wrong == 0


def test_every_change_has_its_reason_and_reviews_keep_to_five(life: Life) -> None:
    assert life.unreasoned == 0
    assert life.came["agreed"] == 50 and 0 < life.came["swap"] <= 5 * (WEEKS // 2 + 1)
    assert life.changes == 50 + 2 * (sum(life.came.values()) - 50)


def test_no_account_goes_in_and_out_and_in_more_often_than_its_truth(life: Life) -> None:
    assert life.too_often == 0


def test_the_list_finds_more_of_those_who_buy_than_fit_does(life: Life) -> None:
    listed, by_fit = (sum(getattr(week, name) for week in life.weeks) for name in ("listed", "by_fit"))
    assert len(life.weeks) == WEEKS and listed > 1.3 * by_fit > 0
    assert all(week.buying >= week.by_fit for week in life.weeks)
    assert life.signals > 1_000 and life.rejected > 0


def _event(what: str, day: int, account: int = 1, **more: object) -> Event:
    return Event(what, NOW + timedelta(days=day), account=account, **{"by": 5, **more})  # type: ignore[arg-type]


AGREED = [_event("joined", 0), _event("joined", 0, 2), _event("agreed", 0, until=NOW + timedelta(days=91))]


def test_a_list_that_lacks_one_for_a_moment_is_noticed() -> None:
    swap = [_event("left", 3, 1, why="w"), _event("joined", 3, 3, why="w")]
    assert standing_at_each_instant([*AGREED, *swap]) == [2, 2]
    late = [swap[0], swap[1]._replace(at=NOW + timedelta(days=4))]
    assert standing_at_each_instant([*AGREED, *late]) == [2, 1, 2]


def test_a_change_without_a_name_or_a_reason_is_noticed() -> None:
    assert unreasoned(AGREED) == []
    nobody = _event("left", 3, 1, code="swap", why="w", by=None)
    silent = _event("left", 3, 1, code="swap")
    renewed = _event("left", 0, 4, code="renewal")
    elsewhere = _event("left", 9, 4, code="renewal")
    assert unreasoned([*AGREED, nobody, silent, renewed, elsewhere]) == [nobody, silent, elsewhere]


def test_in_out_in_is_counted_for_accounts_and_for_their_truth() -> None:
    course = [_event("joined", 0), _event("left", 1), _event("joined", 2), _event("left", 3), _event("joined", 4, 9)]
    assert returns(course) == {1: 1}
    days = [frozenset({"a"}), frozenset(), frozenset({"a", "b"}), frozenset({"b"}), frozenset({"a"})]
    assert [true_returns(days, key) for key in ("a", "b", "c")] == [2, 0, 0]


def test_figures_are_means_over_weeks_and_then_companies() -> None:
    weeks = [Week(0, 100, 20, 10, 5), Week(7, 100, 40, 30, 15)]
    one = Life("1", 50, weeks, 9, 0, 50, 0, 0, 0, {"agreed": 50}, 1, 0)
    told = figures_of([one, one._replace(seed="2")], 10, 5)
    assert told["listed"] == [0.4, 0.4, 0.4] and told["by_fit"][0] == 0.2 and told["ratio"] == [2.0, 2.0, 2.0]
    assert (told["chance"], told["most"]) == (0.3, 0.6) and told["months"] == [[0.4, 0.2]]


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_shows_the_figures_that_were_measured(lang: str) -> None:
    page, figures = PAGES[lang].read_text("utf-8"), json.loads(FIGURES.read_text("utf-8"))
    assert page == with_figures(page, figures, lang), "run: make programme"


def test_the_figures_meet_what_was_promised() -> None:
    told = json.loads(FIGURES.read_text("utf-8"))
    assert len(told["lives"]) == 10 and told["weeks"] == 26 and told["accounts"] == 400
    for life in told["lives"]:
        assert (life["wrong"], life["unreasoned"], life["too_often"]) == (0, 0, 0)
    assert told["ratio"][0] >= WANTED


def test_a_figure_that_was_not_met_is_said() -> None:
    told = json.loads(FIGURES.read_text("utf-8"))
    said = with_figures(PAGES["en"].read_text("utf-8"), told | {"ratio": [1.9, 1.8, 2.0]}, "en")
    assert "missed" in said
