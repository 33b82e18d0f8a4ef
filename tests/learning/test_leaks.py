"""Columns that know the outcome are named with what says so; honest ones are kept, however strong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scoring.columns import DAY
from models.scoring.hints import hint_of
from models.scoring.leaks import leaks
from models.scoring.tables import Column, Floats, Table, dates, numbers, words
from tests.learning.tables import leads

START = 1_700_000_000.0


def with_(*more: Column, rows: int = 3_000) -> tuple[Table, Floats]:
    table, outcomes = leads(rows)
    return Table.of([*table, *more]), outcomes


def named(table: Table, outcomes: Floats, time: str | None = None) -> dict[str, set[str]]:
    return {each.column: {e.code for e in each.evidence} for each in leaks(table, outcomes, "won", time)}


def test_an_honest_table_has_no_leaks() -> None:
    assert named(*leads()) == {}


def test_dates_after_the_rows_own_moment_are_named_whatever_they_are_called() -> None:
    _, outcomes = leads()
    dice = np.random.default_rng(2)
    moment = START + dice.random(3_000) * 300 * DAY
    before, after = moment - dice.random(3_000) * 20 * DAY, moment + dice.random(3_000) * 20 * DAY
    table, outcomes = with_(dates("came", moment), dates("x1", before), dates("x2", after))
    assert named(table, outcomes, "came") == {"x2": {"later"}}


def test_what_is_filled_only_with_the_outcome_is_named_whatever_it_is_called() -> None:
    _, outcomes = leads()
    number = [f"C-{n}" if won and n % 3 else None for n, won in enumerate(outcomes)]
    table, outcomes = with_(words("x1", number), numbers("x2", np.where(outcomes > 0, 100.0, 0.0)))
    assert set(named(table, outcomes)) == {"x1", "x2"}


def test_a_column_that_says_the_same_is_named() -> None:
    _, outcomes = leads()
    table, outcomes = with_(words("x", ["customer" if won else "prospect" for won in outcomes]))
    assert named(table, outcomes) == {"x": {"decides"}}


def test_power_far_above_all_others_together_is_enough_without_a_name() -> None:
    _, outcomes = leads()
    dice = np.random.default_rng(8)
    table, outcomes = with_(numbers("x", outcomes * 2.2 + dice.normal(size=3_000)))
    assert named(table, outcomes) == {"x": {"above_all"}}


def test_a_name_that_gives_a_hint_needs_evidence() -> None:
    _, outcomes = leads()
    dice = np.random.default_rng(3)
    warm = outcomes * 1.6 + dice.normal(size=3_000)
    table, outcomes = with_(
        numbers("call_duration", warm),
        numbers("credit_score", dice.normal(size=3_000)),
        words("status", dice.choice(["single", "married"], 3_000).tolist()),
    )
    assert named(table, outcomes) == {"call_duration": {"ahead", "name"}}
    table, outcomes = with_(numbers("weight", warm))
    assert named(table, outcomes) == {}


def test_a_judgement_filled_afterwards_is_named_and_an_honest_question_is_not() -> None:
    """Both are filled for more of the rows with the outcome."""
    _, outcomes = leads()
    dice = np.random.default_rng(4)
    filled = dice.random(3_000) < np.where(outcomes > 0, 0.8, 0.4)
    said = np.where(filled, dice.choice(["a", "b"], 3_000), "").tolist()
    table, outcomes = with_(words("Lead Quality", said), words("occupation", said))
    assert named(table, outcomes) == {"Lead Quality": {"filled", "name"}}


def test_numbers_of_rows_in_a_sorted_table_are_no_leaks() -> None:
    table, outcomes = leads()
    order = np.argsort(outcomes, kind="stable")
    table = Table.of([*table.take(order), numbers("number", np.arange(3_000.0))])
    assert named(table, outcomes[order]) == {}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Last Activity", "last"), ("lastNotableActivity", "last"), ("最終接触結果", "last"),
        ("Churn Reason", "after"),
        ("duration", "after"), ("通話時間", "after"), ("Lead Quality", "judged"), ("見込み度", "judged"),
        ("poutcome", None), ("previous_outcome", None), ("前回の結果", None), ("promotion_last_5years", None),
        ("cons.price.idx", None),
        ("Lead Source", None), ("TotalVisits", None), ("業種", None),
    ],
)  # fmt: skip
def test_names_give_hints_by_whole_words(name: str, hint: str | None) -> None:
    assert hint_of(name, "won") == hint
    assert hint_of("Churn Value", "Churn") == hint_of("churnValue", "Churn") == "same"


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_name_is_too_odd(name: str, outcome: str) -> None:
    assert hint_of(name, outcome) in (None, "judged", "after", "last", "same")


def test_sixty_outcomes_among_many_rows_are_looked_at_all() -> None:
    """An even sample would hold hardly any of them."""
    outcomes = (np.arange(150_000) % 2_503 == 7).astype(np.float64)
    told = np.where(outcomes > 0, 5.0, 0.0)
    table = Table.of([numbers("some", np.arange(150_000.0) * 7919 % 1009), numbers("told", told)])
    assert set(named(table, outcomes)) == {"told"}
