"""Where there is nothing to find nothing is found: whatever is chosen is chosen without the rows that judge it."""

import subprocess
import sys

import numpy as np
import pytest

from hagukumi.cli.frame import Call
from hagukumi.cli.learned import _say_tested
from hagukumi.workspace import CHECKOUT
from models.scoring.candidates import candidates
from models.scoring.columns import learn_encoding
from models.scoring.learning import Split, train
from models.scoring.tables import Floats, Table, numbers
from models.scoring.validation import Forecast, folds, forecast, rolling, without


def noise(rows: int, columns: int, seed: int) -> tuple[Table, Floats]:
    dice = np.random.default_rng(seed)
    table = Table.of([numbers(f"c{n}", dice.normal(size=rows)) for n in range(columns)])
    return table, dice.permutation(np.arange(rows) % 2).astype(np.float64)


@pytest.mark.parametrize("by_time", [False, True])
def test_the_strongest_of_many_columns_is_found_without_the_rows_that_judge_it(by_time: bool) -> None:
    """Of 1,500 columns of noise the strongest has an AUC of about 0.64 on the rows by which it was found."""
    table, outcomes = noise(300, 1_500, 7)
    encoding = learn_encoding(table)
    windows = rolling(300, outcomes) if by_time else folds(outcomes)
    said = forecast(candidates(encoding)[0], encoding.matrix(table), outcomes, windows)
    assert said.mean < 0.56, said.aucs


@pytest.mark.parametrize(("split", "rows", "tables", "most"), [("random", 120, 30, 2), ("time", 400, 8, 1)])
def test_on_tables_of_noise_the_interval_nearly_always_holds_a_half(
    split: Split, rows: int, tables: int, most: int
) -> None:
    missed = []
    for seed in range(tables):
        found = train(*noise(rows, 5, 100 + seed), split=split, ordered=split == "time")
        if not found.interval.low <= 0.5 <= found.interval.high:
            missed.append((seed, found.interval))
    assert len(missed) <= most, missed


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_where_things_change_random_folds_flatter_and_the_page_and_the_command_say_so(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What drew customers loses its pull from the oldest row to the newest."""
    dice, rows = np.random.default_rng(3), 1_500
    pull, shown = np.linspace(3, -0.5, rows), dice.normal(size=rows)
    outcomes = (dice.random(rows) < 1 / (1 + np.exp(1 - pull * shown))).astype(np.float64)
    table = Table.of([numbers("shown", shown), numbers("noise", dice.normal(size=rows))])
    mixed, ahead = (train(table, outcomes, split=split, ordered=split == "time") for split in ("random", "time"))
    assert mixed.figures.auc > ahead.figures.auc + 0.1 and mixed.figures.ece < 0.03 < ahead.figures.ece
    said = {"ja": "これより悪くなります", "en": "will do worse than this"}[lang]
    _say_tested(Call(None, lang, False), mixed)
    assert said in capsys.readouterr().out
    _say_tested(Call(None, lang, False), ahead)
    assert said not in capsys.readouterr().out
    page = (CHECKOUT / "docs" / {"ja": "learning.ja.md", "en": "learning.md"}[lang]).read_text("utf-8")
    assert {"ja": "無作為の分割では先のことは分かりません", "en": "What random folds cannot show is the future"}[
        lang
    ] in page


def test_who_is_chosen_for_a_fold_is_chosen_by_the_others() -> None:
    outcomes = np.tile([0.0, 1.0], 100)
    windows = folds(outcomes)
    shines = Forecast(np.where(np.isin(np.arange(200), windows[2].test), outcomes, 1 - outcomes), ())
    for number, part in enumerate(windows):
        left = without({"x": shines}, windows, outcomes, part.test)["x"]
        assert len(left.aucs) == 4 and left.mean == (0.0 if number == 2 else 0.25)


def test_another_process_writes_the_same_model() -> None:
    """Addresses in memory and the seed of hashes differ there."""
    code = (
        "import hashlib; from models.scoring.store import packed; from models.scoring.learning import train;"
        "from tests.learning.tables import leads; found = train(*leads(400));"
        "print(hashlib.sha256(packed(found.model, {'rows': 400}, [b'key'])).hexdigest())"
    )
    said = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHECKOUT).stdout
        for _ in range(2)
    }
    assert len(said) == 1
