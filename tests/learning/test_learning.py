"""Candidates compared on rows they have not seen, explained to the last digit, and kept in files that hold no code."""

import hashlib
import io
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io

from models.scoring import store
from models.scoring.calibration import AS_IT_IS
from models.scoring.candidates import candidates, fit, log_odds
from models.scoring.columns import learn_encoding
from models.scoring.drawn import spread
from models.scoring.explaining import parts_of
from models.scoring.learning import LEAST, NothingToLearn, TooFew, Trained, train
from models.scoring.model import CALIBRATION, Model
from models.scoring.tables import Table, numbers, words
from models.scoring.validation import Forecast, choose, folds, rolling
from tests.learning.tables import leads


@pytest.fixture(scope="module")
def trained() -> Trained:
    table, outcomes = leads()
    return train(table, outcomes)


@pytest.mark.parametrize("name", ["baseline", "logistic", "additive", "full"])
def test_every_candidate_is_explained_to_the_last_digit(name: str) -> None:
    table, outcomes = leads(1_500)
    encoding = learn_encoding(table)
    matrix = encoding.matrix(table)
    each = next(each for each in candidates(encoding, "visits") if each.name == name)
    model = fit(each, matrix, outcomes)
    base, terms = parts_of(model, matrix, encoding)
    assert np.abs(base + terms.sum(axis=1) - log_odds(model, matrix)).max() < 1e-9
    if name == "baseline":
        assert not terms[:, 1:].any()


def test_an_explanation_ends_with_the_calibration_and_adds_up(trained: Trained) -> None:
    table, _ = leads(200, seed=9)
    shown = trained.model.log_odds(table)
    for row, explanation in enumerate(trained.model.explain(table)):
        assert explanation.terms[-1].feature == CALIBRATION
        total = explanation.typical + sum(term.points for term in explanation.terms)
        assert total == pytest.approx(explanation.log_odds, abs=1e-9)
        assert explanation.log_odds == pytest.approx(float(shown[row]), abs=1e-9)


def test_what_warms_a_lead_is_what_the_explanation_names(trained: Trained) -> None:
    warm = Table.of(
        [numbers("visits", [9.0]), words("trade", ["hospital"]), numbers("beds", [30.0]), numbers("noise", [0.0])]
    )
    first = trained.model.explain(warm)[0].terms[0]
    assert (first.column, first.value) == ("visits", "9") and first.points > 1


def test_words_and_cells_never_seen_before_are_scored_too(trained: Trained) -> None:
    odd = Table.of(
        [numbers("visits", [np.nan]), words("trade", ["spaceport"]), numbers("beds", [1e300]), numbers("noise", [0.0])]
    )
    assert 0 < float(trained.model.chances(odd)[0]) < 1


def test_a_made_truth_is_found_and_said_with_true_chances(trained: Trained) -> None:
    assert trained.figures.auc > 0.75 and trained.figures.ece < 0.03
    assert trained.figures.auc > trained.baseline > 0.6
    assert trained.baseline_column == "visits"
    assert trained.interval.low < trained.figures.auc < trained.interval.high


def test_by_time_the_newest_fifth_is_judged_by_models_that_never_saw_it() -> None:
    table, outcomes = leads()
    found = train(table, outcomes, split="time", ordered=True)
    assert found.tested.tolist() == list(range(2_400, 3_000))
    turned = outcomes.copy()
    turned[2_400:] = 1 - turned[2_400:]
    again = train(table, turned, split="time", ordered=True)
    assert np.array_equal(
        found.said, again.said
    )  # other outcomes of the newest fifth change nothing that is said of it
    assert again.figures.auc == pytest.approx(1 - found.figures.auc)


def test_the_same_table_gives_the_same_model() -> None:
    table, outcomes = leads(800)
    one, two = (train(table, outcomes) for _ in range(2))
    assert np.array_equal(one.said, two.said) and one.model.candidate == two.model.candidate


def test_windows_of_time_never_look_ahead() -> None:
    outcomes = np.tile([0.0, 1.0], 600)
    for window in rolling(1_200, outcomes):
        assert window.train.max() < window.test.min()
    assert sorted(np.concatenate([part.test for part in folds(outcomes)]).tolist()) == list(range(1_200))


def test_the_one_that_holds_wins_and_the_simpler_one_when_it_is_as_good() -> None:
    ranked = candidates(learn_encoding(leads(200)[0]), "visits")
    nothing = np.empty(0)
    said = {
        "baseline": Forecast(nothing, (0.60, 0.60, 0.60, 0.60)),
        "logistic": Forecast(nothing, (0.80, 0.80, 0.81, 0.80)),
        "additive": Forecast(nothing, (0.80, 0.81, 0.80, 0.80)),
        "full": Forecast(nothing, (0.95, 0.70, 0.92, 0.66)),  # shines, and breaks
    }
    assert choose(ranked, said) == "logistic"
    said["additive"] = Forecast(nothing, (0.85, 0.85, 0.86, 0.85))
    assert choose(ranked, said) == "additive"


def test_fewer_than_fifty_outcomes_teach_nothing() -> None:
    table, _ = leads(500)
    few = np.zeros(500)
    few[: LEAST - 1] = 1
    with pytest.raises(TooFew) as too_few:
        train(table, few)
    assert too_few.value.events == 49


def test_a_table_without_anything_to_learn_from_says_so() -> None:
    table = Table.of([numbers("same", [1.0] * 200), words("id", [f"A{n:04}" for n in range(200)])])
    with pytest.raises(NothingToLearn) as nothing:
        train(table, np.tile([0.0, 1.0], 100))
    assert [(each.column, each.code) for each in nothing.value.encoding.left_out] == [
        ("same", "constant"),
        ("id", "id"),
    ]


def test_a_stored_model_says_the_same_when_it_comes_back(trained: Trained, tmp_path: Path) -> None:
    table, _ = leads(300, seed=4)
    content = store.packed(trained.model, {"rows": 3_000})
    store.write(tmp_path / "m.hagukumi", content)
    back = store.load(tmp_path / "m.hagukumi", hashlib.sha256(content).hexdigest())
    assert np.array_equal(back.model.log_odds(table), trained.model.log_odds(table))
    assert back.model.explain(table) == trained.model.explain(table)
    assert back.card == {"rows": 3_000} and [path.name for path in tmp_path.iterdir()] == ["m.hagukumi"]


@pytest.mark.parametrize("name", ["baseline", "logistic", "additive", "full"])
def test_every_candidate_survives_a_file(name: str) -> None:
    table, outcomes = leads(600)
    encoding = learn_encoding(table)
    matrix = encoding.matrix(table)
    each = next(each for each in candidates(encoding, "trade") if each.name == name)
    model = Model(name, encoding, fit(each, matrix, outcomes), AS_IT_IS, (0.0,) * matrix.shape[1])
    back = store.unpacked(store.packed(model, {}), "m").model
    assert np.array_equal(back.log_odds(table), model.log_odds(table))


class Planted:
    """Runs when a pickle of it is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('planted code ran')",))


def refusal(content: bytes, digest: str | None = None, keys: list[bytes] | None = None) -> str:
    with pytest.raises(store.Refused) as refused:
        store.unpacked(content, "m", digest, keys)
    return refused.value.code


def repacked(content: bytes, *, marked: bool = True, **parts: bytes) -> bytes:
    """The file with other parts; marked: its mark is put right again, as somebody would who knows how."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(whole, "w") as new:
        pipeline = parts.get("pipeline", old.read(store.PIPELINE))
        about = parts.get("about", old.read(store.ABOUT))
        seal = json.loads(old.read(store.SEAL))
        if marked:
            both = hashlib.sha256(about).digest() + hashlib.sha256(pipeline).digest()
            seal["mark"] = hashlib.sha256(both).hexdigest()
        for name, part in ((store.ABOUT, about), (store.PIPELINE, pipeline), (store.SEAL, json.dumps(seal).encode())):
            new.writestr(name, part)
    return whole.getvalue()


def edited(content: bytes, *path: str, value: object) -> bytes:
    """about.json with another value there."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        about = json.loads(parts.read(store.ABOUT))
    inner = about
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return json.dumps(about).encode()


@pytest.mark.parametrize("path", [("calibration", "slope"), ("card", "auc"), ("typical",), ("candidate",)])
def test_whatever_is_changed_inside_is_noticed_and_nobody_elses_seal_helps(
    trained: Trained, path: tuple[str, ...]
) -> None:
    mine, theirs = b"the key of this workspace", b"the key of another one"
    content = store.packed(trained.model, {"auc": 0.8}, [mine])
    assert store.unpacked(content, "m", keys=[theirs, mine]).card == {"auc": 0.8}
    about = edited(content, *path, value=[0.0, 0.0, 0.0, 9.0] if path == ("typical",) else 0.99)
    assert refusal(repacked(content, marked=False, about=about)) == "model-changed"
    assert refusal(repacked(content, about=about), keys=[mine]) == "model-stranger"
    assert refusal(content, keys=[theirs]) == refusal(content, keys=[]) == "model-stranger"
    assert refusal(store.packed(trained.model, {}), keys=[mine]) == "model-stranger"


def test_a_file_of_an_earlier_form_says_so(trained: Trained) -> None:
    content, whole = store.packed(trained.model, {}), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(whole, "w") as new:
        new.writestr(store.ABOUT, edited(content, "form", value=1))
        new.writestr(store.PIPELINE, old.read(store.PIPELINE))
    assert refusal(whole.getvalue()) == "model-versions"


def test_the_same_model_has_the_same_bytes_and_another_one_another_mark(trained: Trained) -> None:
    table, outcomes = leads()
    again = train(table, outcomes)
    content = store.packed(trained.model, {"rows": 1}, [b"key"])
    assert store.packed(again.model, {"rows": 1}, [b"key"]) == content
    assert store.packed(store.unpacked(content, "m").model, {"rows": 1}, [b"key"]) == content
    other = store.packed(trained.model, {"rows": 1}, [b"another key"])
    assert other != content and store.mark_of(other) == store.mark_of(content)
    assert store.mark_of(store.packed(trained.model, {"rows": 2})) != store.mark_of(content)


def test_a_pickle_is_refused_and_never_run(trained: Trained) -> None:
    assert refusal(pickle.dumps(Planted())) == "model-foreign"
    assert refusal(repacked(store.packed(trained.model, {}), pipeline=pickle.dumps(Planted()))) == "model-foreign"


def test_bytes_of_another_kind_are_refused(trained: Trained) -> None:
    content = store.packed(trained.model, {})
    for other in (b"", b"PK\x03\x04", content[: len(content) // 2], b"\x00" * 5_000):
        assert refusal(other) == "model-foreign"


def test_one_changed_byte_is_noticed(trained: Trained) -> None:
    content = store.packed(trained.model, {})
    digest = hashlib.sha256(content).hexdigest()
    for place in range(40, len(content) - 400, max(1, len(content) // 25)):
        changed = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        assert refusal(changed).startswith("model-")
        assert refusal(changed, digest) == "model-changed"


def test_types_that_are_no_models_are_refused_even_when_skops_could_make_them(trained: Trained) -> None:
    content = store.packed(trained.model, {})
    foreign = skops.io.dumps({"model": Planted.__mro__[0].__subclasshook__, "path": Path("x")}["path"])
    assert refusal(repacked(content, pipeline=foreign)) == "model-foreign"
    harmless = skops.io.dumps([1, 2, 3])
    assert refusal(repacked(content, pipeline=harmless)) == "model-foreign"


def test_a_model_of_other_versions_says_which(trained: Trained) -> None:
    content = store.packed(trained.model, {})
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        about = json.loads(parts.read(store.ABOUT))
    about["versions"]["scikit-learn"] = "0.24.1"
    with pytest.raises(store.Refused) as refused:
        store.unpacked(repacked(content, about=json.dumps(about).encode()), "m")
    assert refused.value.code == "model-versions" and refused.value.details[1] == "scikit-learn 0.24.1"


def test_a_sample_keeps_the_rows_of_a_rare_outcome() -> None:
    rare = (np.arange(10_000) % 333 == 5).astype(np.float64)
    rows = spread(rare, 1_000)
    assert rare[rows].sum() == rare.sum() and 900 < len(rows) <= 1_000
    assert len(spread(np.tile([0.0, 1.0], 5_000), 1_000)) == 1_000 and len(spread(rare, 20_000)) == 10_000
