"""Columns of thousands of words: told by what became of each word's rows, without any row seeing its own outcome."""

import numpy as np
import pytest

from models.scoring import store
from models.scoring.calibration import AS_IT_IS
from models.scoring.candidates import candidates, fit, log_odds
from models.scoring.columns import learn_encoding
from models.scoring.drift import drift_of, reference_of
from models.scoring.explaining import parts_of
from models.scoring.fitting import fitted
from models.scoring.learning import train
from models.scoring.model import Model
from models.scoring.tables import Floats, Table, numbers, words


def shops(different: int, each: int, *, effect: float = 1.5, seed: int = 0) -> tuple[Table, Floats]:
    """Shops with a chance of their own, beside a word of few levels, an amount, and nothing in places."""
    dice = np.random.default_rng(seed)
    shop = dice.permutation(np.repeat(np.arange(different), each))
    odds = effect * dice.normal(size=different)[shop] - 0.5
    outcomes = (dice.random(len(shop)) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    names = [None if dice.random() < 0.02 else f"S{one:05}" for one in shop]
    plain = dice.choice(["a", "b", "c"], len(shop)).tolist()
    return Table.of([words("plain", plain), words("shop", names), numbers("x", dice.normal(size=len(shop)))]), outcomes


def test_a_strong_column_of_hundreds_of_words_is_used() -> None:
    table, outcomes = shops(500, 20)
    found = train(table, outcomes)
    assert {feature.column: feature.part for feature in found.model.encoding.features}["shop"] == "many"
    assert found.figures.auc > 0.75 and found.figures.ece < 0.02 and found.baseline_column == "shop"


def test_a_thousand_words_that_say_nothing_are_no_finding() -> None:
    found = train(*shops(400, 8, effect=0.0))
    assert found.interval.low < 0.5 and found.figures.auc < 0.53


@pytest.mark.parametrize("name", ["baseline", "logistic", "additive", "full"])
def test_every_candidate_explains_and_keeps_them_to_the_last_digit(name: str) -> None:
    table, outcomes = shops(300, 8)
    encoding = learn_encoding(table)
    matrix = encoding.matrix(table)
    each = next(each for each in candidates(encoding, "shop") if each.name == name)
    pipeline = fit(each, matrix, outcomes)
    base, terms = parts_of(pipeline, matrix, encoding)
    assert np.abs(base + terms.sum(axis=1) - log_odds(pipeline, matrix)).max() < 1e-9
    assert np.abs(terms[:, 1]).max() > 0.3
    if name == "baseline":
        assert not terms[:, [0, 2]].any()
    model = Model(name, encoding, pipeline, AS_IT_IS, (0.0,) * matrix.shape[1])
    back = store.unpacked(store.packed(model, {}), "m").model
    new = Table.of([words("plain", ["a", "z"]), words("shop", ["S00001", "never seen"]), numbers("x", [0.0, 0.0])])
    assert np.array_equal(back.log_odds(new), model.log_odds(new)) and back.encoding == encoding
    assert back.explain(new)[0].terms[0].value in ("S00001", "a", "0")


def test_words_too_many_to_tell_apart_drift_by_how_often_they_come() -> None:
    table, outcomes = shops(300, 8)
    encoding = learn_encoding(table)
    matrix = encoding.matrix(table)
    reference = reference_of(encoding, matrix, outcomes)
    assert len(reference["features"]["shop"]["edges"]) < 20
    assert drift_of(reference, encoding, matrix, outcomes).features["shop"] == pytest.approx(0, abs=1e-6)
    strangers = fitted(Table.of([table["plain"], words("shop", ["new"] * table.rows), table["x"]]), encoding)
    assert drift_of(reference, encoding, encoding.matrix(strangers), outcomes).features["shop"] > 1


def test_words_that_hardly_ever_come_again_are_left_out_and_say_so() -> None:
    table, _ = shops(3_000, 2)
    assert [(each.column, each.code) for each in learn_encoding(table).left_out] == [("shop", "many")]
    assert learn_encoding(shops(3_000, 3)[0]).left_out[0].column == "shop"
    assert not learn_encoding(shops(3_000, 6)[0]).left_out
